"""Several wishes of one sentence: which cannot both be meant, and which only say why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from codriver.catalogue.model import Catalogue
from codriver.catalogue.relations import direction, things
from codriver.turn import IntentCall

_OFF = "off"


def contradict(calls: Sequence[IntentCall], catalogue: Catalogue) -> bool:
    """Tell whether two calls of one sentence act on the same thing in the same place, and not in the same way."""
    return any(clash(first, second, catalogue) for first, second in combinations(calls, 2))


def clash(first: IntentCall, second: IntentCall, catalogue: Catalogue) -> bool:
    """Tell whether two calls act on the same thing in the same place, and not in the same way."""
    if first == second or first.arguments.get("zone") != second.arguments.get("zone"):
        return False
    intents = [catalogue.intents.get(call.intent) for call in (first, second)]
    if None in intents:
        return False
    acts = [things(intent) for intent in intents if intent]
    return bool(acts[0]) and acts[0] == acts[1]


def without_replaced(calls: Sequence[IntentCall], catalogue: Catalogue) -> tuple[IntentCall, ...]:
    """Leave out what another wish takes the place of: heating that goes off where the seat is cooled instead."""
    return tuple(
        call
        for call in calls
        if not _goes_off(call)
        or not any(clash(call, other, catalogue) and _replaces(call, other, catalogue) for other in calls)
    )


def _goes_off(call: IntentCall) -> bool:
    return _OFF in call.arguments.values()


def _replaces(off: IntentCall, other: IntentCall, catalogue: Catalogue) -> bool:
    """Tell whether a wish of another kind sets the thing that goes off, instead of only changing it by a step."""
    return off.intent != other.intent and not _goes_off(other) and not direction(catalogue, other)


def without_reasons(
    calls: Sequence[IntentCall], hinted: Sequence[IntentCall], reasons: Sequence[IntentCall], catalogue: Catalogue
) -> tuple[IntentCall, ...]:
    """Leave out what was only hinted at where a plain wish of the same domain says what to do about it.

    Of ``reasons``, hints in words that may only say why, a plain wish of a kindred domain will do.
    """
    plain = {catalogue.domains.get(call.intent, "") for call in calls if call not in hinted}
    akin = plain.union(*(kin for kin in catalogue.vocabulary.kin if kin & plain))

    def stays(call: IntentCall) -> bool:
        return call not in hinted or catalogue.domains.get(call.intent) not in (akin if call in reasons else plain)

    kept = [call for call in calls if stays(call)]
    return tuple(call for number, call in enumerate(kept) if call not in kept[:number])

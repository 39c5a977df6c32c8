"""Several wishes of one sentence: which cannot both be meant, and which only say why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from codriver.catalogue.model import Catalogue, Intent
from codriver.catalogue.relations import direction, things
from codriver.turn import Argument, IntentCall

_OFF, _DOWN = "off", "down"


def contradict(calls: Sequence[IntentCall], catalogue: Catalogue) -> bool:
    """Tell whether two calls of one sentence act on the same thing in the same place, and not in the same way."""
    return any(clash(first, second, catalogue) for first, second in combinations(calls, 2))


def clash(first: IntentCall, second: IntentCall, catalogue: Catalogue) -> bool:
    """Tell whether two calls act on the same thing in the same place, and not in the same way."""
    intents = [catalogue.intents[call.intent] for call in (first, second) if call.intent in catalogue.intents]
    if first == second or len(intents) < 2 or _place(first, intents[0]) != _place(second, intents[1]):
        return False
    acts = [things(intent) for intent in intents]
    return bool(acts[0]) and acts[0] == acts[1]


def _place(call: IntentCall, intent: Intent) -> Argument | None:
    """Give the place of a call, the speaker's own where an intent has places and none is said."""
    zone = intent.parameters.get("zone")
    return call.arguments.get("zone", zone.default or "speaker") if zone else None


def without_replaced(calls: Sequence[IntentCall], catalogue: Catalogue) -> tuple[IntentCall, ...]:
    """Leave out what another wish takes the place of: heating that goes off where the seat is cooled instead.

    Nor is it a step down what goes off: "seat heating off, my bum's burning".
    """
    return tuple(
        call
        for call in calls
        if not any(clash(call, other, catalogue) and _takes_its_place(other, call, catalogue) for other in calls)
    )


def _goes_off(call: IntentCall) -> bool:
    return _OFF in call.arguments.values()


def _takes_its_place(other: IntentCall, call: IntentCall, catalogue: Catalogue) -> bool:
    """Tell whether a wish of another kind sets the thing that goes off, or lets go off what goes down a step."""
    if other.intent == call.intent or _goes_off(call) == _goes_off(other):
        return False
    if _goes_off(call):
        return not direction(catalogue, other)
    return _DOWN in call.arguments.values() and direction(catalogue, call) != 0


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

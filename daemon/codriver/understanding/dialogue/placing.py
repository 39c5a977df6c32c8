"""Calls at another place: an exception from what was done everywhere, and two clauses that say how and where."""

from __future__ import annotations

from collections.abc import Sequence

from codriver.catalogue.model import Catalogue
from codriver.catalogue.relations import things
from codriver.turn import Argument, IntentCall


def placed(catalogue: Catalogue, call: IntentCall, zone: Argument | None) -> IntentCall:
    """Give a call a place, if there is one and its intent has places."""
    if zone is None or "zone" not in catalogue.intents[call.intent].parameters:
        return call
    return IntentCall(call.intent, {**call.arguments, "zone": zone})


def excepted(
    catalogue: Catalogue, calls: Sequence[IntentCall], last: Sequence[IntentCall], named: str
) -> tuple[IntentCall, ...]:
    """Give calls that only except a place from what the last ones did in several: "not mine, put mine down again".

    The place may have been ``named`` before: "not the driver's, that should come down". Nothing where it is no
    exception.
    """
    found = [
        next((each for done in last if (each := _exception(catalogue, call, done, named))), None) for call in calls
    ]
    return tuple(call for call in found if call) if all(found) else ()


def put_together(
    catalogue: Catalogue, first: Sequence[IntentCall], second: Sequence[IntentCall], last: Sequence[IntentCall]
) -> tuple[IntentCall, ...]:
    """Put together two clauses of which one only says where: "less in the back, eighteen", 右后呢，也三十."""
    for wheres, hows in ((first, second), (second, first)):
        only_where = all(any(_but_for_zone(each) == _but_for_zone(call) for call in last) for each in wheres)
        unplaced = all(any(_zone(each) == _zone(call) for call in last) for each in hows)
        elsewhere = list({_zone(each): None for each in wheres})
        if only_where and unplaced and len(elsewhere) == 1 and all(_zone(call) != elsewhere[0] for call in last):
            return tuple(placed(catalogue, each, elsewhere[0]) for each in hows)
    return ()


def _exception(catalogue: Catalogue, call: IntentCall, last: IntentCall, named: str) -> IntentCall | None:
    intents, groups = catalogue.intents, catalogue.vocabulary.groups
    everywhere = _zone(last)
    if everywhere not in groups or not things(intents[call.intent]) & things(intents[last.intent]):
        return None
    if _but_for_zone(call) == _but_for_zone(last):
        return None
    if _zone(call) == everywhere and named:
        return placed(catalogue, call, named)
    return call if _zone(call) == "speaker" or _zone(call) in groups[str(everywhere)] else None


def _zone(call: IntentCall) -> Argument | None:
    return call.arguments.get("zone")


def _but_for_zone(call: IntentCall) -> IntentCall:
    return IntentCall(call.intent, {name: value for name, value in call.arguments.items() if name != "zone"})

"""Wishes that cannot both be meant: "open and close the window"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from codriver.catalogue.model import Catalogue
from codriver.catalogue.relations import things
from codriver.turn import IntentCall


def contradict(calls: Sequence[IntentCall], catalogue: Catalogue) -> bool:
    """Tell whether two calls of one sentence act on the same thing in the same place, and not in the same way."""
    return any(_clash(first, second, catalogue) for first, second in combinations(calls, 2))


def _clash(first: IntentCall, second: IntentCall, catalogue: Catalogue) -> bool:
    if first == second or first.arguments.get("zone") != second.arguments.get("zone"):
        return False
    intents = [catalogue.intents.get(call.intent) for call in (first, second)]
    if None in intents:
        return False
    acts = [things(intent) for intent in intents if intent]
    return bool(acts[0]) and acts[0] == acts[1]

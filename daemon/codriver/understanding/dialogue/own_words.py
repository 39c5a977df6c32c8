"""Steps in the words of what was done: a window that goes up closes, and "warmer" is said of a seat, not of a fan."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codriver.catalogue.model import Catalogue
from codriver.catalogue.relations import akin, direction, fills, rests, step
from codriver.turn import Context, IntentCall
from codriver.understanding.dialogue.follow_up_grammar import Said
from codriver.understanding.dialogue.references import References
from codriver.understanding.phrasing.templates import Templates, without_doubles


class OwnWords:
    """Takes "up", "warmer" and the like as what they mean of the thing that was spoken of. Pure."""

    def __init__(self, catalogue: Catalogue, templates: Templates, references: References) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._references = references

    def quality_in(self, said: str, language: str) -> str:
        """Give the words by which a step is said of some things only: "warmer", 热一点; else nothing."""
        found = re.search(self._catalogue.language(language).follow_ups.qualities, said)
        return found["quality"] if found else ""

    def said_of_it(self, words: str, said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Give what words of ``said``, such as "warmer", mean of all that was done; nothing of a window."""
        found: list[IntentCall] = []
        for before in context.calls:
            topic = self._catalogue.intents[before.intent].topic.get(language)
            calls = self._templates.understand(f"{topic} {words}", language) if topic else ()
            if akin(self._catalogue, [before.intent]).issuperset(call.intent for call in calls):
                found += (self._references.there(call, before, said, language) for call in calls)
        return without_doubles(found)

    def of_a_step(
        self, found: Said, steps: Sequence[IntentCall], said: str, language: str, context: Context
    ) -> tuple[IntentCall, ...]:
        """Give what "up" means of what was done, if that is not what ``steps`` are.

        What only goes up or down is taken at its word: 再弱 is no complaint that the fan is weak. After a step
        it goes on by a step: "down" after "down a bit" is not all the way.
        """
        if found.kind not in ("higher", "lower") or found.zone or found.value is not None:
            return ()
        calls = self._references.pointed_at(said, language, context)
        if not calls:
            calls = self._references.left_out(said, language, context)
            if calls and all(map(self._is_up_or_down, steps)):
                return ()
        kin = akin(self._catalogue, (call.intent for call in context.calls))
        if not kin.issuperset(call.intent for call in calls):
            return ()
        stepped = [self._stepped(call, before) for call in calls for before in context.calls[-1:]]
        return tuple(each for each in stepped if each) or calls

    def _stepped(self, call: IntentCall, before: IntentCall) -> IntentCall | None:
        """Give the next step on the way on which a call goes all the way, if what was done before was a step on it."""
        way = 1.0 if fills(self._catalogue, call) else -1.0 if rests(self._catalogue, call) else 0.0
        goes_on = way and way == direction(self._catalogue, before)
        return step(self._catalogue, before, way) if goes_on else None

    def _is_up_or_down(self, call: IntentCall) -> bool:
        return any(each.type == "direction" for each in self._catalogue.intents[call.intent].parameters.values())

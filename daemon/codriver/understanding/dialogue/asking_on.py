"""The next question of a row: "is the boot closed?", "and the windows?"."""

from __future__ import annotations

import re

from codriver.catalogue.model import Catalogue
from codriver.catalogue.relations import tells_of, things
from codriver.turn import Context, IntentCall
from codriver.understanding.dialogue.references import References

_MOST_WORDS = 4


class AskingOn:
    """Understands a bare name after a question as the question how that thing is. It never changes anything."""

    def __init__(self, catalogue: Catalogue, references: References) -> None:
        self._catalogue = catalogue
        self._references = references

    def understand(self, said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Give the question that tells of what a sentence in its plain form names; nothing but after a question."""
        words = self._catalogue.language(language)
        asked = [call.intent for call in context.calls]
        name, times = re.subn(words.follow_ups.asks_on, "", said)
        if not asked or not times or any(things(self._catalogue.intents[each]) for each in asked):
            return ()
        if len(name.split() if words.words == "spaced" else name) > _MOST_WORDS:
            return ()
        for thing in self._references.things_in(name, language):
            if telling := tells_of(self._catalogue, thing.name, language):
                return (IntentCall(next((each for each in asked if each in telling), telling[0])),)
        return ()

"""A name that was heard wrong, said again: "no, I said the museum", "not the library, the museum"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codriver.catalogue.model import Catalogue
from codriver.catalogue.texts import text_parameters
from codriver.turn import IntentCall
from codriver.understanding.dialogue.follow_up_grammar import FollowUpGrammars
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import plain, printable

_STOPS = " .!?。！？"


class Misheard:
    """Puts another name into the last call. Pure."""

    def __init__(self, catalogue: Catalogue, templates: Templates, said: FollowUpGrammars) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._said = said

    def understand(self, text: str, language: str, last: Sequence[IntentCall]) -> IntentCall | None:
        """Give the one call of the last turn with the name that a sentence says instead of its own.

        None where it says no name, where what it says means something by itself, or where the call has none.
        """
        said = printable(text).strip(_STOPS)
        beginning = re.match(self._catalogue.language(language).follow_ups.misheard, said, re.IGNORECASE)
        if not beginning or len(last) != 1:
            return None
        (call,), name = last, said[beginning.end() :]
        texts = text_parameters(self._catalogue.intents[call.intent])
        heard = [str(call.arguments.get(each, "")).casefold() for each in texts]
        not_meant = (beginning["not"] or "").strip().casefold()
        if not any(each and not_meant in each for each in heard) or self._means_something(name, language):
            return None
        named = self._templates.texts.supplied(call.intent, name, language)
        return IntentCall(call.intent, {**call.arguments, **named}) if named else None

    def _means_something(self, text: str, language: str) -> bool:
        """Tell whether words are a wish as they stand, or name one of the car's own places."""
        said = plain(text, language, self._catalogue.language(language))
        return self._said.says_where(said, language) or bool(self._templates.understand(text, language))

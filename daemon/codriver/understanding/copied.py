"""Free texts that the language model proposes: only words that were said count."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codriver.catalogue.model import Catalogue
from codriver.catalogue.texts import text_parameters
from codriver.engines.thinker.events import ProposedCall
from codriver.turn import Argument, IntentCall


def is_copied(text: str, said: str) -> bool:
    """Tell whether every word of a text was said; of languages that set no spaces between words, every stretch."""
    spoken = said.casefold()
    words = re.findall(r"\w+", text.casefold())
    return bool(words) and all(_spoken(word, spoken) for word in words)


def only_copied(call: IntentCall, catalogue: Catalogue, said: str) -> IntentCall:
    """Drop the free texts of a call that nobody said: what is missing is asked for."""
    texts = text_parameters(catalogue.intents[call.intent])
    kept = {name: value for name, value in call.arguments.items() if name not in texts or is_copied(str(value), said)}
    return IntentCall(call.intent, kept)


def completed_from(proposed: Sequence[ProposedCall], call: IntentCall, catalogue: Catalogue, said: str) -> IntentCall:
    """Give a call the free texts that it lacks and that the language model found in the sentence."""
    lacking = lacks_text(call, catalogue)
    found: dict[str, Argument] = {
        name: value
        for each in proposed
        if each.name == call.intent
        for name, value in each.arguments.items()
        if name in lacking and is_copied(str(value), said)
    }
    return IntentCall(call.intent, {**found, **call.arguments})


def lacks_text(call: IntentCall, catalogue: Catalogue) -> frozenset[str]:
    """Name the required free texts that a call does not have."""
    intent = catalogue.intents[call.intent]
    return frozenset(
        name for name in text_parameters(intent) - call.arguments.keys() if intent.parameters[name].required
    )


def _spoken(word: str, spoken: str) -> bool:
    if word.isascii():
        return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", spoken, re.ASCII) is not None
    return word in spoken

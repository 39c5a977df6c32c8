"""The answer to a question that asked for something missing: "how warm?" - "22", "which window?" - "mine"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from codriver.catalogue.model import Catalogue, Parameter
from codriver.catalogue.vocabulary import Language
from codriver.turn import Argument, IntentCall
from codriver.understanding.dialogue.follow_up_grammar import FollowUpGrammars
from codriver.understanding.dialogue.references import References
from codriver.understanding.phrasing.grammar import Grammar, spoken_values


class Supplying:
    """Takes sentences as the argument that was asked for. Pure."""

    def __init__(self, catalogue: Catalogue, references: References, said: FollowUpGrammars) -> None:
        self._catalogue = catalogue
        self._references = references
        self._said = said

    def understand(self, said: str, language: str, call: IntentCall, name: str) -> tuple[IntentCall, ...]:
        """Give the call with what the sentence, in its plain form, says of its parameter; nothing where it does not."""
        parameter = self._catalogue.intents[call.intent].parameters.get(name)
        values = iter(()) if parameter is None else self._values(said, language, call, parameter)
        return tuple(IntentCall(call.intent, {**call.arguments, name: value}) for value in islice(values, 1))

    def _values(self, said: str, language: str, call: IntentCall, parameter: Parameter) -> Iterator[Argument]:
        found = self._said.recognized(said, language)
        if parameter.type == "zone":
            yield from (self._references.seen_from(each.zone, call) for each in found if each.kind == "zone")
        elif parameter.numeric:
            yield from (each.value for each in found if each.kind == "value" and each.value is not None)
        words = self._catalogue.language(language)
        for value, choice in parameter.values.items():
            if _names(said, choice.said.get(language, ()), language, words):
                yield value


def _names(said: str, choice: Sequence[str], language: str, words: Language) -> bool:
    """Tell whether a sentence says nothing but this choice, as an answer does."""
    grammar = Grammar(
        {
            "language": language,
            "skip_words": list(words.skip),
            "intents": {"value": {"data": [{"sentences": [words.follow_ups.supplied]}]}},
            "lists": {"value": {"values": spoken_values({"value": choice})}},
        },
        words,
        language,
    )
    return bool(grammar.recognized(said, by_sound=False)[0])

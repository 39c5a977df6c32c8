"""Places, numbers and choices in a sentence that no template covers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from codriver.catalogue.model import Catalogue, Intent
from codriver.catalogue.texts import text_parameters
from codriver.numbers import tidy
from codriver.turn import Argument, IntentCall
from codriver.understanding.phrasing.free_text import FreeTexts
from codriver.understanding.phrasing.phrases import Phrases, Places
from codriver.understanding.phrasing.wording import plain

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

EVERYWHERE = "all"
"""The zone that is every place. It is often meant and not said: "windows down"."""


class Slots:
    """Finds the places, numbers and choices that a sentence names, in every language of a catalogue."""

    def __init__(self, catalogue: Catalogue, texts: FreeTexts) -> None:
        self._catalogue = catalogue
        self._places = {code: Places(catalogue, code) for code in catalogue.vocabulary.languages}
        self._texts = texts
        self._choices: dict[tuple[str, str, str], Phrases] = {}
        self._misled: dict[tuple[str, str, str], Set[str]] = {}

    def fill(self, call: IntentCall, text: str, language: str) -> IntentCall:
        """Add to a call what its sentence says of its arguments.

        What the call has already stays, but for a number where another one is said, and for a choice that is said in
        so many words, unless the intent's own examples say one choice and mean another ("the air is in my face").
        """
        intent = self._catalogue.intents[call.intent]
        said = plain(text, language, self._catalogue.language(language))
        found: dict[str, Argument] = {}
        if text_parameters(intent):
            found.update(self._texts.within(call.intent, text, language))
        sure: dict[str, Argument] = {}
        if "zone" in intent.parameters and (zone := self._zone(said, language)):
            (sure if call.arguments.get("zone") == EVERYWHERE else found)["zone"] = zone
        numbers = numbers_in(said)
        number = _numeric(intent, float(numbers[0])) if len(numbers) == 1 else {}
        if re.search(self._catalogue.language(language).levels, said) and _has_unit(intent, number):
            number = {}
        for name, parameter in intent.parameters.items():
            if parameter.type == "enum" and (choice := self._choice(call.intent, name, said, language)):
                found[name] = choice
                if choice not in self._misleading(call.intent, name, language):
                    sure[name] = choice
        return IntentCall(call.intent, {**found, **call.arguments, **sure, **number})

    def place(self, text: str, language: str) -> str:
        """Give the one zone that a sentence names, or nothing where it names none or more than one."""
        return self._zone(plain(text, language, self._catalogue.language(language)), language)

    def _zone(self, said: str, language: str) -> str:
        places = self._places.get(language)
        return places.zone(said) if places else ""

    def _misleading(self, intent: str, name: str, language: str) -> Set[str]:
        """Name the choices that an intent's own examples say where they mean another."""
        place = (intent, name, language)
        if place not in self._misled:
            words = self._catalogue.language(language)
            self._misled[place] = {
                choice
                for phrasing in self._catalogue.intents[intent].examples.get(language, ())
                if name in phrasing.given
                for text in phrasing.say
                if (choice := self._choice(intent, name, plain(text, language, words), language))
                and choice != phrasing.given[name]
            }
        return self._misled[place]

    def _choice(self, intent: str, name: str, said: str, language: str) -> str:
        """Give the one value of an enum that is said in so many words."""
        place = (intent, name, language)
        if place not in self._choices:
            values = self._catalogue.intents[intent].parameters[name].values.items()
            spoken = [(value, choice.said.get(language, ())) for value, choice in values]
            self._choices[place] = Phrases(spoken, self._catalogue.language(language))
        named = set(self._choices[place].named(said))
        return named.pop() if len(named) == 1 else ""


def numbers_in(said: str) -> list[str]:
    """Give the numbers of a sentence in its plain form, as they are written."""
    return _NUMBER.findall(said)


def _has_unit(intent: Intent, number: Mapping[str, Argument]) -> bool:
    return any(intent.parameters[name].unit for name in number)


def _numeric(intent: Intent, number: float) -> Mapping[str, Argument]:
    names = [name for name, parameter in intent.parameters.items() if parameter.numeric]
    if len(names) != 1:
        return {}
    parameter = intent.parameters[names[0]]
    optional = not parameter.required and (
        (parameter.minimum is not None and number < parameter.minimum)
        or (parameter.maximum is not None and number > parameter.maximum)
    )
    return {} if optional else {names[0]: tidy(number)}

"""Places and numbers in a sentence that no template covers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hassil.parse_expression import parse_sentence
from hassil.sample import sample_expression

from codriver.catalogue.model import Catalogue, Intent
from codriver.turn import Argument, IntentCall
from codriver.understanding.wording import plain

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class Slots:
    """Finds the places and numbers that a sentence names, in every language of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._places = {code: _phrases(catalogue, code) for code in catalogue.vocabulary.languages}

    def fill(self, call: IntentCall, text: str, language: str) -> IntentCall:
        """Add to a call what its sentence says of places and numbers; what the call has already stays."""
        intent = self._catalogue.intents[call.intent]
        said = plain(text, language, self._catalogue.language(language))
        found: dict[str, Argument] = {}
        if "zone" in intent.parameters and (zone := self._zone(said, language)):
            found["zone"] = zone
        numbers = _NUMBER.findall(said)
        if len(numbers) == 1:
            found.update(_numeric(intent, float(numbers[0])))
        return IntentCall(call.intent, {**found, **call.arguments})

    def _zone(self, said: str, language: str) -> str:
        """Give the one zone that is named, or nothing where there is none or more than one."""
        pattern, zones = self._places.get(language, (None, {}))
        named = [zones[match.group()] for match in pattern.finditer(said)] if pattern else []
        others = [zone for zone in named if zone != "speaker"]
        return next(iter(others or named), "") if len(set(others)) <= 1 else ""


def _numeric(intent: Intent, number: float) -> Mapping[str, Argument]:
    names = [name for name, parameter in intent.parameters.items() if parameter.type in ("integer", "number")]
    if len(names) != 1:
        return {}
    parameter = intent.parameters[names[0]]
    optional = not parameter.required and (
        (parameter.minimum is not None and number < parameter.minimum)
        or (parameter.maximum is not None and number > parameter.maximum)
    )
    return {} if optional else {names[0]: int(number) if number.is_integer() else number}


def _phrases(catalogue: Catalogue, code: str) -> tuple[re.Pattern[str] | None, Mapping[str, str]]:
    """Give a pattern that finds the ways to say a zone, longest first, and what each of them means."""
    language = catalogue.language(code)
    joined = language.words == "joined"
    zones: dict[str, str] = {}
    for zone, templates in (*language.zones.items(), *language.place_hints.items()):
        for template in templates:
            for phrase in sample_expression(parse_sentence(template).expression):
                said = "".join(phrase.split()) if joined else " ".join(phrase.split())
                if said and said not in language.vague_places:
                    zones.setdefault(said, zone)
    if not zones:
        return None, {}
    longest = sorted(zones, key=len, reverse=True)
    edge = "" if joined else r"\b"
    return re.compile(edge + "(?:" + "|".join(map(re.escape, longest)) + ")" + edge), zones

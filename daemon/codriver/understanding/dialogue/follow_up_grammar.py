"""Which follow-up a sentence is, and the zone, value and factor that it names: "a bit more", "mine to 21"."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hassil.recognize import RecognizeResult

from codriver.catalogue.model import Catalogue
from codriver.catalogue.vocabulary import FollowUps
from codriver.numbers import tidy
from codriver.understanding.phrasing.drawing import draw
from codriver.understanding.phrasing.grammar import NUMBERS, Grammar, spoken_values

_PHRASINGS = FollowUps.model_fields["more"].annotation


@dataclass(frozen=True, slots=True)
class Said:
    """A follow-up that was recognised: which kind, and the zone, value and factor that it names.

    ``unit`` is what the value was said with, if any: "two percent" is no level two, and "nineteen degrees" no percent.
    """

    kind: str
    zone: str = ""
    value: int | float | None = None
    factor: float = 1.0
    unit: str = ""

    @property
    def precision(self) -> int:
        """How much it says of its place: "one degree less for me" says more than "one degree less"."""
        steps = bool(self.zone) and self.kind in ("more", "less", "higher", "lower")
        return steps + (self.zone == "speaker")


class FollowUpGrammars:
    """The follow-ups of every language of a catalogue. Raises ConfigurationError for a template that is none."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._grammars = {
            code: Grammar(_data(catalogue, code), catalogue.language(code), code)
            for code in catalogue.vocabulary.languages
        }
        self._units = {code: each.follow_ups.units for code, each in catalogue.vocabulary.languages.items()}

    def recognized(self, said: str, language: str) -> list[Said]:
        """Give every way to take a sentence in its plain form as a follow-up."""
        results, _ = self._grammars[language].recognized(said)
        unit = next((unit for unit, words in self._units[language].items() if re.search(words, said)), "")
        return [_follow_up(result, unit) for result in results]

    def says_where(self, said: str, language: str) -> bool:
        """Tell whether a sentence in its plain form may name one of the car's places and say no more."""
        return any(each.kind == "zone" for each in self.recognized(said, language))

    def drawn(self, language: str, choose: random.Random) -> str:
        """Draw one of the sentences that the follow-ups of a language stand for."""
        parsed = self._grammars[language].parsed
        data = choose.choice([each for intent in parsed.intents.values() for each in intent.data])
        rules = {**parsed.expansion_rules, **data.expansion_rules}
        return draw(choose.choice(data.sentences), {**parsed.slot_lists, **data.slot_lists}, rules, choose)


def _follow_up(result: RecognizeResult, unit: str) -> Said:
    slots = {entity.name: entity.value for entity in result.entities_list}
    value = slots.get("value")
    return Said(
        result.intent.name,
        str(slots.get("zone", "")),
        None if value is None else tidy(float(value)),
        float(slots.get("factor", 1.0)),
        "" if value is None else unit,
    )


def _data(catalogue: Catalogue, code: str) -> Mapping[str, Any]:
    language = catalogue.language(code)
    intents = {
        kind: {
            "data": [
                {"sentences": list(phrasing.say), "slots": dict(phrasing.given)}
                for phrasing in getattr(language.follow_ups, kind)
            ]
        }
        for kind, field in FollowUps.model_fields.items()
        if field.annotation is _PHRASINGS and getattr(language.follow_ups, kind)
    }
    return {
        "language": code,
        "settings": {"ignore_whitespace": language.words == "joined"},
        "skip_words": list(language.skip),
        "lists": {
            "zone": {"values": spoken_values(language.zones) + spoken_values(language.place_hints)},
            "value": NUMBERS,
        },
        "intents": intents,
    }

"""Narrowing the templates changes nothing of what hassil recognises."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import pytest
from codriver.catalogue import Catalogue
from codriver.understanding.phrasing.drawing import draw
from codriver.understanding.phrasing.grammar import NUMBERS, compiled
from codriver.understanding.phrasing.recognizing import Recognizer
from codriver.understanding.phrasing.templates import Templates, intents_of
from hassil import Intents, recognize_all
from hassil.recognize import RecognizeResult

ROOMS = {"values": [{"in": "(kitchen|galley)", "out": "kitchen"}, {"in": "[the] attic", "out": "attic"}]}
ENGLISH = {
    "language": "en",
    "skip_words": ["please", "could you"],
    "expansion_rules": {"the": "[the|my]", "warm": "(warm[er]|hot[ter])"},
    "lists": {"room": ROOMS, "value": NUMBERS, "song": {"wildcard": True}},
    "intents": {
        "light": {"data": [{"sentences": ["[turn] <the> {room} light[s] (on|up)", "lights"], "slots": {"on": True}}]},
        "heat": {"data": [{"sentences": ["make {room} <warm> [by {value}[%| degrees]]", "{value} degrees"]}]},
        "relax": {"data": [{"sentences": ["[do] [nothing]"]}]},
        "pair": {"data": [{"sentences": ["(left;right) window", "left-hand window"]}]},
        "song": {"data": [{"sentences": ["play {song} now"]}]},
    },
}
SAID = (
    "turn the kitchen lights on", "kitchen light up please", "Lights", "lightson", "turn on",
    "make attic hotter by 2.5%",
    "make the attic warm by -3 degrees", "20 degrees", "200000 degrees", "20.55 degrees", "20,5 degrees", "9" * 400,
    "do nothing", "nothing", "please", "", "right left window", "left window", "left-hand window",
    "the-kitchen light on",
    "play turn the kitchen lights on now", "play now", "could you make the galley warmer, please.", "twenty degrees",
)  # fmt: skip


def seen(results: Iterable[RecognizeResult]) -> list[tuple[str, list[tuple[str, Any]], int]]:
    return [
        (each.intent.name, [(entity.name, entity.value) for entity in each.entities_list], each.text_chunks_matched)
        for each in results
    ]


@pytest.mark.parametrize("said", SAID)
def test_a_sentence_is_recognised_as_by_hassil_alone(said: str) -> None:
    alone = recognize_all(said, Intents.from_dict(ENGLISH), language="en")
    assert seen(Recognizer(Intents.from_dict(ENGLISH)).recognized(said)) == seen(alone)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_whole_catalogue_is_recognised_as_by_hassil_alone(
    catalogue: Catalogue, templates: Templates, language: str
) -> None:
    choose = random.Random(7)
    data = intents_of(catalogue, language)
    plain, ours = Intents.from_dict(data), compiled(data, language)
    for _, parsed in choose.sample(list(templates.sentences(language)), 25):
        said = draw(parsed.template, parsed.lists, parsed.rules, choose)
        assert seen(ours.recognized(said)) == seen(recognize_all(said, plain, language=language)), said


def test_a_block_sees_its_own_rules_only() -> None:
    blocks = [
        {"sentences": ["open <it>"], "expansion_rules": {"it": "door"}},
        {"sentences": ["shut <it>"], "expansion_rules": {"it": "window"}},
    ]
    recognizer = compiled({"language": "en", "intents": {"move": {"data": blocks}}}, "en")
    understood = [
        said for said in ("open door", "open window", "shut door", "shut window") if recognizer.recognized(said)
    ]
    assert understood == ["open door", "shut window"]

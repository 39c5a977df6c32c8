"""What a sentence says plainly somewhere among other words."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.turn import Argument
from codriver.understanding.phrasing.kernels import kernels
from codriver.understanding.phrasing.templates import Templates


@pytest.mark.parametrize(
    ("language", "said", "intent", "arguments"),
    [
        ("en", "kill the recirc, I want outside air", "recirculation", {"state": "off"}),
        ("en", "right, we're in town, so the main beam can go off now", "high_beam", {"state": "off"}),
        ("en", "massage please, the strongest one there is", "seat_massage", {"level": "high"}),
        ("zh", "到家了，把天窗关上，下车吧", "close_sunroof", {}),
        ("zh", "这雾真大，雾灯打开吧，看不清", "fog_lights", {"state": "on"}),
    ],
)
def test_a_kernel_says_what_is_wanted_whatever_stands_around_it(
    catalogue: Catalogue, templates: Templates, language: str, said: str, intent: str, arguments: dict[str, Argument]
) -> None:
    found = kernels(said, language, catalogue.language(language), templates)
    assert arguments.items() <= found[intent].arguments.items()


@pytest.mark.parametrize(
    ("language", "said", "intent"),
    [
        ("zh", "本来想让你开空调的，现在不用了", "air_conditioning"),
        ("en", "if it gets dark turn on the fog lights", "fog_lights"),
        ("en", "what a lovely day for a drive", "drive_mode"),
    ],
)
def test_there_is_none_where_words_around_it_may_turn_it_around_and_where_nothing_is_said(
    catalogue: Catalogue, templates: Templates, language: str, said: str, intent: str
) -> None:
    assert intent not in kernels(said, language, catalogue.language(language), templates)


def test_the_longest_kernel_of_an_intent_counts(catalogue: Catalogue, templates: Templates) -> None:
    found = kernels("seat heater on high for her", "en", catalogue.language("en"), templates)
    assert found["seat_heating"].arguments["level"] == "high"


def test_a_sentence_that_is_too_long_is_not_looked_through(catalogue: Catalogue, templates: Templates) -> None:
    said = "turn on the fog lights " + "and so on " * 10
    assert kernels(said, "en", catalogue.language("en"), templates) == {}

"""Distances and durations as people say them."""

from __future__ import annotations

import pytest
from codriver.speaking.spoken import spoken_form
from codriver.speaking.travel import said_distance, said_duration, said_options
from codriver.turn import Option


@pytest.mark.parametrize(
    ("metres", "en", "zh"),
    [
        (0, "10 metres", "10米"),
        (84, "80 metres", "80米"),
        (96, "100 metres", "100米"),
        (343, "350 metres", "350米"),
        (974, "950 metres", "950米"),
        (976, "1 kilometre", "1公里"),
        (1400, "1 and a half kilometres", "1公里半"),
        (2420, "2 and a half kilometres", "2公里半"),
        (2900, "3 kilometres", "3公里"),
        (9700, "9 and a half kilometres", "9公里半"),
        (9800, "10 kilometres", "10公里"),
        (123_456, "123 kilometres", "123公里"),
    ],
)
def test_a_distance_is_said_the_finer_the_nearer(metres: float, en: str, zh: str) -> None:
    assert (said_distance(metres, "en"), said_distance(metres, "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (20, "less than a minute", "不到1分钟"),
        (61, "1 minute", "1分钟"),
        (367, "6 minutes", "6分钟"),
        (3600, "1 hour", "1小时"),
        (4800, "1 hour 20 minutes", "1小时20分钟"),
        (7260, "2 hours 1 minute", "2小时1分钟"),
        (40_000, "11 hours", "11小时"),
    ],
)
def test_a_duration_is_said_to_a_minute(seconds: float, en: str, zh: str) -> None:
    assert (said_duration(seconds, "en"), said_duration(seconds, "zh")) == (en, zh)


def test_halves_are_said_as_halves() -> None:
    assert spoken_form("about 2 and a half kilometres", "en") == "about two and a half kilometres"
    assert spoken_form("大约2公里半，6分钟", "zh") == "大约两公里半，六分钟"


def test_what_there_is_to_choose_from_is_read_out_and_namesakes_by_their_address() -> None:
    options = (Option("Alepa", 120.0, "Kaivokatu 8"), Option("Alepa", 300.0, "Annankatu 2"), Option("Siwa", 1234.0))
    assert said_options(options, "en", " and ") == (
        "Alepa at Kaivokatu 8, 100 metres, Alepa at Annankatu 2, 300 metres, and Siwa, 1 kilometre"
    )
    assert said_options(options[2:], "zh", "和") == "Siwa，1公里"


def test_a_language_without_words_for_it_borrows_the_english_ones() -> None:
    assert said_distance(343, "fi") == "350 metres"

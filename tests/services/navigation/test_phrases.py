"""How searches are worded."""

from __future__ import annotations

import pytest
from codriver.services.navigation.indexing.categories import load_categories
from codriver.services.navigation.searching.addresses import Reading, readings
from codriver.services.navigation.searching.phrases import Asking, Question

ASKING = Asking(load_categories())


@pytest.mark.parametrize(
    ("text", "category", "where", "is_open"),
    [
        ("nearest charger", "charging_station", "", False), ("Somewhere to park, please.", "parking", "", False),
        ("a pharmacy that is open", "pharmacy", "", True), ("the nearest open pharmacy", "pharmacy", "", True),
        ("coffee near the railway station", "cafe", "railway station", False),
        ("an open cafe close to Hotel Kämp", "cafe", "hotel kamp", True), ("a park", "park", "", False),
        ("最近的充电桩", "charging_station", "", False), ("附近有加油站吗", "fuel", "", False),
        ("还开着的药店", "pharmacy", "", True), ("火车站附近的咖啡店", "cafe", "火车站", False),
        ("冲电桩", "charging_station", "", False),
        ("Alepa", "", "", False), ("the Old Bank", "", "", False), ("pub on the way", "pub", "", False),
    ],
)  # fmt: skip
def test_questions_are_read(text: str, category: str, where: str, is_open: bool) -> None:
    question = ASKING.read(text, "en")
    assert (question.category, question.where, question.open) == (category, where, is_open)


@pytest.mark.parametrize("text", ["", " ", "the", "please", "的", "...", "nearest"])
def test_what_says_nothing_asks_for_nothing(text: str) -> None:
    assert ASKING.read(text, "en").text == ""


def test_a_name_stays_as_it_was_said_beside_what_is_looked_for() -> None:
    assert ASKING.read("The Old Bank", "en") == Question("old bank", "the old bank", "the old bank")


def test_a_long_text_is_cut() -> None:
    assert len(ASKING.read("coffee " * 5_000, "en").said) <= 200


def test_a_name_is_parted_from_its_category() -> None:
    assert ASKING.split("hotel kamp", "en") == ("kamp", "hotel")
    assert ASKING.split("kamp hotel", "en") == ("kamp", "hotel")
    assert ASKING.split("星巴克咖啡店", "zh") == ("星巴克", "cafe")
    assert ASKING.split("kamp", "en") == ("kamp", "")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("mannerheimintie 10", "en", [Reading("mannerheimintie", 10, "10")]),
        ("10 downing street", "en", [Reading("downing street", 10, "10")]),
        ("downing street number 10", "en", [Reading("downing street", 10, "10")]),
        ("downing street 10 b london", "en", [Reading("downing street", 10, "10b", "london")]),
        (
            "downing street 4-6",
            "en",
            [Reading("downing street", 4, "4-6"), Reading("downing street", 6, "6", "", 0.03)],
        ),
        ("anna car 230", "en", [Reading("anna car", 230, "230"), Reading("anna car", 30, "30", "", 0.03)]),
        ("sarenkatu too", "en", [Reading("sarenkatu", 2, "2", "", 0.03)]),
        ("中山路10号", "zh", [Reading("中山路", 10, "10")]),
        ("kiasma", "en", []),
        ("10", "en", []),
    ],
)
def test_addresses_are_read(text: str, language: str, expected: list[Reading]) -> None:
    assert list(readings(text, ASKING.phrases(language, text))) == expected

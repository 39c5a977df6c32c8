"""Sentences drawn from a template: only such as it stands for, and in time all of them."""

from __future__ import annotations

import random

import pytest
from codriver.understanding.phrasing.drawing import draw
from hassil.intents import RangeSlotList, TextSlotList
from hassil.parse_expression import parse_sentence

LISTS = {
    "zone": TextSlotList.from_tuples([("(left|port) window", "driver"), ("roof", "top")]),
    "percent": RangeSlotList(name="percent", start=0, stop=100),
}
PLACES = ("left window", "port window", "roof")
RULES = {"open": parse_sentence("(open|lower)")}


@pytest.mark.parametrize(
    ("template", "sentences"),
    [
        ("open the boot", {"open the boot"}),
        ("[please] pop  the (boot|trunk)", {f"{p}pop the {t}" for p in ("", "please ") for t in ("boot", "trunk")}),
        ("<open> the {zone}", {f"{o} the {z}" for o in ("open", "lower") for z in PLACES}),
        ("fan to {percent}", {"fan to 20", "fan to 25", "fan to 60"}),
        ("(now;open the boot)", {"now open the boot", "open the boot now"}),
        ("打开[一下]天窗", {"打开天窗", "打开一下天窗"}),
    ],
)  # fmt: skip
def test_what_a_template_stands_for(template: str, sentences: set[str]) -> None:
    choose = random.Random(1)
    drawn = {draw(parse_sentence(template), LISTS, RULES, choose) for _ in range(100)}
    assert drawn == sentences


def test_the_same_seed_draws_the_same() -> None:
    template = parse_sentence("<open> the {zone} [{percent}]")
    one, other = (
        [draw(template, LISTS, RULES, choose) for _ in range(20)] for choose in (random.Random(3), random.Random(3))
    )
    assert one == other


def test_what_is_usual_is_short_and_of_the_first_words() -> None:
    choose = random.Random(1)
    template = parse_sentence("[would you] (open|lower|let down|wind down) the roof [for us]")
    drawn = [draw(template, LISTS, RULES, choose, usual=True) for _ in range(300)]
    plainest, evenly = drawn.count("open the roof"), 300 / 16
    assert plainest > 2 * evenly
    assert "would you wind down the roof for us" in drawn

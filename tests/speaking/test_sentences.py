from __future__ import annotations

import pytest
from codriver.speaking.sentences import LONGEST, LONGEST_FIRST, split_sentences


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("  \n ", []),
        ("Done.", ["Done."]),
        ("Done. Anything else?", ["Done.", "Anything else?"]),
        ("It is 22.5 degrees. Good.", ["It is 22.5 degrees.", "Good."]),
        ("Dr. Smith is here. He waits.", ["Dr. Smith is here.", "He waits."]),
        ("At 8 a.m. it rains. Later not.", ["At 8 a.m. it rains.", "Later not."]),
        ("Really?! Yes... well.", ["Really?!", "Yes...", "well."]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("No full stop", ["No full stop"]),
        ("One, two, three.", ["One, two, three."]),
    ],
)
def test_english(text: str, pieces: list[str]) -> None:
    assert split_sentences(text, "en") == pieces


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("好的。已打开车窗！还要什么？", ["好的。", "已打开车窗！", "还要什么？"]),
        ("他说“好的。”然后走了。", ["他说“好的。”", "然后走了。"]),
        ("温度是22.5度。", ["温度是22.5度。"]),
        ("剩余电量百分之七十，可行驶三百一十二公里。", ["剩余电量百分之七十，", "可行驶三百一十二公里。"]),
        ("好的，已打开车窗。", ["好的，已打开车窗。"]),
    ],
)
def test_chinese(text: str, pieces: list[str]) -> None:
    assert split_sentences(text, "zh") == pieces


def test_the_first_piece_is_short_so_that_sound_begins_early() -> None:
    text = "I've set the driver's temperature to twenty-two degrees, the passenger's to nineteen, as asked."
    first, *rest = split_sentences(text, "en")
    assert first == "I've set the driver's temperature to twenty-two degrees,"
    assert len(first) <= LONGEST_FIRST
    assert " ".join([first, *rest]) == text


@pytest.mark.parametrize("text", ["word " * 400, "x" * 1000, "one, two, " * 200, "我想去北京，" * 100, "我" * 500])
def test_no_piece_is_too_long_and_none_is_lost(text: str) -> None:
    pieces = split_sentences(text, "en")
    assert all(0 < len(piece) <= LONGEST for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")

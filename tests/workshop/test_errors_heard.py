"""How much was heard wrong."""

from __future__ import annotations

import pytest
from codriver.workshop.errors_heard import error_rate


@pytest.mark.parametrize(
    ("said", "heard", "rate"),
    [
        ("open the window", "Open the window.", 0.0),
        ("set it to twenty two degrees", "set it to 22 degrees", 0.0),
        ("打开车窗", "打開車窗", 0.0),
        ("open the window", "open a window", 1 / 3),
        ("open the window", "open the", 1 / 3),
        ("open the window", "please open the window", 1 / 3),
        ("打开车窗", "打开车床", 0.25),
        ("open", "", 1.0),
        ("", "", 0.0),
        ("", "hello you", 2.0),
    ],
)
def test_the_share_of_words_that_are_wrong(said: str, heard: str, rate: float) -> None:
    assert error_rate([said], [heard]) == pytest.approx(rate)


def test_long_sentences_weigh_more_than_short_ones() -> None:
    assert error_rate(["open", "set it to nine degrees"], ["close", "set it to nine degrees"]) == pytest.approx(1 / 6)


def test_what_was_said_and_heard_must_pair() -> None:
    with pytest.raises(ValueError, match="zip"):
        error_rate(["a", "b"], ["a"])

"""The parts of a sentence with several wishes, and what one of them points at."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.understanding.phrasing.parts import pointing


@pytest.mark.parametrize(
    ("language", "said", "thing", "whole"),
    [
        ("en", "put it down a bit", "my window", "put my window down a bit"),
        ("en", "warm them both up", "my seat", "warm my seat up"),
        ("zh", "把它关了", "空调", "把空调关了"),
        ("en", "turn the fan up", "my window", ""),
    ],
)
def test_a_thing_takes_the_place_of_the_word_that_points_at_it(
    catalogue: Catalogue, language: str, said: str, thing: str, whole: str
) -> None:
    assert pointing(said, thing, catalogue.language(language)) == whole

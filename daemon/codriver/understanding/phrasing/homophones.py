"""Fold words of the same sound into one, for what a transcriber hears right and writes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pypinyin import Style, lazy_pinyin

_HAN = re.compile(r"[㐀-鿿]")

type Fold = Callable[[str], str]


def pinyin_fold() -> Fold:
    """Make a function that writes every Han character as the first one of its sound that it met, tones ignored.

    搭开主架车床 and 打开主驾车窗 become the same text, character by character, so that templates folded by the
    same function match it. Sounds are those of the single character, as a template has no context to read by.
    """
    first_of_sound: dict[str, str] = {}
    folded: dict[str, str] = {}

    def fold_character(match: re.Match[str]) -> str:
        character = match.group(0)
        if character not in folded:
            sound = lazy_pinyin(character, style=Style.NORMAL)[0]
            folded[character] = first_of_sound.setdefault(sound, character)
        return folded[character]

    return lambda text: _HAN.sub(fold_character, text)


FOLDS: Mapping[str, Callable[[], Fold] | None] = {"pinyin": pinyin_fold, "none": None}

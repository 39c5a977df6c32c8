"""Words of names: as they are indexed, and as they are looked up."""

from __future__ import annotations

import re
import unicodedata

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

# What has no decomposition into a letter and an accent.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_WORD = re.compile(rf"{HAN.pattern}|(?:(?!{HAN.pattern})[^\W_])+")


def fold(text: str) -> str:
    """Write a text in small letters without accents: "Café Kämp" becomes "cafe kamp"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)


def words(text: str) -> list[str]:
    """Split a text into folded words of letters and figures; every Chinese character is a word of its own."""
    folded = fold(text)
    if folded.isascii():
        return _ASCII_WORD.findall(folded.replace("'", "") if "'" in folded else folded)
    return _WORD.findall(_APOSTROPHES.sub("", folded))

"""Cuts what is to be said into pieces that are synthesised one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codriver.speaking.language import language_table

LONGEST = 160
"""Of a piece, in letters: about 10 seconds. A Chinese sign counts as four, for it takes as long to say."""

LONGEST_FIRST = 60
"""The first piece ends at a comma within this if there is one, for the driver waits while it is made."""

_CLOSING = "\"'”’」』）)"
_END = re.compile(rf"(?:[.!?…]+[{_CLOSING}]*(?=\s|$)|[。！？]+[{_CLOSING}]*)")
_CLAUSE = re.compile(r"[,;:](?=\s)|[，；：、]|\s[-–—](?=\s)")
_SPACE = re.compile(r"\s")
_WORD_BEFORE = re.compile(r"([^\s(（]+)$")
_WIDE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def split_sentences(text: str, language: str = "en") -> list[str]:
    """Split ``text`` at the ends of its sentences, and long sentences at their commas.

    A full stop ends no sentence within a number or after an abbreviation of the language. The pieces hold
    everything but the white space between them. A piece longer than `LONGEST` is cut at a comma, if it has
    none at a space, and at last anywhere.
    """
    table = language_table(language)
    not_an_end = table.not_an_end if table else frozenset()
    pieces: list[str] = []
    for sentence in _sentences(text, not_an_end):
        pieces.extend(_portions(sentence, first=not pieces))
    return pieces


def _sentences(text: str, not_an_end: frozenset[str]) -> Iterator[str]:
    start = 0
    for end in _END.finditer(text):
        if end[0] == "." and _is_abbreviation(text[start : end.start()], not_an_end):
            continue
        if sentence := text[start : end.end()].strip():
            yield sentence
        start = end.end()
    if rest := text[start:].strip():
        yield rest


def _is_abbreviation(before: str, not_an_end: frozenset[str]) -> bool:
    word = _WORD_BEFORE.search(before)
    return word is not None and word[1] in not_an_end


def _portions(sentence: str, first: bool) -> Iterator[str]:
    if first and _length(sentence) > LONGEST_FIRST and (cut := _last_break(_CLAUSE, sentence, LONGEST_FIRST)):
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    while _length(sentence) > LONGEST:
        cut = (
            _last_break(_CLAUSE, sentence, LONGEST)
            or _last_break(_SPACE, sentence, LONGEST)
            or _fitting(sentence, LONGEST)
        )
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence


def _last_break(pattern: re.Pattern[str], sentence: str, longest: int) -> int | None:
    """Return where the last break within ``longest`` is, if it leaves more than a word or two before it."""
    fits = _fitting(sentence, longest)
    cuts = [found.end() for found in pattern.finditer(sentence, 0, fits)]
    return cuts[-1] if cuts and cuts[-1] > fits // 4 else None


def _length(text: str) -> int:
    return len(text) + 3 * len(_WIDE.findall(text))


def _fitting(text: str, longest: int) -> int:
    """How many letters of ``text`` are no longer than ``longest``."""
    used = 0
    for index, letter in enumerate(text):
        used += 4 if _WIDE.match(letter) else 1
        if used > longest:
            return index
    return len(text)

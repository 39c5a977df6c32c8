"""The parts of a sentence with several wishes, and what they leave out because a neighbour says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codriver.understanding.wording import without_spaces

SENTENCE_END = re.compile(r"[.!?,。！？，]+")

_MOST_PARTS = 4
_BORROWED_WORDS = 3
_BORROWED_CHARACTERS = 4


def parts_of(text: str, separator: str) -> tuple[str, ...]:
    """Split a sentence where one wish may end and the next begin; nothing where there is no such place.

    ``separator`` is a regular expression without groups.
    """
    parts = tuple(part.strip() for part in re.split(separator, text.lower()) if part.strip())
    return parts if 2 <= len(parts) <= _MOST_PARTS else ()


def between(parts: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Give each part between the one before it and the one after it, which are empty at either end."""
    return zip(("", *parts), parts, (*parts[1:], ""), strict=False)


def completed(before: str, said: str, after: str, words: str) -> Iterator[str]:
    """Give a wish with what it may share with the one before (its beginning) or after it (its end)."""
    yield from _begun(before, said, words)
    yield from _ended(said, after, words)


def _begun(before: str, said: str, words: str) -> Iterator[str]:
    """Give a wish with the first words of the one before, most of them first."""
    if words == "joined":
        start = without_spaces(before)[:_BORROWED_CHARACTERS]
        yield from (start[:length] + said for length in range(len(start), 0, -1))
        return
    first = before.split()[:_BORROWED_WORDS]
    yield from (f"{' '.join(first[:length])} {said}" for length in range(len(first), 0, -1))


def _ended(said: str, after: str, words: str) -> Iterator[str]:
    """Give a wish with the last words of the one after, fewest of them first."""
    if words == "joined":
        end = without_spaces(SENTENCE_END.sub("", after))
        yield from (said + end[-length:] for length in range(1, min(len(end), _BORROWED_CHARACTERS) + 1))
        return
    last = SENTENCE_END.sub("", after).split()[-_BORROWED_WORDS:]
    yield from (f"{said} {' '.join(last[-length:])}" for length in range(1, len(last) + 1))


def repeats(text: str, most: int = 4) -> bool:
    """Tell whether the same words follow one another more than ``most`` times: a stuck transcriber, not a wish."""
    words = re.findall(r"\w+", text) if " " in text.strip() else re.findall(r"\w", text)
    for length in range(1, len(words) // (most + 1) + 1):
        run = 0
        for before, after in zip(words, words[length:], strict=False):
            run = run + 1 if before == after else 0
            if run >= most * length:
                return True
    return False

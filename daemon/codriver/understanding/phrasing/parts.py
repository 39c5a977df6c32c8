"""The parts of a sentence with several wishes, and what they leave out because a neighbour says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from codriver.catalogue.vocabulary import Language
from codriver.understanding.phrasing.wording import without_spaces

SENTENCE_END = re.compile(r"[.!?,。！？，]+")

_NUMERAL = re.compile("[0-9零一二两三四五六七八九十百千]")
_CLAUSE_END = re.compile(r"[.!?,;](?:\s+|(?=[㐀-鿿]))|[。！？，；]\s*")
MOST_PARTS = 4
_BORROWED_WORDS = 3
_SHARED_WORDS = 4
_AROUND = " .!?,;。！？，；"
_SHARED_CHARACTERS = 7
_BORROWED_CHARACTERS = 4


def parts_of(text: str, separator: str) -> tuple[str, ...]:
    """Split a sentence where one wish may end and the next begin; nothing where there is no such place.

    ``separator`` is a regular expression without groups.
    """
    parts = tuple(part.strip() for part in re.split(separator, text.lower()) if part.strip())
    return parts if 2 <= len(parts) <= MOST_PARTS else ()


def clauses_of(text: str) -> tuple[str, ...]:
    """Split a sentence at its commas and stops only."""
    return tuple(clause for part in _CLAUSE_END.split(text) if (clause := part.strip(_AROUND)))


def between(parts: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Give each part between the one before it and the one after it, which are empty at either end."""
    return zip(("", *parts), parts, (*parts[1:], ""), strict=False)


def completed(before: str, said: str, after: str, words: str) -> Iterator[str]:
    """Give a wish with what it may share with the one before (its beginning) or after it (its end)."""
    yield from _begun(before, said, words)
    yield from _ended(said, after, words)


def replaced(before: str, place: str, said: str, words: str) -> Iterator[str]:
    """Give what is said of a place with the thing that was named after another place: 主驾座椅加热三档，副驾一档.

    ``before`` and ``said`` are what follows the places; of the first, its beginning is taken, longest first.
    """
    if words == "joined":
        named = without_spaces(before)
        begun = list(_joined((place, named[:length]) for length in range(min(_SHARED_CHARACTERS, len(named)), 0, -1)))
        yield from _joined((beginning, said) for beginning in begun)
        return
    first = before.split()[:_BORROWED_WORDS]
    yield from (f"{place} {' '.join(first[:length])} {said}" for length in range(len(first), 0, -1))


def after_taking_back(text: str, takes_back: str) -> tuple[str, str]:
    """Split a sentence that takes back its own beginning: what is taken back, and what is said instead, if anything.

    Both are empty where it does not. ``takes_back`` is a regular expression: "open the roof, actually no, the shade".
    """
    *_, last = (None, *re.finditer(takes_back, text, re.IGNORECASE))
    if last is None:
        return "", ""
    back, instead = text[: last.start()].strip(_AROUND), text[last.end() :].strip(_AROUND)
    return (back, instead) if back else ("", "")


def pointing(said: str, thing: str, language: Language) -> str:
    """Give a wish with a thing in the place of the word that points at it, or nothing where no word does."""
    together = re.compile(language.follow_ups.both)
    for sentence, pronoun in product(
        (together.sub(" ", said), together.sub(" them ", said)), language.follow_ups.pronouns
    ):
        put, times = re.subn(pronoun, lambda _: thing, sentence, count=1)
        if times:
            return " ".join(put.split())
    return ""


def _begun(before: str, said: str, words: str) -> Iterator[str]:
    """Give a wish with the first words of the one before, most of them first."""
    if words == "joined":
        start = without_spaces(before)[:_BORROWED_CHARACTERS]
        yield from _joined((start[:length], said) for length in range(len(start), 0, -1))
        return
    first = before.split()[:_BORROWED_WORDS]
    yield from (f"{' '.join(first[:length])} {said}" for length in range(len(first), 0, -1))


def _ended(said: str, after: str, words: str) -> Iterator[str]:
    """Give a wish with the last words of the one after, fewest of them first."""
    if words == "joined":
        end = without_spaces(SENTENCE_END.sub("", after))
        yield from _joined((said, end[-length:]) for length in range(1, min(len(end), _BORROWED_CHARACTERS) + 1))
        return
    last = SENTENCE_END.sub("", after).split()[-_BORROWED_WORDS:]
    yield from (f"{said} {' '.join(last[-length:])}" for length in range(1, len(last) + 1))


def _joined(pieces: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Join what is written without spaces, unless two numbers would become one: 二十一 and 三度."""
    return (left + right for left, right in pieces if not (_NUMERAL.search(left[-1:]) and _NUMERAL.search(right[:1])))


def coordinated(said: str, conjunction: str, words: str, *, near: bool) -> tuple[list[str], list[str]]:
    """Take two things that share all the rest of a sentence apart: "turn the front and rear fog lights off".

    Gives the sentence without the second thing, then without the first, each for the sizes that the thing may have,
    the smallest first; ``near`` things have one or two words. Both are empty unless the sentence has just one
    conjunction, between others of its words.
    """
    found = list(re.finditer(conjunction, said))
    if len(found) != 1:
        return [], []
    joined = words == "joined"
    before, after = said[: found[0].start()].strip(), said[found[0].end() :].strip()
    if joined:
        before, after = without_spaces(before), without_spaces(after)
    first, second = (list(before), list(after)) if joined else (before.split(), after.split())
    space, most = ("", _SHARED_CHARACTERS) if joined else (" ", _SHARED_WORDS)
    most = most // 2 if near else most
    if not first or not second:
        return [], []
    ends = [space.join(second[size:]) for size in range(1, min(most, len(second)) + 1)]
    starts = [space.join(first[:-size]) for size in range(1, min(most, len(first)) + 1)]
    if joined:
        return list(_joined((before, end) for end in ends)), list(_joined((start, after) for start in starts))
    return [f"{before} {end}".strip() for end in ends], [f"{start} {after}".strip() for start in starts]


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

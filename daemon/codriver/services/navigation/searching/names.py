"""Finding places by name: as it is written, by some of its words, and by how it sounds."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codriver.services.navigation.indexing.schema import AROUND, KINDS, LOCALITIES, WHOLE, WORD_KIND
from codriver.services.navigation.indexing.sounds import Sound, sound_of
from codriver.services.navigation.indexing.words import words
from codriver.services.navigation.places import Kind, Position
from codriver.services.navigation.searching.areas import Area
from codriver.services.navigation.searching.index import Entry, Index

LEAST = 0.62
"""How like a name what was said must be, 0 to 1, to be taken for it."""
_SURE = 0.9
"""With a name as like as this, names that only sound alike are not looked for."""

_MOST_WORDS = 12
_MOST_ENTRIES = 60
_MOST_SOUNDS = 80
_PREFIXES = 30
_SHORTEST_PREFIX = 3
_PARTIAL, _AROUND = 0.78, 0.7
"""How like a name is of which all words were found: all in the name, or some in its street or city."""
_WORD = 0.85
"""What is left of the likeness when only some words of a name sound like what was said."""


@dataclass(frozen=True, slots=True)
class Match:
    """A place that may be meant: how like its name is (0 to 1), and how far it is in the order of the area."""

    index: Index
    entry: Entry
    likeness: float
    distance: float

    @property
    def rank(self) -> float:
        """Higher is better: likeness first, but what is far away must be more alike."""
        return self.likeness - 0.04 * math.log10(1.0 + self.distance / 1000.0)


class Names:
    """Looks for names in the indexes of some maps."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = indexes

    def find(
        self, text: str, area: Area, near: Position, limit: int, kinds: frozenset[Kind] = frozenset(KINDS)
    ) -> list[Match]:
        """Find places of some kinds by name, the best first. Localities are found wherever they are."""
        said = words(text)[:_MOST_WORDS]
        if not said:
            return []
        found = _Found(kinds)
        for index in self._indexes:
            for match in self._written(index, said, area, near, limit):
                found.add(match)
        if not found.sure(limit):
            for index in self._indexes:
                for match in self._partly(index, said, area, near, limit):
                    found.add(match)
        if not found.sure(1):
            sound = sound_of(" ".join(said))
            for index in self._indexes:
                for match in self._sounding(index, said, sound, area, near, limit, kinds):
                    found.add(match)
        return found.best(limit)

    def _written(self, index: Index, said: Sequence[str], area: Area, near: Position, limit: int) -> Iterator[Match]:
        """Find what is called so, word for word."""
        name = _quoted(WHOLE + "".join(said))
        for entry, distance in _look(index, name, area, limit):
            yield Match(index, entry, 1.0, distance)
        for entry in index.with_words(f"{name} AND {_quoted(LOCALITIES)}", None, limit):
            yield Match(index, entry, 1.0, near.distance_to(entry.position))

    def _partly(self, index: Index, said: Sequence[str], area: Area, near: Position, limit: int) -> Iterator[Match]:
        """Find what has all these words, the last of which may only have begun."""
        expression = " AND ".join(f"({_quoted(word)} OR {_quoted(AROUND + word)})" for word in said)
        entries = list(_look(index, expression, area, max(limit, _MOST_ENTRIES)))
        if not entries and len(said[-1]) >= _SHORTEST_PREFIX:
            *full, last = said
            begun = [_quoted(word) for word in index.words_from(last, _PREFIXES)]
            together = [_quoted(word) for word in index.words_from(WHOLE + "".join(said), _PREFIXES)]
            if begun:
                together.append(" AND ".join([*map(_quoted, full), f"({' OR '.join(begun)})"]))
            entries = (
                list(_look(index, " OR ".join(f"({one})" for one in together), area, _MOST_ENTRIES)) if together else []
            )
        for entry, distance in entries:
            yield Match(index, entry, _overlap(said, entry), distance)

    def _sounding(
        self,
        index: Index,
        said: Sequence[str],
        sound: Sound,
        area: Area,
        near: Position,
        limit: int,
        kinds: frozenset[Kind],
    ) -> Iterator[Match]:
        """Find what sounds like the whole, and then what has words that sound like some of it."""
        wanted = sum(1 << KINDS.index(kind) for kind in kinds)
        *_, last = area.pieces()
        blocks = index.blocks(last.ranges)
        alike: dict[str, float] = {}
        for word, its_kinds, other in index.sounding(sound, blocks, _MOST_SOUNDS):
            if its_kinds & wanted:
                alike[word] = max(alike.get(word, 0.0), sound.likeness(other))
        if max(alike.values(), default=0.0) < _WORD:
            for window in _windows(said):
                part = sound_of(window)
                share = len(window) / sum(map(len, said))
                for word, its_kinds, other in index.sounding(part, blocks, _MOST_SOUNDS // 4):
                    if its_kinds & (wanted | WORD_KIND):
                        likeness = (
                            part.likeness(other) * (_WORD if share < 1 or its_kinds & WORD_KIND else 1.0) * share**0.3
                        )
                        alike[word] = max(alike.get(word, 0.0), likeness)
        likeliest = sorted((word for word in alike if alike[word] >= LEAST), key=lambda word: -alike[word])[:limit]
        for word in likeliest:
            for entry, distance in _look(index, _quoted(word), area, limit):
                yield Match(index, entry, alike[word], distance)
            for entry in index.with_words(f"{_quoted(word)} AND {_quoted(LOCALITIES)}", None, limit):
                yield Match(index, entry, alike[word], near.distance_to(entry.position))


class _Found:
    """The matches of a search: of each object the best."""

    def __init__(self, kinds: frozenset[Kind]) -> None:
        self._kinds = kinds
        self._best: dict[tuple[int, Kind], Match] = {}

    def add(self, match: Match) -> None:
        if match.entry.kind not in self._kinds:
            return
        key = (match.entry.osm, match.entry.kind)
        if key not in self._best or match.likeness > self._best[key].likeness:
            self._best[key] = match

    def sure(self, count: int) -> bool:
        return sum(match.likeness >= _SURE for match in self._best.values()) >= count

    def best(self, limit: int) -> list[Match]:
        return sorted(self._best.values(), key=lambda match: (-match.rank, match.entry.osm))[:limit]


def _look(index: Index, expression: str, area: Area, limit: int) -> Iterator[tuple[Entry, float]]:
    """Find what matches an expression, the first in an area first; what is not needed any more is not looked for."""
    seen: set[int] = set()
    for piece in area.pieces():
        for entry in index.with_words(expression, piece.ranges, 4 * limit):
            if entry.number not in seen and (distance := piece.measure(entry.position)) is not None:
                seen.add(entry.number)
                yield entry, distance
        if len(seen) >= limit:
            return


def _overlap(said: Sequence[str], entry: Entry) -> float:
    """How like a name is in which all these words, or their beginnings, were found."""
    best = 0.0
    for name in each_name(entry):
        its = words(name)
        inside = sum(any(word.startswith(one) for word in its) for one in said)
        share = min(1.0, sum(map(len, said)) / max(1, sum(map(len, its))))
        base = _PARTIAL if inside == len(said) else _AROUND * inside / len(said)
        best = max(best, base + (1.0 - base) * 0.5 * share if inside else 0.0)
    return best


def each_name(entry: Entry) -> list[str]:
    """List all names of a place."""
    several = json.loads(entry.names).values() if entry.names else ()
    return [entry.name, *(one.strip() for names in several for one in names.split(";"))]


def _windows(said: Sequence[str]) -> Iterable[str]:
    """Give the runs of words of which one may sound like a word of a name, the longest first."""
    count = len(said)
    for size in (*(size for size in (4, 3, 2) if size < count), 1):
        for start in range(count - size + 1):
            window = "".join(said[start : start + size])
            if len(window) > _SHORTEST_PREFIX:
                yield window


def _quoted(word: str) -> str:
    """Write a word as a string of FTS5. Words hold letters and figures only, so nothing in them means anything."""
    return f'"{word}"'

"""Finding places by name: as it is written, by some of its words, and by how it sounds."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codriver.services.navigation.indexing.schema import AROUND, KINDS, LOCALITIES, STREETS, WHOLE
from codriver.services.navigation.indexing.words import HAN, words
from codriver.services.navigation.places import Kind, Position
from codriver.services.navigation.searching.areas import Area
from codriver.services.navigation.searching.index import Entry, Index
from codriver.services.navigation.searching.sounding import sounding

_LEAST, _SHORT, _LETTER = 0.6, 0.92, 0.025
"""How like a name what was said must be to be taken for it: at least; of no letters; and less for each letter.

Short words are alike by chance. Of 53 names that were heard wrong this takes 51; of 59 names and
phrases that are not on the demo map it takes 24 for something that is.
"""
SURE = 0.9
"""With a name as like as this, names that only sound alike are not looked for."""

_ALL = frozenset(KINDS)
_MARKS = {frozenset({Kind.STREET}): STREETS, frozenset({Kind.LOCALITY}): LOCALITIES}
_MOST_WORDS = 12
_MOST_ENTRIES = 60
_FEW = 100
"""Where fewer places match, all of them are looked at, not those of the neighbourhood first."""
_NEARBY = 3
"""Pieces of an area in which also parts of names are looked for by sound."""
_PREFIXES = 30
_SHORTEST_PREFIX = 3
_PARTIAL, _AROUND, _COVERED = 0.76, 0.74, 0.2
"""How like a name is of which all words were found in it, or some in its street or city; and how much the share of the
name adds that they are."""
_CHINESE_LETTERS = 3
"""A Chinese character says as much as so many letters."""
_FARTHER = 0.04
"""How much more like its name a place must be than one that is ten times as near, in kilometres and one more."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name that is looked for: its words, where, from where, how many, and of which kinds.

    With ``slack`` a name will do that is so much less like it.
    """

    said: tuple[str, ...]
    area: Area
    near: Position
    limit: int
    kinds: frozenset[Kind] = _ALL
    slack: float = 0.0

    @classmethod
    def named(cls, text: str, area: Area, near: Position, limit: int) -> Wanted:
        """Look for a text as it was said."""
        return cls(tuple(words(text)[:_MOST_WORDS]), area, near, limit)

    @property
    def least(self) -> float:
        """How like a name must be, 0 to 1."""
        letters = sum(_CHINESE_LETTERS if HAN.match(word) else len(word) for word in self.said)
        return max(_LEAST, _SHORT - _LETTER * letters) - self.slack

    @property
    def mark(self) -> str:
        """What an expression of FTS5 must end with to find no other kinds, as far as it can tell them."""
        mark = _MARKS.get(self.kinds)
        return f" AND {quoted(mark)}" if mark else ""


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
        return self.likeness - _FARTHER * math.log10(1.0 + self.distance / 1000.0)


class Names:
    """Looks for names in the indexes of some maps."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = indexes

    def find(self, wanted: Wanted) -> list[Match]:
        """Find places by name, the best first. Localities are found wherever they are."""
        if not wanted.said or not wanted.limit:
            return []
        found = _Found(wanted)
        for way in (_written, _partly, _heard):
            for index in self._indexes:
                found.add(way(index, wanted))
            if found.enough(wanted.limit if way is _written else 1):
                break
        return found.best()

    def called(self, wanted: Wanted) -> list[Match]:
        """Find only places that are called just so."""
        found = _Found(wanted)
        for index in self._indexes if wanted.said and wanted.limit else ():
            found.add(_written(index, wanted))
        return found.best()


def _written(index: Index, wanted: Wanted) -> Iterator[Match]:
    """Find what is called so, word for word."""
    yield from _look(index, wanted, quoted(WHOLE + "".join(wanted.said)), 1.0)


def _partly(index: Index, wanted: Wanted) -> Iterator[Match]:
    """Find what has all these words, the last of which may only have begun."""
    said = wanted.said
    found = list(_look(index, wanted, " AND ".join(f"({quoted(one)} OR {quoted(AROUND + one)})" for one in said), 0.0))
    if not found and len(said[-1]) >= _SHORTEST_PREFIX:
        begun = [quoted(word) for word in index.words_from(said[-1], _PREFIXES)]
        ways = [quoted(word) for word in index.words_from(WHOLE + "".join(said), _PREFIXES)]
        if begun:
            ways.append(" AND ".join([*map(quoted, said[:-1]), f"({' OR '.join(begun)})"]))
        found = list(_look(index, wanted, " OR ".join(f"({way})" for way in ways), 0.0)) if ways else []
    for match in found:
        if likeness := _overlap(said, match.entry):
            yield Match(index, match.entry, likeness, match.distance)


def _heard(index: Index, wanted: Wanted) -> Iterator[Match]:
    """Find what sounds like it."""
    kinds = sum(1 << KINDS.index(kind) for kind in wanted.kinds)
    pieces = wanted.area.pieces
    everywhere, nearby = index.blocks(pieces), index.blocks(pieces[:_NEARBY])
    alike = sounding(index, wanted.said, everywhere, nearby, kinds, wanted.least)
    for word, likeness in alike[: max(wanted.limit, _SHORTEST_PREFIX)]:
        yield from _look(index, wanted, quoted(word), likeness)


def _look(index: Index, wanted: Wanted, expression: str, likeness: float) -> Iterator[Match]:
    """Find what matches an expression, the first in the area first, and stop when there is enough."""
    most = max(wanted.limit, _MOST_ENTRIES)
    everything = index.with_words(f"({expression}){wanted.mark}", None, _FEW)
    if len(everything) < _FEW:
        for entry in everything:
            if (distance := _distance(entry, wanted)) is not None:
                yield Match(index, entry, likeness, distance)
        return
    found: set[int] = set()
    for piece in wanted.area.pieces:
        for entry in index.with_words(f"({expression}){wanted.mark}", piece.ranges, most):
            if entry.number not in found and (distance := piece.measure(entry.position)) is not None:
                found.add(entry.number)
                yield Match(index, entry, likeness, distance)
        if len(found) >= wanted.limit:
            break
    if Kind.LOCALITY in wanted.kinds:
        for entry in index.with_words(f"({expression}) AND {quoted(LOCALITIES)}", None, wanted.limit):
            yield Match(index, entry, likeness, wanted.near.distance_to(entry.position))


def _distance(entry: Entry, wanted: Wanted) -> float | None:
    if entry.kind is Kind.LOCALITY:
        return wanted.near.distance_to(entry.position)
    return wanted.area.measure(entry.position)


class _Found:
    """The matches of a search: of each object the best."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._best: dict[tuple[int, Kind], Match] = {}

    def add(self, matches: Iterable[Match]) -> None:
        for match in matches:
            key = (match.entry.osm, match.entry.kind)
            if match.entry.kind in self._wanted.kinds and (
                key not in self._best or match.likeness > self._best[key].likeness
            ):
                self._best[key] = match

    def enough(self, count: int) -> bool:
        return sum(match.likeness >= SURE for match in self._best.values()) >= count

    def best(self) -> list[Match]:
        return sorted(self._best.values(), key=lambda match: (-match.rank, match.entry.osm))[: self._wanted.limit]


def _overlap(said: Sequence[str], entry: Entry) -> float:
    """How like a name is in which these words, or their beginnings, were found, some maybe in its street or city."""
    best = 0.0
    for name in each_name(entry):
        its = words(name)
        inside = [one for one in said if any(word.startswith(one) for word in its)]
        if inside:
            share = min(1.0, sum(map(len, inside)) / sum(map(len, its)))
            best = max(best, (_PARTIAL if len(inside) == len(said) else _AROUND) + _COVERED * share)
    return best


def each_name(entry: Entry) -> list[str]:
    """List all names of a place."""
    several = json.loads(entry.names).values() if entry.names else ()
    return [entry.name, *(one.strip() for names in several for one in names.split(";"))]


def quoted(word: str) -> str:
    """Write a word as a string of FTS5. Words hold letters and figures only, so nothing in them means anything."""
    return f'"{word}"'

"""Reading the search index of one map."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from codriver.errors import MapError
from codriver.services.navigation.indexing.cells import Range, cell_of
from codriver.services.navigation.indexing.schema import (
    BLOCK_BITS,
    COUNT_OF_GRAMS,
    EVERYWHERE,
    KINDS,
    REGION_BITS,
    SOUND_BITS,
)
from codriver.services.navigation.indexing.sounds import Sound, sound_of_spelling
from codriver.services.navigation.indexing.staging import PRECISION, unpack
from codriver.services.navigation.maps import MapFolder
from codriver.services.navigation.places import Kind, Position
from codriver.services.navigation.searching.areas import Piece

_CACHE = 8_000
"""Kibibytes of each file that are kept in memory."""

_BY_NUMBER = (
    "SELECT number, osm, kind, category, latitude, longitude, name, names, street, house, city, hours, plugs, power "
    "FROM place WHERE number = ?"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the index."""

    number: int
    osm: int
    kind: Kind
    category: str
    position: Position
    name: str
    names: str
    street: str
    house: str
    city: str
    hours: str
    plugs: str
    power: float


@dataclass(frozen=True, slots=True)
class Address:
    """A house number of a street in the index."""

    number: int
    until: int
    label: str
    osm: int
    position: Position
    interpolated: bool


class Index:
    """The index of one map, open for reading. To be used on one thread at a time."""

    def __init__(self, folder: MapFolder) -> None:
        self.folder = folder
        try:
            with ExitStack() as failing:
                self._file = sqlite3.connect(_readable(folder.index), uri=True, check_same_thread=False)
                failing.callback(self._file.close)
                self._file.execute(f"PRAGMA cache_size = -{_CACHE}")
                self._file.execute("ATTACH ? AS sounds", (_readable(folder.sounds),))
                self._file.execute(f"PRAGMA sounds.cache_size = -{_CACHE}")
                categories = self._file.execute("SELECT name FROM category ORDER BY id")
                self._categories: list[str] = [name for (name,) in categories]
                failing.pop_all()
        except sqlite3.Error as error:
            raise damaged(folder, error) from error
        self._category_numbers = {name: number for number, name in enumerate(self._categories)}

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def of_category(self, category: str, ranges: Iterable[Range]) -> Iterator[tuple[int, Position]]:
        """Give the numbers and positions of the places of a category in some ranges."""
        of = self._category_numbers.get(category, -1)
        query = "SELECT place, latitude, longitude FROM member WHERE category = ? AND place BETWEEN ? AND ?"
        for low, high in ranges:
            for number, latitude, longitude in self._file.execute(query, (of, low, high)):
                yield number, _position(latitude, longitude)

    def with_words(self, match: str, ranges: Iterable[Range] | None, limit: int) -> list[Entry]:
        """Give at most ``limit`` places in each range, or in all, whose words match an expression of FTS5."""
        everywhere = ((-(1 << 62), 1 << 62),)
        found = []
        for low, high in everywhere if ranges is None else ranges:
            rows = self._file.execute(
                "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?",
                (match, low, high, limit),
            )
            found += [number for (number,) in rows.fetchall()]
        return self.entries(found)

    def entries(self, numbers: Sequence[int]) -> list[Entry]:
        """Give places by their numbers."""
        return [self._entry(row) for number in numbers for row in self._file.execute(_BY_NUMBER, (number,))]

    def words_from(self, beginning: str, limit: int) -> list[str]:
        """Give words of the index that begin in some way."""
        query = "SELECT word FROM word WHERE word >= ? AND word < ? LIMIT ?"
        return [word for (word,) in self._file.execute(query, (beginning, beginning + "\U0010ffff", limit))]

    def blocks(self, pieces: Iterable[Piece]) -> list[int]:
        """Tell in which blocks the pieces of an area lie; last comes the one with the localities of everywhere."""
        found: set[int] = set()
        for low, high in (span for piece in pieces for span in piece.ranges):
            found.update(range(cell_of(low) >> BLOCK_BITS, (cell_of(high) >> BLOCK_BITS) + 1))
        return [*sorted(found), EVERYWHERE]

    def sounding(self, sound: Sound, blocks: Iterable[int], limit: int) -> Iterator[tuple[str, int, Sound]]:
        """Give at most ``limit`` words and names of some blocks that may sound like this: word, kinds, sound."""
        grams = sorted(sound.grams())
        sharing = (
            (alike, block << SOUND_BITS | local)
            for block in blocks
            for alike, local in self._sharing(block, grams, limit)
        )
        row = "SELECT word, kinds, spelled, syllables FROM sound WHERE number = ?"
        for _, number in heapq.nlargest(limit, sharing):
            for word, kinds, spelled, syllables in self._file.execute(row, (number,)):
                yield word, kinds, sound_of_spelling(spelled, tuple(syllables.split()))

    def _sharing(self, block: int, grams: Sequence[str], limit: int) -> list[tuple[float, int]]:
        """List the sounds of a block that share most with some grams: how much of all that either has, and which."""
        query = "SELECT sounds FROM gram WHERE block = ? AND gram = ?"
        lists = [
            np.frombuffer(blob, dtype=np.uint32)
            for gram in grams
            for (blob,) in self._file.execute(query, (block, gram))
        ]
        if not lists:
            return []
        packed = np.concatenate(lists)
        local = packed >> COUNT_OF_GRAMS.bit_length()
        common = np.bincount(local)
        theirs = np.zeros(len(common), dtype=np.uint32)
        theirs[local] = packed & COUNT_OF_GRAMS
        some = np.flatnonzero(common)
        alike = common[some] / (len(grams) + theirs[some])
        best = np.argpartition(-alike, limit)[:limit] if limit < len(alike) else np.arange(len(alike))
        return list(zip(alike[best].tolist(), some[best].tolist(), strict=True))

    def addresses(self, street: int, low: int, high: int) -> list[Address]:
        """Give the house numbers of a street that begin between two numbers."""
        query = (
            "SELECT number, until, label, osm, latitude, longitude, interpolated FROM address "
            "WHERE street = ? AND number BETWEEN ? AND ? ORDER BY number"
        )
        return [
            Address(row[0], row[1], row[2], row[3], _position(row[4], row[5]), bool(row[6]))
            for row in self._file.execute(query, (street, low, high))
        ]

    def courses(
        self, south: float, north: float, west: float, east: float
    ) -> Iterator[tuple[int, list[tuple[float, float]]]]:
        """Give the parts of streets whose boxes touch a box: the number of the street, and latitudes and longitudes."""
        query = "SELECT street, points FROM course WHERE south <= ? AND north >= ? AND west <= ? AND east >= ?"
        for street, points in self._file.execute(query, (north, south, east, west)):
            yield street, unpack(points)

    def region(self, number: int) -> tuple[str, str]:
        """Tell the time zone and the country (ISO code) of where a place is; "" where they are not known."""
        query = "SELECT timezone, country FROM region WHERE region = ?"
        row = self._file.execute(query, (cell_of(number) >> REGION_BITS,)).fetchone()
        return (row[0], row[1]) if row else ("", "")

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        number, osm, kind, category, latitude, longitude, name, names, street, house, city, hours, plugs, power = row
        return Entry(
            number, osm, KINDS[kind], "" if category is None else self._categories[category],
            _position(latitude, longitude), name, names, street, house, city, hours, plugs, power,
        )  # fmt: skip


def damaged(folder: MapFolder, error: sqlite3.Error) -> MapError:
    """Make the error of a map whose index cannot be read."""
    return MapError(f"The map {folder.manifest.name} is damaged: {error}. Build it again.")


def _readable(file: Path) -> str:
    return f"{file.as_uri()}?mode=ro&immutable=1"


def _position(latitude: int, longitude: int) -> Position:
    return Position(latitude / PRECISION, longitude / PRECISION)

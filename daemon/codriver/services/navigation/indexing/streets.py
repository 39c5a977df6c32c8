"""Streets: the parts of a road that bear one name and lie together, with the houses that belong to them."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from codriver.services.navigation.indexing.cells import cell
from codriver.services.navigation.indexing.numbering import along, between
from codriver.services.navigation.indexing.staging import PRECISION, Course, unpack, whole
from codriver.services.navigation.places import Kind

_GRID = 0.02
"""Degrees. Parts of the same name in one square of this grid, or in squares that touch, are one street."""

_PREPARATIONS = (
    "CREATE TABLE street_road (street INTEGER, course BLOB)",
    "CREATE TABLE street_house (street INTEGER, house INTEGER)",
    "CREATE INDEX road_key ON road (key)",
    "CREATE INDEX alias_alias ON alias (alias)",
    "UPDATE house SET key = coalesce((SELECT key FROM alias WHERE alias = house.key), key)"
    " WHERE NOT EXISTS (SELECT 1 FROM road WHERE road.key = house.key)",
    "CREATE INDEX house_key ON house (key)",
)

type _Square = tuple[int, int]


@dataclass(slots=True)
class _Street:
    """A street that is being put together."""

    squares: set[_Square] = field(default_factory=set)
    roads: list[tuple[int, str, str, bytes]] = field(default_factory=list)
    houses: list[int] = field(default_factory=list)
    cities: Counter[str] = field(default_factory=Counter)
    somewhere: tuple[int, int] = (0, 0)
    spelled: str = ""
    osm: int = 0


def expand_interpolations(staged: sqlite3.Connection) -> None:
    """Add the houses that the map only hints at by drawing a line between two house numbers."""
    if not staged.execute("SELECT 1 FROM interpolation").fetchone():
        return
    staged.execute("CREATE INDEX IF NOT EXISTS house_osm ON house (osm)")
    for osm, rule, nodes, course in staged.execute("SELECT * FROM interpolation").fetchall():
        positions = unpack(course)
        known = [
            (step, row)
            for step, node in enumerate(array("q", nodes))
            for row in staged.execute("SELECT key, street, label, city FROM house WHERE osm = ?", (node << 2,))
        ]
        for (start, (key, street, first, city)), (end, (_, _, last, _)) in pairwise(known):
            numbers = between(first, last, rule)
            for number, (latitude, longitude) in _spread(numbers, first, last, positions[start : end + 1]):
                row = (key, osm, street, str(number), city, whole(latitude), whole(longitude), 1)
                staged.execute("INSERT INTO house VALUES (?,?,?,?,?,?,?,?)", row)


def _spread(numbers: list[int], first: str, last: str, course: Course) -> Iterator[tuple[int, tuple[float, float]]]:
    rising = [*numbers] if _number(first) <= _number(last) else [*reversed(numbers)]
    for place, number in enumerate(rising, 1):
        yield number, along(course, place / (len(rising) + 1))


def _number(label: str) -> int:
    figures = "".join(letter for letter in label if letter.isdecimal())
    return int(figures) if figures else 0


def gather_streets(staged: sqlite3.Connection) -> None:
    """Put streets together: a row of ``thing`` each; ``street_road`` and ``street_house`` say what belongs to them."""
    for statement in _PREPARATIONS:
        staged.execute(statement)
    number = 0
    keys = staged.execute("SELECT key FROM road UNION SELECT key FROM house ORDER BY key").fetchall()
    for (key,) in keys:
        for street in _streets(staged, key):
            number += 1
            _store(staged, number, street)


def _streets(staged: sqlite3.Connection, key: str) -> list[_Street]:
    pieces = []
    for osm, rows in groupby(
        staged.execute("SELECT osm, name, names, course FROM road WHERE key = ? ORDER BY osm", (key,)),
        lambda row: int(row[0]),
    ):
        _, name, names, course = next(rows)
        points = unpack(course)
        middle = points[len(points) // 2]
        street = _Street({_square(*point) for point in points}, [(osm, name, names, course)])
        street.somewhere, street.spelled, street.osm = (whole(middle[0]), whole(middle[1])), name, osm
        pieces.append(street)
    streets = _joined(pieces)
    where = {square: street for street in streets for square in street.squares}
    lost = []
    for row in staged.execute("SELECT rowid, osm, street, city, latitude, longitude FROM house WHERE key = ?", (key,)):
        rowid, osm, spelled, city, latitude, longitude = row
        square = _square(latitude / PRECISION, longitude / PRECISION)
        found = next((where[near] for near in _touching(square) if near in where), None)
        if found is None:
            found = _Street({square}, somewhere=(latitude, longitude), spelled=spelled, osm=osm)
            lost.append(found)
        found.houses.append(rowid)
        if city:
            found.cities[city] += 1
    return streets + _joined(lost)


def _joined(pieces: Iterable[_Street]) -> list[_Street]:
    """Join what lies in squares that touch."""
    where: dict[_Square, _Street] = {}
    streets: dict[int, _Street] = {}
    for piece in pieces:
        touching = {
            id(where[near]): where[near] for square in piece.squares for near in _touching(square) if near in where
        }
        whole_street = piece
        for other in touching.values():
            big, small = (
                (whole_street, other) if len(whole_street.squares) > len(other.squares) else (other, whole_street)
            )
            big.squares |= small.squares
            big.roads += small.roads
            big.houses += small.houses
            big.cities += small.cities
            streets.pop(id(small), None)
            for square in small.squares:
                where[square] = big
            whole_street = big
        for square in whole_street.squares:
            where[square] = whole_street
        streets[id(whole_street)] = whole_street
    return list(streets.values())


def _store(staged: sqlite3.Connection, number: int, street: _Street) -> None:
    latitude, longitude = street.somewhere
    osm, name, names = street.osm, street.spelled, ""
    if street.roads:
        # The middle of the part that lies closest to the middle of all.
        middles = [(unpack(course), road, spelled, translated) for road, spelled, translated, course in street.roads]
        centres = [points[len(points) // 2] for points, *_ in middles]
        north = sum(point[0] for point in centres) / len(centres)
        east = sum(point[1] for point in centres) / len(centres)
        best = min(range(len(centres)), key=lambda i: (centres[i][0] - north) ** 2 + (centres[i][1] - east) ** 2)
        latitude, longitude = whole(centres[best][0]), whole(centres[best][1])
        osm, name = middles[best][1], middles[best][2]
        names = _merged(translated for *_, translated in middles)
    city = street.cities.most_common(1)[0][0] if street.cities else ""
    place = cell(latitude / PRECISION, longitude / PRECISION)
    row = (place, osm, Kind.STREET, latitude, longitude, name, names, "", "", "", city, "", "", "", 0.0, "", number)
    staged.execute("INSERT INTO thing VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", row)
    staged.executemany("INSERT INTO street_road VALUES (?,?)", ((number, road[3]) for road in street.roads))
    staged.executemany("INSERT INTO street_house VALUES (?,?)", ((number, house) for house in street.houses))


def _merged(translated: Iterable[str]) -> str:
    merged: dict[str, str] = {}
    for names in translated:
        if names:
            merged = json.loads(names) | merged
    return json.dumps(merged, ensure_ascii=False) if merged else ""


def _square(latitude: float, longitude: float) -> _Square:
    return int(latitude // _GRID), int(longitude // _GRID)


def _touching(square: _Square) -> Iterator[_Square]:
    yield square
    row, column = square
    for north in (-1, 0, 1):
        for east in (-1, 0, 1):
            if north or east:
                yield row + north, column + east

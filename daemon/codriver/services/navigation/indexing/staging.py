"""Where features wait on disk until all of them are read, so that they can be sorted in little memory."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from codriver.services.navigation.indexing.cells import cell
from codriver.services.navigation.indexing.features import Feature, House, Interpolation, Road, Thing
from codriver.services.navigation.indexing.words import words

PRECISION = 10_000_000
"""Positions are kept as whole numbers of so many parts of a degree, as OpenStreetMap itself does."""

_BATCH = 10_000

_SCHEMA = """
    CREATE TABLE thing (cell INTEGER, osm INTEGER, kind TEXT, latitude INTEGER, longitude INTEGER, name TEXT,
                        names TEXT, categories TEXT, street TEXT, house TEXT, city TEXT, country TEXT, hours TEXT,
                        plugs TEXT, power REAL, extra TEXT, part_of INTEGER);
    CREATE TABLE road (key TEXT, osm INTEGER, name TEXT, names TEXT, course BLOB);
    CREATE TABLE house (key TEXT, osm INTEGER, street TEXT, label TEXT, city TEXT, latitude INTEGER,
                        longitude INTEGER, interpolated INTEGER);
    CREATE TABLE interpolation (osm INTEGER, rule TEXT, nodes BLOB, course BLOB);
    CREATE TABLE alias (alias TEXT, key TEXT);
    CREATE TABLE done (source TEXT PRIMARY KEY);
"""
_INSERTIONS = {
    "thing": "INSERT INTO thing VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,NULL)",
    "road": "INSERT INTO road VALUES (?,?,?,?,?)",
    "house": "INSERT INTO house VALUES (?,?,?,?,?,?,?,?)",
    "interpolation": "INSERT INTO interpolation VALUES (?,?,?,?)",
    "alias": "INSERT INTO alias VALUES (?,?)",
}


class Staged(NamedTuple):
    """A row of ``thing``. Positions are whole numbers, see ``PRECISION``; a street has its number as ``part_of``."""

    cell: int
    osm: int
    kind: str
    latitude: int
    longitude: int
    name: str
    names: str
    categories: str
    street: str
    house: str
    city: str
    country: str
    hours: str
    plugs: str
    power: float
    extra: str
    part_of: int | None

    def each_name(self) -> set[str]:
        """List all names, also those that it is also known by, of which several may stand together."""
        if not self.names:
            return {self.name}
        others = json.loads(self.names).values()
        return {self.name, *(one.strip() for several in others for one in several.split(";"))}


type Course = Sequence[tuple[float, float]]


@contextmanager
def staging(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the staging file, made if it is not there. What is committed survives; the rest does not."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000")
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            connection.executescript(f"BEGIN; {_SCHEMA} COMMIT")
        yield connection
    finally:
        connection.close()


def stage(connection: sqlite3.Connection, source: str, features: Iterable[Feature]) -> None:
    """Store all features of a source and that it is done, or nothing. A source that is done is not stored again."""
    if is_staged(connection, source):
        return
    connection.execute("BEGIN")
    try:
        rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _INSERTIONS}
        for feature in features:
            for table, row in _rows(feature):
                batch = rows[table]
                batch.append(row)
                if len(batch) >= _BATCH:
                    connection.executemany(_INSERTIONS[table], batch)
                    batch.clear()
        for table, batch in rows.items():
            connection.executemany(_INSERTIONS[table], batch)
        connection.execute("INSERT INTO done VALUES (?)", (source,))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def is_staged(connection: sqlite3.Connection, source: str) -> bool:
    """Whether a source was stored completely."""
    return connection.execute("SELECT 1 FROM done WHERE source = ?", (source,)).fetchone() is not None


def things(connection: sqlite3.Connection) -> Iterator[Staged]:
    """Give everything in the order of its cells, once: files that overlap have the same things."""
    last = (-1, -1, "")
    for row in connection.execute("SELECT * FROM thing ORDER BY cell, osm, kind"):
        if row[:3] != last:
            last = row[:3]
            yield Staged._make(row)


def whole(degrees: float) -> int:
    """Write degrees as a whole number."""
    return round(degrees * PRECISION)


def pack(course: Course) -> bytes:
    """Write a course as 32-bit whole numbers, latitude and longitude in turn."""
    return array("i", [whole(value) for position in course for value in position]).tobytes()


def unpack(blob: bytes) -> list[tuple[float, float]]:
    """Read what ``pack`` wrote."""
    values = array("i", blob)
    return [(values[i] / PRECISION, values[i + 1] / PRECISION) for i in range(0, len(values), 2)]


def key_of(name: str) -> str:
    """Write the name of a street so that different spellings of it become the same."""
    return "".join(words(name))


def written(names: Mapping[str, str]) -> str:
    """Write names by language as JSON, none as nothing."""
    return json.dumps(names, ensure_ascii=False) if names else ""


def _rows(feature: Feature) -> Iterator[tuple[str, tuple[object, ...]]]:
    match feature:
        case Thing():
            yield (
                "thing",
                (
                    cell(feature.latitude, feature.longitude),
                    feature.osm,
                    feature.kind,
                    whole(feature.latitude),
                    whole(feature.longitude),
                    feature.name,
                    written(feature.names),
                    ",".join(map(str, feature.categories)),
                    feature.street,
                    feature.house,
                    feature.city,
                    feature.country,
                    feature.hours,
                    feature.plugs,
                    feature.power,
                    feature.extra,
                ),
            )
        case Road():
            key = key_of(feature.name)
            yield "road", (key, feature.osm, feature.name, written(feature.names), pack(feature.course))
            for alias in {key_of(other) for other in feature.names.values()} - {key}:
                yield "alias", (alias, key)
        case House():
            yield (
                "house",
                (
                    key_of(feature.street),
                    feature.osm,
                    feature.street,
                    feature.label,
                    feature.city,
                    whole(feature.latitude),
                    whole(feature.longitude),
                    feature.interpolated,
                ),
            )
        case Interpolation():
            nodes = array("q", feature.nodes).tobytes()
            yield "interpolation", (feature.osm, feature.rule, nodes, pack(feature.course))

"""Writing the search index: what was staged, sorted by where it lies."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours

from codriver.services.navigation.indexing import cells
from codriver.services.navigation.indexing.categories import Categories
from codriver.services.navigation.indexing.numbering import spans
from codriver.services.navigation.indexing.schema import (
    AROUND,
    KINDS,
    LOCALITIES,
    REGION_BITS,
    SCHEMA,
    STREETS,
    WHOLE,
)
from codriver.services.navigation.indexing.staging import PRECISION, Staged, things, unpack
from codriver.services.navigation.indexing.words import words
from codriver.services.navigation.places import Kind

_BATCH = 5_000
_INSERTIONS = {
    "place": "INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "member": "INSERT INTO member VALUES (?,?,?,?)",
    "words": "INSERT INTO words (rowid, text) VALUES (?,?)",
}
_MARKS = tuple({Kind.STREET: STREETS, Kind.LOCALITY: LOCALITIES}.get(kind, "") for kind in KINDS)
_PLURALS = {Kind.PLACE: "places", Kind.STREET: "streets", Kind.LOCALITY: "localities"}
_SOME_DAY = datetime(2024, 1, 3, tzinfo=ZoneInfo("UTC"))

type Count = Callable[[int], None]


def write_index(staged: sqlite3.Connection, target: Path, categories: Categories, progress: Count) -> dict[str, int]:
    """Write the index of what was staged into a new file. Returns how much of each kind there is."""
    target.unlink(missing_ok=True)
    index = sqlite3.connect(target, isolation_level=None)
    try:
        index.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000; PRAGMA page_size = 4096;"
            + SCHEMA
        )
        index.execute("BEGIN")
        index.executemany("INSERT INTO category VALUES (?,?)", enumerate(c.name for c in categories.all))
        writer = _Writer(index, _countries(staged))
        counts = writer.write(staged, progress)
        counts |= _write_streets(staged, index, writer.streets)
        index.execute("INSERT INTO words (words) VALUES ('optimize')")
        index.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, words, row)")
        index.execute("INSERT INTO word SELECT term FROM temp.vocabulary")
        index.execute("COMMIT")
        index.execute("PRAGMA synchronous = FULL")
        index.execute("DROP TABLE temp.vocabulary")
        return counts
    finally:
        index.close()


class _Writer:
    """Writes places in the order of their cells."""

    def __init__(self, index: sqlite3.Connection, countries: Mapping[int, str]) -> None:
        self._index = index
        self._countries = countries
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _INSERTIONS}
        self._regions: set[int] = set()
        self.streets: dict[int, int] = {}
        """The number of each street by the number that it had while it was staged."""

    def write(self, staged: sqlite3.Connection, progress: Count) -> dict[str, int]:
        """Write all things. Returns how many of each kind there are."""
        counts = dict.fromkeys(KINDS, 0)
        last, inside = -1, 0
        for done, thing in enumerate(things(staged)):
            inside = inside + 1 if thing.cell == last else 0
            last = thing.cell
            kind = Kind(thing.kind)
            self._add(cells.number(thing.cell, inside), KINDS.index(kind), thing)
            counts[kind] += 1
            if done % _BATCH == 0:
                self._flush()
                progress(done)
        self._flush()
        return {_PLURALS[kind]: count for kind, count in counts.items()}

    def _add(self, number: int, kind: int, thing: Staged) -> None:
        members = [int(category) for category in thing.categories.split(",")] if thing.categories else []
        self._rows["place"].append(
            (
                number, thing.osm, kind, members[0] if members else None, thing.latitude, thing.longitude, thing.name,
                thing.names, thing.street, thing.house, thing.city, thing.hours, thing.plugs, thing.power,
            )
        )  # fmt: skip
        for category in members:
            self._rows["member"].append((category, number, thing.latitude, thing.longitude))
        self._rows["words"].append((number, " ".join(_words(thing, kind))))
        if thing.part_of is not None:
            self.streets[thing.part_of] = number
        if thing.hours and thing.cell >> REGION_BITS not in self._regions:
            self._add_region(thing)

    def _add_region(self, thing: Staged) -> None:
        region = thing.cell >> REGION_BITS
        self._regions.add(region)
        zone = _timezone(thing.latitude / PRECISION, thing.longitude / PRECISION)
        self._index.execute("INSERT INTO region VALUES (?,?,?)", (region, zone, self._countries.get(region, "")))

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            self._index.executemany(_INSERTIONS[table], rows)
            rows.clear()


def _words(thing: Staged, kind: int) -> dict[str, None]:
    """List the words by which a thing can be found, each once."""
    found: dict[str, None] = {}
    for name in thing.each_name():
        parts = words(name)
        if parts:
            found.update(dict.fromkeys(parts))
            found[WHOLE + "".join(parts)] = None
    if thing.extra:
        found.update(dict.fromkeys(words(thing.extra)))
    for around in (thing.street, thing.city):
        if around:
            found.update((AROUND + word, None) for word in words(around))
    if mark := _MARKS[kind]:
        found[mark] = None
    return found


def _timezone(latitude: float, longitude: float) -> str:
    """Name the time zone of a position, "" if the library does not tell; it only tells it with a date."""
    change = OpeningHours("Mo 12:00-13:00", coords=(latitude, longitude)).next_change(_SOME_DAY)
    return str(getattr(change.tzinfo, "key", "")) if change else ""


def _countries(staged: sqlite3.Connection) -> dict[int, str]:
    """Tell the country of each region: the one that most addresses there name."""
    counted = staged.execute(
        "SELECT cell >> ?, country, count(*) FROM thing WHERE country != '' GROUP BY 1, 2 ORDER BY 3", (REGION_BITS,)
    )
    return {region: country for region, country, _ in counted}


def _write_streets(staged: sqlite3.Connection, index: sqlite3.Connection, streets: Mapping[int, int]) -> dict[str, int]:
    houses = staged.execute(
        "SELECT street_house.street, label, osm, latitude, longitude, interpolated FROM street_house "
        "JOIN house ON house.rowid = street_house.house"
    )
    for street, label, osm, latitude, longitude, interpolated in houses:
        for first, last in spans(label):
            row = (streets[street], first, last, label, osm, latitude, longitude, interpolated)
            index.execute("INSERT OR IGNORE INTO address VALUES (?,?,?,?,?,?,?,?)", row)
    for part, (street, course) in enumerate(staged.execute("SELECT street, course FROM street_road")):
        latitudes, longitudes = zip(*unpack(course), strict=True)
        box = (min(latitudes), max(latitudes), min(longitudes), max(longitudes))
        index.execute("INSERT INTO course VALUES (?,?,?,?,?,?,?)", (part, *box, streets[street], course))
    [(addresses,)] = index.execute("SELECT count(*) FROM address")
    return {"addresses": addresses}

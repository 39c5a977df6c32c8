"""Writing the search index: what was staged, sorted by where it lies."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours

from codriver.services.navigation.indexing import cells
from codriver.services.navigation.indexing.blocks import Block
from codriver.services.navigation.indexing.categories import Categories
from codriver.services.navigation.indexing.numbering import label_key, spans
from codriver.services.navigation.indexing.schema import (
    AROUND,
    BLOCK_BITS,
    EVERYWHERE,
    KINDS,
    LOCALITIES,
    REGION_BITS,
    SCHEMA,
    STREETS,
    WHOLE,
    WORD_KIND,
)
from codriver.services.navigation.indexing.staging import PRECISION, unpack
from codriver.services.navigation.indexing.words import words
from codriver.services.navigation.places import Kind

_BATCH = 5_000
_SHORTEST_SOUND = 3
"""Letters of a word that is looked up by its sound apart from its name."""
_KIND_NUMBERS = {kind.value: number for number, kind in enumerate(KINDS)}

type Count = Callable[[int], None]


def write_index(staged: sqlite3.Connection, target: Path, categories: Categories, progress: Count) -> dict[str, int]:
    """Write the index of what was staged into a new file. Returns how much of each kind there is."""
    target.unlink(missing_ok=True)
    index = sqlite3.connect(target, isolation_level=None)
    try:
        index.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000; PRAGMA page_size = 4096;"
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
        self._block = Block(-1)
        self._everywhere = Block(EVERYWHERE)
        self._rows: dict[str, list[tuple[object, ...]]] = {"place": [], "member": [], "words": []}
        self._regions: set[int] = set()
        self.streets: dict[int, int] = {}
        """The number of each street by the number that it had while it was staged."""

    def write(self, staged: sqlite3.Connection, progress: Count) -> dict[str, int]:
        counts = dict.fromkeys((*(f"{kind}s" if kind != Kind.LOCALITY else "localities" for kind in KINDS),), 0)
        last_cell, last_osm, inside = -1, -1, 0
        for done, row in enumerate(staged.execute("SELECT * FROM thing ORDER BY cell, osm, kind")):
            cell, osm, kind = row[:3]
            if (cell, osm) == (last_cell, last_osm) and kind != Kind.STREET:
                continue  # another file has it too
            inside = inside + 1 if cell == last_cell else 0
            last_cell, last_osm = cell, osm
            if cell >> BLOCK_BITS != self._block.number:
                self._finish_block(cell >> BLOCK_BITS)
            self._add(cells.number(cell, inside), row)
            counts["localities" if kind == Kind.LOCALITY else f"{kind}s"] += 1
            if done % _BATCH == 0:
                self._flush()
                progress(done)
        self._finish_block(-1)
        self._store(self._everywhere)
        self._flush()
        return counts

    def _add(self, number: int, row: tuple[Any, ...]) -> None:
        cell, osm, kind, latitude, longitude, name, names, categories, street, house, city = row[:11]
        _, hours, plugs, power, extra, part_of = row[11:]
        members = [int(category) for category in categories.split(",")] if categories else []
        self._rows["place"].append(
            (
                number, osm, _KIND_NUMBERS[kind], members[0] if members else None, latitude, longitude, name, names,
                street, house, city, hours, plugs, power, extra,
            )
        )  # fmt: skip
        self._rows["member"].extend((category, number, latitude, longitude) for category in members)
        self._rows["words"].append((number, self._words(row, _KIND_NUMBERS[kind])))
        if isinstance(part_of, int):
            self.streets[part_of] = number
        if hours:
            self._region(cell, latitude / PRECISION, longitude / PRECISION)

    def _words(self, row: tuple[Any, ...], kind: int) -> str:
        name, names, street, city, extra = row[5], row[6], row[8], row[10], row[15]
        found: dict[str, None] = {}
        for one in {name, *_each(names)} if names else (name,):
            parts = words(one)
            if not parts:
                continue
            found.update(dict.fromkeys(parts))
            together = WHOLE + "".join(parts)
            found[together] = None
            self._block.add(together, parts, 1 << kind)
            if KINDS[kind] is Kind.LOCALITY:
                self._everywhere.add(together, parts, 1 << kind)
            if len(parts) > 1:
                for part in parts:
                    if len(part) >= _SHORTEST_SOUND:
                        self._block.add(part, (part,), WORD_KIND)
        if extra:
            found.update(dict.fromkeys(words(extra)))
        for around in (street, city):
            if around:
                found.update((AROUND + word, None) for word in words(around))
        if KINDS[kind] is Kind.STREET:
            found[STREETS] = None
        elif KINDS[kind] is Kind.LOCALITY:
            found[LOCALITIES] = None
        return " ".join(found)

    def _region(self, cell: int, latitude: float, longitude: float) -> None:
        region = cell >> REGION_BITS
        if region in self._regions:
            return
        self._regions.add(region)
        change = OpeningHours("Mo 12:00-13:00", coords=(latitude, longitude)).next_change(_SOME_DAY)
        zone = getattr(change.tzinfo, "key", "") if change else ""
        self._index.execute("INSERT INTO region VALUES (?,?,?)", (region, zone, self._countries.get(region, "")))

    def _finish_block(self, following: int) -> None:
        self._store(self._block)
        self._block = Block(following)

    def _store(self, block: Block) -> None:
        self._index.executemany("INSERT INTO sound VALUES (?,?,?,?,?)", block.sounds())
        self._index.executemany("INSERT INTO gram VALUES (?,?,?)", block.grams())

    def _flush(self) -> None:
        self._index.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", self._rows["place"])
        self._index.executemany("INSERT INTO member VALUES (?,?,?,?)", self._rows["member"])
        self._index.executemany("INSERT INTO words (rowid, text) VALUES (?,?)", self._rows["words"])
        for rows in self._rows.values():
            rows.clear()


_SOME_DAY = datetime(2024, 1, 3, tzinfo=ZoneInfo("UTC"))


def _each(names: str) -> list[str]:
    """List the names of a JSON text; one that is also known by may be several, with semicolons between."""
    return [one.strip() for several in json.loads(names).values() for one in several.split(";") if one.strip()]


def _countries(staged: sqlite3.Connection) -> dict[int, str]:
    """Tell the country of each region: the one that most addresses there name."""
    counted = staged.execute(
        "SELECT cell >> ?, country, count(*) FROM thing WHERE country != '' GROUP BY 1, 2 ORDER BY 3", (REGION_BITS,)
    )
    return {region: country for region, country, _ in counted}


def _write_streets(staged: sqlite3.Connection, index: sqlite3.Connection, streets: Mapping[int, int]) -> dict[str, int]:
    addresses = 0
    houses = staged.execute(
        "SELECT street_house.street, label, osm, latitude, longitude, interpolated FROM street_house "
        "JOIN house ON house.rowid = street_house.house"
    )
    for street, label, osm, latitude, longitude, interpolated in houses:
        for first, last in spans(label):
            row = (streets[street], first, last, label_key(label), osm, latitude, longitude, interpolated)
            index.execute("INSERT OR IGNORE INTO address VALUES (?,?,?,?,?,?,?,?)", row)
            addresses += 1
    for part, (street, course) in enumerate(staged.execute("SELECT street, course FROM street_road")):
        latitudes, longitudes = zip(*unpack(course), strict=True)
        box = (min(latitudes), max(latitudes), min(longitudes), max(longitudes))
        index.execute("INSERT INTO course VALUES (?,?,?,?,?,?,?)", (part, *box, streets[street], course))
    return {"addresses": addresses}

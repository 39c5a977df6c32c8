"""The search index: what of OpenStreetMap can be looked for, and how it is written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import osmium
import yaml

from codriver.services.navigation.maps.folder import Bounds


def categories() -> dict[str, Any]:
    """Read the categories."""
    found: dict[str, Any] = yaml.safe_load(resources.files(__package__).joinpath("categories.yaml").read_text("utf-8"))
    return found


def build_index(sources: Sequence[Path], target: Path) -> tuple[dict[str, int], Bounds]:
    """Write the index of all files. Returns how much is in it, and its bounds."""
    connection = sqlite3.connect(target)
    connection.executescript(
        """
        CREATE TABLE place (number INTEGER PRIMARY KEY, id TEXT, kind TEXT, category TEXT, name TEXT, names TEXT,
                            address TEXT, latitude REAL, longitude REAL, opening TEXT);
        CREATE INDEX by_category ON place (category);
        CREATE VIRTUAL TABLE words USING fts5 (names, address, content='', tokenize="unicode61 remove_diacritics 2");
        """
    )
    counts = {"places": 0, "addresses": 0}
    west, south, east, north = 180.0, 90.0, -180.0, -90.0
    rules = [
        (key, set(value.split("|")), name)
        for name, category in categories().items()
        for key, _, value in (tag.partition("=") for tag in category["tags"])
    ]
    for source in sources:
        for row in _rows(source, rules):
            number = connection.execute("INSERT INTO place VALUES (NULL,?,?,?,?,?,?,?,?,?)", row).lastrowid
            words = " ".join([row[3], *json.loads(row[4]).values()])
            connection.execute("INSERT INTO words (rowid, names, address) VALUES (?,?,?)", (number, words, row[5]))
            counts["addresses" if row[1] == "address" else "places"] += 1
            south, north = min(south, row[6]), max(north, row[6])
            west, east = min(west, row[7]), max(east, row[7])
    connection.commit()
    connection.close()
    return counts, Bounds(west=west, south=south, east=east, north=north)


def _rows(source: Path, rules: list[tuple[str, set[str], str]]) -> Iterator[tuple[Any, ...]]:
    things: Iterator[Any] = iter(osmium.FileProcessor(str(source)).with_locations().with_areas())
    for thing in things:
        tags = {tag.k: tag.v for tag in thing.tags}
        if not tags:
            continue
        if thing.is_node():
            identity, where = f"n{thing.id}", [(thing.lat, thing.lon)]
        elif thing.is_area():
            identity = f"{'w' if thing.from_way() else 'r'}{thing.orig_id()}"
            where = [(node.lat, node.lon) for ring in thing.outer_rings() for node in ring]
        elif thing.is_way() and "highway" in tags and "name" in tags:
            identity, where = f"w{thing.id}", [(node.lat, node.lon) for node in thing.nodes if node.location.valid()]
        else:
            continue
        if not where:
            continue
        latitude, longitude = (sum(part) / len(where) for part in zip(*where, strict=True))
        category = next((name for key, values, name in rules if tags.get(key) in values), "")
        name = tags.get("name", "")
        street, number = tags.get("addr:street", ""), tags.get("addr:housenumber", "")
        address = f"{street} {number}".strip()
        if category or (name and not street):
            kind = "street" if thing.is_way() and not thing.is_area() else "place"
        elif street and number:
            kind = "address"
        else:
            continue
        names = {key[5:]: value for key, value in tags.items() if key.startswith("name:")}
        opening = tags.get("opening_hours", "")
        yield identity, kind, category, name, json.dumps(names), address, latitude, longitude, opening

"""From OpenStreetMap files to the ground of a map, object by object."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import osmium

from codriver.errors import MapError
from codriver.services.navigation.indexing.reading import explained, positions_of
from codriver.services.navigation.maps.ground import BETWEEN_LINES, SCHEMA, Layer
from codriver.services.navigation.places import Position
from codriver.services.navigation.polyline import encode

_ROADS = {
    "motorway": Layer.MOTORWAY,
    "trunk": Layer.MOTORWAY,
    "primary": Layer.PRIMARY,
    "secondary": Layer.SECONDARY,
    "tertiary": Layer.TERTIARY,
    "unclassified": Layer.STREET,
    "residential": Layer.STREET,
    "living_street": Layer.STREET,
    "road": Layer.STREET,
    "pedestrian": Layer.PEDESTRIAN,
    "service": Layer.SERVICE,
}
_LINES: Mapping[str, Mapping[str, Layer]] = {
    "highway": _ROADS | {f"{name}_link": layer for name, layer in _ROADS.items()},
    "railway": {"rail": Layer.RAIL, "light_rail": Layer.RAIL, "tram": Layer.TRAM},
    "waterway": {"river": Layer.RIVER, "canal": Layer.RIVER},
    "natural": {"coastline": Layer.COAST},
}
_AREAS: Mapping[str, Mapping[str, Layer]] = {
    "natural": {"water": Layer.WATER} | dict.fromkeys(("wood", "scrub", "heath", "grassland"), Layer.GREEN),
    "landuse": {"reservoir": Layer.WATER, "basin": Layer.WATER}
    | dict.fromkeys(("forest", "grass", "meadow", "cemetery", "village_green", "recreation_ground"), Layer.GREEN),
    "waterway": {"riverbank": Layer.WATER},
    "leisure": dict.fromkeys(("park", "garden", "golf_course", "nature_reserve"), Layer.GREEN),
}
_KEYS = tuple(dict.fromkeys((*_LINES, *_AREAS, "building")))

_LEAST_BUILDING = 0.00015
"""Degrees of the box around a building, in height and width together, from which on it is drawn: 15 m or so.

Sheds and garages are most of the buildings of a country, and would be most of its ground.
"""
_AT_ONCE = 10_000

type _Course = list[tuple[float, float]]
type _Row = tuple[float, float, float, float, int, int, str, str]


def write_ground(sources: Sequence[Path], target: Path, scratch: Path, progress: Callable[[int], None]) -> int:
    """Write the ground of all files together. Returns the number of its pieces.

    ``progress`` is told how many objects were looked at, now and then. Raises BadSource for a file that cannot be
    read, and MapError when the disk is full.
    """
    target.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(target)) as file:
            file.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA}")
            for source in sources:
                rows = _rows(source, scratch, progress)
                while some := list(islice(rows, _AT_ONCE)):
                    file.executemany("INSERT INTO piece VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", some)
            file.commit()
            [count] = file.execute("SELECT count(*) FROM piece").fetchone()
    except sqlite3.OperationalError as error:
        raise MapError(f"The ground could not be written: {error}. The same command goes on from here.") from error
    return int(count)


def _rows(source: Path, scratch: Path, progress: Callable[[int], None]) -> Iterator[_Row]:
    keys = osmium.filter.KeyFilter(*_KEYS)
    with explained(source), positions_of(source, scratch) as storage:
        file = osmium.io.File(str(source), "pbf")
        things: Iterable[Any] = osmium.FileProcessor(file).with_locations(storage).with_areas(keys).with_filter(keys)
        for count, thing in enumerate(things):
            if count % _AT_ONCE == 0:
                progress(count)
            if thing.is_area():
                yield from _area(thing)
            elif thing.is_way():
                yield from _line(thing)


def _line(way: Any) -> Iterator[_Row]:
    layer = _layer(way.tags, _LINES)
    if layer is not None and way.tags.get("tunnel", "no") == "no":
        course = [(node.lat, node.lon) for node in way.nodes if node.location.valid()]
        if len(course) > 1:
            yield _row(layer, way.tags.get("name", ""), [course])


def _area(area: Any) -> Iterator[_Row]:
    layer = Layer.BUILDING if area.tags.get("building", "no") != "no" else _layer(area.tags, _AREAS)
    if layer is None:
        return
    lines: list[_Course] = []
    for outer in area.outer_rings():
        lines.append([(node.lat, node.lon) for node in outer])
        lines += ([(node.lat, node.lon) for node in inner] for inner in area.inner_rings(outer))
    if lines:
        row = _row(layer, "" if layer is Layer.BUILDING else area.tags.get("name", ""), lines)
        south, north, west, east, *_ = row
        if layer is not Layer.BUILDING or north - south + east - west >= 2 * _LEAST_BUILDING:
            yield row


def _layer(tags: Any, layers: Mapping[str, Mapping[str, Layer]]) -> Layer | None:
    for key, values in layers.items():
        layer = values.get(tags.get(key, ""))
        if layer is not None:
            return layer
    return None


def _row(layer: Layer, name: str, lines: Sequence[_Course]) -> _Row:
    latitudes = [latitude for line in lines for latitude, _ in line]
    longitudes = [longitude for line in lines for _, longitude in line]
    text = BETWEEN_LINES.join(encode(Position(*point) for point in line) for line in lines)
    return min(latitudes), max(latitudes), min(longitudes), max(longitudes), layer, layer, name, text

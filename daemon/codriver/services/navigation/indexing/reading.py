"""Reading OpenStreetMap files with pyosmium."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import osmium

from codriver.errors import MapError
from codriver.services.navigation.indexing.categories import Categories
from codriver.services.navigation.indexing.features import (
    Feature,
    House,
    Interpolation,
    Road,
    Shape,
    house_of,
    names_of,
    thing_of,
)


class BadSource(MapError):
    """A file that a map was to be built from is none of OpenStreetMap's, or is damaged."""


_KEYS = frozenset({"name", "brand", "addr:housenumber", "addr:interpolation"})
"""The tags, beside those of the categories, without one of which nothing is looked at."""
_LARGE = 32_000_000
"""Bytes of a file from which on the positions of its nodes are kept on the disk; those of a smaller one take 70 MB."""
_MOST_WAYS = 8
"""Ways of an area that is not whole by which it is placed, at most."""
_CHUNK = 50_000
"""Objects after which one that watches is told how far the reading is."""


def read(source: Path, categories: Categories, scratch: Path, progress: Callable[[int], None]) -> Iterator[Feature]:
    """Give the features of a file. ``progress`` is told how many objects were looked at, now and then.

    The positions of the nodes of a large file are kept in the folder ``scratch``. Raises BadSource for a file that is
    no OpenStreetMap file, or ends too early, and MapError when the disk is full.
    """
    keys = osmium.filter.KeyFilter(*sorted(categories.keys | _KEYS))
    file = osmium.io.File(str(source), "pbf")
    torn: dict[int, _Torn] = {}
    with explained(source), positions_of(source, scratch) as storage:
        things: Iterable[Any] = osmium.FileProcessor(file).with_locations(storage).with_areas(keys).with_filter(keys)
        for count, thing in enumerate(things):
            if count % _CHUNK == 0:
                progress(count)
            if thing.is_relation():
                _remember(thing, torn)
            elif thing.is_area() and not thing.from_way():
                torn.pop(thing.orig_id(), None)
            yield from _features(thing, categories)
        yield from _torn_places(file, storage, torn, categories)


@dataclass(frozen=True, slots=True)
class _Torn:
    """An area of which some ways are not in the file: the file was cut out of a larger one."""

    tags: Mapping[str, str]
    ways: tuple[int, ...]


def _remember(relation: Any, torn: dict[int, _Torn]) -> None:
    """Remember an area until it turns out to be whole; the ways that are there will do to say where it is."""
    tags = {tag.k: tag.v for tag in relation.tags}
    if tags.get("type") == "multipolygon" and "name" in tags:
        outer = [member.ref for member in relation.members if member.type == "w" and member.role in {"outer", ""}]
        torn[relation.id] = _Torn(tags, tuple(outer[:_MOST_WAYS]))


def _torn_places(
    file: osmium.io.File, storage: str, torn: Mapping[int, _Torn], categories: Categories
) -> Iterator[Feature]:
    """Give the areas that are not whole, in the middle of what is there of them."""
    wanted = {way for area in torn.values() for way in area.ways}
    if not wanted:
        return
    courses: dict[int, list[tuple[float, float]]] = {}
    ways: Iterable[Any] = (
        osmium.FileProcessor(file, osmium.osm.NODE | osmium.osm.WAY)
        .with_locations(storage)
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.IdFilter(wanted))
    )
    for way in ways:
        courses[way.id] = [(node.lat, node.lon) for node in way.nodes if node.location.valid()]
    for number, area in torn.items():
        course = [point for way in area.ways for point in courses.get(way, ())]
        if course and "highway" not in area.tags:
            yield from _places(number << 2 | Shape.RELATION, area.tags, *_middle(course), categories)


def extent(sources: Iterable[Path]) -> tuple[float, float, float, float]:
    """Find the box around files, in degrees: west, south, east, north. Raises BadSource for one that is none.

    Of a file that does not say its extent, the positions of all nodes are read.
    """
    boxes = osmium.osm.Box(osmium.osm.Location(), osmium.osm.Location())
    for source in sources:
        if not source.is_file():
            raise BadSource(f"{source} is no file." if source.exists() else f"{source} does not exist.")
        if not source.stat().st_size:
            raise BadSource(f"{source.name} is empty.")
        with explained(source):
            file = osmium.io.File(str(source), "pbf")
            with osmium.io.Reader(file, osmium.osm.osm_entity_bits.NOTHING) as reader:
                box = reader.header().box()
            if box.valid():
                boxes.extend(box)
            else:
                nodes: Iterable[Any] = osmium.FileProcessor(file, osmium.osm.NODE)
                for node in nodes:
                    boxes.extend(node.location)
    if not boxes.valid():
        raise BadSource("There is nothing in these files.")
    return boxes.bottom_left.lon, boxes.bottom_left.lat, boxes.top_right.lon, boxes.top_right.lat


@contextmanager
def positions_of(source: Path, scratch: Path) -> Iterator[str]:
    """Say where pyosmium is to keep the positions of a file's nodes: those of a large one in ``scratch``."""
    positions = scratch / f"{source.name}.positions"
    positions.unlink(missing_ok=True)
    try:
        yield f"sparse_file_array,{positions}" if source.stat().st_size > _LARGE else "flex_mem"
    finally:
        positions.unlink(missing_ok=True)


@contextmanager
def explained(source: Path) -> Iterator[None]:
    """Say in a sentence what is wrong with a file."""
    try:
        yield
    except RuntimeError as error:
        if "resize file" in str(error):
            raise MapError("The disk is full. With more room the same command goes on from here.") from error
        if "EOF" in str(error):
            raise BadSource(f"{source.name} ends too early: it was not copied completely.") from error
        raise BadSource(f"{source.name} is no OpenStreetMap file, or is damaged: {error}.") from error


def _features(thing: Any, categories: Categories) -> Iterator[Feature]:
    tags = {tag.k: tag.v for tag in thing.tags}
    if thing.is_node():
        if thing.location.valid():
            yield from _places(thing.id << 2 | Shape.NODE, tags, thing.lat, thing.lon, categories)
    elif thing.is_area():
        ring = max(([(node.lat, node.lon) for node in ring] for ring in thing.outer_rings()), key=len, default=[])
        if ring and not thing.from_way():
            yield from _of_course(thing.orig_id() << 2 | Shape.RELATION, tags, ring, categories)
    elif thing.is_way():
        # Closed ways too: as an area such a way would be lost where only some of its nodes are in the file.
        nodes = [node for node in thing.nodes if node.location.valid()]
        course = [(node.lat, node.lon) for node in nodes]
        if course and "addr:interpolation" in tags:
            refs = tuple(node.ref for node in nodes)
            yield Interpolation(thing.id << 2 | Shape.WAY, tags["addr:interpolation"], refs, tuple(course))
        elif course:
            yield from _of_course(thing.id << 2 | Shape.WAY, tags, course, categories)


def _of_course(
    osm: int, tags: Mapping[str, str], course: Sequence[tuple[float, float]], categories: Categories
) -> Iterator[Feature]:
    if "highway" in tags and "name" in tags:
        yield Road(osm, tags["name"], names_of(tags), tuple(course))
    if "highway" not in tags or tags["highway"] in {"services", "rest_area"}:
        yield from _places(osm, tags, *_middle(course), categories)


def _places(
    osm: int, tags: Mapping[str, str], latitude: float, longitude: float, categories: Categories
) -> Iterator[Feature]:
    thing = thing_of(osm, tags, latitude, longitude, categories)
    house: House | None = house_of(osm, tags, latitude, longitude)
    if thing:
        yield thing
    if house:
        yield house


def _middle(course: Any) -> tuple[float, float]:
    """Find the middle of the box around some points."""
    latitudes, longitudes = zip(*course, strict=True)
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2

"""Reading OpenStreetMap files with pyosmium."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
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
_CHUNK = 50_000
"""Objects after which one that watches is told how far the reading is."""


def read(source: Path, categories: Categories, scratch: Path, progress: Callable[[int], None]) -> Iterator[Feature]:
    """Give the features of a file. ``progress`` is told how many objects were looked at, now and then.

    The positions of the nodes of a large file are kept in the folder ``scratch``. Raises BadSource for a file that is
    no OpenStreetMap file, or ends too early, and MapError when the disk is full.
    """
    keys = osmium.filter.KeyFilter(*sorted(categories.keys | _KEYS))
    positions = scratch / f"{source.name}.positions"
    positions.unlink(missing_ok=True)
    storage = f"sparse_file_array,{positions}" if source.stat().st_size > _LARGE else "flex_mem"
    try:
        with _explained(source):
            things = osmium.FileProcessor(osmium.io.File(str(source), "pbf")).with_locations(storage)
            for count, thing in enumerate(things.with_areas(keys).with_filter(keys)):
                if count % _CHUNK == 0:
                    progress(count)
                yield from _features(thing, categories)
    finally:
        positions.unlink(missing_ok=True)


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
        with _explained(source):
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
def _explained(source: Path) -> Iterator[None]:
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
        shape = Shape.WAY if thing.from_way() else Shape.RELATION
        ring = max(([(node.lat, node.lon) for node in ring] for ring in thing.outer_rings()), key=len, default=[])
        if ring:
            osm = thing.orig_id() << 2 | shape
            if "highway" in tags and "name" in tags:
                if shape is Shape.RELATION:
                    yield Road(osm, tags["name"], names_of(tags), tuple(ring))
            else:
                yield from _places(osm, tags, *_middle(ring), categories)
    elif thing.is_way():
        yield from _of_way(thing, tags, categories)


def _of_way(way: Any, tags: Mapping[str, str], categories: Categories) -> Iterator[Feature]:
    osm = way.id << 2 | Shape.WAY
    if way.is_closed() and "highway" not in tags:
        return  # it comes again as an area
    nodes = [node for node in way.nodes if node.location.valid()]
    course = tuple((node.lat, node.lon) for node in nodes)
    if not course:
        return
    if "addr:interpolation" in tags:
        yield Interpolation(osm, tags["addr:interpolation"], tuple(node.ref for node in nodes), course)
    elif "highway" in tags:
        if "name" in tags:
            yield Road(osm, tags["name"], names_of(tags), course)
        if tags["highway"] in {"services", "rest_area"}:
            yield from _places(osm, tags, *_middle(course), categories)
    else:
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

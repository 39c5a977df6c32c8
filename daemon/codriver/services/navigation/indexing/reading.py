"""Reading OpenStreetMap files with pyosmium."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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

_CHUNK = 50_000
"""Objects after which one that watches is told how far the reading is."""


def read(source: Path, categories: Categories, scratch: Path, progress: Callable[[int], None]) -> Iterator[Feature]:
    """Give the features of a file. ``progress`` is told how many objects were looked at, now and then.

    The positions of nodes are kept in the folder ``scratch``, not in memory. Raises MapError for a file that is no
    OpenStreetMap file, or ends too early.
    """
    keys = sorted(categories.keys | {"name", "brand", "addr:housenumber", "addr:interpolation"})
    positions = scratch / f"{source.name}.positions"
    positions.unlink(missing_ok=True)
    things = (
        osmium.FileProcessor(source)
        .with_locations(f"sparse_file_array,{positions}")
        .with_areas(osmium.filter.KeyFilter(*keys))
        .with_filter(osmium.filter.KeyFilter(*keys))
    )
    try:
        for count, thing in enumerate(things):
            if count % _CHUNK == 0:
                progress(count)
            yield from _features(thing, categories)
    except RuntimeError as error:
        raise MapError(f"{source.name} cannot be read as an OpenStreetMap file: {error}.") from error
    finally:
        positions.unlink(missing_ok=True)


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

"""The roads of an extract as Valhalla needs them: whole, with the country that they are in.

Extracts are cut out of the world, and Valhalla takes less care of the edges than a driver needs:

- A way may name nodes that were cut away. Valhalla then loses junctions elsewhere, and with them ways to turn. So such
  ways are cut where their nodes end.
- Without time zones Valhalla ignores turn restrictions that hold at certain hours. They are made to hold always: that
  costs a detour at night, and never leads into a turn that is forbidden.
- The country, and with it the side of the road to drive on, is known from its border, which few extracts hold whole.
  Where there is none, a box around the extract stands for the country that most of its own data name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import osmium
from osmium.filter import EntityFilter, KeyFilter
from osmium.osm import NODE, RELATION, WAY
from osmium.osm import Relation as OSMRelation
from osmium.osm import Way as OSMWay
from osmium.osm.mutable import Node, Relation, Way

from codriver.services.navigation.maps.folder import Bounds

_ROADS = ("highway", "route", "railway", "man_made", "boundary")
_HOURS = ("day_on", "day_off", "hour_on", "hour_off")
_COUNTRY = ("ISO3166-1:alpha2", "ISO3166-1", "addr:country", "is_in:country_code")
_BEYOND = 2**40  # no object of OpenStreetMap has so high a number
_MARGIN = 0.5  # degrees that the box of a country reaches beyond its roads


def write_roads(source: Path, target: Path) -> None:
    """Write the roads of an extract, with all of its nodes and relations. Raises RuntimeError as pyosmium does."""
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        osmium.apply(osmium.io.Reader(str(source), NODE), writer)
        ways = osmium.FileProcessor(str(source)).with_locations().with_filter(EntityFilter(WAY))
        for way in ways.with_filter(KeyFilter(*_ROADS)):
            if not isinstance(way, OSMWay):
                continue
            if all(node.location.valid() for node in way.nodes):
                writer.add_way(way)
            elif len(whole := _longest_piece(way)) > 1:
                writer.add_way(way.replace(nodes=whole))
        for relation in osmium.FileProcessor(str(source), RELATION):
            if isinstance(relation, OSMRelation):
                writer.add_relation(_always(relation))


def country_of(sources: Iterable[Path]) -> str:
    """Find the country that most of the data name, as ISO 3166-1 alpha-2; "" where none is named."""
    named: Counter[str] = Counter()
    for source in sources:
        for found in osmium.FileProcessor(str(source)).with_filter(KeyFilter(*_COUNTRY)):
            codes = (found.tags[key] for key in _COUNTRY if key in found.tags)
            named.update(code for code in codes if re.fullmatch("[A-Z]{2}", code))
    return named.most_common(1)[0][0] if named else ""


def write_country(code: str, bounds: Bounds, target: Path) -> None:
    """Write a box around the bounds as the border of a country; "" stands for one that drives on the right."""
    west, south, east, north = (
        bounds.west - _MARGIN,
        bounds.south - _MARGIN,
        bounds.east + _MARGIN,
        bounds.north + _MARGIN,
    )
    corners = ((west, south), (east, south), (east, north), (west, north))
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "2", "name": code or "unknown"}
    if code:
        tags |= {"ISO3166-1": code, "ISO3166-1:alpha2": code}
    numbers = range(_BEYOND, _BEYOND + len(corners))
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for number, corner in zip(numbers, corners, strict=True):
            writer.add_node(Node(id=number, version=1, location=corner))
        writer.add_way(Way(id=_BEYOND, version=1, nodes=[*numbers, numbers[0]]))
        writer.add_relation(Relation(id=_BEYOND, version=1, members=[("w", _BEYOND, "outer")], tags=tags))


def _longest_piece(way: OSMWay) -> list[int]:
    """Cut a way where its nodes are missing. One piece is kept: the number of a way can be used but once."""
    pieces: list[list[int]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            pieces[-1].append(node.ref)
        else:
            pieces.append([])
    return max(pieces, key=len)


def _always(relation: OSMRelation) -> OSMRelation | Relation:
    """Make a turn restriction of certain hours one of all hours."""
    tags = dict(relation.tags)
    if not tags.get("type", "").startswith("restriction"):
        return relation
    conditional = {key: value for key, value in tags.items() if key.endswith(":conditional")}
    if not conditional and not tags.keys() & set(_HOURS):
        return relation
    kept = {key: value for key, value in tags.items() if key not in conditional and key not in _HOURS}
    for key, value in conditional.items():
        kept.setdefault(key.removesuffix(":conditional"), value.partition("@")[0].strip())
    return relation.replace(tags=kept)

"""Small made maps, built as any other, and routers on them and on the demo map."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import osmium
import pytest
from codriver.services.navigation.indexing.reading import extent
from codriver.services.navigation.maps.folder import (
    ATTRIBUTION,
    FORMAT,
    LICENCE,
    TILES,
    Bounds,
    Manifest,
    MapFolder,
)
from codriver.services.navigation.maps.roads import country_of, write_country, write_roads
from codriver.services.navigation.maps.tiles import STAGES, build_admins, build_tiles
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.router import Router
from osmium.osm.mutable import Node, Relation, Way

SPACING = 0.002  # degrees of latitude between two nodes, about 220 m

type Ways = Mapping[int, tuple[Sequence[int], Mapping[str, str]]]


def place(node: int, origin: Position = Position(50.0, 10.0)) -> Position:
    """Where a node is: its last digit counts to the east, the one before it to the north."""
    return Position(origin.latitude + node // 10 * SPACING, origin.longitude + node % 10 * SPACING * 1.55)


def beside(node: int, other: int, share: float = 0.3) -> Position:
    """A place between two nodes."""
    begin, end = place(node), place(other)
    return Position(
        begin.latitude + (end.latitude - begin.latitude) * share,
        begin.longitude + (end.longitude - begin.longitude) * share,
    )


def write(
    file: Path,
    ways: Ways,
    restrictions: Sequence[tuple[int, int, int, Mapping[str, str]]] = (),
    *,
    missing: Sequence[int] = (),
    origin: Position = Position(50.0, 10.0),
    country: str = "DE",
) -> Path:
    """Write a map: ways by number, and restrictions from a way over a node to a way."""
    nodes = sorted({node for refs, _ in ways.values() for node in refs} - set(missing))
    with osmium.SimpleWriter(str(file), overwrite=True) as writer:
        for node in nodes:
            at = place(node, origin)
            named = {"addr:country": country} if country and node == nodes[0] else {}
            writer.add_node(Node(id=node, version=1, location=(at.longitude, at.latitude), tags=named))
        for number, (refs, way) in sorted(ways.items()):
            tags = {key: value for key, value in ({"highway": "residential"} | dict(way)).items() if value}
            writer.add_way(Way(id=number, version=1, nodes=refs, tags=tags))
        for number, (one, via, other, kind) in enumerate(restrictions, 1):
            members = [("w", one, "from"), ("n", via, "via"), ("w", other, "to")]
            writer.add_relation(Relation(id=number, version=1, members=members, tags={"type": "restriction", **kind}))
    return file


def with_tiles(file: Path, folder: Path) -> MapFolder:
    """A map that can be routed on, and not searched: that takes a tenth of the time to build."""
    west, south, east, north = extent([file])
    bounds = Bounds(west=west, south=south, east=east, north=north)
    roads, country = folder / "roads.osm.pbf", folder / "country.osm.pbf"
    folder.mkdir(parents=True)
    write_roads(file, roads)
    write_country(country_of([file]), bounds, country)
    build_admins([roads, country], folder)
    for stage in range(len(STAGES)):
        build_tiles(stage, [roads], folder / TILES, folder)
    about = {"format": FORMAT, "name": "made", "attribution": ATTRIBUTION, "licence": LICENCE}
    nothing: dict[str, Any] = {"counts": {}, "sources": (), "versions": {}, "files": {}}
    return MapFolder(folder, Manifest(bounds=bounds, built=datetime.now(UTC), **about, **nothing))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., Router]]:
    """Makes a router on a map of these ways and restrictions."""
    routers: list[Router] = []

    def make(ways: Ways, *arguments: object, **options: object) -> Router:
        file = write(tmp_path / "made.osm.pbf", ways, *arguments, **options)  # type: ignore[arg-type]
        routers.append(Router([with_tiles(file, tmp_path / f"map-{len(routers)}")]))
        return routers[-1]

    yield make
    for router in routers:
        router.close()


@pytest.fixture
def demo(demo_map: MapFolder) -> Iterator[Router]:
    """A router on the demo map."""
    router = Router([demo_map])
    yield router
    router.close()

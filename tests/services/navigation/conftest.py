"""The demo map, built from the real extract, and a made-up village that has what central Helsinki lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import osmium
import pytest
from codriver.engines.models import Store, default_root
from codriver.services.navigation.maps import Library, MapFolder
from codriver.services.navigation.maps.building import build
from codriver.services.navigation.places import Position
from codriver.services.navigation.searching import Searcher


class Quiet:
    """Somebody who watches a build and says nothing."""

    def begins(self, what: str) -> None:
        """Hear what is done now."""

    def counts(self, done: int) -> None:
        """Hear how much was done."""


@pytest.fixture(scope="session")
def quiet() -> Quiet:
    """Somebody to whom a build can tell how far it is."""
    return Quiet()


@pytest.fixture(scope="session")
def extract() -> Path:
    """The OpenStreetMap extract of central Helsinki."""
    return Store(default_root()).path("map-helsinki") / "helsinki.osm.pbf"


@pytest.fixture(scope="session")
def library(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library with the demo map, built from the extract."""
    library = Library(tmp_path_factory.mktemp("maps"))
    build([extract], library, "helsinki", Quiet())
    return library


@pytest.fixture(scope="session")
def demo_map(library: Library) -> MapFolder:
    """The demo map."""
    return library.maps()[0]


@pytest.fixture(scope="session")
def searcher(demo_map: MapFolder) -> Iterator[Searcher]:
    """A searcher on the demo map."""
    with Searcher([demo_map]) as made:
        yield made


@pytest.fixture(scope="session")
def village_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the village."""
    return write_village(tmp_path_factory.mktemp("village") / "village.osm.pbf")


@pytest.fixture(scope="session")
def village(village_file: Path, tmp_path_factory: pytest.TempPathFactory) -> MapFolder:
    """The map of the village."""
    return build([village_file], Library(tmp_path_factory.mktemp("villages")), "village", Quiet())


@pytest.fixture(scope="session")
def villager(village: MapFolder) -> Iterator[Searcher]:
    """A searcher on the map of the village."""
    with Searcher([village]) as made:
        yield made


SQUARE = Position(51.5, -0.1)
_NORTH, _EAST = 1 / 111_195, 1 / 69_220  # degrees a metre


def at(north: float, east: float) -> Position:
    """So many metres from the square."""
    return Position(SQUARE.latitude + north * _NORTH, SQUARE.longitude + east * _EAST)


class _Village:
    """Writes nodes as they come, and ways and relations after them."""

    def __init__(self, writer: osmium.SimpleWriter) -> None:
        self._writer = writer
        self._last = 0
        self._ways: list[osmium.osm.mutable.Way] = []
        self._relations: list[osmium.osm.mutable.Relation] = []

    def node(self, north: float, east: float, **tags: str) -> int:
        self._last += 1
        where = at(north, east)
        node = osmium.osm.mutable.Node(
            id=self._last, location=(where.longitude, where.latitude), tags=_tags(tags), version=1
        )
        self._writer.add_node(node)
        return self._last

    def way(self, nodes: list[int], **tags: str) -> int:
        self._last += 1
        self._ways.append(osmium.osm.mutable.Way(id=self._last, nodes=nodes, tags=_tags(tags), version=1))
        return self._last

    def relation(self, members: list[tuple[str, int, str]], **tags: str) -> None:
        self._last += 1
        self._relations.append(osmium.osm.mutable.Relation(id=self._last, members=members, tags=_tags(tags), version=1))

    def finish(self) -> None:
        for way in self._ways:
            self._writer.add_way(way)
        for relation in self._relations:
            self._writer.add_relation(relation)


def _tags(tags: Mapping[str, str]) -> dict[str, str]:
    return {key.replace("__", ":"): value for key, value in tags.items()}


def write_village(target: Path) -> Path:
    """Write the village as an OpenStreetMap file."""
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        village = _Village(writer)
        _streets(village)
        _addresses(village)
        _places(village)
        village.finish()
    return target


def _streets(village: _Village) -> None:
    west, square, east = (village.node(0, metres) for metres in (-1000, 0, 1000))
    north, south = village.node(1000, 0), village.node(-1000, 0)
    village.way([west, square, east], highway="residential", name="Downing Street")
    village.way([north, square, south], highway="primary", name="中山路", name__en="Zhongshan Road")
    far = [village.node(30_000, metres) for metres in (0, 500)]
    village.way(far, highway="residential", name="Downing Street")


def _addresses(village: _Village) -> None:
    street = {"addr__street": "Downing Street", "addr__city": "Little Snoring"}
    village.node(10, 100, addr__housenumber="10", **street)
    village.node(10, 200, addr__housenumber="20", **street)
    village.node(-10, 100, addr__housenumber="11-15", **street)
    village.node(10, 300, addr__housenumber="22 B", **street)
    first, last = (
        village.node(-10, 400, addr__housenumber="31", **street),
        village.node(-10, 800, addr__housenumber="39", **street),
    )
    village.way([first, last], addr__interpolation="odd")
    village.node(100, 10, addr__housenumber="100号", addr__street="中山路", addr__city="上海市")
    village.node(30_010, 100, addr__housenumber="10", addr__street="Downing Street", addr__city="Faraway")


def _places(village: _Village) -> None:
    village.node(0, 0, place="village", name="Little Snoring", name__zh="小鼾村")
    village.node(30_000, 0, place="village", name="Faraway")
    village.node(200_000, 0, place="city", name="Ultima Thule")
    village.node(
        50, 500, amenity="charging_station", operator="Sparks", socket__type2="2", socket__type2_combo="1",
        socket__type2_combo__output="150 kW", socket__type2__output="22 kW",
    )  # fmt: skip
    village.node(60, 900, amenity="charging_station", bicycle="yes")
    village.node(40, -300, amenity="pharmacy", name="Always", opening_hours="24/7")
    village.node(40, -200, amenity="pharmacy", name="Weekdays", opening_hours="Mo-Fr 09:00-17:00; PH off")
    village.node(40, -100, amenity="pharmacy", name="Riddle", opening_hours="when the owner is awake")
    village.node(40, -50, amenity="pharmacy")
    park = [village.node(north, east) for north, east in ((500, 500), (500, 700), (700, 700), (700, 500))]
    village.way([*park, park[0]], leisure="park", name="Square Park")
    outer = [village.node(north, east) for north, east in ((-500, 500), (-500, 900), (-900, 900), (-900, 500))]
    inner = [village.node(north, east) for north, east in ((-600, 600), (-600, 700), (-700, 700), (-700, 600))]
    rings = [village.way([*ring, ring[0]]) for ring in (outer, inner)]
    village.relation(
        [("w", rings[0], "outer"), ("w", rings[1], "inner")], type="multipolygon", amenity="hospital", name="St Mungo's"
    )
    village.node(-40, 300, shop="supermarket", name='O\'Reilly & "Söhne" <b>%s</b>; DROP TABLE place; --')
    village.node(-40, 350, shop="supermarket", brand="Megamart")
    village.node(-40, 360, shop="supermarket", name="Megamart North", brand="Megamart")
    village.node(-60, 370, amenity="cafe", name="星巴克咖啡", alt_name="Starbucks;Starbucks Coffee")
    village.node(5_000, 0, amenity="fuel", name="Last Drop", brand="Shell")
    village.node(-40, 300, amenity="atm", name="x" * 255)

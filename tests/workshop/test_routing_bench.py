"""The bench of routing: what judges our routes, and the rows that come of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from codriver.engines.models import Store, default_root
from codriver.services.navigation.maps import Library
from codriver.services.navigation.maps.building import build
from codriver.services.navigation.places import Position
from codriver.workshop.bench import routing
from codriver.workshop.bench.roads import Roads
from codriver.workshop.bench.routing import Compared

from tests.services.navigation.routing.conftest import place, write

WAYS = {
    1: ((10, 11, 12), {"name": "Low", "oneway": "yes"}),
    2: ((21, 11), {"name": "Left"}),
    3: ((11, 1), {"name": "Right"}),
    4: ((12, 22, 21), {"name": "Back", "junction": "roundabout"}),
}


class Quiet:
    """Somebody who watches a build and says nothing."""

    def begins(self, what: str) -> None:
        """Hear what is done now."""

    def counts(self, done: int) -> None:
        """Hear how much was done."""


@pytest.fixture
def roads(tmp_path: Path) -> Roads:
    turns = [(1, 11, 2, {"restriction": "no_left_turn"}), (2, 11, 3, {"restriction": "only_straight_on"})]
    return Roads(write(tmp_path / "rules.osm.pbf", WAYS, turns))


@pytest.mark.parametrize(
    ("nodes", "broken"),
    [
        ((10, 11, 12), ""),
        ((12, 11, 10), "one-way"),
        ((10, 11, 21), "turn"),
        ((10, 11, 1), ""),
        ((21, 11, 1), ""),
        ((21, 11, 12), "turn"),
        ((1, 11, 21), ""),
        ((12, 22, 21), ""),
        ((21, 22, 12), "one-way"),
    ],
)
def test_routes_are_judged_by_the_rules_of_the_road(roads: Roads, nodes: tuple[int, ...], broken: str) -> None:
    rules = roads.broken_rules([place(node) for node in nodes])
    assert broken in " ".join(rules) if broken else rules == []


def test_points_are_drawn_in_the_middle_of_public_roads_the_same_each_time(roads: Roads) -> None:
    assert roads.draw(20, 1) == roads.draw(20, 1) != roads.draw(20, 2)
    middle = Position((place(10).latitude + place(11).latitude) / 2, (place(10).longitude + place(11).longitude) / 2)
    assert middle in roads.draw(100, 1)


@pytest.mark.parametrize(
    ("ours", "theirs", "turning", "alike", "explained"),
    [
        (1000, 1015, None, True, True),
        (1000, 1025, None, False, False),
        (100, 108, None, True, True),
        (1000, 1400, 1001, False, True),
        (1000, 1400, 1300, False, False),
    ],
)
def test_lengths_are_alike_within_two_percent(
    ours: float, theirs: float, turning: float | None, alike: bool, explained: bool
) -> None:
    compared = Compared(ours, theirs, turning)
    assert (compared.alike, compared.explained) == (alike, explained)


async def test_routes_on_the_demo_map_are_as_long_as_osrms_and_legal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    extract = Store(default_root()).path("map-helsinki") / "helsinki.osm.pbf"
    monkeypatch.setattr(routing, "PAIRS", 20)
    built = await asyncio.to_thread(build, [extract], Library(tmp_path), "helsinki", Quiet())
    rows = {row.name: row for row in await routing.routing_rows(extract, built)}
    assert rows.keys() == {"route_p95", "navigation_memory", "route_lengths", "route_rules"}
    assert rows["route_lengths"].met
    assert rows["route_rules"].met
    assert rows["navigation_memory"].met

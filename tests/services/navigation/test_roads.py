"""The roads of an extract, made whole for Valhalla."""

from __future__ import annotations

from pathlib import Path

import osmium
import pytest
from codriver.services.navigation.maps.folder import Bounds
from codriver.services.navigation.maps.roads import country_of, write_country, write_roads
from osmium.osm.mutable import Node, Relation, Way

from tests.services.navigation.routing.conftest import Ways, write


def read(file: Path) -> tuple[dict[int, list[int]], list[dict[str, str]]]:
    """The nodes of each way, and the tags of each relation."""
    ways: dict[int, list[int]] = {}
    relations = []
    for found in osmium.FileProcessor(str(file)):
        if isinstance(found, osmium.osm.Way):
            ways[found.id] = [node.ref for node in found.nodes]
        elif isinstance(found, osmium.osm.Relation):
            relations.append(dict(found.tags))
    return ways, relations


def test_a_way_keeps_its_longest_piece_that_has_all_nodes(tmp_path: Path) -> None:
    ways: Ways = {1: ((1, 2, 3, 4, 5, 6), {}), 2: ((5, 6), {}), 3: ((3, 4), {}), 4: ((7, 3), {})}
    source = write(tmp_path / "cut.osm.pbf", ways, missing=[3])
    write_roads(source, tmp_path / "whole.osm.pbf")
    kept, _ = read(tmp_path / "whole.osm.pbf")
    assert kept == {1: [4, 5, 6], 2: [5, 6]}


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        ({"restriction": "no_u_turn"}, {"restriction": "no_u_turn"}),
        ({"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-18:00)"}, {"restriction": "no_left_turn"}),
        ({"restriction": "no_left_turn", "hour_on": "7", "day_off": "Fr"}, {"restriction": "no_left_turn"}),
        ({"restriction:hgv:conditional": "no_entry @ (22:00-06:00)"}, {"restriction:hgv": "no_entry"}),
    ],
)
def test_a_restriction_of_certain_hours_holds_always(
    tmp_path: Path, tags: dict[str, str], kept: dict[str, str]
) -> None:
    source = write(tmp_path / "hours.osm.pbf", {1: ((1, 2), {}), 2: ((2, 3), {})}, [(1, 2, 2, tags)])
    write_roads(source, tmp_path / "roads.osm.pbf")
    assert read(tmp_path / "roads.osm.pbf")[1] == [{"type": "restriction"} | kept]


def test_the_country_is_the_one_that_most_of_the_data_name(tmp_path: Path) -> None:
    with osmium.SimpleWriter(str(tmp_path / "border.osm.pbf"), overwrite=True) as writer:
        for number, code in enumerate(["FI", "FI", "SE", "Finland", "xx"], 1):
            writer.add_node(Node(id=number, version=1, location=(25, 60), tags={"addr:country": code}))
        writer.add_way(Way(id=1, version=1, nodes=[1, 2], tags={"highway": "service"}))
        writer.add_relation(Relation(id=1, version=1, members=[], tags={"name": "x"}))
    assert country_of([tmp_path / "border.osm.pbf"]) == "FI"
    assert country_of([write(tmp_path / "none.osm.pbf", {1: ((1, 2), {})}, country="")]) == ""


def test_a_country_is_a_box_around_the_map(tmp_path: Path) -> None:
    write_country("GB", Bounds(west=-1, south=51, east=0, north=52), tmp_path / "gb.osm.pbf")
    ways, [tags] = read(tmp_path / "gb.osm.pbf")
    [corners] = ways.values()
    assert corners[0] == corners[-1]
    assert (tags["ISO3166-1"], tags["admin_level"]) == ("GB", "2")

"""The ground of a map: what of the extract is kept to be drawn, and what of it is found again."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from codriver.errors import MapError
from codriver.services.navigation.indexing.reading import BadSource
from codriver.services.navigation.maps import Library, MapFolder
from codriver.services.navigation.maps.building import build
from codriver.services.navigation.maps.folder import Bounds
from codriver.services.navigation.maps.ground import Layer, ground_within
from codriver.services.navigation.maps.surveying import write_ground

from .conftest import Quiet

EVERYTHING = 100_000


def test_the_demo_map_has_ground_of_many_sorts(demo_map: MapFolder) -> None:
    [ground] = ground_within([demo_map], demo_map.manifest.bounds, Layer.BUILDING, 0, EVERYTHING)
    count = Counter(piece.layer for piece in ground.pieces)
    assert count[Layer.BUILDING] > 300
    assert count[Layer.PRIMARY] > 100
    assert min(count[layer] for layer in (Layer.COAST, Layer.WATER, Layer.GREEN, Layer.RAIL, Layer.TRAM)) > 2
    assert {"Mannerheimintie", "Esplanadinpuisto"} <= {piece.name for piece in ground.pieces}
    assert any(len(piece.lines) > 1 for piece in ground.pieces if piece.layer is Layer.BUILDING)  # round a courtyard
    assert all(len(line) > 1 for piece in ground.pieces for line in piece.lines)


def test_coarse_layers_come_first_and_fine_ones_not_at_all(demo_map: MapFolder) -> None:
    [ground] = ground_within([demo_map], demo_map.manifest.bounds, Layer.SECONDARY, 0, EVERYTHING)
    layers = [piece.layer for piece in ground.pieces]
    assert layers == sorted(layers)
    assert max(layers) is Layer.SECONDARY
    [few] = ground_within([demo_map], demo_map.manifest.bounds, Layer.BUILDING, 0, 10)
    assert few.pieces == ground.pieces[:10]


def test_what_is_small_is_left_out_but_no_coast(demo_map: MapFolder) -> None:
    [ground] = ground_within([demo_map], demo_map.manifest.bounds, Layer.BUILDING, 1.0, EVERYTHING)
    assert {piece.layer for piece in ground.pieces} == {Layer.COAST}


def test_a_map_that_is_elsewhere_has_nothing_to_say(demo_map: MapFolder) -> None:
    assert ground_within([demo_map], Bounds(west=0, south=0, east=1, north=1), Layer.BUILDING, 0, EVERYTHING) == []


def test_parks_and_streets_keep_their_names(village: MapFolder) -> None:
    [ground] = ground_within([village], village.manifest.bounds, Layer.BUILDING, 0, EVERYTHING)
    [park] = [piece for piece in ground.pieces if piece.layer is Layer.GREEN]
    assert park.name == "Square Park"
    assert {piece.name for piece in ground.pieces if piece.layer is Layer.PRIMARY} == {"中山路"}


def test_a_damaged_ground_is_said(library: Library, extract: Path, tmp_path: Path, quiet: Quiet) -> None:
    folder = build([extract], Library(tmp_path), "helsinki", quiet)
    folder.ground.write_bytes(b"\xff" * folder.ground.stat().st_size)
    with pytest.raises(MapError, match="The map helsinki is damaged"):
        ground_within([folder], folder.manifest.bounds, Layer.BUILDING, 0, EVERYTHING)


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    source = tmp_path / "made.osm.pbf"
    source.write_bytes(b"not a map" * 100)
    with pytest.raises(BadSource, match="is no OpenStreetMap file"):
        write_ground([source], tmp_path / "ground.sqlite", tmp_path, lambda done: None)


def test_survey_after_survey_is_the_same(extract: Path, demo_map: MapFolder, tmp_path: Path) -> None:
    target = tmp_path / "ground.sqlite"
    for _ in range(2):
        count = write_ground([extract], target, tmp_path, lambda done: None)
    with closing(sqlite3.connect(target)) as file:
        assert file.execute("SELECT count(*) FROM piece").fetchone() == (count,)
    assert list(tmp_path.iterdir()) == [target]

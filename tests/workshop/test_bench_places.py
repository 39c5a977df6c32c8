"""The places that the bench makes up, what it searches for, and the plot."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ElementTree
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from codriver.services.navigation.maps import Library
from codriver.services.navigation.maps.building import build
from codriver.services.navigation.maps.commands import extract_of_the_demo
from codriver.services.navigation.places import Position
from codriver.workshop.bench.growth_plot import draw
from codriver.workshop.bench.made_places import made_places, write_file
from codriver.workshop.bench.map_making import prepare
from codriver.workshop.bench.queries import QUERIES, load_queries, make_queries, misheard, save_queries
from codriver.workshop.bench.recall import draw as draw_places
from codriver.workshop.bench.recall import typed_row
from codriver.workshop.bench.searching import Measured, growth_rows, measure


def test_the_same_places_are_made_each_time() -> None:
    assert list(made_places(100)) == list(made_places(100))


def test_some_names_are_common_and_some_are_rare() -> None:
    names = Counter(place.tags.get("name", "") for place in islice(made_places(20_000), None))
    assert names[""] > 500
    assert names.most_common(2)[1][1] > 10
    assert sum(count == 1 for count in names.values()) > 5_000


def test_made_places_make_a_file(tmp_path: Path) -> None:
    write_file(made_places(10), tmp_path / "made.osm.pbf")
    assert (tmp_path / "made.osm.pbf").stat().st_size > 100


def test_a_misheard_name_is_another_but_not_quite() -> None:
    chance = random.Random(1)
    heard = misheard("Mannerheimintie", chance)
    assert heard != "Mannerheimintie"
    assert 10 <= len(heard) <= 17


def test_queries_are_kept(tmp_path: Path) -> None:
    queries = make_queries([(f"name {n}", Position(n / 10, 0)) for n in range(300)], random.Random(1))
    assert [len(kind) for kind in queries] == [QUERIES] * 3
    save_queries(tmp_path, queries)
    assert load_queries(tmp_path) == queries


def test_searches_among_made_places_are_measured(tmp_path: Path) -> None:
    prepare(2_000, tmp_path / "made")
    measured = measure(2_000, tmp_path / "made")
    assert measured.places == 2_000
    assert measured.found > 0.7
    growth, memory = growth_rows([measured])
    assert (growth.name, memory.name) == ("search_growth", "search_memory")
    assert "2,000 places" in growth.note


@pytest.mark.models
def test_what_is_drawn_from_the_extract_is_found_when_typed(tmp_path: Path) -> None:
    extract = extract_of_the_demo()
    demo = build([extract], Library(tmp_path), "helsinki", Quiet())
    assert draw_places(extract, 5, 5, seed=1) == draw_places(extract, 5, 5, seed=1)
    row = typed_row(demo, extract)
    assert (row.name, row.met) == ("recall_typed", True), row.ours


class Quiet:
    def begins(self, what: str) -> None:
        pass

    def counts(self, done: int) -> None:
        pass


def test_the_plot_is_drawn_with_a_line_for_each_kind_of_search() -> None:
    measured = [
        Measured(10**power, 0.5 * power, 1.0, 5.0, 10.0**power / 1000, 50.0, 1.0, 0.9, 20.0) for power in (4, 5, 6, 7)
    ]
    plot = ElementTree.fromstring(draw(measured))
    assert len(plot.findall("{http://www.w3.org/2000/svg}polyline")) == 5
    assert "10,000,000" in draw(measured)

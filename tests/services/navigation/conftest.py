"""The demo map, built from the real extract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from codriver.engines.models import Store, default_root
from codriver.services.navigation.maps import Library, MapFolder
from codriver.services.navigation.maps.building import build
from codriver.services.navigation.searching import Searcher


class Quiet:
    """Somebody who watches a build and says nothing."""

    def begins(self, what: str) -> None:
        """Hear what is done now."""

    def counts(self, done: int) -> None:
        """Hear how much was done."""


@pytest.fixture(scope="session")
def extract() -> Path:
    """The OpenStreetMap extract of central Helsinki."""
    return Store(default_root()).path("map-helsinki") / "helsinki.osm.pbf"


@pytest.fixture(scope="session")
def library(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library with the demo map, built from the extract."""
    root = tmp_path_factory.mktemp("maps")
    library = Library(root)
    build([extract], library, "helsinki", Quiet())
    return library


@pytest.fixture(scope="session")
def demo_map(library: Library) -> MapFolder:
    """The demo map."""
    return library.maps()[0]


@pytest.fixture(scope="session")
def searcher(library: Library) -> Iterator[Searcher]:
    """A searcher on the demo map."""
    with Searcher(library.maps()) as made:
        yield made

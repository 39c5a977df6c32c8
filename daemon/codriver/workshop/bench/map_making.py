"""Building the indexes that the bench searches in: to be called by ``apart``."""

from __future__ import annotations

import os
import random
import shutil
import time
from itertools import islice
from pathlib import Path

from codriver.services.navigation.indexing.build import build_index
from codriver.workshop.bench.made_places import made_places, write_file
from codriver.workshop.bench.queries import make_queries, save_queries
from codriver.workshop.bench.rows import Row, limit_row
from codriver.workshop.memory import proportional_set_size

_BUILT = 1_000_000
"""Of so many places the building is timed."""
_DRAWN = 2_000
"""Places out of which the searches are drawn."""
_LOOKING_PERIOD = 0.5
"""Seconds between two looks at the memory of a build."""


def build_rows(folder: Path) -> list[Row]:
    """Time the building of the index of a million places, from a file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "made.osm.pbf"
    write_file(made_places(_BUILT), file)
    try:
        watcher = _Watcher()
        begun = time.monotonic()
        build_index([file], folder, folder, watcher)
        seconds = time.monotonic() - begun
    finally:
        shutil.rmtree(folder)
    return [
        limit_row("build_1m", "the index of a million places built from a file", seconds, "s", 60.0),
        limit_row("build_1m_memory", "memory at most meanwhile, all processes (PSS)", watcher.most / 1e6, "MB", 500.0),
    ]


def prepare(count: int, folder: Path) -> None:
    """Build the index of so many made-up places, unless it is there from an earlier bench."""
    done = folder / "done"
    if done.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    file = folder / "made.osm.pbf"
    write_file(made_places(count), file)
    build_index([file], folder, folder, _Watcher())
    drawn = islice(made_places(count), 0, None, max(1, count // _DRAWN))
    named = [(place.tags["name"], place.position) for place in drawn if "name" in place.tags]
    save_queries(folder, make_queries(named, random.Random(count)))
    for leftover in (file, folder / "staged.sqlite"):
        leftover.unlink(missing_ok=True)
    done.touch()


class _Watcher:
    """Watches how much memory a build takes."""

    def __init__(self) -> None:
        self.most = 0
        self._looked = 0.0

    def begins(self, what: str) -> None:
        self._look()

    def counts(self, done: int) -> None:
        self._look()

    def _look(self) -> None:
        if time.monotonic() - self._looked > _LOOKING_PERIOD:
            self._looked = time.monotonic()
            self.most = max(self.most, proportional_set_size(os.getpid()))

"""The search's part of the bench: on the demo map, and on ever more made-up places; to be called by ``apart``."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rapidfuzz import fuzz, process

from codriver.services.navigation.indexing.schema import PLACES
from codriver.services.navigation.maps import Bounds, Manifest, MapFolder
from codriver.services.navigation.maps.folder import ATTRIBUTION, FORMAT, LICENCE
from codriver.services.navigation.places import Position
from codriver.services.navigation.searching import Searcher, SearchRequest
from codriver.workshop.bench.queries import QUERIES, Query, by_category, load_queries, misheard
from codriver.workshop.bench.rows import Row, limit_row
from codriver.workshop.memory import proportional_set_size

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
_NAIVE_QUERIES = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """What searches among so many places took: the 95th percentile in ms by kind of search, and memory in MB.

    ``cold`` is that of the slowest kind when what it needs must first be read from the disk.
    """

    places: int
    name: float
    category: float
    misheard: float
    naive: float
    memory: float
    disk: float
    found: float
    cold: float


def demo_rows(folder: Path) -> list[Row]:
    """Time searches on the demo map, beside what one would write first."""
    demo = MapFolder.open(folder)
    chance = random.Random(5)
    with closing(sqlite3.connect(demo.index)) as index, Searcher([demo]) as searcher:
        names = [name for (name,) in index.execute("SELECT DISTINCT name FROM place WHERE name != '' ORDER BY name")]
        centre = Position(
            (demo.manifest.bounds.south + demo.manifest.bounds.north) / 2,
            (demo.manifest.bounds.west + demo.manifest.bounds.east) / 2,
        )
        drawn = chance.sample(names, QUERIES)
        written = [Query(name, centre, name) for name in drawn] + by_category([centre], chance)
        heard = [Query(misheard(name, chance), centre, name) for name in drawn]
        ours, theirs = _p95(searcher, written), percentile([_timed(_like, index, query) for query in written])
        ours_heard = _p95(searcher, heard)
        theirs_heard = percentile([_timed(_by_ratio, names, query) for query in heard])
        right = sum(_finds(searcher, query) for query in heard) / len(heard)
        theirs_right = sum(query.name in _by_ratio(names, query) for query in heard) / len(heard)
    return [
        Row(
            "search_name", "a place by name or category on the demo map, against SQL's LIKE, 95th percentile",
            ours, theirs, "ms", theirs / ours, "at most 5", ours <= 5, f"{len(written)} searches",
        ),
        Row(
            "search_misheard", "a name as it may be heard, against rapidfuzz's WRatio over all names, 95th percentile",
            ours_heard, theirs_heard, "ms", theirs_heard / ours_heard, "at most 20", ours_heard <= 20,
            f"{right:.0%} of {len(heard)} names among the first three, against {theirs_right:.0%}",
        ),
    ]  # fmt: skip


def measure(count: int, folder: Path) -> Measured:
    """Search among so many made-up places."""
    named, categories, heard = load_queries(folder)
    with Searcher([_folder(folder)]) as searcher:
        for query in (*named[:10], *heard[:10], *categories[:10]):
            _finds(searcher, query)
        cold = max(_p95(searcher, queries) for queries in (named, categories, heard))
        name, category, mishearing = (_p95(searcher, queries) for queries in (named, categories, heard))
        memory = proportional_set_size(os.getpid()) / 1e6
        found = sum(_finds(searcher, query) for query in heard) / len(heard)
    with closing(sqlite3.connect(folder / PLACES)) as index:
        naive = median(_timed(_like, index, query) for query in named[:_NAIVE_QUERIES])
    disk = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    return Measured(count, name, category, mishearing, naive, memory, disk, found, cold)


def growth_rows(measured: Sequence[Measured]) -> list[Row]:
    """Tell of the most places whether the limits hold."""
    most, few = measured[-1], measured[0]
    slowest = max(most.name, most.category, most.misheard)
    note = "; ".join(
        f"{one.places:,} places: name {one.name:.1f}, category {one.category:.1f}, misheard {one.misheard:.1f} ms, "
        f"from a cold disk {one.cold:.0f} ms at most, "
        f"LIKE {one.naive:.0f} ms, {one.memory:.0f} MB, {one.disk:,.0f} MB on disk"
        for one in measured
    )
    return [
        Row(
            "search_growth", f"the slowest kind of search among {most.places:,} places, against LIKE, 95th percentile",
            slowest, most.naive, "ms", most.naive / slowest, "at most 20", slowest <= 20, note,
        ),
        limit_row(
            "search_memory",
            f"a process that searches {most.places:,} places (PSS); {few.memory:.0f} MB for {few.places:,}",
            most.memory, "MB", 200.0,
        ),
    ]  # fmt: skip


def percentile(values: Sequence[float]) -> float:
    """Give the 95th percentile."""
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _p95(searcher: Searcher, queries: Sequence[Query]) -> float:
    return percentile([_timed(searcher.search, SearchRequest(query.text, query.near)) for query in queries])


def _finds(searcher: Searcher, query: Query) -> bool:
    return query.name in [place.name for place in searcher.search(SearchRequest(query.text, query.near, limit=3))]


def _like(index: sqlite3.Connection, query: Query) -> list[object]:
    """Search as one would first: letters anywhere in the name, nearest first."""
    here = (round(query.near.latitude * 1e7), round(query.near.longitude * 1e7))
    order = "(latitude - ?) * (latitude - ?) + (longitude - ?) * (longitude - ?)"
    return index.execute(
        f"SELECT osm FROM place WHERE name LIKE ? ORDER BY {order} LIMIT 10",  # noqa: S608
        (f"%{query.text}%", here[0], here[0], here[1], here[1]),
    ).fetchall()


def _by_ratio(names: Sequence[str], query: Query) -> list[str]:
    """Search as one would by likeness: every name is compared."""
    return [name for name, *_ in process.extract(query.text, names, scorer=fuzz.WRatio, limit=3)]


def _timed[**P](work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> float:
    begun = time.perf_counter()
    work(*args, **kwargs)
    return (time.perf_counter() - begun) * 1000


def _folder(path: Path) -> MapFolder:
    manifest = Manifest(
        format=FORMAT,
        name="made",
        bounds=Bounds(west=-180, south=-90, east=180, north=90),
        built=datetime.now(UTC),
        counts={},
        attribution=ATTRIBUTION,
        licence=LICENCE,
        sources=(),
        versions={},
        files={},
    )
    return MapFolder(path, manifest)

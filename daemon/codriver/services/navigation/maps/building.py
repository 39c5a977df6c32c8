"""Building a map from OpenStreetMap files: the search index, the ground, the routing tiles, in a partial folder.

What was finished is kept there, with a note of what it was made from, so that the same build goes on where an earlier
one stopped. When everything is complete and on the disk, the folder becomes a version of the map.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from codriver.errors import MapError
from codriver.services.navigation.indexing.build import Watcher, build_index
from codriver.services.navigation.indexing.reading import BadSource, extent
from codriver.services.navigation.maps.files import files_below, sha256, write_text
from codriver.services.navigation.maps.folder import (
    ATTRIBUTION,
    FORMAT,
    GROUND,
    LICENCE,
    MANIFEST,
    TILES,
    Bounds,
    File,
    Manifest,
    MapFolder,
    Source,
    check_name,
)
from codriver.services.navigation.maps.library import Library, room_for
from codriver.services.navigation.maps.roads import country_of, write_country, write_roads
from codriver.services.navigation.maps.surveying import write_ground
from codriver.services.navigation.maps.tiles import STAGES, build_admins, build_tiles

_NOTES = "notes.json"
_SCRATCH = "scratch"
_SORTING = "SQLITE_TMPDIR"
_ROOM, _LEAST_ROOM = 12, 40_000_000
"""A map while it is built takes up to so many times the size of its files, and some bytes beside."""


def build(sources: Sequence[Path], library: Library, name: str, watcher: Watcher) -> MapFolder:
    """Build a map of all files together, and install it in place of an older version.

    Raises MapError with a sentence if a file is no OpenStreetMap file or ends too early, or there is no room, or
    another process builds the same map. The old version stays as it was then, and what was done is kept for the next
    try, unless a file is to blame.
    """
    check_name(name)
    watcher.begins("looking at the files")
    west, south, east, north = extent(sources)
    bounds = Bounds(west=west, south=south, east=east, north=north)
    with library.changing():
        room_for(_LEAST_ROOM + _ROOM * sum(path.stat().st_size for path in sources), library.root)
        made_of = tuple(Source(file=path.name, size=path.stat().st_size, sha256=sha256(path)) for path in sources)
        partial = library.partial(name)
        notes = _Notes(partial, made_of)
        with _explained(), _sorting_in(partial / _SCRATCH):
            notes.begin()
            try:
                counts = notes.once("index", lambda: _index(sources, partial, watcher))
            except BadSource:
                shutil.rmtree(partial)
                raise
            watcher.begins("surveying the ground")
            notes.once("ground", lambda: _ground(sources, partial, watcher))
            _tiles(sources, bounds, partial, notes, watcher)
            watcher.begins("checking the map")
            manifest = _manifest(name, bounds, counts, made_of, partial)
            write_text(partial / MANIFEST, manifest.model_dump_json(indent=1))
            notes.forget()
            return library.install(partial, manifest)


def default_name(source: Path) -> str:
    """Name a map after its first file: "Helsinki.osm.pbf" becomes "helsinki"."""
    name = source.name.partition(".")[0].lower().removesuffix("-latest")
    return check_name("".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name).strip("-"))


def _index(sources: Sequence[Path], partial: Path, watcher: Watcher) -> dict[str, int]:
    return build_index(sources, partial, partial / _SCRATCH, watcher)


def _ground(sources: Sequence[Path], partial: Path, watcher: Watcher) -> int:
    return write_ground(sources, partial / GROUND, partial / _SCRATCH, watcher.counts)


def _tiles(sources: Sequence[Path], bounds: Bounds, partial: Path, notes: _Notes, watcher: Watcher) -> None:
    scratch = partial / _SCRATCH
    watcher.begins("gathering roads")
    roads = [Path(name) for name in notes.once("roads", lambda: _roads(sources, scratch))]
    watcher.begins("gathering borders")
    notes.once("admins", lambda: _borders(sources, roads, bounds, scratch))
    for stage, (first, _, what) in enumerate(STAGES):
        watcher.begins(what)

        def run(stage: int = stage) -> None:
            build_tiles(stage, roads, partial / TILES, scratch)

        notes.once(first, run)
    if not any((partial / TILES).rglob("*.gph")):
        raise MapError("There are no roads in these files.")


def _roads(sources: Sequence[Path], scratch: Path) -> list[str]:
    written = [scratch / f"roads-{number}.osm.pbf" for number, _ in enumerate(sources)]
    for source, target in zip(sources, written, strict=True):
        write_roads(source, target)
    return [str(path) for path in written]


def _borders(sources: Sequence[Path], roads: Sequence[Path], bounds: Bounds, scratch: Path) -> None:
    if not build_admins(roads, scratch):
        country = scratch / "country.osm.pbf"
        write_country(country_of(sources), bounds, country)
        build_admins([*roads, country], scratch)


def _manifest(
    name: str, bounds: Bounds, counts: dict[str, int], made_of: tuple[Source, ...], partial: Path
) -> Manifest:
    shutil.rmtree(partial / _SCRATCH)
    files = {
        path.relative_to(partial).as_posix(): File(size=path.stat().st_size, sha256=sha256(path))
        for path in files_below(partial)
        if path.name not in {_NOTES, MANIFEST}
    }
    return Manifest(
        format=FORMAT,
        name=name,
        bounds=bounds,
        built=datetime.now(UTC),
        counts=counts,
        attribution=ATTRIBUTION,
        licence=LICENCE,
        sources=made_of,
        versions=_versions(),
        files=files,
    )


class _Notes:
    """What of a build is finished. A build of other files, or by other versions, begins anew."""

    def __init__(self, partial: Path, made_of: Sequence[Source]) -> None:
        self._path = partial / _NOTES
        self._partial = partial
        self._inputs = {"format": FORMAT, "versions": _versions(), "sources": [one.model_dump() for one in made_of]}
        self._done: dict[str, Any] = {}

    def begin(self) -> None:
        """Take up what an earlier build of the same left; throw away what another one did."""
        try:
            noted = json.loads(self._path.read_text("utf-8"))
            same, done = noted["inputs"] == self._inputs, dict(noted["done"])
        except (OSError, ValueError, KeyError, TypeError):
            same, done = False, {}
        if not same:
            shutil.rmtree(self._partial, ignore_errors=True)
        self._done = done if same else {}
        (self._partial / _SCRATCH).mkdir(parents=True, exist_ok=True)
        self._write()

    def once[T](self, what: str, work: Callable[[], T]) -> T:
        """Do something unless it is done, and note what came of it."""
        if what not in self._done:
            self._done[what] = work()
            self._write()
        result: T = self._done[what]
        return result

    def forget(self) -> None:
        """Remove the notes from a map that is complete."""
        self._path.unlink()

    def _write(self) -> None:
        write_text(self._path, json.dumps({"inputs": self._inputs, "done": self._done}))


def _versions() -> dict[str, str]:
    packages = {package: version(package) for package in ("codriver", "pyvalhalla", "osmium")}
    return packages | {"sqlite": sqlite3.sqlite_version}


@contextmanager
def _sorting_in(folder: Path) -> Iterator[None]:
    """Have SQLite sort in files of a folder: where it usually does, /tmp, is memory on many boards."""
    before = os.environ.get(_SORTING)
    os.environ[_SORTING] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SORTING]
        else:
            os.environ[_SORTING] = before


@contextmanager
def _explained() -> Iterator[None]:
    """Say in a sentence what the disk did."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise MapError("The disk is full. With more room the same command goes on from here.") from error
        raise MapError(f"The map could not be written: {error.strerror}.") from error

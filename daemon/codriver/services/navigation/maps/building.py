"""Building a map: tiles and index from OpenStreetMap files, in a partial folder that takes its place at the end."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from codriver.services.navigation.indexing import build_index
from codriver.services.navigation.maps.folder import FORMAT, INDEX, MANIFEST, TILES, File, Manifest, MapFolder, Source
from codriver.services.navigation.maps.tiles import build_tiles

ATTRIBUTION = "© OpenStreetMap contributors"
LICENCE = "ODbL-1.0"


def build(sources: Sequence[Path], root: Path, name: str) -> MapFolder:
    """Build the map ``name`` below ``root`` from OpenStreetMap files. Raises MapError."""
    partial = root / f".{name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    workspace = partial / "workspace"
    workspace.mkdir()
    build_tiles(sources, partial / TILES, workspace)
    counts, bounds = build_index(sources, partial / INDEX)
    shutil.rmtree(workspace)
    manifest = Manifest(
        format=FORMAT,
        name=name,
        bounds=bounds,
        built=datetime.now(UTC),
        counts=counts,
        attribution=ATTRIBUTION,
        licence=LICENCE,
        sources=tuple(Source(file=path.name, size=path.stat().st_size, sha256=_sha256(path)) for path in sources),
        versions={"sqlite": sqlite3.sqlite_version, "pyvalhalla": version("pyvalhalla"), "osmium": version("osmium")},
        files=dict(_files(partial)),
    )
    (partial / MANIFEST).write_text(manifest.model_dump_json(indent=1), "utf-8")
    target = root / name
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)
    return MapFolder(target, manifest)


def _files(folder: Path) -> Iterator[tuple[str, File]]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.relative_to(folder).as_posix(), File(size=path.stat().st_size, sha256=_sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

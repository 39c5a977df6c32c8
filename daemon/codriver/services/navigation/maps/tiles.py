"""Routing tiles: Valhalla's own programs make them from OpenStreetMap files, stage by stage."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import valhalla
from valhalla.config import get_config

from codriver.errors import MapError

STAGES = (
    ("initialize", "parseways", "reading roads"),
    ("parserelations", "parsenodes", "reading crossings"),
    ("buildareas", "constructedges", "connecting roads"),
    ("build", "build", "making routing tiles"),
    ("enhance", "filter", "completing routing tiles"),
    ("transit", "shortcuts", "making shortcuts"),
    ("restrictions", "cleanup", "applying restrictions"),
)
"""Stages of valhalla_build_tiles from and to which it runs in one go, and what a person is told about them.

Between two of them everything is on disk, so a build that was killed goes on after the last that was finished.
"""

_ADMINS = "admins.sqlite"
_MOST_TOLD = 300
_NO_ROOM = frozenset({signal.SIGBUS, signal.SIGXFSZ})
"""How a program ends that writes to files as to memory when nothing more can be written."""


def build_admins(sources: Sequence[Path], scratch: Path) -> bool:
    """Gather the borders of countries, which say on which side is driven there. Raises MapError.

    Returns whether there is any country whose whole border is in the files.
    """
    _run("valhalla_build_admins", ["--config", _settings(scratch, scratch / "tiles"), *sources])
    with contextlib.closing(sqlite3.connect(scratch / _ADMINS)) as admins:
        [countries] = admins.execute("SELECT count(*) FROM admins WHERE admin_level = 2").fetchone()
    return bool(countries)


def build_tiles(stage: int, sources: Sequence[Path], target: Path, scratch: Path) -> None:
    """Run one of ``STAGES`` for all files together. Raises MapError with Valhalla's own complaint."""
    first, last, _ = STAGES[stage]
    _run(
        "valhalla_build_tiles",
        ["--config", _settings(scratch, target), "--start", first, "--end", last, *sources],
    )


def _settings(scratch: Path, target: Path) -> Path:
    target.mkdir(parents=True, exist_ok=True)
    config = get_config(tile_extract="", tile_dir=target)
    # A car needs no footpaths and no cycleways: without them the tiles are a quarter of the size.
    config["mjolnir"] |= {"include_pedestrian": False, "include_bicycle": False}
    config["mjolnir"]["admin"] = str(scratch / _ADMINS)
    config["mjolnir"]["timezone"] = str(scratch / "no-timezones.sqlite")
    config["mjolnir"]["concurrency"] = os.process_cpu_count() if hasattr(os, "process_cpu_count") else os.cpu_count()
    path = scratch / "valhalla.json"
    path.write_text(json.dumps(config), "utf-8")
    return path


def _run(program: str, arguments: Sequence[str | Path]) -> None:
    command: list[str | Path] = [Path(valhalla.__file__).parent / "bin" / program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if -done.returncode in _NO_ROOM:
        raise MapError("The disk is full. With more room the same command goes on from here.")
    if done.returncode != 0:
        complaint = next(_complaints(done.stdout + done.stderr), f"it ended with status {done.returncode}")
        raise MapError(f"{program} failed: {complaint[:_MOST_TOLD]}")


def _complaints(output: str) -> Iterator[str]:
    """Give the lines that say what went wrong, the likeliest first."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    yield from (line.partition("what():")[2].strip() for line in lines if "what():" in line)
    yield from (line.partition("[ERROR]")[2].strip() for line in lines if "[ERROR]" in line)
    yield from reversed(lines)

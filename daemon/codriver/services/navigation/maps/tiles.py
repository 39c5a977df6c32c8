"""Routing tiles: Valhalla's own program makes them from OpenStreetMap files."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import valhalla
from valhalla.config import get_config

from codriver.errors import MapError
from codriver.services.navigation.maps.roads import country_of, write_country, write_roads


def build_tiles(sources: Sequence[Path], target: Path, workspace: Path) -> None:
    """Make the tiles of all files together below ``target``. Raises MapError with Valhalla's own complaint.

    ``workspace`` is an existing folder for what is needed on the way.
    """
    target.mkdir(parents=True, exist_ok=True)
    config = get_config(tile_extract="", tile_dir=target)
    # A car needs no footpaths and no cycleways: without them the tiles are a quarter of the size.
    config["mjolnir"] |= {"include_pedestrian": False, "include_bicycle": False}
    config["mjolnir"]["admin"] = str(workspace / "admins.sqlite")
    settings = workspace / "valhalla.json"
    settings.write_text(json.dumps(config), "utf-8")
    roads, borders = [], []
    for number, source in enumerate(sources):
        roads.append(workspace / f"roads-{number}.osm.pbf")
        if box := write_roads(source, roads[-1]):
            borders.append(workspace / f"country-{number}.osm.pbf")
            write_country(country_of(source), box, borders[-1])
    _run("valhalla_build_admins", settings, [*roads, *borders])
    _run("valhalla_build_tiles", settings, roads)


def _run(program: str, settings: Path, files: Sequence[Path]) -> None:
    command: list[str | Path] = [Path(valhalla.__file__).parent / "bin" / program, "--config", settings, *files]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise MapError(f"The routing tiles could not be built: {_complaint(done.stdout + done.stderr)}")


def _complaint(output: str) -> str:
    lines = [line for line in output.splitlines() if "[ERROR]" in line] or output.splitlines()[-1:]
    return lines[-1] if lines else f"{Path(sys.executable).name} does not say why."

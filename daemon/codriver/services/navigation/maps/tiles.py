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


def build_tiles(sources: Sequence[Path], target: Path, settings: Path) -> None:
    """Make the tiles of all files together below ``target``. Raises MapError with Valhalla's own complaint.

    ``settings`` is where Valhalla's configuration is written for the while.
    """
    target.mkdir(parents=True, exist_ok=True)
    config = get_config(tile_extract="", tile_dir=target)
    settings.write_text(json.dumps(config), "utf-8")
    program = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    command: list[str | Path] = [program, "--config", settings, *sources]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise MapError(f"The routing tiles could not be built: {_complaint(done.stdout + done.stderr)}")


def _complaint(output: str) -> str:
    lines = [line for line in output.splitlines() if "[ERROR]" in line] or output.splitlines()[-1:]
    return lines[-1] if lines else f"{Path(sys.executable).name} does not say why."

"""OSRM on the same extract, to hold our route lengths against: its own car profile, set to the shortest way."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import osrm  # type: ignore[import-untyped]

from codriver.services.navigation.places import Position

# OSRM's car profile has a shortest way in it, and avoids streets for residents and deliveries only where it looks for
# the best one. The shortest legal way needs both.
_CHANGES = {
    "weight_name                     = 'routability'": "weight_name = 'distance'",
    "if profile.properties.weight_name == 'routability' then": "if profile.properties.weight_name == 'distance' then",
}


class Osrm:
    """OSRM over one extract, prepared below ``folder``."""

    def __init__(self, extract: Path, folder: Path) -> None:
        package = Path(osrm.__file__).parent
        shutil.copytree(package / "share" / "profiles", folder / "profiles")
        profile = folder / "profiles" / "car.lua"
        text = profile.read_text("utf-8")
        for old, new in _CHANGES.items():
            text = text.replace(old, new)
        profile.write_text(text, "utf-8")
        shutil.copy(extract, folder / "roads.osm.pbf")
        for program, *arguments in (("extract", "-p", profile, "roads.osm.pbf"), ("contract", "roads.osrm")):
            command = [package / "bin" / f"osrm-{program}", *arguments]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        self._osrm = osrm.OSRM(storage_config=str(folder / "roads.osrm"), use_shared_memory=False, algorithm="CH")

    def length(self, *places: Position) -> float | None:
        """Metres of the shortest way through places, or None; it may turn round at those between."""
        coordinates = [(one.longitude, one.latitude) for one in places]
        try:
            answer = self._osrm.Route(osrm.RouteParameters(coordinates=coordinates, continue_straight=False))
        except RuntimeError:
            return None
        return float(answer["routes"][0]["distance"])

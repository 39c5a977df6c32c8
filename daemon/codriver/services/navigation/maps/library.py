"""The maps that are installed on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from codriver.services.navigation.maps.folder import MANIFEST, MapFolder


def default_root() -> Path:
    """Find the folder of the maps: below ``CODRIVER_DATA`` if set, else below the user's data folder."""
    data = os.environ.get("CODRIVER_DATA")
    return (Path(data) if data else platformdirs.user_data_path("codriver")) / "maps"


class Library:
    """The maps below one folder, a folder each."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def maps(self) -> tuple[MapFolder, ...]:
        """Open all maps, by name. Raises MapError for one that is damaged."""
        return tuple(MapFolder.open(path.parent) for path in sorted(self.root.glob(f"[!.]*/{MANIFEST}")))

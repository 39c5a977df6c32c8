"""Maps on disk: what a map folder holds, which maps are installed, how one is built."""

from codriver.services.navigation.maps.folder import Bounds, Manifest, MapFolder
from codriver.services.navigation.maps.library import Library, default_root

__all__ = ["Bounds", "Library", "Manifest", "MapFolder", "default_root"]

"""The search index: what of OpenStreetMap can be looked for, and how it is written."""

from codriver.services.navigation.indexing.build import PLACES, SOUNDS, Watcher, build_index
from codriver.services.navigation.indexing.reading import BadSource, extent

__all__ = ["PLACES", "SOUNDS", "BadSource", "Watcher", "build_index", "extent"]

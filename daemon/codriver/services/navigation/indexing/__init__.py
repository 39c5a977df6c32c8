"""The search index: what of OpenStreetMap can be looked for, and how it is written."""

from codriver.services.navigation.indexing.build import Watcher, build_index

__all__ = ["Watcher", "build_index"]

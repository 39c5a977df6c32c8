"""One map on disk: its manifest, its search index, its routing tiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from codriver.errors import MapError
from codriver.services.navigation.places import Position

FORMAT = 1
"""The version of the layout of a map folder; a folder of another version has to be built again."""

MANIFEST = "map.json"
INDEX = "places.sqlite"
TILES = "tiles"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bounds(_Record):
    """A box on the earth, in degrees of WGS 84."""

    west: float = Field(ge=-180, le=180)
    south: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)

    def holds(self, position: Position) -> bool:
        """Whether a position lies in the box or on its edge."""
        return self.south <= position.latitude <= self.north and self.west <= position.longitude <= self.east


class Source(_Record):
    """An OpenStreetMap file that a map was built from."""

    file: str
    size: int
    sha256: str


class File(_Record):
    """A file of the map folder as it was when the map was finished."""

    size: int
    sha256: str


class Manifest(_Record):
    """What a map says about itself. ``counts`` are the places, streets, addresses, ... that can be found on it."""

    format: int
    name: str
    bounds: Bounds
    built: datetime
    counts: Mapping[str, int]
    attribution: str
    licence: str
    sources: tuple[Source, ...]
    versions: Mapping[str, str]
    files: Mapping[str, File]


@dataclass(frozen=True, slots=True)
class MapFolder:
    """An installed map."""

    path: Path
    manifest: Manifest

    @classmethod
    def open(cls, path: Path) -> MapFolder:
        """Read the manifest of a map folder. Raises MapError with what is wrong and the cure."""
        try:
            text = (path / MANIFEST).read_text("utf-8")
            manifest = Manifest.model_validate_json(text)
        except FileNotFoundError as error:
            raise MapError(f"{path} is no map: it has no {MANIFEST}.") from error
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise MapError(f"The map {path.name} is damaged: its {MANIFEST} cannot be read. Build it again.") from error
        if manifest.format != FORMAT:
            raise MapError(f"The map {path.name} is of another version of codriver. Build it again.")
        return cls(path, manifest)

    @property
    def index(self) -> Path:
        """The SQLite file of the search."""
        return self.path / INDEX

    @property
    def tiles(self) -> Path:
        """The folder of Valhalla's routing tiles."""
        return self.path / TILES

"""One map on disk: its manifest, its search index, its routing tiles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from codriver.errors import InvalidRequest, MapError
from codriver.services.navigation.indexing.schema import PLACES, SOUNDS
from codriver.services.navigation.maps.files import sha256
from codriver.services.navigation.places import Position

FORMAT = 2
"""The version of the layout of a map folder; a folder of another version has to be built again."""

MANIFEST = "map.json"
TILES, GROUND = "tiles", "ground.sqlite"

ATTRIBUTION = "© OpenStreetMap contributors"
LICENCE = "ODbL-1.0"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


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
    name: str = Field(pattern=_NAME.pattern)
    bounds: Bounds
    built: datetime
    counts: Mapping[str, int]
    attribution: str
    licence: str
    sources: tuple[Source, ...]
    versions: Mapping[str, str]
    files: Mapping[str, File]

    @field_validator("files")
    @classmethod
    def _stay_inside(cls, files: Mapping[str, File]) -> Mapping[str, File]:
        for name in files:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise ValueError(f"{name} is not in the map's folder")
        return files

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files.values())


@dataclass(frozen=True, slots=True)
class MapFolder:
    """An installed map."""

    path: Path
    manifest: Manifest

    @classmethod
    def open(cls, path: Path) -> MapFolder:
        """Open a map folder; its files are looked at, but not read. Raises MapError with what is wrong and the cure."""
        try:
            manifest = Manifest.model_validate_json((path / MANIFEST).read_text("utf-8"))
        except FileNotFoundError as error:
            raise MapError(f"{path} is no map: it has no {MANIFEST}.") from error
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise MapError(f"The map {path.name} is damaged: its {MANIFEST} cannot be read. Build it again.") from error
        if manifest.format != FORMAT:
            raise MapError(f"The map {manifest.name} was built by another version of codriver. Build it again.")
        folder = cls(path, manifest)
        for fault in folder.faults(thorough=False):
            raise MapError(f"The map {manifest.name} is damaged: {fault} Build it again.")
        return folder

    @property
    def index(self) -> Path:
        """The SQLite file of the search."""
        return self.path / PLACES

    @property
    def sounds(self) -> Path:
        """The SQLite file that says how names sound."""
        return self.path / SOUNDS

    @property
    def tiles(self) -> Path:
        """The folder of Valhalla's routing tiles."""
        return self.path / TILES

    @property
    def ground(self) -> Path:
        """The SQLite file of what is drawn under a route."""
        return self.path / GROUND

    def faults(self, *, thorough: bool = True) -> Iterator[str]:
        """Name the files that are not as they were when the map was finished; without ``thorough`` only by size."""
        for name, known in self.manifest.files.items():
            path = self.path / name
            if not path.is_file():
                yield f"{name} is missing."
            elif (size := path.stat().st_size) != known.size:
                yield f"{name} has {size:,} bytes instead of {known.size:,}."
            elif thorough and sha256(path) != known.sha256:
                yield f"{name} has changed since it was built."


def check_name(name: str) -> str:
    """Return a name that a map can have. Raises InvalidRequest."""
    if not _NAME.fullmatch(name):
        raise InvalidRequest(f"A map's name has small letters, figures, - and _, and is not empty: not {name[:80]!r}.")
    return name

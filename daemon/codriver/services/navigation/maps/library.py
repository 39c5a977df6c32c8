"""The maps that are installed on this machine.

Each map has a folder of its own below the library's, named after the map and when it was built. A new version appears
by one renaming when it is complete; then older ones are removed. So a build that fails or is killed leaves the old
version as it was, and a version that a power cut damaged is passed over for the one before, where that is still there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from codriver.errors import InvalidRequest, MapError
from codriver.services.navigation.maps.files import settle, settle_one
from codriver.services.navigation.maps.folder import MANIFEST, Manifest, MapFolder, check_name

_PARTIAL = ".partial"


def default_root() -> Path:
    """Find the folder of the maps: below ``CODRIVER_DATA`` if set, else below the user's data folder."""
    data = os.environ.get("CODRIVER_DATA")
    return (Path(data) if data else platformdirs.user_data_path("codriver")) / "maps"


@dataclass(frozen=True, slots=True)
class Damaged:
    """A map folder that cannot be used, and why."""

    path: Path
    why: str


class Library:
    """The maps below one folder. Several processes may read it while one changes it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def maps(self) -> tuple[MapFolder, ...]:
        """Open the newest version of every map that is whole, by name."""
        return self.look()[0]

    def look(self) -> tuple[tuple[MapFolder, ...], tuple[Damaged, ...]]:
        """Open the newest version of every map that is whole, by name; and tell which folders cannot be used."""
        newest: dict[str, MapFolder] = {}
        damaged = []
        for path in self._folders():
            try:
                folder = MapFolder.open(path)
            except MapError as error:
                damaged.append(Damaged(path, str(error)))
            else:
                newest[folder.manifest.name] = folder
        return tuple(newest[name] for name in sorted(newest)), tuple(damaged)

    def map(self, name: str) -> MapFolder:
        """Open the newest version of one map. Raises InvalidRequest if there is none, MapError if it is damaged."""
        maps, damaged = self.look()
        for folder in maps:
            if folder.manifest.name == name:
                return folder
        for one in damaged:
            if _name_of(one.path) == name:
                raise MapError(one.why)
        names = ", ".join(folder.manifest.name for folder in maps) or "none"
        raise InvalidRequest(f"There is no map {name!r}; the maps are: {names}.")

    def remove(self, name: str) -> None:
        """Remove all versions of a map, and what is left of a build of it. Raises InvalidRequest if there is none."""
        check_name(name)
        with self.changing():
            versions = self._versions(name)
            if not versions and not self.partial(name).exists():
                self.map(name)
            for path in (*versions, self.partial(name)):
                self._discard(path)

    def copy(self, source: Path) -> MapFolder:
        """Install a map that was built elsewhere. Raises MapError if it is none, or is not as it was built."""
        folder = MapFolder.open(source)
        name = folder.manifest.name
        with self.changing():
            partial = self.partial(name)
            shutil.rmtree(partial, ignore_errors=True)
            room_for(folder.manifest.size, self.root)
            for path in (MANIFEST, *folder.manifest.files):
                (partial / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source / path, partial / path)
            for fault in MapFolder(partial, folder.manifest).faults():
                shutil.rmtree(partial)
                raise MapError(f"{source} is damaged: {fault}")
            return self.install(partial, folder.manifest)

    def install(self, partial: Path, manifest: Manifest) -> MapFolder:
        """Give a complete map its place, and remove what it replaces. To be called while ``changing``."""
        settle(partial)
        target = self.root / f"{manifest.name}-{manifest.built:%Y%m%dT%H%M%S%f}Z"
        if target.exists():
            self._discard(target)
        partial.rename(target)
        settle_one(self.root)
        for old in self._versions(manifest.name):
            if old != target:
                self._discard(old)
        return MapFolder(target, manifest)

    def partial(self, name: str) -> Path:
        """Find the folder in which a map is while it is not complete."""
        return self.root / f".{name}{_PARTIAL}"

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Be the only one who changes maps. Raises MapError if somebody else does, or the folder cannot be written."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = (self.root / ".lock").open("w")
        except OSError as error:
            raise MapError(f"The folder of the maps, {self.root}, cannot be written: {error.strerror}.") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise MapError("Another process is building or changing maps; wait for it.") from error
            yield

    def _folders(self) -> list[Path]:
        """List the map folders, the older versions of each map first."""
        return sorted(path.parent for path in self.root.glob(f"[!.]*/{MANIFEST}"))

    def _versions(self, name: str) -> list[Path]:
        return [path for path in self._folders() if _name_of(path) == name]

    def _discard(self, path: Path) -> None:
        """Remove a folder so that nobody takes what is left of it for a map if that is interrupted."""
        if path.exists():
            (path / MANIFEST).unlink(missing_ok=True)
            shutil.rmtree(path)


def room_for(size: int, root: Path) -> None:
    """Raise MapError unless so many bytes can be written below a folder that exists."""
    free = shutil.disk_usage(root).free
    if free < size:
        raise MapError(f"The map needs {size / 1e6:,.0f} MB of room below {root}, and {free / 1e6:,.0f} MB are free.")


def _name_of(path: Path) -> str:
    return path.name.rpartition("-")[0]

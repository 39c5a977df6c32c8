"""Evaluated prompts kept in files, so that a start does not evaluate them again."""

from __future__ import annotations

import hashlib
import logging
import os
import struct
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

_LOGGER = logging.getLogger(__name__)
_CHECKSUM = struct.Struct("<4sI")
_MARK = b"cdpx"
_CHUNK = 1 << 20


class Savable(Protocol):
    """A model whose evaluated tokens can be written to a file and read back."""

    identity: str

    def save(self, path: Path, tokens: Sequence[int]) -> None:
        """Write the state after ``tokens``, which must be all that is evaluated, to a file."""

    def restore(self, path: Path, tokens: Sequence[int]) -> bool:
        """Go back to a saved state. False, with nothing evaluated, where the file is not of ``tokens``."""


class PrefixStore:
    """A folder of evaluated prompts, one file for each (model, settings, prompt); the newest ``keep`` stay.

    llama.cpp writes no checksum into its files, so one is put at their end and checked before they are
    loaded.
    """

    def __init__(self, folder: Path, keep: int = 8) -> None:
        self._folder = folder
        self._keep = keep

    def path(self, model: Savable, tokens: Sequence[int]) -> Path:
        """Return where the state of ``model`` after ``tokens`` is kept."""
        digest = hashlib.sha256(model.identity.encode())
        digest.update(struct.pack(f"<{len(tokens)}i", *tokens))
        return self._folder / f"{digest.hexdigest()[:32]}.prefix"

    def load(self, model: Savable, tokens: Sequence[int]) -> bool:
        """Bring ``model`` to the state after ``tokens``. False where no good file of it is kept."""
        path = self.path(model, tokens)
        if not path.exists():
            return False
        if not _is_sound(path) or not model.restore(path, tokens):
            _LOGGER.warning("saved prompt is damaged and will be written again")
            return False
        os.utime(path)
        return True

    def save(self, model: Savable, tokens: Sequence[int]) -> None:
        """Keep the state of ``model`` after ``tokens``; the oldest files beyond ``keep`` go.

        A full or read-only disk only costs the next start its time.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder, prefix=".new-") as new:
                draft = Path(new) / "state"
                model.save(draft, tokens)
                with draft.open("rb+") as file:
                    checksum = _checksum(file.fileno(), os.fstat(file.fileno()).st_size)
                    file.seek(0, os.SEEK_END)
                    file.write(_CHECKSUM.pack(_MARK, checksum))
                draft.replace(self.path(model, tokens))
            self._forget_old()
        except OSError as error:
            _LOGGER.warning("evaluated prompt could not be kept", extra={"error": error.strerror})

    def _forget_old(self) -> None:
        files = sorted(self._folder.glob("*.prefix"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in files[self._keep :]:
            path.unlink(missing_ok=True)


def _is_sound(path: Path) -> bool:
    size = path.stat().st_size - _CHECKSUM.size
    if size < 0:
        return False
    with path.open("rb") as file:
        checksum = _checksum(file.fileno(), size)
        return os.pread(file.fileno(), _CHECKSUM.size, size) == _CHECKSUM.pack(_MARK, checksum)


def _checksum(descriptor: int, size: int) -> int:
    checksum = 0
    for offset in range(0, size, _CHUNK):
        checksum = zlib.crc32(os.pread(descriptor, min(_CHUNK, size - offset), offset), checksum)
    return checksum

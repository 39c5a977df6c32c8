"""Which intent files have changed since they were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from codriver.catalogue.loading import intent_files

type Stamp = tuple[int, ...]
type Stamps = Mapping[Path, Stamp]


def stamps_of(folders: Iterable[Path]) -> Stamps:
    """Look at the intent files of these folders. A folder or a file that is gone has no stamp."""
    stamps: dict[Path, Stamp] = {}
    for path in intent_files(folders):
        try:
            status = path.stat()
        except OSError:
            continue
        stamps[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return stamps


class Watch:
    """Tells what has changed from one look to the next. It does no I/O: stamps in, files out."""

    def __init__(self, known: Stamps) -> None:
        """Take the stamps of the files as they were read."""
        self._known = known
        self._last = known

    def look(self, stamps: Stamps) -> frozenset[Path]:
        """Give the files that came, went or changed since they were last given.

        They are given once they have stood still from one look to the next: a file that is just being written is not
        read half.
        """
        still, self._last = stamps == self._last, stamps
        if not still:
            return frozenset()
        known, self._known = self._known, stamps
        return frozenset(path for path in {*known, *stamps} if known.get(path) != stamps.get(path))

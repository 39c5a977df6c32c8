"""From OpenStreetMap files to a search index, in little memory, going on where an earlier try stopped."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

from codriver.errors import MapError
from codriver.services.navigation.indexing.categories import load_categories
from codriver.services.navigation.indexing.reading import read
from codriver.services.navigation.indexing.schema import PLACES, SOUNDS
from codriver.services.navigation.indexing.sound_writing import write_sounds
from codriver.services.navigation.indexing.staging import is_staged, stage, staging
from codriver.services.navigation.indexing.streets import expand_interpolations, gather_streets
from codriver.services.navigation.indexing.writing import write_index

_STAGED = "staged.sqlite"
_STREETS = "streets"
"""The mark that the streets were put together; no file can have this name, as each has its number before it."""


class Watcher(Protocol):
    """Somebody who watches how far a build is."""

    def begins(self, what: str) -> None:
        """Say what is done now."""

    def counts(self, done: int) -> None:
        """Say how many things were dealt with."""


def build_index(sources: Sequence[Path], target: Path, scratch: Path, watcher: Watcher) -> dict[str, int]:
    """Write the index of all files together into the folder ``target``. Returns how much of each kind can be found.

    What takes long is kept in the folder ``scratch``, so that a build of the same files goes on with it. Raises
    MapError for a file that cannot be read, and when there is no room.
    """
    categories = load_categories()
    try:
        with staging(scratch / _STAGED) as staged:
            for place, source in enumerate(sources):
                mark = f"{place} {source.name}"
                if not is_staged(staged, mark):
                    watcher.begins(f"reading {source.name}")
                    stage(staged, mark, read(source, categories, scratch, watcher.counts))
            if not is_staged(staged, _STREETS):
                watcher.begins("putting streets together")
                with_streets(staged)
            watcher.begins("writing the index")
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as helper:
                sounds = helper.submit(write_sounds, scratch / _STAGED, target / SOUNDS)
                counts = write_index(staged, target / PLACES, categories, watcher.counts)
                sounds.result()
            return counts
    except BrokenProcessPool as error:
        raise MapError(
            "The process that writes how names sound was killed. The same command goes on from here."
        ) from error
    except sqlite3.OperationalError as error:
        full = error.sqlite_errorcode in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}
        why = "the disk is full" if full else str(error)
        raise MapError(f"The index could not be written: {why}. The same command goes on from here.") from error


def with_streets(staged: sqlite3.Connection) -> None:
    """Put the streets together, or change nothing."""
    staged.execute("BEGIN")
    try:
        expand_interpolations(staged)
        gather_streets(staged)
        staged.execute("INSERT INTO done VALUES (?)", (_STREETS,))
        staged.execute("COMMIT")
    except BaseException:
        if staged.in_transaction:
            staged.execute("ROLLBACK")
        raise

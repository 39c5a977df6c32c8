"""Writing how names sound, into a file of its own: a process of its own does it while the places are written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from codriver.services.navigation.indexing.blocks import Block
from codriver.services.navigation.indexing.schema import BLOCK_BITS, EVERYWHERE, KINDS, SOUND_SCHEMA, WHOLE, WORD_KIND
from codriver.services.navigation.indexing.staging import staging, things
from codriver.services.navigation.indexing.words import words
from codriver.services.navigation.places import Kind

_SHORTEST = 3
"""Letters of a word that is looked up by its sound apart from its name."""


def write_sounds(staged: Path, target: Path) -> None:
    """Write the sounds of the names of what was staged into a new file. Raises sqlite3.OperationalError."""
    target.unlink(missing_ok=True)
    file = sqlite3.connect(target, isolation_level=None)
    try:
        file.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;" + SOUND_SCHEMA
        )
        file.execute("BEGIN")
        block, everywhere = Block(-1), Block(EVERYWHERE)
        with staging(staged) as source:
            for thing in things(source):
                if thing.cell >> BLOCK_BITS != block.number:
                    _store(block, file)
                    block = Block(thing.cell >> BLOCK_BITS)
                kind = Kind(thing.kind)
                for name in thing.each_name():
                    _add(block, name, kind)
                    if kind is Kind.LOCALITY:
                        _add(everywhere, name, kind)
        _store(block, file)
        _store(everywhere, file)
        file.execute("COMMIT")
    finally:
        file.close()


def _add(block: Block, name: str, kind: Kind) -> None:
    parts = words(name)
    if not parts:
        return
    block.add(WHOLE + "".join(parts), parts, 1 << KINDS.index(kind))
    if len(parts) > 1:
        for part in parts:
            if len(part) >= _SHORTEST:
                block.add(part, (part,), WORD_KIND)


def _store(block: Block, file: sqlite3.Connection) -> None:
    file.executemany("INSERT INTO sound VALUES (?,?,?,?,?)", block.sounds())
    file.executemany("INSERT INTO gram VALUES (?,?,?)", block.grams())

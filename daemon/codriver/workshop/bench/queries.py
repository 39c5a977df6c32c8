"""What the bench searches for: names as they are, names as they may be heard, and categories."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codriver.services.navigation.indexing.categories import load_categories
from codriver.services.navigation.places import Position

QUERIES = 200
"""Searches of each kind."""

_FILE = "queries.json"

_HEARD_FOR = {
    "b": "p", "p": "b", "d": "t", "t": "d", "g": "k", "k": "c", "v": "w", "w": "v", "s": "z", "z": "s",
    "a": "e", "e": "i", "i": "e", "o": "u", "u": "o", "y": "i", "ä": "a", "ö": "o", "å": "o",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """A search of the bench, and the name of the place that it is made from."""

    text: str
    near: Position
    name: str


def make_queries(named: Sequence[tuple[str, Position]], chance: random.Random) -> tuple[list[Query], ...]:
    """Make searches out of the names of places and where they are: by name, by category, by name as it may be heard."""
    written = [Query(name, position, name) for name, position in chance.sample(named, QUERIES)]
    heard = [Query(misheard(query.text, chance), query.near, query.name) for query in written]
    return written, by_category([query.near for query in written], chance), heard


def save_queries(folder: Path, queries: Sequence[Sequence[Query]]) -> None:
    """Keep searches beside the index that they are for."""
    rows = [[(one.text, one.near.latitude, one.near.longitude, one.name) for one in kind] for kind in queries]
    (folder / _FILE).write_text(json.dumps(rows), "utf-8")


def load_queries(folder: Path) -> tuple[list[Query], ...]:
    """Read what ``save_queries`` wrote."""
    rows = json.loads((folder / _FILE).read_text("utf-8"))
    return tuple([Query(text, Position(north, east), name) for text, north, east, name in kind] for kind in rows)


def misheard(name: str, chance: random.Random) -> str:
    """Write a name as it may be heard: some letters for others, a word in two parts, a letter left out."""
    letters = [
        _HEARD_FOR.get(letter.lower(), letter) if chance.random() < 0.3 else letter
        for letter in name
        if chance.random() > 0.04
    ]
    if len(letters) > 7:
        letters.insert(chance.randrange(3, len(letters) - 3), " ")
    return "".join(letters)


def by_category(centres: Sequence[Position], chance: random.Random) -> list[Query]:
    """Make searches for categories in the words of a language of theirs."""
    queries = []
    for _ in range(QUERIES):
        words = chance.choice(load_categories().all).words
        queries.append(Query(chance.choice(words[chance.choice(sorted(words))]), chance.choice(centres), ""))
    return queries

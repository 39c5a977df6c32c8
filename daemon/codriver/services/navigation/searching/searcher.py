"""Searching the installed maps."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from codriver.errors import MapError
from codriver.services.navigation.indexing import categories
from codriver.services.navigation.maps import MapFolder
from codriver.services.navigation.places import Kind, Place, Position
from codriver.services.navigation.searching.request import SearchRequest

_COLUMNS = "id, kind, category, name, names, address, latitude, longitude"
_FILLER = {"the", "a", "an", "nearest", "closest", "some", "to", "me", "please"}


class Searcher:
    """Finds places on the installed maps. To be used on one thread at a time."""

    def __init__(self, maps: Sequence[MapFolder]) -> None:
        self._maps = tuple(maps)
        self._indexes = [sqlite3.connect(f"file:{m.index}?mode=ro", uri=True, check_same_thread=False) for m in maps]
        self._words = {
            word: name
            for name, category in categories().items()
            for language, said in category.items()
            if language != "tags"
            for word in said
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the maps."""
        for index in self._indexes:
            index.close()

    def search(self, request: SearchRequest) -> tuple[Place, ...]:
        """Find places: of a category the nearest first, by name the best first."""
        words = re.findall(r"\w+", request.text.lower().replace("最近的", ""))[:20]
        words = [word for word in words if word not in _FILLER]
        if not words:
            return ()
        text = " ".join(words)
        category = self._words.get(text) or self._words.get(text.removesuffix("s"))
        if category:
            rows = self._all(f"SELECT {_COLUMNS} FROM place WHERE category = ?", category)  # noqa: S608
        else:
            match = " ".join(f'"{word}"' for word in words)
            rows = self._all(
                f"SELECT {_COLUMNS} FROM place WHERE number IN (SELECT rowid FROM words WHERE words MATCH ?)",  # noqa: S608
                match,
            )
        places = {row[0]: _place(row, request.near) for row in rows}
        near = [place for place in places.values() if place.distance <= request.radius]
        return tuple(sorted(near, key=lambda place: place.distance)[: request.limit])

    def near(self, position: Position) -> Place:
        """Find the street and number where a position is. Raises MapError off the maps."""
        rows = self._all(
            f"SELECT {_COLUMNS} FROM place WHERE kind IN ('address', 'street') "  # noqa: S608
            "AND latitude BETWEEN ? - 0.01 AND ? + 0.01 AND longitude BETWEEN ? - 0.02 AND ? + 0.02",
            position.latitude,
            position.latitude,
            position.longitude,
            position.longitude,
        )
        if not rows:
            raise MapError("There is no street of the maps here.")
        return min((_place(row, position) for row in rows), key=lambda place: place.distance)

    def reach(self, near: Position, radius: float) -> float:
        """How far a search from ``near`` can have looked, in metres: to ``radius`` or to the edge of the maps."""
        corners = [
            near.distance_to(Position(latitude, longitude))
            for bounds in (found.manifest.bounds for found in self._maps)
            for latitude in (bounds.south, bounds.north)
            for longitude in (bounds.west, bounds.east)
        ]
        return min(radius, max(corners, default=0.0))

    def _all(self, query: str, *values: object) -> list[Any]:
        return [row for index in self._indexes for row in index.execute(query, values)]


def _place(row: tuple[Any, ...], near: Position) -> Place:
    position = Position(row[6], row[7])
    return Place(
        id=row[0],
        kind=Kind(row[1]),
        category=row[2],
        name=row[3],
        names=json.loads(row[4]),
        address=row[5],
        position=position,
        distance=near.distance_to(position),
    )

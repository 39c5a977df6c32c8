"""The ground of a map: what roads lead through, kept to be drawn. Nothing is searched or routed by it.

It has a file of its own, because neither of the other two would do: the search keeps no shapes but those of streets
with names, and Valhalla's tiles no water, no parks and no rails.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import IntEnum

from codriver.errors import MapError
from codriver.services.navigation.maps.folder import Bounds, MapFolder
from codriver.services.navigation.places import Position
from codriver.services.navigation.polyline import decode

BETWEEN_LINES = "\n"
"""Between the lines of a piece; no polyline has it."""

SCHEMA = """
    -- Pieces of ground by the box around them and by their layer; lines are polylines with six decimals.
    CREATE VIRTUAL TABLE piece USING rtree (
        number, south, north, west, east, layer, until, +name TEXT NOT NULL, +lines TEXT NOT NULL
    );
"""


class Layer(IntEnum):
    """What a piece of ground is. The higher its number, the nearer one must be for it to matter."""

    COAST = 0
    MOTORWAY = 1
    WATER = 2
    PRIMARY = 3
    RIVER = 4
    SECONDARY = 5
    RAIL = 6
    GREEN = 7
    TERTIARY = 8
    STREET = 9
    PEDESTRIAN = 10
    TRAM = 11
    SERVICE = 12
    BUILDING = 13


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of ground: a line, or an area inside some of its lines and outside the others.

    The water is to the right of a coast, and the land to its left.
    """

    layer: Layer
    name: str
    lines: tuple[tuple[Position, ...], ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What one map knows of the ground: all of it inside ``bounds``, and beyond them what happens to reach there."""

    bounds: Bounds
    pieces: tuple[Piece, ...]


def ground_within(maps: Sequence[MapFolder], box: Bounds, finest: Layer, least: float, most: int) -> list[Ground]:
    """Find the ground of each map in a box, coarse layers first, up to the layer ``finest``.

    What is smaller than ``least`` degrees is left out, coasts excepted, as they only make sense together; after
    ``most`` pieces of a map the rest is. Raises MapError when a map cannot be read.
    """
    found = []
    for folder in maps:
        bounds = folder.manifest.bounds
        if bounds.west > box.east or bounds.east < box.west or bounds.south > box.north or bounds.north < box.south:
            continue
        with closing(sqlite3.connect(f"{folder.ground.as_uri()}?mode=ro", uri=True)) as file:
            try:
                rows = file.execute(_WITHIN, (box.south, box.north, box.west, box.east, finest, least, least, most))
                pieces = tuple(Piece(Layer(int(layer)), name, _lines(lines)) for layer, name, lines in rows)
                found.append(Ground(bounds, pieces))
            except sqlite3.Error as error:
                raise MapError(f"The map {folder.manifest.name} is damaged: {error}. Build it again.") from error
    return found


_WITHIN = """
    SELECT layer, name, lines FROM piece
    WHERE north >= ? AND south <= ? AND east >= ? AND west <= ? AND layer <= ?
        AND (layer = 0 OR north - south > ? OR east - west > ?)
    ORDER BY layer, number LIMIT ?
"""


def _lines(text: str) -> tuple[tuple[Position, ...], ...]:
    return tuple(decode(line) for line in text.split(BETWEEN_LINES))

"""What is written in the picture must be readable: short, and nothing on top of another."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from itertools import chain

from codriver.services.navigation.drawing.lines import Line, along, length
from codriver.services.navigation.drawing.view import Point

_MOST_LETTERS = 34
_STRAIGHT = 0.96  # how much of the way along a street its ends are apart in a straight line, for a name to be on it


def clean(text: str, most: int = _MOST_LETTERS) -> str:
    """Make a name fit to be shown: on one line, without control characters, not longer than ``most`` letters."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * most])
    line = " ".join(shown.split())
    return line if len(line) <= most and len(text) <= 4 * most else line[: most - 1].rstrip() + "…"


def text_width(text: str, size: float) -> float:
    """Reckon how wide a text is, in pixels; roughly, because what shows it chooses the font."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (wide + 0.6 * (len(text) - wide))


class Room:
    """Where in a picture something can still be written."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._taken: dict[tuple[int, int], list[tuple[float, float, float]]] = {}

    def take(self, middle: Point, width: float, height: float, turned: float = 0.0, *, anyway: bool = False) -> bool:
        """Take the room of a box, turned by so many degrees around its middle, if it is free; or ``anyway``."""
        discs = list(_discs(middle, width, height, turned))
        if not anyway and not all(map(self._free, discs)):
            return False
        for x, y, radius in discs:
            self._taken.setdefault((int(x // _CELL), int(y // _CELL)), []).append((x, y, radius))
        return True

    def _free(self, disc: tuple[float, float, float]) -> bool:
        x, y, radius = disc
        if not (radius <= x <= self._width - radius and radius <= y <= self._height - radius):
            return False
        column, row = int(x // _CELL), int(y // _CELL)
        near = chain.from_iterable(
            self._taken.get((column + right, row + down), ()) for right in (-1, 0, 1) for down in (-1, 0, 1)
        )
        return all(math.hypot(x - other_x, y - other_y) >= radius + other for other_x, other_y, other in near)


_CELL = 64.0
"""Pixels of a cell of the room; twice the radius of any disc at least."""


def _discs(middle: Point, width: float, height: float, turned: float) -> Iterator[tuple[float, float, float]]:
    """Cover a box with discs in a row, or rows of them."""
    radius = min(width, height, _CELL) / 2
    east, south = math.cos(math.radians(turned)), math.sin(math.radians(turned))
    across, down = max(1, math.ceil(width / radius / 2)), max(1, math.ceil(height / radius / 2))
    for column in range(across):
        for row in range(down):
            right = (width - 2 * radius) * (column / (across - 1) - 0.5) if across > 1 else 0.0
            below = (height - 2 * radius) * (row / (down - 1) - 0.5) if down > 1 else 0.0
            yield middle[0] + right * east - below * south, middle[1] + right * south + below * east, radius


def places_on(line: Line, width: float) -> Iterator[tuple[Point, float]]:
    """Find where on a line a name of so many pixels could be written: its middle, and by how many degrees it is turned.

    The middle of the line comes first. No name stands on its head.
    """
    room = length(line) - width
    if room < 0:
        return
    for share in (0.5, 0.3, 0.7, 0.15, 0.85, 0.0, 1.0):
        begin, end = along(line, room * share), along(line, room * share + width)
        if math.dist(begin, end) >= _STRAIGHT * width:
            turned = math.degrees(math.atan2(end[1] - begin[1], end[0] - begin[0]))
            upright = turned - 180 if turned > 90 else turned + 180 if turned <= -90 else turned
            middle = along(line, room * share + width / 2)
            yield ((begin[0] + end[0] + middle[0]) / 3, (begin[1] + end[1] + middle[1]) / 3), upright

"""Numbers that say where something is: what lies close together has numbers close together.

The earth is cut into cells, 2^16 by 2^16 of them (600 m by 300 m at the equator), numbered along a Z-order curve. The
number of a place begins with its cell and ends with a count, so that an ordinary B-tree, and FTS5's lists of rows
likewise, can be read for a neighbourhood alone: a circle is a handful of ranges of numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from codriver.services.navigation.places import Position

LEVEL = 16
COUNT_BITS = 24
"""Bits of a number below its cell: so many things can have the same cell."""

_METRES_PER_DEGREE = 111_195.0
_MOST_CELLS = 4
"""How many cells a circle spans in each direction, at most."""

type Range = tuple[int, int]
"""Numbers from the first up to the second, both included."""


def cell(latitude: float, longitude: float) -> int:
    """Find the cell of a position in degrees: 32 bits."""
    return _interleave(_column(longitude), _row(latitude))


def number(cell: int, count: int) -> int:
    """Make the number of the ``count``-th thing of a cell."""
    return cell << COUNT_BITS | count


def cell_of(number: int) -> int:
    """Find the cell that a number begins with."""
    return number >> COUNT_BITS


def ranges_around(centre: Position, radius: float) -> list[Range]:
    """Cover the circle of ``radius`` metres: ranges of numbers in rising order, of the circle and some around it."""
    high = radius / _METRES_PER_DEGREE
    south, north = max(-90.0, centre.latitude - high), min(90.0, centre.latitude + high)
    narrowest = min(math.cos(math.radians(south)), math.cos(math.radians(north)))
    wide = min(180.0, high / narrowest) if narrowest > 1e-6 else 180.0
    return list(_ranges(south, north, centre.longitude - wide, centre.longitude + wide))


def _ranges(south: float, north: float, west: float, east: float) -> Iterator[Range]:
    bottom, top = _row(south), _row(north)
    left = math.floor((west + 180.0) / 360.0 * (1 << LEVEL))
    right = math.floor((east + 180.0) / 360.0 * (1 << LEVEL))
    right = min(right, left + (1 << LEVEL) - 1)
    shift = 0
    while max(top - bottom, right - left) >> shift >= _MOST_CELLS:
        shift += 1
    across = (1 << LEVEL) >> shift
    codes = sorted(
        {
            _interleave(column % across, row)
            for column in range(left >> shift, (right >> shift) + 1)
            for row in range(bottom >> shift, (top >> shift) + 1)
        }
    )
    bits = 2 * shift + COUNT_BITS
    begin = 0
    for place, code in enumerate(codes):
        if place + 1 == len(codes) or codes[place + 1] != code + 1:
            yield codes[begin] << bits, ((code + 1) << bits) - 1
            begin = place + 1


def _row(latitude: float) -> int:
    return min((1 << LEVEL) - 1, max(0, int((latitude + 90.0) / 180.0 * (1 << LEVEL))))


def _column(longitude: float) -> int:
    return int((longitude + 180.0) / 360.0 * (1 << LEVEL)) % (1 << LEVEL)


def _interleave(x: int, y: int) -> int:
    """Mix the bits of two numbers of 16 bits: those of ``x`` at the even places, those of ``y`` at the odd ones."""
    return _spread(x) | _spread(y) << 1


def _spread(value: int) -> int:
    value = (value | value << 8) & 0x00FF00FF
    value = (value | value << 4) & 0x0F0F0F0F
    value = (value | value << 2) & 0x33333333
    return (value | value << 1) & 0x55555555

"""The sea, of which OpenStreetMap knows only the coasts: lines with the water to their right.

They enter and leave a box at its edge. From where a coast leaves, the edge is followed clockwise to the next
place where one enters: so the water stays to the right all around.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from codriver.services.navigation.drawing.lines import Line, joined
from codriver.services.navigation.drawing.view import Point


def sea(coasts: Iterable[Line], left: float, top: float, width: float, height: float) -> list[list[Point]]:
    """Find the outlines of the water in a box, to be filled by even-odd.

    Where there is no coast there is no water. A coast that ends in the box, because the map ends, is taken to run on
    straight to the nearest edge.
    """
    outlines = _outlines([[(x - left, y - top) for x, y in line] for line in coasts], width, height)
    return [[(x + left, y + top) for x, y in line] for line in outlines]


def _outlines(coasts: Iterable[Line], width: float, height: float) -> list[list[Point]]:
    edge = _Edge(width, height)
    whole = joined(coasts)
    islands = [line for line in whole if line[0] == line[-1] and all(map(edge.holds, line))]
    crossing = [part for line in whole if line not in islands for part in _inside(line, edge)]
    outlines = _closed([edge.reach(part) for part in crossing], edge)
    if islands and not outlines and min(map(_area, islands)) < 0:
        outlines.append([(0, 0), (width, 0), (width, height), (0, height)])
    return outlines + islands


def _closed(parts: list[list[Point]], edge: _Edge) -> list[list[Point]]:
    """Close parts that begin and end at the edge, along it."""
    outlines = []
    while parts:
        outline = parts.pop()
        while True:
            here = edge.way_to(outline[-1])
            # The outline's own beginning is one of the places where it may go on.
            ahead = [(edge.ahead(here, edge.way_to(part[0])), number) for number, part in enumerate(parts)]
            home = edge.ahead(here, edge.way_to(outline[0]))
            distance, number = min(ahead, default=(math.inf, -1))
            if home <= distance:
                outlines.append(outline + edge.corners(here, home))
                break
            outline += edge.corners(here, distance) + parts.pop(number)
    return outlines


class _Edge:
    """The edge of a box at the origin, measured clockwise from the upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._around = 2 * (width + height)

    def holds(self, point: Point) -> bool:
        return 0 <= point[0] <= self._width and 0 <= point[1] <= self._height

    def way_to(self, point: Point) -> float:
        """Say how far along the edge the place nearest to a point is."""
        x, y = min(max(point[0], 0.0), self._width), min(max(point[1], 0.0), self._height)
        width, height = self._width, self._height
        return min(
            (y, x),
            (width - x, width + y),
            (height - y, width + height + width - x),
            (x, self._around - y),
        )[1]

    def at(self, way: float) -> Point:
        width, height = self._width, self._height
        way %= self._around
        if way < width:
            return way, 0.0
        if way < width + height:
            return width, way - width
        if way < 2 * width + height:
            return 2 * width + height - way, height
        return 0.0, self._around - way

    def ahead(self, begin: float, end: float) -> float:
        return (end - begin) % self._around

    def corners(self, begin: float, distance: float) -> list[Point]:
        """List the corners that are passed on the way."""
        places = (0.0, self._width, self._width + self._height, 2 * self._width + self._height)
        passed = sorted(ahead for place in places if 0 < (ahead := self.ahead(begin, place)) < distance)
        return [self.at(begin + ahead) for ahead in passed]

    def reach(self, part: list[Point]) -> list[Point]:
        """Lengthen a part to the edge at both ends."""
        return [self.at(self.way_to(part[0])), *part, self.at(self.way_to(part[-1]))]

    def clip(self, begin: Point, end: Point) -> tuple[Point, Point] | None:
        """Cut a stretch to the box, after Liang and Barsky."""
        (x, y), across, down = begin, end[0] - begin[0], end[1] - begin[1]
        enters, leaves = 0.0, 1.0
        for towards, room in ((-across, x), (across, self._width - x), (-down, y), (down, self._height - y)):
            if towards == 0:
                if room < 0:
                    return None
            elif towards < 0:
                enters = max(enters, room / towards)
            else:
                leaves = min(leaves, room / towards)
        if enters >= leaves:
            return None
        first = begin if enters == 0 else (x + enters * across, y + enters * down)
        last = end if leaves == 1 else (x + leaves * across, y + leaves * down)
        return first, last


def _inside(line: Sequence[Point], edge: _Edge) -> list[list[Point]]:
    """Cut a line to the parts that are in the box."""
    parts: list[list[Point]] = []
    for stretch in pairwise(line):
        if cut := edge.clip(*stretch):
            if parts and parts[-1][-1] == cut[0]:
                parts[-1].append(cut[1])
            else:
                parts.append(list(cut))
    if len(parts) > 1 and line[0] == line[-1] and parts[0][0] == parts[-1][-1]:
        parts[0] = parts.pop() + parts[0][1:]
    return parts


def _area(ring: Line) -> float:
    """Measure a ring: below 0 where the land is inside."""
    return sum(x * below - right * y for (x, y), (right, below) in pairwise(ring)) / 2

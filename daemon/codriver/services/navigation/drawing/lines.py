"""Lines in the picture: put together where one goes on where another ends, and written as SVG paths."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from codriver.services.navigation.drawing.view import Point

type Line = Sequence[Point]


def joined(lines: Iterable[Line]) -> list[list[Point]]:
    """Put lines together that begin where another ends. None is turned round."""
    begins: dict[Point, list[Point]] = {}
    ends: dict[Point, list[Point]] = {}
    rings: list[list[Point]] = []
    for line in lines:
        if len(line) < 2:
            continue
        whole = list(line)
        if before := ends.pop(whole[0], None):
            del begins[before[0]]
            whole = before + whole[1:]
        if whole[0] != whole[-1] and (after := begins.pop(whole[-1], None)):
            del ends[after[-1]]
            whole += after[1:]
        if whole[0] == whole[-1] or whole[0] in begins or whole[-1] in ends:
            rings.append(whole)
        else:
            begins[whole[0]] = ends[whole[-1]] = whole
    return [*begins.values(), *rings]


def length(line: Line) -> float:
    """Measure a line, in pixels."""
    return sum(math.dist(*ends) for ends in pairwise(line))


def along(line: Line, distance: float) -> Point:
    """Find the point so many pixels along a line, or its end."""
    for begin, end in pairwise(line):
        step = math.dist(begin, end)
        if distance <= step and step > 0:
            share = distance / step
            return begin[0] + (end[0] - begin[0]) * share, begin[1] + (end[1] - begin[1]) * share
        distance -= step
    return line[-1]


def path(lines: Iterable[Line], *, closed: bool = False) -> str:
    """Write lines as the ``d`` of one SVG path, in steps of 0.1 pixels from point to point: that is short."""
    written = []
    for line in lines:
        if len(line) > 1:
            tenths = [(round(10 * x), round(10 * y)) for x, y in line]
            steps = (f"{(x - x0) / 10:g} {(y - y0) / 10:g}" for (x0, y0), (x, y) in pairwise(tenths))
            begin = f"{tenths[0][0] / 10:g} {tenths[0][1] / 10:g}"
            written.append(f"M{begin}l{' '.join(steps)}{'z' if closed else ''}")
    return "".join(written)

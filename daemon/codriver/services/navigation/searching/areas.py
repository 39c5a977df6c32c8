"""Where to look: around a position, or along a route. Both are looked through piece by piece, the first thing first."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codriver.services.navigation.indexing.cells import Range, ranges_around
from codriver.services.navigation.places import Position

_FIRST_RING = 1_000.0
_GROWTH = 3.0
_METRES_PER_DEGREE = 111_195.0

type Measure = Callable[[Position], float | None]
"""Says how far it is to a position, in metres and in the order of the area; None outside of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an area: where in the index it is, and how far it is to what lies in it."""

    ranges: Sequence[Range]
    measure: Measure


class Area(Protocol):
    """Somewhere to look."""

    @property
    def pieces(self) -> Sequence[Piece]:
        """The pieces in order; nothing in a later one comes before anything of an earlier one. They may overlap."""

    def measure(self, position: Position) -> float | None:
        """Say how far it is to a position in the whole of it, None outside."""


class Around:
    """A circle, in rings that grow: each piece holds those before. ``radius`` is in metres."""

    def __init__(self, centre: Position, radius: float) -> None:
        self.measure = _within(centre, radius)
        self._centre = centre
        self._radius = max(0.0, radius)

    @cached_property
    def pieces(self) -> Sequence[Piece]:
        """Ever larger circles."""
        radii = [min(_FIRST_RING, self._radius)]
        while radii[-1] < self._radius:
            radii.append(min(radii[-1] * _GROWTH, self._radius))
        return [Piece(ranges_around(self._centre, radius), _within(self._centre, radius)) for radius in radii]


def _within(centre: Position, radius: float) -> Measure:
    def measure(position: Position) -> float | None:
        distance = centre.distance_to(position)
        return distance if distance <= radius else None

    return measure


class Along:
    """A strip beside a route: what is at most ``width`` metres away from it, in the order in which it is reached."""

    def __init__(self, route: Sequence[Position], width: float) -> None:
        self._width = width
        self._points = np.array([(p.latitude, p.longitude) for p in route], dtype=np.float64)
        self._scale = np.array([1.0, math.cos(math.radians(float(self._points[:, 0].mean())))]) * _METRES_PER_DEGREE
        flat = self._points * self._scale
        self._starts, self._legs = flat[:-1], np.diff(flat, axis=0)
        self._lengths = np.hypot(self._legs[:, 0], self._legs[:, 1])
        self._before = np.concatenate([[0.0], np.cumsum(self._lengths)])

    @cached_property
    def pieces(self) -> Sequence[Piece]:
        """A circle around every stretch of the route that is as long as the strip is wide."""
        step = 2.0 * self._width
        steps = range(int(self._before[-1] // step) + 1)
        reach = 1.5 * self._width + step / 2
        return [Piece(ranges_around(self._at(n * step), reach), self._until((n + 1) * step)) for n in steps]

    def measure(self, position: Position) -> float | None:
        """Say after how many metres of the route a position is reached, None if it is not on the way."""
        away, reached = self._nearest(position)
        return reached if away <= self._width else None

    def _until(self, last: float) -> Measure:
        def measure(position: Position) -> float | None:
            reached = self.measure(position)
            return reached if reached is not None and reached <= last else None

        return measure

    def _nearest(self, position: Position) -> tuple[float, float]:
        """Metres from the route, and along it up to the point that is nearest."""
        point = np.array([position.latitude, position.longitude]) * self._scale
        if not len(self._legs):
            return float(np.hypot(*(point - self._points[0] * self._scale))), 0.0
        offset = point - self._starts
        squares = np.maximum(self._lengths**2, 1e-9)
        share: NDArray[np.float64] = np.clip((offset * self._legs).sum(axis=1) / squares, 0.0, 1.0)
        gap = offset - self._legs * share[:, None]
        away = np.hypot(gap[:, 0], gap[:, 1])
        best = int(away.argmin())
        return float(away[best]), float(self._before[best] + share[best] * self._lengths[best])

    def _at(self, reached: float) -> Position:
        if not len(self._legs):
            return Position(*self._points[0])
        leg = min(int(np.searchsorted(self._before, reached, side="right")) - 1, len(self._legs) - 1)
        share = (reached - self._before[leg]) / max(self._lengths[leg], 1e-9)
        return Position(*(self._points[leg] + share * (self._points[leg + 1] - self._points[leg])))

"""A route's shape as a measured line: what is how far along it, and where on it a position is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from codriver.services.navigation.places import Position

_METRES_PER_DEGREE = 111_195.0  # of latitude, on the sphere of places.Position
_AGAINST = 60.0  # degrees; a stretch that runs more differently than this from the car's heading is hardly the one
_AGAINST_COST = 40.0  # metres that such a stretch counts as farther away than it is
_CONTINUITY = (
    0.03  # metres that a stretch counts as farther away, for each metre that it is from where the car should be
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the line: metres from its beginning, metres that the position is off it, degrees it runs there."""

    along: float
    off: float
    bearing: float


class Line:
    """A shape of one point or more, measured once. ``length`` in metres."""

    def __init__(self, shape: Sequence[Position]) -> None:
        points = np.array([(one.latitude, one.longitude) for one in shape], dtype=np.float64)
        self._points = points if len(points) > 1 else np.repeat(points, 2, axis=0)
        steps = np.diff(self._points, axis=0) * _METRES_PER_DEGREE
        steps[:, 1] *= np.cos(np.radians(self._points[:-1, 0]))
        self._lengths = np.hypot(steps[:, 0], steps[:, 1])
        self._bearings = np.degrees(np.arctan2(steps[:, 1], steps[:, 0])) % 360
        self._along = np.concatenate(([0.0], np.cumsum(self._lengths)))
        self.length = float(self._along[-1])

    def at(self, index: int) -> float:
        """Metres from the beginning to a point of the shape."""
        return float(self._along[index])

    def index(self, along: float) -> int:
        """Return the last point of the shape that lies at or before ``along`` metres."""
        return max(0, int(np.searchsorted(self._along, along, side="right")) - 1)

    def nearest(self, position: Position, heading: float | None, low: float, expected: float, high: float) -> Spot:
        """Find where between ``low`` and ``high`` (metres along) a position is.

        Where the line comes by twice, the heading of the car (degrees) decides, and what is closer to ``expected``.
        """
        first = min(self.index(low), len(self._lengths) - 1)
        last = min(len(self._lengths), max(first + 1, int(np.searchsorted(self._along, high))))
        begin = _local(self._points[first:last], position)
        step = _local(self._points[first + 1 : last + 1], position) - begin
        squares = np.maximum((step**2).sum(axis=1), 1e-9)
        share = np.clip(-(begin * step).sum(axis=1) / squares, 0.0, 1.0)
        off = np.hypot(*(begin + step * share[:, None]).T)
        along = self._along[first:last] + share * self._lengths[first:last]
        cost = off + _CONTINUITY * np.abs(along - expected)
        if heading is not None:
            cost += np.where(np.abs(_turn(self._bearings[first:last], heading)) > _AGAINST, _AGAINST_COST, 0.0)
        best = int(np.argmin(cost))
        return Spot(float(along[best]), float(off[best]), float(self._bearings[first + best]))


def _local(points: np.ndarray, position: Position) -> np.ndarray:
    """Metres north and east of a position; good for the some kilometres in which it matters."""
    offsets: np.ndarray = (points - (position.latitude, position.longitude)) * _METRES_PER_DEGREE
    offsets[:, 1] *= math.cos(math.radians(position.latitude))
    return offsets


def _turn(bearings: np.ndarray, heading: float) -> np.ndarray:
    """Degrees from a heading to bearings, -180 to 180."""
    turned: np.ndarray = (bearings - heading + 180) % 360 - 180
    return turned

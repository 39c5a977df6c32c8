"""Driving a shape of road: how fast the car is where, and where it is when. Pure: only ``advance`` lets time pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from codriver.errors import InvalidRequest
from codriver.services.navigation.places import Position

_ACCELERATION = 2.0  # m/s², brisk town driving
_BRAKING = 2.5  # m/s²
_CORNER_SPEED = 4.0  # m/s around a right angle
_SLOWEST = 2.0  # m/s around any corner
_STRAIGHT = 12.0  # degrees that a bend of the shape does not slow the car
_STEP = 5.0  # metres between two points of the plan
_MOST_METRES = 2_000_000.0  # longer shapes are not driven


@dataclass(frozen=True, slots=True)
class Moment:
    """The car somewhere on its way. ``heading`` in degrees, ``speed`` in m/s."""

    position: Position
    heading: float
    speed: float


class Drive:
    """A car on its way along a shape, from standstill to standstill. ``cruising`` is its highest speed, in m/s."""

    def __init__(self, shape: Sequence[Position], cruising: float) -> None:
        points = [point for number, point in enumerate(shape) if number == 0 or point != shape[number - 1]]
        if len(points) < 2:
            raise InvalidRequest("A drive needs a shape of at least two different points.")
        if not 0 < cruising <= 70:
            raise InvalidRequest("A drive has a speed above 0 and at most 250 km/h.")
        if sum(a.distance_to(b) for a, b in pairwise(points)) > _MOST_METRES:
            raise InvalidRequest(f"A drive is at most {_MOST_METRES / 1000:.0f} km long.")
        self._points = _dense(points)
        self._lengths = [a.distance_to(b) for a, b in pairwise(self._points)]
        self._bearings = [_bearing(a, b) for a, b in pairwise(self._points)]
        self._limits = _limits(self._lengths, self._bearings, cruising)
        self._leg, self._into = 0, 0.0  # the stretch that the car is on, and metres into it
        self._speed = 0.0

    @property
    def done(self) -> bool:
        """Whether the end is reached."""
        return self._leg >= len(self._lengths)

    @property
    def now(self) -> Moment:
        """Where the car is."""
        if self.done:
            return Moment(self._points[-1], self._bearings[-1], 0.0)
        begin, end = self._points[self._leg], self._points[self._leg + 1]
        share = self._into / self._lengths[self._leg]
        position = Position(
            begin.latitude + (end.latitude - begin.latitude) * share,
            begin.longitude + (end.longitude - begin.longitude) * share,
        )
        return Moment(position, self._bearings[self._leg], self._speed)

    def advance(self, seconds: float) -> None:
        """Drive on for some seconds."""
        while seconds > 0 and not self.done:
            # Over one short stretch the speed changes evenly from what it was to what its end allows.
            left = self._lengths[self._leg] - self._into
            end = self._limits[self._leg + 1]
            reachable = math.sqrt(self._speed**2 + 2 * _ACCELERATION * left)
            mean = max(0.3, (self._speed + min(end, reachable)) / 2)
            needed = left / mean
            if needed > seconds:
                self._into += mean * seconds
                self._speed += (min(end, reachable) - self._speed) * seconds / needed
                return
            seconds -= needed
            self._speed = min(end, reachable)
            self._leg, self._into = self._leg + 1, 0.0


def _dense(points: Sequence[Position]) -> list[Position]:
    """Put points between those that are far apart, so that speed can change on straight roads too."""
    dense = [points[0]]
    for begin, end in pairwise(points):
        parts = max(1, round(begin.distance_to(end) / _STEP))
        dense += [
            Position(
                begin.latitude + (end.latitude - begin.latitude) * part / parts,
                begin.longitude + (end.longitude - begin.longitude) * part / parts,
            )
            for part in range(1, parts + 1)
        ]
    return dense


def _limits(lengths: Sequence[float], bearings: Sequence[float], cruising: float) -> list[float]:
    """Reckon the highest speed (m/s) at each point, from which it can still brake for what comes after it."""
    turns = [abs((after - before + 180) % 360 - 180) for before, after in pairwise(bearings)]
    limits = [0.0, *(min(cruising, _around(turn)) for turn in turns), 0.0]
    for number in reversed(range(len(lengths))):
        limits[number] = min(limits[number], math.sqrt(limits[number + 1] ** 2 + 2 * _BRAKING * lengths[number]))
    return limits


def _around(turn: float) -> float:
    """Return the speed (m/s) around a corner of so many degrees."""
    return math.inf if turn <= _STRAIGHT else max(_SLOWEST, _CORNER_SPEED * 90 / turn)


def _bearing(begin: Position, end: Position) -> float:
    north = end.latitude - begin.latitude
    east = (end.longitude - begin.longitude) * math.cos(math.radians(begin.latitude))
    return math.degrees(math.atan2(east, north)) % 360

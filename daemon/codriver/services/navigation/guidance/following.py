"""Where on the route the car is, whether it still is, and which positions cannot be true."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from codriver.services.navigation.guidance.line import Line, Spot
from codriver.services.navigation.places import Position

_TOLERANCE = 30.0  # metres off the line that satellites, wide roads and coarse maps explain
_LEAVING_METRES = 25.0  # to be driven off the line before it counts as left
_LEAVING_FIXES = 3  # positions off the line before it counts as left
_BACK, _AHEAD = 40.0, 250.0  # metres around the last spot in which the next is looked for first
_JUMP, _FASTEST = 200.0, 70.0  # metres, and metres a second: what lies farther from the last position is no motion
_JUMPS = 3  # positions in a row that agree with each other and not with the last: then those are right
_MOVING = 1.5  # m/s below which a heading says nothing
_APPROACH = 60.0  # metres that a car may come away from the road's line before it has reached it at all


@dataclass(frozen=True, slots=True)
class Fix:
    """A position of the car. ``at`` in seconds of any steady clock, ``speed`` in m/s, ``heading`` in degrees."""

    position: Position
    at: float
    speed: float = 0.0
    heading: float | None = None


class Standing(Enum):
    """How a position relates to the route."""

    ON = auto()
    DOUBTFUL = auto()  # beside the line, or not believable, or not at the line yet: nothing is said
    LEFT = auto()


class Follower:
    """Follows a car along a line. ``along`` is how far it has come, in metres."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.along = 0.0
        self._reached = False
        self._nearest = float("inf")
        self._last: Fix | None = None
        self._strange: list[Fix] = []
        self._off: list[Fix] = []

    def follow(self, fix: Fix) -> Standing:
        """Take a position in."""
        if not self._believable(fix):
            return Standing.DOUBTFUL
        last, self._last = self._last, fix
        spot = self._spot(fix, last)
        if self._is_on(spot, fix):
            self._reached, self._off = True, []
            self.along = spot.along
            return Standing.ON
        if not self._reached and spot.off <= self._nearest + _APPROACH:
            self._nearest = min(self._nearest, spot.off)
            return Standing.DOUBTFUL
        if last is not None and (fix.speed > _MOVING or fix.position != last.position):
            self._off.append(fix)
        driven = self._off[0].position.distance_to(fix.position) if self._off else 0.0
        left = len(self._off) >= _LEAVING_FIXES and driven >= _LEAVING_METRES
        return Standing.LEFT if left else Standing.DOUBTFUL

    def _believable(self, fix: Fix) -> bool:
        """Tell whether the car can have come there. Where it is said again and again, it is where the car is."""
        if self._last is None or _can_follow(self._last, fix):
            self._strange = []
            return True
        if self._strange and not _can_follow(self._strange[-1], fix):
            self._strange = []
        self._strange.append(fix)
        if len(self._strange) < _JUMPS:
            return False
        self._strange = []
        return True

    def _spot(self, fix: Fix, last: Fix | None) -> Spot:
        heading = fix.heading if fix.speed > _MOVING else None
        moved = last.position.distance_to(fix.position) if last is not None else 0.0
        near = self._line.nearest(fix.position, heading, self.along - _BACK, self.along + _AHEAD + 2 * moved)
        if near.off <= _TOLERANCE or self._line.length <= _AHEAD:
            return near
        ahead = self._line.nearest(fix.position, heading, self.along - _BACK, self._line.length)
        return ahead if ahead.off <= _TOLERANCE else near

    def _is_on(self, spot: Spot, fix: Fix) -> bool:
        against = (
            fix.heading is not None
            and fix.speed > _MOVING
            and abs((spot.bearing - fix.heading + 180) % 360 - 180) > 120
        )
        return spot.off <= _TOLERANCE and not against


def _can_follow(last: Fix, fix: Fix) -> bool:
    return last.position.distance_to(fix.position) <= _JUMP + _FASTEST * max(0.0, fix.at - last.at)

"""Where on the route the car is, whether it still is, and which positions cannot be true."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from codriver.services.navigation.guidance.line import Line, Spot
from codriver.services.navigation.places import Position

TOLERANCE = 30.0
"""Metres off the line that satellites, wide roads and coarse maps explain."""

_LEAVING_METRES = 25.0  # to be driven off the line before it counts as left
_LEAVING_FIXES = 3  # positions off the line before it counts as left
_BACK, _AHEAD = 40.0, 250.0  # metres around the last spot in which the next is looked for first
_JUMP, _FASTEST = 200.0, 70.0  # metres, and metres a second: what lies farther from the last position is no motion
_JUMPS = 3  # positions in a row that agree with each other and not with the last: then those are right
_MOVING = 1.5  # m/s below which a heading says nothing
_AGAINST = 120.0  # degrees from the line's bearing at which a car drives the other way
_APPROACH = 60.0  # metres that a car may go farther away from the line again before it has reached it at all
_LONGEST_COAST = 3_000.0  # metres that a car is believed to go on without a position, as in a tunnel


@dataclass(frozen=True, slots=True)
class Fix:
    """A position of the car. ``at`` in seconds of any steady clock, ``speed`` in m/s, ``heading`` in degrees."""

    position: Position
    at: float
    speed: float = 0.0
    heading: float | None = None

    @property
    def moving(self) -> bool:
        """Whether the car is fast enough for its heading to be that of its way."""
        return self.speed > _MOVING


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
        self._nearest = float("inf")  # metres that the line was away, as long as it is not reached
        self._last: Fix | None = None
        self._strange: list[Fix] = []
        self._off: list[Fix] = []
        self._coasted = 0.0

    def follow(self, fix: Fix, limit: float) -> Standing:
        """Take a position in. The car is looked for up to ``limit`` metres along, where it must not pass unnoticed."""
        if not self._believable(fix):
            return Standing.DOUBTFUL
        last, self._last, self._coasted = self._last, fix, 0.0
        moved = last.position.distance_to(fix.position) if last is not None else 0.0
        spot = self._spot(fix, moved, limit)
        if spot.off <= TOLERANCE and not _is_against(spot, fix):
            self._reached, self._off = True, []
            self.along = spot.along
            return Standing.ON
        if not self._reached and spot.off <= self._nearest + _APPROACH:
            self._nearest = min(self._nearest, spot.off)
            return Standing.DOUBTFUL
        if moved > 0:
            self._off.append(fix)
        driven = self._off[0].position.distance_to(fix.position) if self._off else 0.0
        left = len(self._off) >= _LEAVING_FIXES and driven >= _LEAVING_METRES
        return Standing.LEFT if left else Standing.DOUBTFUL

    def coast(self, at: float, speed: float) -> bool:
        """Let the car go on without a position, at ``speed`` m/s until the time ``at``. Returns whether it does."""
        if self._last is None or not self._reached or self._off or not self._last.moving:
            return False
        metres = speed * (at - self._last.at)
        if metres <= 0 or self._coasted + metres > _LONGEST_COAST:
            return False
        self._coasted += metres
        self.along = min(self._line.length, self.along + metres)
        self._last = replace(self._last, at=at)
        return True

    def _believable(self, fix: Fix) -> bool:
        """Tell whether the car can have come there. Where it is said again and again, it is where the car is."""
        if self._last is None or _can_follow(self._last, fix, self._coasted):
            self._strange = []
            return True
        if self._strange and not _can_follow(self._strange[-1], fix):
            self._strange = []
        self._strange.append(fix)
        if len(self._strange) < _JUMPS:
            return False
        self._strange = []
        return True

    def _spot(self, fix: Fix, moved: float, limit: float) -> Spot:
        heading = fix.heading if fix.moving else None
        low, expected = self.along - _BACK, self.along + moved
        near = self._line.nearest(fix.position, heading, low, expected, min(limit, expected + moved + _AHEAD))
        if near.off <= TOLERANCE:
            return near
        # It may have taken a short cut. How far ahead the line is met again says nothing then.
        ahead = self._line.nearest(fix.position, heading, low, expected, limit)
        return ahead if ahead.off <= TOLERANCE else near


def _is_against(spot: Spot, fix: Fix) -> bool:
    turned = (spot.bearing - (fix.heading or 0.0) + 180) % 360 - 180
    return fix.heading is not None and fix.moving and abs(turned) > _AGAINST


def _can_follow(last: Fix, fix: Fix, coasted: float = 0.0) -> bool:
    return last.position.distance_to(fix.position) <= _JUMP + coasted + _FASTEST * max(0.0, fix.at - last.at)

"""The guide of one route: positions in, what is to be told out. Pure; time comes with the positions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from codriver.services.navigation.guidance.following import Fix, Follower, Standing
from codriver.services.navigation.guidance.line import Line
from codriver.services.navigation.guidance.moments import Stage, is_long, stage_at
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.routes import Maneuver, Route

_ARRIVED = 25.0  # metres from the end of the way to a stop that is at it
_STOPPED_AT = 60.0  # metres from it that are at it too, for a car that stands
_STANDING = 0.5  # m/s
_NEARER = 0.7  # of the distance when it was told before, to be told again


@dataclass(frozen=True, slots=True)
class Tell:
    """A maneuver is to be told. ``distance`` is to it, in metres; for AFTER it is the length of the way after it."""

    maneuver: int
    stage: Stage
    distance: float


@dataclass(frozen=True, slots=True)
class Passed:
    """A stop on the way was reached; ``left`` are still to come, the destination with them."""

    left: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """The destination was reached."""


@dataclass(frozen=True, slots=True)
class Left:
    """The car is not on the route any more."""


type News = Tell | Passed | Arrived | Left


class Guide:
    """Follows one car along one route. After Arrived or Left it has nothing more to say."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self._line = Line(route.shape)
        self._follower = Follower(self._line)
        self._places = [self._line.at(maneuver.begin) for maneuver in route.maneuvers]
        self._next = 0
        self._told, self._told_at = Stage.AFTER, math.inf  # of the next maneuver: the last stage, and how far it was
        self._done = False

    @property
    def distance_remaining(self) -> float:
        """Metres to the destination."""
        return max(0.0, self._line.length - self._follower.along)

    @property
    def time_remaining(self) -> float:
        """Seconds to the destination, as the map reckons."""
        return self.rest_of([maneuver.time for maneuver in self.route.maneuvers])

    @property
    def ahead(self) -> Sequence[Position]:
        """The shape of the route from the car on."""
        return self.route.shape[self._line.index(self._follower.along) :]

    @property
    def upcoming(self) -> int:
        """Number of the maneuver that comes next."""
        return self._next

    @property
    def distance_to_next(self) -> float:
        """Metres to the maneuver that comes next."""
        return max(0.0, self._places[self._next] - self._follower.along)

    def rest_of(self, each: Sequence[float]) -> float:
        """Return what is left of something that the stretch after each maneuver takes a part of, such as energy."""
        ahead = sum(each[self._next :])
        if self._next == 0:
            return ahead
        begin, end = self._places[self._next - 1], self._places[self._next]
        share = (end - self._follower.along) / (end - begin) if end > begin else 0.0
        return ahead + each[self._next - 1] * min(1.0, max(0.0, share))

    def begin(self, fix: Fix) -> tuple[News, ...]:
        """Set off from where the car is. What a car that already drives has to do first is told in its time."""
        start = self.route.maneuvers[0]
        standing = [] if fix.moving or start.kind.arrives else [Tell(0, Stage.NOW, 0.0)]
        if not start.kind.arrives:
            self._go_on(start)
        news = self.observe(fix)
        if not standing and not news and is_long(self.distance_to_next, fix.speed, start.motorway):
            return (Tell(0, Stage.AFTER, self.distance_to_next),)
        return (*standing, *news)

    def observe(self, fix: Fix) -> tuple[News, ...]:
        """Take a position in; return what it is time for, in order."""
        if self._done:
            return ()
        standing = self._follower.follow(fix, self._next_stop())
        if standing is Standing.LEFT:
            self._done = True
            return (Left(),)
        if standing is Standing.DOUBTFUL:
            return ()
        return tuple(self._advance(fix.speed))

    def coast(self, at: float, speed: float) -> tuple[News, ...]:
        """Go on where no positions come, as in a tunnel, at ``speed`` m/s until ``at``. No stop is reached by that."""
        if self._done or not self._follower.coast(at, speed):
            return ()
        upcoming = self.route.maneuvers[self._next]
        if upcoming.kind.arrives and self.distance_to_next <= _STOPPED_AT:
            return ()
        return tuple(self._advance(speed))

    def _advance(self, speed: float) -> list[News]:
        news: list[News] = []
        while not self._done and self._is_behind(speed):
            news += self._pass(speed)
        if self._done:
            return news
        stage = stage_at(self.distance_to_next, speed, self._motorway)
        if stage is not None and self._is_new(stage):
            self._told, self._told_at = stage, self.distance_to_next
            if not (stage is Stage.NOW and self.route.maneuvers[self._next].kind.arrives):
                news.append(Tell(self._next, stage, self.distance_to_next))
        return news

    def _is_new(self, stage: Stage) -> bool:
        """Whether this was not told yet, and there is something new in it."""
        return stage > self._told and (stage is Stage.NOW or self.distance_to_next <= _NEARER * self._told_at)

    def _is_behind(self, speed: float) -> bool:
        maneuver = self.route.maneuvers[self._next]
        if maneuver.kind.departs:
            return True
        if maneuver.kind.arrives:
            return self.distance_to_next <= (_STOPPED_AT if speed < _STANDING else _ARRIVED)
        return self._follower.along > self._places[self._next]

    def _pass(self, speed: float) -> list[News]:
        """Go on to the maneuver after the next one."""
        number = self._next
        maneuver = self.route.maneuvers[number]
        if maneuver.kind.arrives:
            left = sum(later.kind.arrives for later in self.route.maneuvers[number + 1 :])
            self._done = not left
            if left:
                self._go_on(maneuver)
            return [Tell(number, Stage.NOW, 0.0), Passed(left) if left else Arrived()]
        self._go_on(maneuver)
        if maneuver.kind.departs:
            return [Tell(number, Stage.NOW, 0.0)]
        if not maneuver.combined and is_long(self.distance_to_next, speed, maneuver.motorway):
            return [Tell(number, Stage.AFTER, self.distance_to_next)]
        return []

    def _go_on(self, passed: Maneuver) -> None:
        self._next += 1
        # What follows closely was told together with the one before it.
        self._told, self._told_at = (Stage.NEAR if passed.combined else Stage.AFTER), math.inf

    @property
    def _motorway(self) -> bool:
        """Whether the stretch before the next maneuver is a motorway."""
        return self._next > 0 and self.route.maneuvers[self._next - 1].motorway

    def _next_stop(self) -> float:
        """Metres along at which the next stop lies: a car that took a short cut has not been there."""
        ahead = zip(self.route.maneuvers[self._next :], self._places[self._next :], strict=True)
        return next((place for maneuver, place in ahead if maneuver.kind.arrives), self._line.length)

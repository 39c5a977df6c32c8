"""The guide of one route: positions in, what is to be told out. Pure; time comes with the positions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from codriver.services.navigation.guidance.following import Fix, Follower, Standing
from codriver.services.navigation.guidance.line import Line
from codriver.services.navigation.guidance.moments import Stage, is_long, stage_at
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.routes import Route

_ARRIVED = 25.0  # metres from the end of the way to a stop that is at it
_STOPPED_AT = 60.0  # metres from it that are at it too, for a car that stands
_NEARER = 0.7  # of the distance when it was told before, to be told again
_STANDING = 0.5  # m/s


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
        self._told, self._told_at = Stage.AFTER, math.inf  # of the next maneuver, the last stage and how far it was
        self._done = False
        self._speed = 0.0

    @property
    def distance_remaining(self) -> float:
        """Metres to the destination."""
        return max(0.0, self._line.length - self._follower.along)

    @property
    def time_remaining(self) -> float:
        """Seconds to the destination, as the map reckons."""
        ahead = sum(maneuver.time for maneuver in self.route.maneuvers[self._next :])
        if self._next == 0:
            return ahead
        stretch = self.route.maneuvers[self._next - 1]
        begin, end = self._places[self._next - 1], self._places[self._next]
        share = (end - self._follower.along) / (end - begin) if end > begin else 0.0
        return ahead + stretch.time * min(1.0, max(0.0, share))

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

    def observe(self, fix: Fix) -> tuple[News, ...]:
        """Take a position in; return what it is time for, in order."""
        if self._done:
            return ()
        self._speed = fix.speed
        standing = self._follower.follow(fix)
        if standing is Standing.LEFT:
            self._done = True
            return (Left(),)
        if standing is Standing.DOUBTFUL:
            return ()
        return tuple(self._advance(fix))

    def _advance(self, fix: Fix) -> list[News]:
        news: list[News] = []
        if self._next == 0:
            news += self._pass(told=True)
        while not self._done and self._is_behind(fix):
            news += self._pass(told=self._told is Stage.NOW)
        if self._done:
            return news
        maneuver = self.route.maneuvers[self._next]
        stage = stage_at(self.distance_to_next, fix.speed, self._motorway)
        if stage is not None and self._is_new(stage) and not maneuver.kind.departs:
            self._told, self._told_at = stage, self.distance_to_next
            if not (stage is Stage.NOW and maneuver.kind.arrives):
                news.append(Tell(self._next, stage, self.distance_to_next))
        return news

    def _is_new(self, stage: Stage) -> bool:
        """Whether this was not told yet, and there is something new in it."""
        return stage > self._told and (stage is Stage.NOW or self.distance_to_next <= _NEARER * self._told_at)

    @property
    def _motorway(self) -> bool:
        """Whether the stretch before the next maneuver is a motorway."""
        return self._next > 0 and self.route.maneuvers[self._next - 1].motorway

    def _is_behind(self, fix: Fix) -> bool:
        maneuver = self.route.maneuvers[self._next]
        if maneuver.kind.arrives:
            return self.distance_to_next <= (_STOPPED_AT if fix.speed < _STANDING else _ARRIVED)
        return self._follower.along > self._places[self._next]

    def _pass(self, *, told: bool) -> list[News]:
        """Go on to the maneuver after the next one."""
        number = self._next
        maneuver = self.route.maneuvers[number]
        news: list[News] = []
        if maneuver.kind.departs or maneuver.kind.arrives:
            news.append(Tell(number, Stage.NOW, 0.0))
        if maneuver.kind.arrives:
            left = sum(later.kind.arrives for later in self.route.maneuvers[number + 1 :])
            if not left:
                self._done = True
                return [*news, Arrived()]
            news.append(Passed(left))
        self._next += 1
        # What follows closely was told together with this one.
        self._told, self._told_at = (Stage.NEAR if maneuver.combined else Stage.AFTER), math.inf
        ahead = self.distance_to_next
        if not maneuver.kind.arrives and not maneuver.combined and is_long(ahead, self._speed, maneuver.motorway):
            news.append(Tell(number, Stage.AFTER, ahead))
        return news

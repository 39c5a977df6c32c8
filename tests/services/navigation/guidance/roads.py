"""Made roads for tests of guidance: routes of straight stretches, and cars on them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from codriver.services.navigation.guidance.following import Fix
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.routes import Maneuver, ManeuverKind, Route, Saying

HOME = Position(60.0, 25.0)
_METRES = 111_195.0


def moved(position: Position, north: float, east: float) -> Position:
    """A position some metres away."""
    return Position(
        position.latitude + north / _METRES,
        position.longitude + east / _METRES / math.cos(math.radians(position.latitude)),
    )


def route(*stretches: tuple[ManeuverKind, float, float], motorway: bool = False, combined: Sequence[int] = ()) -> Route:
    """A route from HOME: each maneuver leads so many metres north and east; arrivals lead nowhere."""
    shape, maneuvers = [HOME], []
    for number, (kind, north, east) in enumerate(stretches):
        length = math.hypot(north, east)
        begin = len(shape) - 1
        if length:
            shape.append(moved(shape[-1], north, east))
        name = kind.word.replace("_", " ").capitalize()
        maneuvers.append(
            Maneuver(
                kind=kind,
                begin=begin,
                end=len(shape) - 1,
                distance=length,
                time=length / 10,
                streets=(f"Street {number}",) if length else (),
                sayings={"en": Saying(f"{name} soon.", f"{name} now.", f"Continue after {name}.")},
                motorway=motorway,
                combined=number in combined,
            )
        )
    total = sum(maneuver.distance for maneuver in maneuvers)
    return Route(tuple(shape), tuple(maneuvers), total, total / 10)


def drive(shape: Sequence[Position], speed: float, *, at: float = 0.0, side: float = 0.0) -> Iterator[Fix]:
    """A car along a shape at ``speed`` m/s with a position each second, ``side`` metres east of it."""
    into = 0.0
    for begin, end in pairwise(shape):
        length = begin.distance_to(end)
        north = (end.latitude - begin.latitude) * _METRES
        east = (end.longitude - begin.longitude) * _METRES * math.cos(math.radians(begin.latitude))
        while into <= length:
            share = into / length
            place = moved(begin, north * share, east * share + side)
            yield Fix(place, at, speed, math.degrees(math.atan2(east, north)) % 360)
            into, at = into + speed, at + 1
        into -= length

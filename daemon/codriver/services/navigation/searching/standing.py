"""Where a position is: the street that runs by, and the number of the house."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from codriver.services.navigation.places import Place, Position
from codriver.services.navigation.searching.index import Address, Index
from codriver.services.navigation.searching.written import address_of, place_of

_REACHES = (60.0, 250.0, 1_000.0)
"""Metres in which a street is looked for, one after the other."""
_HOUSE = 80.0
"""Metres at which a house is still the one here."""
_METRES_PER_DEGREE = 111_195.0

type Point = tuple[float, float]


def standing(indexes: Iterable[Index], position: Position) -> Place | None:
    """Find the address or the street at a position; None where there is no street within a kilometre."""
    found = [(distance, index, street) for index in indexes for distance, street in _street(index, position)]
    if not found:
        return None
    _, index, number = min(found, key=lambda one: one[0])
    [street] = index.entries([number])
    houses = index.addresses(number, 0, 1_000_000)
    nearest = min(houses, key=lambda house: _off(house, position), default=None)
    if nearest and _off(nearest, position) <= _HOUSE:
        return address_of(street, nearest, position)
    return place_of(index, street, position, None)


def _off(house: Address, position: Position) -> float:
    return position.distance_to(house.position)


def _street(index: Index, position: Position) -> list[tuple[float, int]]:
    """Find the nearest street of an index: its distance in metres and its number."""
    for reach in _REACHES:
        high = reach / _METRES_PER_DEGREE
        wide = high / max(0.01, math.cos(math.radians(position.latitude)))
        south, west = position.latitude - high, position.longitude - wide
        parts = index.courses(south, position.latitude + high, west, position.longitude + wide)
        near = min(((_distance(points, position), street) for street, points in parts), default=None)
        if near and near[0] <= reach:
            return [near]
    return []


def _distance(points: Sequence[Point], position: Position) -> float:
    """Metres from a position to a course."""
    narrow = math.cos(math.radians(position.latitude))
    flat = [
        ((a - position.latitude) * _METRES_PER_DEGREE, (b - position.longitude) * _METRES_PER_DEGREE * narrow)
        for a, b in points
    ]
    if len(flat) == 1:
        return math.hypot(*flat[0])
    return min(_to_leg(start, end) for start, end in pairwise(flat))


def _to_leg(start: Point, end: Point) -> float:
    """Metres from the origin to a straight line between two points."""
    north, east = end[0] - start[0], end[1] - start[1]
    square = north * north + east * east
    share = min(1.0, max(0.0, -(start[0] * north + start[1] * east) / square)) if square else 0.0
    return math.hypot(start[0] + share * north, start[1] + share * east)

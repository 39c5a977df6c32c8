"""Where things are: what a search finds, what a route leads to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

_EARTH_RADIUS = 6_371_008.8  # metres; the mean radius of WGS 84


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the earth, in degrees of WGS 84."""

    latitude: float
    longitude: float

    def distance_to(self, other: Position) -> float:
        """Metres along the great circle."""
        here, there = math.radians(self.latitude), math.radians(other.latitude)
        half_north = (there - here) / 2
        half_east = math.radians(other.longitude - self.longitude) / 2
        square = math.sin(half_north) ** 2 + math.cos(here) * math.cos(there) * math.sin(half_east) ** 2
        return 2 * _EARTH_RADIUS * math.asin(min(1.0, math.sqrt(square)))


class Kind(StrEnum):
    """What sort of thing a place is."""

    PLACE = "place"
    STREET = "street"
    ADDRESS = "address"
    LOCALITY = "locality"


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be driven to.

    ``id`` is its OpenStreetMap type and number ("n123", "w45", "r6"). ``name`` is "" where it has none; ``names`` are
    those in other languages. ``category`` is one of the categories of codriver, "" where there is none.
    ``address`` is written as in its country. ``distance`` is in metres in a straight line from where was searched, or
    along the road where ``by_road``. ``open`` is None where nobody knows. ``power`` is in kW, 0 where unknown.
    ``interpolated`` says that the house number is not in the map and its place is reckoned from its neighbours.
    ``likeness`` is how like what was said the name is, 0 to 1: below 0.9 another place may have been meant.
    """

    id: str
    kind: Kind
    name: str
    position: Position
    category: str = ""
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    address: str = ""
    distance: float = 0.0
    by_road: bool = False
    open: bool | None = None
    plugs: tuple[str, ...] = ()
    power: float = 0.0
    interpolated: bool = False
    likeness: float = 1.0

    @property
    def called(self) -> str:
        """What it can be called: its name, else its address, else what it is; "" where nothing is known."""
        return self.name or self.address or self.category.replace("_", " ")

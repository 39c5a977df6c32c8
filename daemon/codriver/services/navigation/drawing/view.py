"""From the earth to the picture: Mercator's projection, north at the top, in pixels from the upper left corner."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codriver.services.navigation.maps.folder import Bounds
from codriver.services.navigation.places import Position

type Point = tuple[float, float]
"""Pixels to the right and down."""

_EARTH_RADIUS = 6_378_137.0  # metres; of the sphere that Mercator's projection is reckoned on
_FINEST = 0.25  # metres a pixel at least, so that a route to the next house does not fill the picture with it
_POLE = 85.0  # degrees; the projection does not reach the poles
_CLOSE = 0.7  # pixels; points closer together than that cannot be told apart


@dataclass(frozen=True, slots=True)
class View:
    """A part of the earth on ``width`` by ``height`` pixels."""

    width: float
    height: float
    left: float
    top: float
    scale: float

    @classmethod
    def around(cls, positions: Sequence[Position], width: float, height: float, margin: float) -> View:
        """Choose the view in which all positions lie at least ``margin`` pixels from the edges."""
        points = [_projected(position) for position in positions]
        (left, top), (right, bottom) = map(min, zip(*points, strict=True)), map(max, zip(*points, strict=True))
        middle = (top + bottom) / 2
        finest = _EARTH_RADIUS / math.cosh(middle) / _FINEST
        across, down = max(right - left, 1e-12), max(bottom - top, 1e-12)
        scale = min((width - 2 * margin) / across, (height - 2 * margin) / down, finest)
        return cls(width, height, (left + right) / 2 - width / 2 / scale, middle - height / 2 / scale, scale)

    @property
    def metres_a_pixel(self) -> float:
        """Metres on the ground for a pixel, in the middle of the picture."""
        return _EARTH_RADIUS / math.cosh(self.top + self.height / 2 / self.scale) / self.scale

    @property
    def box(self) -> Bounds:
        """The part of the earth that is seen."""
        right, bottom = self.left + self.width / self.scale, self.top + self.height / self.scale
        return Bounds(
            west=max(-180.0, math.degrees(self.left)),
            east=min(180.0, math.degrees(right)),
            north=math.degrees(math.atan(math.sinh(-self.top))),
            south=math.degrees(math.atan(math.sinh(-bottom))),
        )

    def point(self, position: Position) -> Point:
        """Find the place of a position in the picture."""
        across, down = _projected(position)
        return (across - self.left) * self.scale, (down - self.top) * self.scale

    def line(self, positions: Iterable[Position]) -> list[Point]:
        """Find the course of a line in the picture, without the points that cannot be told apart."""
        points: list[Point] = []
        last: Point | None = None
        for last in map(self.point, positions):
            if not points or abs(last[0] - points[-1][0]) + abs(last[1] - points[-1][1]) > _CLOSE:
                points.append(last)
        if last is not None and points[-1] != last:
            points.append(last)  # lines that end in the same place must do so in the picture
        return points


def _projected(position: Position) -> Point:
    latitude = math.radians(max(-_POLE, min(_POLE, position.latitude)))
    return math.radians(position.longitude), -math.asinh(math.tan(latitude))

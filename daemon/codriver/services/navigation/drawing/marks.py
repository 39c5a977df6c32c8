"""What is drawn on the ground: the route, its stops by letter, its maneuvers by number, other places found."""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from codriver.services.navigation.drawing.labels import Room, clean, text_width
from codriver.services.navigation.drawing.lines import path
from codriver.services.navigation.drawing.scene import Scene, letter
from codriver.services.navigation.drawing.svg import add, write
from codriver.services.navigation.drawing.view import Point, View
from codriver.services.navigation.places import Place

_ROUTE, _ROUTE_EDGE = 5.0, 8.0  # pixels, as all of these
_STOP, _SIGN, _FOUND = 13.0, 9.5, 5.0
_STOP_LETTERS, _FOUND_LETTERS = 13.0, 11.0
_DIRECTIONS = tuple(math.radians(degrees) for degrees in (-90, 0, 90, 180, -45, 45, 135, -135))


def draw_route(parent: Element, scene: Scene, view: View) -> None:
    """Draw the way."""
    course = path([view.line(scene.route.shape)])
    add(parent, "path", "route-edge line", d=course, stroke_width=_ROUTE_EDGE)
    add(parent, "path", "route line", d=course, stroke_width=_ROUTE)


def draw_stops(parent: Element, scene: Scene, view: View, room: Room) -> None:
    """Draw the stops with their names, which have a place in any case."""
    points = [view.point(stop.position) for stop in scene.stops]
    for point in points:
        room.take(point, 2 * _STOP, 2 * _STOP, anyway=True)
    last = len(points) - 1
    for number, (stop, (x, y)) in enumerate(zip(scene.stops, points, strict=True)):
        kind = "start" if number == 0 else "goal" if number == last else "via"
        add(parent, "circle", kind, cx=x, cy=y, r=_STOP, stroke_width=2)
        write(parent, letter(number), x, y + 5, 14, "stop-text middle bold")
        _name(parent, stop, (x, y), _STOP, _STOP_LETTERS, room, view, anyway=True)


def draw_signs(parent: Element, scene: Scene, view: View, room: Room) -> None:
    """Draw the numbers of the maneuvers, at their place or beside it; where there is no room, none."""
    for sign, maneuver in zip(scene.signs(), scene.route.maneuvers, strict=True):
        if not sign.isdecimal():
            continue
        point = view.point(scene.route.shape[maneuver.begin])
        place = next((beside for beside in _beside(point) if room.take(beside, 2 * _SIGN, 2 * _SIGN)), None)
        if place is None:
            continue
        if place != point:
            add(parent, "path", "leader", d=path([[point, place]]), stroke_width=1.2)
            add(parent, "circle", "sign", cx=point[0], cy=point[1], r=2.5, stroke_width=1.2)
        add(parent, "circle", "sign", cx=place[0], cy=place[1], r=_SIGN, stroke_width=1.8)
        write(parent, sign, place[0], place[1] + 3.8, 10.5 if len(sign) < 3 else 8.5, "sign-text middle bold")


def draw_found(parent: Element, scene: Scene, view: View, room: Room) -> None:
    """Draw the other places that are in the picture, with their names where there is room."""
    for place in scene.found:
        x, y = view.point(place.position)
        if 0 <= x <= view.width and 0 <= y <= view.height:
            add(parent, "circle", "found", cx=x, cy=y, r=_FOUND, stroke_width=1.5)
            room.take((x, y), 2 * _FOUND, 2 * _FOUND, anyway=True)
    for place in scene.found:
        _name(parent, place, view.point(place.position), _FOUND, _FOUND_LETTERS, room, view, anyway=False)


def _name(
    parent: Element, place: Place, point: Point, radius: float, size: float, room: Room, view: View, *, anyway: bool
) -> None:
    """Write the name of a place beside it."""
    shown = clean(place.name or place.address)
    width, height = text_width(shown, size), size + 4
    off = radius + 5 + width / 2
    around = [(off, 0.0), (-off, 0.0), (0.0, -radius - height / 2 - 2), (0.0, radius + height / 2 + 2)]
    middles = [(point[0] + right, point[1] + down) for right, down in around]
    free = next((middle for middle in middles if room.take(middle, width, height)), None)
    if free is None and anyway:
        x = min(max(point[0], width / 2 + 4), view.width - width / 2 - 4)
        free = x, point[1] - radius - height / 2 - 2
        room.take(free, width, height, anyway=True)
    if free is not None and shown:
        weight = "bold " if anyway else ""
        write(parent, shown, free[0], free[1] + size * 0.35, size, f"place-name middle {weight}halo")


def _beside(point: Point) -> Iterator[Point]:
    yield point
    for off in (22.0, 34.0, 48.0):
        for direction in _DIRECTIONS:
            yield point[0] + off * math.cos(direction), point[1] + off * math.sin(direction)

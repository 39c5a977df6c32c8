"""What is drawn on the ground: the route, its stops by letter, its maneuvers by number, other places found."""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from codriver.services.navigation.drawing.labels import Room, clean, text_width
from codriver.services.navigation.drawing.lines import Line, along, length, path
from codriver.services.navigation.drawing.scene import Scene, letter
from codriver.services.navigation.drawing.svg import add, group, write
from codriver.services.navigation.drawing.view import Point, View
from codriver.services.navigation.places import Place

_ROUTE, _ROUTE_EDGE = 5.0, 8.0  # pixels, as all of these
_ARROW, _BETWEEN_ARROWS = 2.8, 45.0
_STOP, _SIGN, _FOUND = 13.0, 9.5, 5.0
_STOP_LETTERS, _FOUND_LETTERS = 13.0, 11.0
_DIRECTIONS = tuple(math.radians(degrees) for degrees in (-90, 0, 90, 180, -45, 45, 135, -135))


def draw_route(parent: Element, scene: Scene, view: View) -> None:
    """Draw the way, and dots from where it ends to a stop that is away from the road."""
    for stop, end in zip(scene.stops, scene.ends(), strict=True):
        on_foot = view.point(end), view.point(stop.position)
        if math.dist(*on_foot) > _STOP:
            add(parent, "path", "walk line", d=path([on_foot]), stroke_width=3, stroke_dasharray="0.1 7")
    line = view.line(scene.route.shape)
    course = path([line])
    add(parent, "path", "route-edge line", d=course, stroke_width=_ROUTE_EDGE)
    add(parent, "path", "route line", d=course, stroke_width=_ROUTE)
    if arrows := path(_arrows(line)):
        add(parent, "path", "arrows line", d=arrows, stroke_width=1.3)


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
    leaders, signs = group(parent), group(parent)
    for sign, maneuver in zip(scene.signs(), scene.route.maneuvers, strict=True):
        if not sign.isdecimal():
            continue
        point = view.point(scene.route.shape[maneuver.begin])
        place = next((beside for beside in _beside(point) if room.take(beside, 2 * _SIGN, 2 * _SIGN)), None)
        if place is None:
            continue
        if place != point:
            add(leaders, "path", "leader", d=path([[point, place]]), stroke_width=1.2)
            add(leaders, "circle", "sign", cx=point[0], cy=point[1], r=2.5, stroke_width=1.2)
        add(signs, "circle", "sign", cx=place[0], cy=place[1], r=_SIGN, stroke_width=1.8)
        write(signs, sign, place[0], place[1] + 3.8, 10.5 if len(sign) < 3 else 8.5, "sign-text middle bold")


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
    shown = clean(place.called)
    if not shown:
        return
    width, height = text_width(shown, size), size + 4
    aside, above = radius + 4, radius + 2 + height / 2
    sides = [(aside, 0.0, 1, ""), (-aside, 0.0, -1, "end "), (0.0, -above, 0, "middle "), (0.0, above, 0, "middle ")]
    weight = "bold " if anyway else ""
    for right, down, side, anchor in sides:
        x, y = point[0] + right, point[1] + down
        if room.take((x + side * width / 2, y), width, height):
            write(parent, shown, x, y + size * 0.35, size, f"place-name {anchor}{weight}halo")
            return
    if anyway:
        x, y = min(max(point[0], width / 2 + 4), view.width - width / 2 - 4), point[1] - above
        room.take((x, y), width, height, anyway=True)
        write(parent, shown, x, y + size * 0.35, size, f"place-name middle {weight}halo")


def _arrows(line: Line) -> Iterator[Line]:
    """Give arrow heads along a line, in its direction."""
    for number in range(1, int(length(line) / _BETWEEN_ARROWS) + 1):
        middle = number * _BETWEEN_ARROWS - _BETWEEN_ARROWS / 2
        (x, y), tip = along(line, middle - _ARROW), along(line, middle)
        turned = math.atan2(tip[1] - y, tip[0] - x)
        wings = [turned + math.radians(degrees) for degrees in (140, -140)]
        left, right = ((tip[0] + _ARROW * math.cos(wing), tip[1] + _ARROW * math.sin(wing)) for wing in wings)
        yield [left, tip, right]


def _beside(point: Point) -> Iterator[Point]:
    yield point
    for off in (22.0, 34.0, 48.0):
        for direction in _DIRECTIONS:
            yield point[0] + off * math.cos(direction), point[1] + off * math.sin(direction)

"""The ground in the picture: land and sea, what is filled, what is a line; then names where there is room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from codriver.services.navigation.drawing.labels import Room, clean, places_on, text_width
from codriver.services.navigation.drawing.lines import Line, joined, length, path
from codriver.services.navigation.drawing.sea import sea
from codriver.services.navigation.drawing.style import AREAS, ROADS, WAYS, width_of
from codriver.services.navigation.drawing.svg import add, group, write
from codriver.services.navigation.drawing.view import View
from codriver.services.navigation.maps.ground import Ground, Layer, Piece
from codriver.services.navigation.places import Position

_EDGE = 1.4  # pixels of a road's edge, both sides together
_WITH_EDGE = 1.6  # pixels of width from which on a road has one
_STREET_LETTERS, _AREA_LETTERS = 11.0, 12.0  # pixels
_MOST_NAMES = 60


def draw_ground(parent: Element, grounds: Sequence[Ground], view: View) -> None:
    """Draw the ground that the maps know."""
    add(parent, "rect", "beyond", width=view.width, height=view.height)
    for ground in grounds:
        _draw_land(parent, ground, view)
    pieces = [piece for ground in grounds for piece in ground.pieces]
    lines = _lines_by_layer(pieces, view)
    for layer in AREAS:
        filled = group(parent, _name(layer))
        for piece in pieces:
            if piece.layer is layer and (outline := path(map(view.line, piece.lines), closed=True)):
                add(filled, "path", d=outline, fill_rule="evenodd")
    for layer in WAYS:
        _draw_line(parent, f"line {_name(layer)}", lines[layer], width_of(layer, view.metres_a_pixel))
    widths = {layer: width_of(layer, view.metres_a_pixel) for layer in ROADS}
    for layer, width in widths.items():
        if width >= _WITH_EDGE:
            _draw_line(parent, "edge", lines[layer], width + _EDGE)
    for layer, width in widths.items():
        _draw_line(parent, f"line {_name(layer)}", lines[layer], width)


def name_ground(parent: Element, pieces: Sequence[Piece], view: View, room: Room) -> None:
    """Write the names of streets along them, the larger ones first, and those of waters and parks into them."""
    left = _MOST_NAMES
    for name, lines in _streets(pieces, view).items():
        if left and _name_street(parent, name, lines, room):
            left -= 1
    for piece in sorted(pieces, key=lambda piece: -_size(piece, view)):
        if left and piece.layer in {Layer.WATER, Layer.GREEN} and piece.name and _name_area(parent, piece, view, room):
            left -= 1


def _draw_land(parent: Element, ground: Ground, view: View) -> None:
    """Draw the land and the sea of one map, as far as its coasts are whole."""
    left, top = view.point(Position(ground.bounds.north, ground.bounds.west))
    right, bottom = view.point(Position(ground.bounds.south, ground.bounds.east))
    left, top = max(left, 0.0), max(top, 0.0)
    width, height = min(right, view.width) - left, min(bottom, view.height) - top
    if width <= 0 or height <= 0:
        return
    add(parent, "rect", "land", x=left, y=top, width=width, height=height)
    coasts = [view.line(line) for piece in ground.pieces if piece.layer is Layer.COAST for line in piece.lines]
    if outline := path(sea(coasts, left, top, width, height), closed=True):
        add(parent, "path", "water", d=outline, fill_rule="evenodd")


def _draw_line(parent: Element, classes: str, lines: Sequence[Line], width: float) -> None:
    if course := path(lines):
        add(parent, "path", classes, d=course, stroke_width=width)


def _lines_by_layer(pieces: Sequence[Piece], view: View) -> dict[Layer, list[Line]]:
    found: dict[Layer, list[Line]] = defaultdict(list)
    for piece in pieces:
        if piece.layer not in AREAS:
            found[piece.layer] += map(view.line, piece.lines)
    return found


def _streets(pieces: Sequence[Piece], view: View) -> dict[str, list[Line]]:
    """Gather the lines of each street, the larger streets first, as the pieces come."""
    found: dict[str, list[Line]] = defaultdict(list)
    for piece in pieces:
        if piece.layer in ROADS and piece.name:
            found[piece.name] += map(view.line, piece.lines)
    return found


def _name_street(parent: Element, name: str, lines: Sequence[Line], room: Room) -> bool:
    shown = clean(name)
    width = text_width(shown, _STREET_LETTERS)
    for line in sorted(joined(lines), key=lambda line: -length(line))[:4]:
        for (x, y), turned in places_on(line, width):
            if room.take((x, y), width + 8, _STREET_LETTERS + 4, turned):
                group_of_one = group(parent)
                group_of_one.set("transform", f"translate({x:.1f} {y:.1f}) rotate({turned:.1f})")
                write(group_of_one, shown, 0, _STREET_LETTERS * 0.35, _STREET_LETTERS, "name middle halo")
                return True
    return False


def _name_area(parent: Element, piece: Piece, view: View, room: Room) -> bool:
    shown = clean(piece.name)
    width = text_width(shown, _AREA_LETTERS)
    left, top, right, bottom = _box(piece, view)
    x, y = (left + right) / 2, (top + bottom) / 2
    if right - left < width * 0.8 or not room.take((x, y), width, _AREA_LETTERS + 4):
        return False
    write(parent, shown, x, y + _AREA_LETTERS * 0.35, _AREA_LETTERS, f"{_name(piece.layer)}-name middle halo")
    return True


def _size(piece: Piece, view: View) -> float:
    left, top, right, bottom = _box(piece, view)
    return (right - left) * (bottom - top)


def _box(piece: Piece, view: View) -> tuple[float, float, float, float]:
    """Find the box around the part of a piece that is in the picture: left, top, right, bottom."""
    points = [view.point(position) for line in piece.lines for position in line]
    across, down = [x for x, _ in points], [y for _, y in points]
    return max(0, min(across)), max(0, min(down)), min(view.width, max(across)), min(view.height, max(down))


def _name(layer: Layer) -> str:
    return layer.name.lower()

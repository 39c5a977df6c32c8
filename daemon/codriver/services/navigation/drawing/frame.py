"""What stands around the picture: what it is of, how far a kilometre is, where north is, whose data it is."""

from __future__ import annotations

import math
from xml.etree.ElementTree import Element

from codriver.services.navigation.drawing.labels import Room, clean, text_width
from codriver.services.navigation.drawing.scene import Scene
from codriver.services.navigation.drawing.svg import add, group, write
from codriver.services.navigation.drawing.view import View

HEAD = 58.0
"""Pixels at the top that the title takes."""

_LONGEST_SCALE = 170.0  # pixels
_TITLE_LETTER = 12.5  # pixels, at most
_MOST_OF_CREDIT = 90  # letters


def draw_frame(parent: Element, scene: Scene, view: View, room: Room) -> None:
    """Draw title, scale, north and attribution, and take the room for them."""
    _title(group(parent), scene, view, room)
    _scale(group(parent), view, room)
    _north(group(parent), view, room)
    _attribution(group(parent), scene, view, room)


def scale_bar(metres_a_pixel: float) -> tuple[float, str]:
    """Choose a round length: its metres, and how it is written."""
    longest = metres_a_pixel * _LONGEST_SCALE
    power = 10 ** math.floor(math.log10(longest))
    metres = max(step * power for step in (1, 2, 5) if step * power <= longest)
    return metres, f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def _title(parent: Element, scene: Scene, view: View, room: Room) -> None:
    add(parent, "rect", "plate", width=view.width, height=HEAD)
    write(parent, clean(scene.title, int(view.width / _TITLE_LETTER)), 18, 25, 17, "ink bold")
    write(parent, clean(scene.facts), 18, 46, 13, "faint")
    room.take((view.width / 2, HEAD / 2), view.width, HEAD, anyway=True)


def _scale(parent: Element, view: View, room: Room) -> None:
    metres, label = scale_bar(view.metres_a_pixel)
    width, left, bottom = metres / view.metres_a_pixel, 22.0, view.height - 18
    add(parent, "rect", "plate", x=10, y=view.height - 44, width=width + 24, height=34, rx=4)
    add(parent, "path", "scale", d=f"M{left} {bottom - 6}v6h{width:.1f}v-6", stroke_width=2)
    write(parent, label, left + width / 2, bottom - 8, 12, "ink middle")
    room.take((22 + width / 2, view.height - 27), width + 24, 34, anyway=True)


def _north(parent: Element, view: View, room: Room) -> None:
    x, y = view.width - 34, HEAD + 34
    add(parent, "circle", "plate", cx=x, cy=y, r=22)
    add(parent, "path", "ink", d=f"M{x} {y - 17}l7 18l-7 -4l-7 4z")
    write(parent, "N", x, y + 15, 12, "ink middle bold")
    room.take((x, y), 44, 44, anyway=True)


def _attribution(parent: Element, scene: Scene, view: View, room: Room) -> None:
    text = clean(scene.attribution, _MOST_OF_CREDIT)
    width = text_width(text, 12) + 16
    add(parent, "rect", "plate", x=view.width - width - 10, y=view.height - 34, width=width, height=24, rx=4)
    write(parent, text, view.width - width / 2 - 10, view.height - 18, 12, "ink middle")
    room.take((view.width - width / 2 - 10, view.height - 22), width, 24, anyway=True)

"""The whole picture as SVG: what is under, first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

from codriver.services.navigation.drawing.frame import HEAD, draw_frame
from codriver.services.navigation.drawing.ground import draw_ground, name_ground
from codriver.services.navigation.drawing.labels import Room, clean
from codriver.services.navigation.drawing.marks import draw_found, draw_route, draw_signs, draw_stops
from codriver.services.navigation.drawing.scene import Scene
from codriver.services.navigation.drawing.style import Theme, finest_layer, style_sheet
from codriver.services.navigation.drawing.svg import add, group
from codriver.services.navigation.drawing.view import View
from codriver.services.navigation.maps.folder import Bounds
from codriver.services.navigation.maps.ground import Ground, Layer

SIZES = ((1200.0, 800.0), (980.0, 980.0), (850.0, 1130.0))
"""Pixels that a picture can have: lying, square, or standing."""

_MARGIN = 110.0 + HEAD / 2
_LEAST = 1.5  # pixels; what is smaller is not drawn
_METRES_A_DEGREE = 111_320.0
_MOST_OF_TITLE = 250  # letters


@dataclass(frozen=True, slots=True)
class Needed:
    """The ground that a picture needs: up to which layer, in which box, of which size in degrees at least."""

    box: Bounds
    finest: Layer
    least: float


def view_of(scene: Scene) -> View:
    """Choose the view in which the whole route is seen the largest."""
    views = (View.around(scene.extent(), *size, _MARGIN) for size in SIZES)
    return max(views, key=lambda view: view.scale)


def needed_for(view: View) -> Needed:
    """Say which ground is seen."""
    scale = view.metres_a_pixel
    return Needed(view.box, finest_layer(scale), _LEAST * scale / _METRES_A_DEGREE)


def picture(scene: Scene, ground: Sequence[Ground], view: View, theme: Theme = Theme.AUTO) -> Element:
    """Draw a scene."""
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {view.width:.0f} {view.height:.0f}",
            "role": "img",
        },
    )
    add(svg, "title", text=clean(f"{scene.title}. {scene.facts}. {scene.attribution}.", _MOST_OF_TITLE))
    add(svg, "style", text=style_sheet(theme))
    ground_layer, route, names, found, signs, stops, frame = (group(svg) for _ in range(7))
    draw_ground(ground_layer, ground, view)
    draw_route(route, scene, view)
    # Who comes first gets the room.
    room = Room(view.width, view.height)
    draw_frame(frame, scene, view, room)
    draw_stops(stops, scene, view, room)
    draw_signs(signs, scene, view, room)
    draw_found(found, scene, view, room)
    name_ground(names, [piece for one in ground for piece in one.pieces], view, room)
    return svg


def as_svg(svg: Element) -> str:
    """Write a picture as a file of its own."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(svg, encoding="unicode") + "\n"

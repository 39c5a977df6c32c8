"""A scene as a file: SVG; a page with the picture and the list of what to do; PNG."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import resvg_py

from codriver.errors import InvalidRequest
from codriver.services.navigation.drawing.page import page
from codriver.services.navigation.drawing.picture import as_svg, picture
from codriver.services.navigation.drawing.scene import Scene
from codriver.services.navigation.drawing.style import Theme
from codriver.services.navigation.drawing.view import View
from codriver.services.navigation.maps.ground import Ground

_ZOOM = 2.0  # dots of a PNG for a pixel of the picture, so that it is sharp where it is shown large


class Format(StrEnum):
    """How a picture is written, by the ending of its file."""

    HTML = ".html"
    SVG = ".svg"
    PNG = ".png"


def format_of(path: Path) -> Format:
    """Tell the format by a file's name. Raises InvalidRequest."""
    for known in Format:
        if path.suffix.lower() == known:
            return known
    raise InvalidRequest(f"A route is drawn as {', '.join(Format)}; {path.name[-80:]!r} is none of them.")


def render(
    known: Format, scene: Scene, ground: Sequence[Ground], view: View, rows: Sequence[Sequence[str]], theme: Theme
) -> bytes:
    """Draw a scene and write it. ``rows`` are those of the page's table, with their head."""
    match known:
        case Format.SVG:
            return as_svg(picture(scene, ground, view, theme)).encode()
        case Format.HTML:
            return page(scene, picture(scene, ground, view, theme), rows, theme).encode()
        case Format.PNG:
            # Dots cannot change with the light: what is to be left to the viewer is drawn for the day.
            by_day = Theme.LIGHT if theme is Theme.AUTO else theme
            return bytes(resvg_py.svg_to_bytes(as_svg(picture(scene, ground, view, by_day)), zoom=_ZOOM))

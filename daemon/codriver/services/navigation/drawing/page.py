"""A page with the picture and the list of what to do. It is one file, has no script, and may load nothing."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, tostring

from codriver.services.navigation.drawing.labels import clean
from codriver.services.navigation.drawing.scene import Scene
from codriver.services.navigation.drawing.style import Theme
from codriver.services.navigation.drawing.svg import add

_MOST_LETTERS = 300

_LOOK = """
body { margin: 0 auto; max-width: 1200px; padding: 1rem; font: 15px/1.45 system-ui, sans-serif; color: #1d2733;
  background: #fff }
h1 { font-size: 1.3rem; margin: 0 0 .2rem }
p { margin: 0 0 .8rem; color: #56606b }
svg { display: block; width: 100%; height: auto; max-height: 90vh; border-radius: 8px }
table { border-collapse: collapse; margin: 1rem 0; width: 100% }
th, td { padding: .35rem .6rem; text-align: left; border-bottom: 1px solid #d9dee4; overflow-wrap: anywhere }
th:nth-child(n+3), td:nth-child(n+3) { text-align: right; white-space: nowrap }
"""
_LOOK_AT_NIGHT = """
body { color: #e6ebf0; background: #0f1318 } p { color: #a3adb8 } th, td { border-color: #2c343d }
"""


def page(scene: Scene, picture: Element, rows: Sequence[Sequence[str]], theme: Theme = Theme.AUTO) -> str:
    """Write the page. The first of ``rows`` is their head: sign, what to do, distance, time."""
    html = Element("html")
    head, body = add(html, "head"), add(html, "body")
    add(head, "meta", charset="utf-8")
    policy = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
    head.append(Element("meta", policy))
    add(head, "meta", name="viewport", content="width=device-width")
    add(head, "title", text=clean(scene.title, _MOST_LETTERS))
    add(head, "style", text=_look(theme))
    add(body, "h1", text=clean(scene.title, _MOST_LETTERS))
    add(body, "p", text=clean(scene.facts, _MOST_LETTERS))
    body.append(picture)
    table = add(body, "table")
    for number, row in enumerate(rows):
        line = add(table, "tr")
        for cell in row:
            add(line, "td" if number else "th", text=clean(cell, _MOST_LETTERS))
    add(body, "p", text=clean(scene.attribution, _MOST_LETTERS))
    return "<!DOCTYPE html>\n" + tostring(html, encoding="unicode", method="html") + "\n"


def _look(theme: Theme) -> str:
    match theme:
        case Theme.LIGHT:
            return _LOOK
        case Theme.DARK:
            return _LOOK + _LOOK_AT_NIGHT
        case Theme.AUTO:
            return (
                f":root {{ color-scheme: light dark }} {_LOOK} @media (prefers-color-scheme: dark) {{{_LOOK_AT_NIGHT}}}"
            )

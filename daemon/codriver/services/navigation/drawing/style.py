"""How ground and route look: colours by day and by night, widths on the ground and in the picture."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from codriver.services.navigation.maps.ground import Layer

AREAS = (Layer.GREEN, Layer.WATER, Layer.BUILDING)
"""Layers that are filled, the lowest first; all others are lines."""
WAYS = (Layer.RIVER, Layer.RAIL, Layer.TRAM)
"""Lines without an edge, the lowest first."""
ROADS = (
    Layer.SERVICE,
    Layer.PEDESTRIAN,
    Layer.STREET,
    Layer.TERTIARY,
    Layer.SECONDARY,
    Layer.PRIMARY,
    Layer.MOTORWAY,
)
"""Roads, the lowest first."""

_WIDTHS: Mapping[Layer, tuple[float, float]] = {
    Layer.RIVER: (12, 1.2),
    Layer.RAIL: (2, 1.0),
    Layer.TRAM: (1.2, 0.7),
    Layer.SERVICE: (5, 0.8),
    Layer.PEDESTRIAN: (6, 0.8),
    Layer.STREET: (9, 0.9),
    Layer.TERTIARY: (11, 1.2),
    Layer.SECONDARY: (13, 1.6),
    Layer.PRIMARY: (15, 2.0),
    Layer.MOTORWAY: (18, 2.4),
}
"""Metres on the ground, and pixels at least."""
_WIDEST = 18.0  # pixels

_SEEN_TO: Mapping[Layer, float] = {
    Layer.BUILDING: 4,
    Layer.SERVICE: 5,
    Layer.TRAM: 5,
    Layer.PEDESTRIAN: 6,
    Layer.STREET: 18,
    Layer.TERTIARY: 40,
    Layer.GREEN: 80,
    Layer.RAIL: 100,
    Layer.SECONDARY: 120,
    Layer.RIVER: 200,
    Layer.PRIMARY: 400,
}
"""Metres a pixel up to which a layer is drawn. The others always are."""


class Theme(StrEnum):
    """By whose light the picture is seen. ``AUTO`` leaves that to what shows it, and is light where it cannot tell."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


def finest_layer(metres_a_pixel: float) -> Layer:
    """Say up to which layer the ground is drawn."""
    return max(layer for layer in Layer if metres_a_pixel <= _SEEN_TO.get(layer, metres_a_pixel))


def width_of(layer: Layer, metres_a_pixel: float) -> float:
    """Say how wide a line is drawn, in pixels, without its edge."""
    metres, least = _WIDTHS[layer]
    return min(max(metres / metres_a_pixel, least), _WIDEST)


def style_sheet(theme: Theme) -> str:
    """Write the colours of everything that is drawn, as CSS for the classes of the picture."""
    rules = _FIXED + _rules(_COLOURS, 1 if theme is Theme.DARK else 0)
    if theme is Theme.AUTO:
        rules += f"@media (prefers-color-scheme: dark) {{ {_rules(_COLOURS, 1)} }}"
    return rules


_FIXED = """
text { font-family: "DejaVu Sans", "Noto Sans", "Noto Sans CJK SC", "Liberation Sans", Arial, sans-serif }
.line, .edge { fill: none; stroke-linecap: round; stroke-linejoin: round }
.rail { stroke-linecap: butt }
.middle { text-anchor: middle }
.end { text-anchor: end }
.halo { stroke-width: 3.5; stroke-linejoin: round; fill: none }
.bold { font-weight: bold }
"""

_COLOURS: Mapping[str, tuple[str, str]] = {
    # class: (property: by day, by night)
    "beyond": ("fill:#e9e6e1", "fill:#14181c"),
    "land": ("fill:#f6f3ee", "fill:#1b2026"),
    "water": ("fill:#b5d4e8", "fill:#10303f"),
    "green": ("fill:#d5e8c8", "fill:#203629"),
    "building": ("fill:#e6dfd5;stroke:#d5ccbf", "fill:#2a313a;stroke:#353e4a"),
    "river": ("stroke:#b5d4e8", "stroke:#10303f"),
    "rail": ("stroke:#a8a39c", "stroke:#4a5460"),
    "tram": ("stroke:#c2bcb3", "stroke:#3a434d"),
    "edge": ("stroke:#d4ccc0", "stroke:#12161a"),
    "motorway": ("stroke:#f0a860", "stroke:#8a6231"),
    "primary": ("stroke:#fbd48a", "stroke:#6e5836"),
    "secondary": ("stroke:#fdeeb4", "stroke:#57503f"),
    "tertiary": ("stroke:#ffffff", "stroke:#454d57"),
    "street": ("stroke:#ffffff", "stroke:#39414b"),
    "pedestrian": ("stroke:#ece7f1", "stroke:#302f3d"),
    "service": ("stroke:#ffffff", "stroke:#313841"),
    "name": ("fill:#5b544b", "fill:#aeb8c2"),
    "water-name": ("fill:#3f7396", "fill:#6fa6c4"),
    "green-name": ("fill:#4d7a3c", "fill:#86b078"),
    "halo": ("stroke:#fdfcfa", "stroke:#14181d"),
    "route-edge": ("stroke:#0d4aa5", "stroke:#07203f"),
    "route": ("stroke:#2f7df0", "stroke:#58a8ff"),
    "arrows": ("fill:none;stroke:#ffffff", "fill:none;stroke:#07203f"),
    "walk": ("stroke:#2f7df0", "stroke:#58a8ff"),
    "leader": ("stroke:#1d2733", "stroke:#dfe6ee"),
    "sign": ("fill:#ffffff;stroke:#0d4aa5", "fill:#0d1b2c;stroke:#58a8ff"),
    "sign-text": ("fill:#0d3f8c", "fill:#d6e8ff"),
    "start": ("fill:#1f8a4c;stroke:#ffffff", "fill:#2fae66;stroke:#0d1512"),
    "goal": ("fill:#c9302c;stroke:#ffffff", "fill:#e5534f;stroke:#190b0b"),
    "via": ("fill:#8a4fb0;stroke:#ffffff", "fill:#ab74cf;stroke:#150d1a"),
    "stop-text": ("fill:#ffffff", "fill:#ffffff"),
    "found": ("fill:#e8871e;stroke:#ffffff", "fill:#f0a04a;stroke:#14181d"),
    "place-name": ("fill:#1d2733", "fill:#eef2f6"),
    "plate": ("fill:#ffffff;fill-opacity:0.92", "fill:#0f1318;fill-opacity:0.92"),
    "ink": ("fill:#1d2733", "fill:#e6ebf0"),
    "faint": ("fill:#56606b", "fill:#a3adb8"),
    "scale": ("fill:none;stroke:#1d2733", "fill:none;stroke:#e6ebf0"),
}


def _rules(colours: Mapping[str, tuple[str, str]], which: int) -> str:
    return " ".join(f".{name} {{ {pair[which]} }}" for name, pair in colours.items())

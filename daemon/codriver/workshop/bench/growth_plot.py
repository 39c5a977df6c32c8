"""How the cost of a search grows with the number of places, drawn as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from codriver.workshop.bench.searching import Measured

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 720, 420, 70, 60, 30, 170
_LINES: Sequence[tuple[str, str, Callable[[Measured], float]]] = (
    ("by name, ms", "#1b6ca8", lambda one: one.name),
    ("by category, ms", "#2a9d8f", lambda one: one.category),
    ("misheard, ms", "#e76f51", lambda one: one.misheard),
    ("SQL's LIKE, ms", "#999999", lambda one: one.naive),
    ("memory, MB", "#8e5ea2", lambda one: one.memory),
)


def draw(measured: Sequence[Measured]) -> str:
    """Draw the 95th percentile of each kind of search, and the memory, on two logarithmic scales."""
    values = [value(one) for one in measured for _, _, value in _LINES]
    low, high = math.floor(math.log10(max(0.01, min(values)))), math.ceil(math.log10(max(values)))
    first, last = math.log10(measured[0].places), math.log10(measured[-1].places)

    def x(places: float) -> float:
        return _LEFT + (math.log10(places) - first) / max(1e-9, last - first) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - (math.log10(value) - low) / max(1, high - low) * (_HEIGHT - _BOTTOM - _TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="13">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
    ]
    for power in range(low, high + 1):
        height = y(10.0**power)
        parts.append(f'<path d="M{_LEFT} {height:.1f}H{_WIDTH - _RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    parts += [
        f'<text x="{x(one.places):.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{one.places:,}</text>'
        for one in measured
    ]
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(f'<text x="{middle:.0f}" y="{_HEIGHT - 12}" text-anchor="middle">places in the map</text>')
    for name, colour, value in _LINES:
        points = " ".join(f"{x(one.places):.1f},{y(value(one)):.1f}" for one in measured)
        end = y(value(measured[-1]))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{_WIDTH - _RIGHT + 8}" y="{end + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>\n"])

"""Lights that have one colour only."""

from __future__ import annotations

from codriver.controls.looks import Color


def share(color: Color, own: str) -> float:
    """Tell how much of a colour, 0 to 1, a light can show that shines in its ``own``; a white one shows any."""
    parts = {"red": color.red, "green": color.green, "blue": color.blue}
    return max(parts.values()) if own == "white" else parts[own]

"""Numbers as people say them: 22, not 22.0."""

from __future__ import annotations


def tidy(number: float) -> int | float:
    """Give a whole number as an int, and any other as it is."""
    return int(number) if float(number).is_integer() else number

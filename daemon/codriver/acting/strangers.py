"""Texts from outside, such as titles and error sentences: shown and spoken, never understood."""

from __future__ import annotations

_LONGEST = 200


def one_line(value: object) -> str:
    """Make one line of at most 200 printable characters of a text, or of a list of texts; of anything else, nothing."""
    if isinstance(value, list):
        value = ", ".join(item for item in value if isinstance(item, str))
    if not isinstance(value, str):
        return ""
    printable = "".join(letter if letter.isprintable() else " " for letter in value[: 4 * _LONGEST])
    return " ".join(printable.split())[:_LONGEST]

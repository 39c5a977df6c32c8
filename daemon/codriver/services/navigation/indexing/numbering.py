"""House numbers: what is written on a house as numbers, and those between two that are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from codriver.services.navigation.indexing.words import fold

_NUMBER = re.compile(r"(\d{1,6})(?:\s*[-–/]\s*(\d{1,6})(?![\w]))?")
_ONE = re.compile(r"\s*\d{1,6}\s*[a-zA-Z]?(?:\s*[-–/]\s*\d{1,6}\s*[a-zA-Z]?)?\s*")
"""One of the numbers of a list; a label that is no list may say the floor after a comma."""
_MOST = 1000
"""Houses between two that are known, at most: more than that is a mistake in the map."""


def label_key(label: str) -> str:
    """Write a house number so that different spellings of it become the same: "20 B" and "20b"."""
    return re.sub(r"[\s.]", "", fold(label)).replace("–", "-")


def spans(label: str) -> Iterator[tuple[int, int]]:
    """Give the numbers that a label stands for, each from and to: "4-6" is 4 to 6, "1;3" is 1 to 1 and 3 to 3."""
    parts = re.split(r"[;,]", label)
    for part in parts if all(map(_ONE.fullmatch, parts)) else parts[:1]:
        match = _NUMBER.search(part)
        if match:
            first, last = int(match[1]), int(match[2] or match[1])
            yield (first, last) if first <= last <= first + 100 else (first, first)


def between(first: str, last: str, rule: str) -> list[int]:
    """List the numbers between two labels by the rule of an ``addr:interpolation``; none where they do not fit."""
    ends = [next(spans(label), None) for label in (first, last)]
    if ends[0] is None or ends[1] is None:
        return []
    low, high = sorted((ends[0][0], ends[1][0]))
    step = 1 if rule == "all" else int(rule) if rule.isdecimal() and int(rule) else 2
    inner = list(range(low + step, high, step))
    return inner if len(inner) <= _MOST else []


def along(course: Sequence[tuple[float, float]], share: float) -> tuple[float, float]:
    """Find the point after a share (0 to 1) of a course, in degrees; lengths are compared where the course is."""
    lengths = [((b[0] - a[0]) ** 2 + ((b[1] - a[1]) * _NARROW) ** 2) ** 0.5 for a, b in pairwise(course)]
    left = share * sum(lengths)
    for (start, end), length in zip(pairwise(course), lengths, strict=True):
        if left <= length and length:
            part = left / length
            return start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])
        left -= length
    return course[-1]


_NARROW = 0.7  # a degree of longitude against one of latitude, somewhere between the equator and the Arctic

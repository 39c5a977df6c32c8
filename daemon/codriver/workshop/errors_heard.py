"""How much of what was said was heard wrong."""

from __future__ import annotations

from collections.abc import Sequence

from codriver.understanding.phrasing.wording import comparable


def error_rate(said: Sequence[str], heard: Sequence[str]) -> float:
    """Edits in words (Chinese: in characters) that make what was heard what was said, as a share of what was said."""
    pairs = [(comparable(one), comparable(other)) for one, other in zip(said, heard, strict=True)]
    edits = sum(_distance(one, other) for one, other in pairs)
    return edits / max(1, sum(len(one) for one, _ in pairs))


def _distance(one: Sequence[str], other: Sequence[str]) -> int:
    previous = list(range(len(other) + 1))
    for row, a in enumerate(one, 1):
        current = [row]
        for column, b in enumerate(other, 1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (a != b)))
        previous = current
    return previous[-1]

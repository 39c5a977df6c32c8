"""The sea, from coasts that have the water to their right. The box is 10 by 10, its upper left corner at 100, 100."""

from __future__ import annotations

from itertools import pairwise

import pytest
from codriver.services.navigation.drawing.sea import sea
from codriver.services.navigation.drawing.view import Point

ISLAND = [(104, 104), (104, 106), (106, 106), (106, 104), (104, 104)]
LAKE = ISLAND[::-1]
EASTWARD = [(95, 105), (105, 105), (115, 105)]
IN_PIECES = [[(105, 105), (115, 105)], [(95, 105), (105, 105)]]


def wet(point: Point, coasts: list[list[Point]]) -> bool:
    """Whether a point is in the sea, by even-odd."""
    inside = False
    for ring in sea(coasts, 100, 100, 10, 10):
        for (x, y), (right, below) in pairwise([*ring, ring[0]]):
            if (y > point[1]) != (below > point[1]) and point[0] < (right - x) * (point[1] - y) / (below - y) + x:
                inside = not inside
    return inside


@pytest.mark.parametrize(
    ("coasts", "water", "land"),
    [
        ([EASTWARD], [(105, 109)], [(105, 101)]),
        ([EASTWARD[::-1]], [(105, 101)], [(105, 109)]),
        (IN_PIECES, [(105, 109)], [(105, 101)]),
        ([EASTWARD, EASTWARD[::-1]], [], []),
        ([[(103, 95), (103, 115)]], [(101, 105)], [(108, 105)]),
        ([[(103, 95), (103, 115)], [(107, 115), (107, 95)]], [(101, 105), (109, 105)], [(105, 105)]),
        ([[(103, 115), (103, 95)], [(107, 95), (107, 115)]], [(105, 105)], [(101, 105), (109, 105)]),
        ([ISLAND], [(101, 101), (109, 109)], [(105, 105)]),
        ([LAKE], [(105, 105)], [(101, 101), (109, 109)]),
        ([EASTWARD, [(x, y + 3) for x, y in ISLAND]], [(101, 109)], [(105, 108), (101, 101)]),
        ([[(90, 102), (102, 102), (102, 90)]], [(109, 109)], [(101, 101)]),
        ([[(102, 90), (102, 102), (90, 102)]], [(101, 101)], [(109, 109)]),
        ([], [], [(105, 105)]),
        ([[(200, 200), (300, 300)]], [], [(105, 105)]),
    ],
)
def test_the_water_is_to_the_right(coasts: list[list[Point]], water: list[Point], land: list[Point]) -> None:
    assert all(wet(point, coasts) for point in water)
    assert not any(wet(point, coasts) for point in land)


def test_a_coast_that_ends_with_the_map_runs_on_to_the_edge() -> None:
    coast: list[Point] = [(101, 105), (109, 105)]
    assert wet((105, 109), [coast])
    assert not wet((105, 101), [coast])

"""What is found on the demo map."""

from __future__ import annotations

import pytest
from codriver.services.navigation.places import Position
from codriver.services.navigation.searching import Searcher, SearchRequest

STATION_SQUARE = Position(60.1716, 24.9443)


@pytest.mark.parametrize(
    ("text", "count"),
    [("charger", 4), ("pharmacy", 6), ("cafe", 89), ("petrol station", 0), ("加油站", 0), ("充电桩", 4)],
)
def test_the_demo_map_has_so_many(searcher: Searcher, text: str, count: int) -> None:
    assert len(searcher.search(SearchRequest(text, STATION_SQUARE, limit=1000))) == count

"""Which of the places that were found is meant, and when it must be asked."""

from __future__ import annotations

import pytest
from codriver.acting.fitting import the_one
from codriver.acting.navigator import Found


def place(name: str, distance: float = 100.0, address: str = "", north: float = 0.0, kind: str = "place") -> Found:
    return Found(name, address, distance, 60.17 + north, 24.94, kind)


CAFES = (place("Ekberg", 100), place("Fazer", 200), place("Engel", 300))
STATION = (place("Central Station", 250), place("Central Station", 320, north=0.0008))
CHAIN = (place("K-Market", 200), place("K-Market", 900, north=0.007))
STREETS = (
    place("", 300, "Mannerheimintie 10, Helsinki", kind="address"),
    place("", 400, "Mannerheimintie 1, Helsinki", 0.01, kind="address"),
)
MISHEARD = (place("Mannerheimintie", 300, kind="street"), place("Museokatu", 250, kind="street", north=0.01))
NAMELESS = (place("", 200), place("", 210, north=0.01))


@pytest.mark.parametrize(
    ("said", "places", "nearest", "meant"),
    [
        ("café", CAFES, False, None),
        ("café", CAFES, True, CAFES[0]),
        ("café", CAFES[:1], False, CAFES[0]),
        ("fazer", CAFES, False, CAFES[1]),
        ("Fázer", CAFES, False, CAFES[1]),
        ("central station", STATION, False, STATION[0]),
        ("k market", CHAIN, False, None),
        ("K-Market", tuple(reversed(CHAIN)), True, CHAIN[0]),
        ("Mannerheimintie 10", STREETS, False, STREETS[0]),
        ("Mannerheimintie 10号", STREETS, False, STREETS[0]),
        ("mannerheim in tie", MISHEARD, False, MISHEARD[0]),
        ("toilet", NAMELESS, False, NAMELESS[0]),
        ("北京", (place("北京饭店"), place("上海饭店", north=0.01)), False, None),
    ],
)
def test_one_is_taken_where_one_is_meant(
    said: str, places: tuple[Found, ...], nearest: bool, meant: Found | None
) -> None:
    assert the_one(said, places, nearest=nearest) is meant

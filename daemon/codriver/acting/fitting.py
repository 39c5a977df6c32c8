"""Which of the places that were found is the one that was meant. No I/O."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz

from codriver.acting.navigator import Found

_SAME_SPOT = 150.0  # metres: a station and its entrances, a shop and its car park
_ADDRESSED = ("address", "street")
_ALIKE = 85.0
_CLEARER = 12.0
"""Out of 100: how like what was said a name must be, and how much more than any other."""


def the_one(said: str, places: Sequence[Found], *, nearest: bool) -> Found | None:
    """Give the place that was meant, or None where several fit. ``places`` come best or nearest first.

    The one of that name or with that house number, where all of those are at one spot, or the one whose name is clearly
    the most alike. The nearest of several is meant where that was said, and of those that have no name, between which
    nobody can choose by ear.
    """
    if len(places) == 1 or not any(place.name for place in places):
        return places[0]
    named = [place for place in places if _is_named(place, _plain(said))]
    if nearest:
        return min(named, key=lambda place: place.distance) if named else places[0]
    if not named and (numbers := set(re.findall(r"\d+", said))):
        named = [place for place in places if numbers <= set(re.findall(r"\d+", f"{place.name} {place.address}"))]
    if named:
        return named[0] if all(_near(named[0], other) for other in named) else None
    alike = sorted(((_likeness(said, place), -number) for number, place in enumerate(places)), reverse=True)
    (best, place), (second, _) = alike[0], alike[1]
    return places[-place] if best >= _ALIKE and second <= best - _CLEARER else None


def _plain(text: str) -> str:
    """Write a text without letter case, accents and marks, for comparing."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if letter.isalnum())


def _is_named(place: Found, said: str) -> bool:
    """Tell whether a place has the name that was said, or the address: without its town that is its beginning."""
    if not said:
        return False
    addressed = place.kind in _ADDRESSED and _plain(place.address).startswith(said)
    return addressed or said in (_plain(place.name), _plain(place.address))


def _likeness(said: str, place: Found) -> float:
    return max(fuzz.ratio(_plain(said), _plain(text)) for text in (place.name, place.address))


def _near(one: Found, other: Found) -> bool:
    north = (one.latitude - other.latitude) * 111_000
    east = (one.longitude - other.longitude) * 111_000 * 0.5
    return north * north + east * east <= _SAME_SPOT * _SAME_SPOT

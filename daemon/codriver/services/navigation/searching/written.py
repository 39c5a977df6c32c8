"""From the rows of an index to places as they are told."""

from __future__ import annotations

import json
import re
from datetime import datetime
from types import MappingProxyType

from codriver.services.navigation.indexing.features import Shape
from codriver.services.navigation.indexing.words import HAN
from codriver.services.navigation.places import Kind, Place, Position
from codriver.services.navigation.searching.index import Address, Entry, Index
from codriver.services.navigation.searching.opening import is_open

_LETTERS = {Shape.NODE: "n", Shape.WAY: "w", Shape.RELATION: "r"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]+)?")
_NUMBER_FIRST = re.compile(
    r"\b(street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|place|pl|boulevard|blvd|way|square|terrace|close|"
    r"crescent|gardens|mews|highway|parkway|circle)\.?$|^(rue|avenue|boulevard|chemin|allée|quai|impasse|cours)\b",
    re.IGNORECASE,
)
"""Streets whose houses are named number first: English and French ones."""


def place_of(index: Index, entry: Entry, near: Position, at: datetime | None, likeness: float = 1.0) -> Place:
    """Tell a row of the index as a place."""
    names = json.loads(entry.names) if entry.names else {}
    return Place(
        id=identity(entry.osm),
        kind=entry.kind,
        name=entry.name,
        position=entry.position,
        category=entry.category,
        names=MappingProxyType({key: name for key, name in names.items() if _LANGUAGE.fullmatch(key)}),
        address=address_text(entry.name if entry.kind is Kind.STREET else entry.street, entry.house, entry.city),
        distance=near.distance_to(entry.position),
        open=is_open(entry.hours, *index.region(entry.number), at) if at and entry.hours else None,
        plugs=tuple(entry.plugs.split(", ")) if entry.plugs else (),
        power=entry.power,
        likeness=likeness,
    )


def address_of(street: Entry, address: Address, near: Position, likeness: float = 1.0) -> Place:
    """Tell a house number of a street as a place."""
    return Place(
        id=identity(address.osm),
        kind=Kind.ADDRESS,
        name="",
        position=address.position,
        address=address_text(street.name, address.label, street.city),
        distance=near.distance_to(address.position),
        interpolated=address.interpolated,
        likeness=likeness,
    )


def address_text(street: str, house: str, city: str) -> str:
    """Write an address as it is done where the street is."""
    if HAN.search(street):
        return f"{city}{street}{house}{'号' if house and house[-1].isdecimal() else ''}"
    if not house:
        line = street
    elif _NUMBER_FIRST.search(street):
        line = f"{house} {street}".strip()
    else:
        line = f"{street} {house}".strip()
    return ", ".join(part for part in (line, city) if part)


def identity(osm: int) -> str:
    """Write the type and the number of an OpenStreetMap object: "n123"."""
    return f"{_LETTERS[Shape(osm & 3)]}{osm >> 2}"

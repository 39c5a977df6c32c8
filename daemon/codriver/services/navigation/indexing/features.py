"""What of an OpenStreetMap file can be found later: places, streets, house numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from codriver.services.navigation.indexing.categories import Categories
from codriver.services.navigation.places import Kind


class Shape(IntEnum):
    """What an OpenStreetMap object is, as a number of two bits."""

    NODE = 0
    WAY = 1
    RELATION = 2


@dataclass(frozen=True, slots=True)
class Thing:
    """A place or a locality. ``osm`` is its number and `Shape` in one; ``extra`` are more words that lead to it."""

    osm: int
    kind: Kind
    latitude: float
    longitude: float
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[int, ...] = ()
    street: str = ""
    house: str = ""
    city: str = ""
    country: str = ""
    hours: str = ""
    plugs: str = ""
    power: float = 0.0
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Road:
    """A part of a street with a name; its course is a list of latitudes and longitudes in degrees."""

    osm: int
    name: str
    names: Mapping[str, str]
    course: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class House:
    """A house number of a street. ``interpolated`` numbers are not in the map but between two that are."""

    osm: int
    street: str
    label: str
    city: str
    latitude: float
    longitude: float
    interpolated: bool = False


@dataclass(frozen=True, slots=True)
class Interpolation:
    """A way along which house numbers rise: ``rule`` is even, odd, all, or the difference between two of them."""

    osm: int
    rule: str
    nodes: tuple[int, ...]
    course: tuple[tuple[float, float], ...]


type Feature = Thing | Road | House | Interpolation

LOCALITIES = frozenset(
    {"city", "town", "village", "hamlet", "suburb", "quarter", "neighbourhood", "borough", "municipality"}
)
_NO_PLACES = frozenset({"route", "boundary", "type", "power", "waterway", "highway", "railway"})
_PLACES_ALL_THE_SAME = frozenset(
    {"bus_stop", "rest_area", "services", "station", "halt", "tram_stop", "subway_entrance", "dam", "waterfall"}
)
_OPERATED = frozenset({"charging_station", "atm", "fuel", "parcel_locker", "car_sharing", "compressed_air"})
"""What is known by who runs it where it has no name."""

_LANGUAGE = re.compile(r"name:([a-z]{2,3}(?:[-_][A-Za-z]+)?)")
_OTHER_NAMES = frozenset({"alt_name", "short_name", "official_name", "loc_name", "int_name", "old_name", "reg_name"})
_EXTRA = ("brand", "operator", "network", "cuisine", "branch", "addr:housename")
_PLUGS = {
    "type1": "Type 1", "type1_cable": "Type 1", "type1_combo": "CCS 1", "type2": "Type 2", "type2_cable": "Type 2",
    "type2_combo": "CCS", "type3": "Type 3", "type3c": "Type 3", "chademo": "CHAdeMO", "schuko": "Schuko",
    "tesla_supercharger": "Tesla", "tesla_supercharger_ccs": "CCS", "tesla_destination": "Tesla", "nacs": "NACS",
    "gb_ac": "GB/T AC", "gb_dc": "GB/T DC", "cee_blue": "CEE blue", "cee_red_16a": "CEE red", "cee_red_32a": "CEE red",
}  # fmt: skip
_POWER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(k?)(?:W|VA)\b", re.IGNORECASE)
_LONGEST = 200
"""Letters of a name or an address at most; what is longer in a map is no name."""


def thing_of(
    osm: int, tags: Mapping[str, str], latitude: float, longitude: float, categories: Categories
) -> Thing | None:
    """Tell what place an object is, None if it is none that could be looked for."""
    numbers = categories.of(tags)
    kind = Kind.LOCALITY if tags.get("place") in LOCALITIES else Kind.PLACE
    first = categories.all[numbers[0]].name if numbers else ""
    name = tags.get("name") or tags.get("brand") or (tags.get("operator", "") if first in _OPERATED else "")
    if not numbers and not (name and (kind is Kind.LOCALITY or _is_place(tags))):
        return None
    plugs, power = _charging(tags) if first == "charging_station" else ((), 0.0)
    return Thing(
        osm,
        kind,
        latitude,
        longitude,
        name[:_LONGEST],
        names_of(tags),
        tuple(numbers),
        tags.get("addr:street", tags.get("addr:place", ""))[:_LONGEST],
        tags.get("addr:housenumber", "")[:_LONGEST],
        tags.get("addr:city", "")[:_LONGEST],
        tags.get("addr:country", "").upper()[:2],
        tags.get("opening_hours", ""),
        ", ".join(plugs),
        power,
        " ".join(tags[key][:_LONGEST].replace("_", " ") for key in _EXTRA if key in tags),
    )


def house_of(osm: int, tags: Mapping[str, str], latitude: float, longitude: float) -> House | None:
    """Tell what address an object has, None if it has no complete one."""
    street, label = tags.get("addr:street") or tags.get("addr:place"), tags.get("addr:housenumber")
    if not street or not label:
        return None
    return House(osm, street[:_LONGEST], label[:_LONGEST], tags.get("addr:city", "")[:_LONGEST], latitude, longitude)


def names_of(tags: Mapping[str, str]) -> dict[str, str]:
    """Collect the names in all languages, and under their own keys those that it is also known by."""
    found = {
        match[1]: value[:_LONGEST]
        for key, value in tags.items()
        if key.startswith("name:") and (match := _LANGUAGE.fullmatch(key))
    }
    return found | {key: tags[key][:_LONGEST] for key in _OTHER_NAMES & tags.keys()}


def _is_place(tags: Mapping[str, str]) -> bool:
    return not (_NO_PLACES & tags.keys()) or any(tags.get(key) in _PLACES_ALL_THE_SAME for key in _NO_PLACES)


def _charging(tags: Mapping[str, str]) -> tuple[tuple[str, ...], float]:
    """Find the plugs of a charging station, and the power of the strongest in kW."""
    plugs = {_PLUGS[kind]: None for kind in _PLUGS if tags.get(f"socket:{kind}", "no") not in {"no", "0"}}
    powers = [
        float(amount.replace(",", ".")) * (1.0 if kilo else 0.001)
        for key, value in tags.items()
        if key in {"charging_station:output", "maxpower"} or (key.startswith("socket:") and key.endswith(":output"))
        for amount, kilo in _POWER.findall(value)
    ]
    return tuple(plugs), max(powers, default=0.0)

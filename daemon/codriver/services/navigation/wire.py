"""Places, routes and options on the bus: plain dictionaries, checked where they come in."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from codriver.acting.bus import Typed
from codriver.errors import InvalidRequest
from codriver.services.navigation.places import Kind, Place, Position
from codriver.services.navigation.routing.routes import Avoid, Prefer

_LONGEST_NAME = 300  # characters of a name that comes in
_SHOWN = 60


def place_out(place: Place) -> dict[str, Any]:
    """Write a place; what is not known is left out."""
    known: dict[str, Any] = {
        "id": place.id,
        "name": place.name,
        "kind": place.kind.value,
        "category": place.category,
        "address": place.address,
        "latitude": place.position.latitude,
        "longitude": place.position.longitude,
        "distance": float(place.distance),
        "by_road": place.by_road,
    }
    if place.open is not None:
        known["open"] = place.open
    if place.plugs:
        known["plugs"] = Typed("as", list(place.plugs))
    if place.power:
        known["power"] = float(place.power)
    if place.interpolated:
        known["interpolated"] = True
    return known


def places_out(places: Sequence[Place]) -> Typed:
    """Write a list of places, for a variant."""
    return Typed("aa{sv}", [place_out(place) for place in places])


def place_in(values: Mapping[str, Any]) -> Place:
    """Read a place; latitude and longitude are enough. Raises InvalidRequest."""
    kind = option(values, "kind", str, Kind.PLACE.value)
    return Place(
        id=text_in(values, "id"),
        kind=Kind(kind) if kind in list(Kind) else Kind.PLACE,
        name=text_in(values, "name"),
        category=text_in(values, "category"),
        address=text_in(values, "address"),
        position=position_in(values),
    )


def position_in(values: Mapping[str, Any]) -> Position:
    """Read latitude and longitude. Raises InvalidRequest when one is missing or not on the earth."""
    latitude, longitude = number_in(values, "latitude"), number_in(values, "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        raise InvalidRequest("A place needs a latitude from -90 to 90 and a longitude from -180 to 180, in degrees.")
    return Position(latitude, longitude)


def number_in(values: Mapping[str, Any], name: str) -> float | None:
    """Read a finite number, or None where there is none. Raises InvalidRequest for anything else."""
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidRequest(f"{name} is a number.")
    return float(value)


def text_in(values: Mapping[str, Any], name: str) -> str:
    """Read a text, or "" where there is none. Raises InvalidRequest for anything else, and for very long ones."""
    text = option(values, name, str, "")
    if len(text) > _LONGEST_NAME:
        raise InvalidRequest(f"{name} has at most {_LONGEST_NAME} characters.")
    return text


def option[T](values: Mapping[str, Any], name: str, kind: type[T], otherwise: T) -> T:
    """Read an option of a type. Raises InvalidRequest for another type."""
    value = values.get(name, otherwise)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise InvalidRequest(f"The option {name} has the wrong type.")
    return value


def count_in(values: Mapping[str, Any], name: str, otherwise: int, most: int) -> int:
    """Read how many, 0 to ``most``. Raises InvalidRequest."""
    count = option(values, name, int, otherwise)
    if not 0 <= count <= most:
        raise InvalidRequest(f"{name} is 0 to {most}.")
    return count


def list_in[T](values: Mapping[str, Any], name: str, most: int, read: Callable[[Any], T]) -> tuple[T, ...]:
    """Read a list of at most ``most``. Raises InvalidRequest."""
    found = option(values, name, list, [])
    if len(found) > most:
        raise InvalidRequest(f"{name} has at most {most} entries, not {len(found)}.")
    return tuple(map(read, found))


def avoid_in(values: Mapping[str, Any]) -> frozenset[Avoid]:
    """Read what to avoid. Raises InvalidRequest."""
    return frozenset(list_in(values, "avoid", len(Avoid), lambda word: _word(word, "avoid", Avoid)))


def prefer_in(values: Mapping[str, Any]) -> Prefer:
    """Read what makes a route the best. Raises InvalidRequest."""
    return _word(option(values, "prefer", str, Prefer.FASTEST.value), "prefer", Prefer)


def vias_in(values: Mapping[str, Any], most: int) -> tuple[Place, ...]:
    """Read the stops on the way. Raises InvalidRequest."""
    return list_in(values, "via", most, _place_entry)


def check_names(values: Mapping[str, Any], known: Sequence[str]) -> None:
    """Raise InvalidRequest for options that there are not."""
    for name in values.keys() - set(known):
        raise InvalidRequest(f"There is no option {name[:_SHOWN]!r} here; there are: {', '.join(known)}.")


def _place_entry(value: Any) -> Place:
    if not isinstance(value, Mapping):
        raise InvalidRequest("A stop is a dictionary with at least a latitude and a longitude.")
    return place_in(value)


def _word[E: StrEnum](value: Any, name: str, words: type[E]) -> E:
    try:
        return words(value)
    except ValueError:
        raise InvalidRequest(f"{name} is one of {', '.join(words)}, not {str(value)[:_SHOWN]}.") from None

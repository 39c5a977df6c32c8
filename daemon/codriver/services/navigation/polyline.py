"""Shapes of roads as text: the encoded polyline of Valhalla and OSRM, with six decimals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codriver.errors import InvalidRequest
from codriver.services.navigation.places import Position

_PRECISION = 1e6


def encode(shape: Iterable[Position]) -> str:
    """Write a shape as polyline6."""
    text: list[str] = []
    latitude = longitude = 0
    for position in shape:
        here = round(position.latitude * _PRECISION), round(position.longitude * _PRECISION)
        text += _write(here[0] - latitude)
        text += _write(here[1] - longitude)
        latitude, longitude = here
    return "".join(text)


def decode(text: str) -> tuple[Position, ...]:
    """Read a polyline6. Raises InvalidRequest for what is none."""
    numbers = list(_read(text))
    if len(numbers) % 2:
        raise InvalidRequest("The shape is no polyline.")
    shape = []
    latitude = longitude = 0
    for north, east in zip(numbers[::2], numbers[1::2], strict=True):
        latitude, longitude = latitude + north, longitude + east
        position = Position(latitude / _PRECISION, longitude / _PRECISION)
        if abs(position.latitude) > 90 or abs(position.longitude) > 180:
            raise InvalidRequest("The shape is no polyline with six decimals.")
        shape.append(position)
    return tuple(shape)


def _write(number: int) -> Iterator[str]:
    """Write one number: five bits a character, the lowest first, its sign in the lowest bit."""
    bits = ~(number << 1) if number < 0 else number << 1
    while bits >= 0x20:
        yield chr((0x20 | (bits & 0x1F)) + 63)
        bits >>= 5
    yield chr(bits + 63)


def _read(text: str) -> Iterator[int]:
    bits = shift = 0
    for character in text:
        five = ord(character) - 63
        if not 0 <= five < 0x40 or shift > 30:
            raise InvalidRequest("The shape is no polyline.")
        bits |= (five & 0x1F) << shift
        shift += 5
        if five < 0x20:
            yield ~(bits >> 1) if bits & 1 else bits >> 1
            bits = shift = 0
    if shift:
        raise InvalidRequest("The shape ends in the middle of a number.")

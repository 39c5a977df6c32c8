"""Places that the bench makes up: towns scattered over a country, with names as common and as rare as real ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import osmium

from codriver.services.navigation.indexing.categories import Categories, load_categories
from codriver.services.navigation.indexing.features import Feature, Shape, house_of, thing_of
from codriver.services.navigation.places import Position

_SOUTH, _NORTH, _WEST, _EAST = 44.0, 53.0, 0.0, 14.0
_PLACES_PER_TOWN = 4_000
_TOWN_SIZE = 0.03
"""Degrees: the standard deviation of a town."""
_WORDS = 200_000
_SYLLABLES = tuple(c + v for c in "bdfghklmnprstvw" for v in ("a", "e", "i", "o", "u", "an", "er", "il"))
_CHAINS = 300
_CHAIN_SHARE, _NAMELESS_SHARE, _HOUSE_SHARE = 0.2, 0.1, 0.15

type Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MadePlace:
    """A place as it would be in a map."""

    number: int
    position: Position
    tags: Tags


def made_places(count: int, seed: int = 1) -> Iterator[MadePlace]:
    """Make so many places; the same for the same seed."""
    chance = random.Random(seed)
    words = made_words(chance)
    weights = list(accumulate(1.0 / (rank + 20) for rank in range(len(words))))
    chains = [" ".join(chance.choices(words, cum_weights=weights, k=chance.choice((1, 2)))) for _ in range(_CHAINS)]
    kinds = _kinds(load_categories())
    towns = [
        (chance.uniform(_SOUTH, _NORTH), chance.uniform(_WEST, _EAST)) for _ in range(max(1, count // _PLACES_PER_TOWN))
    ]
    for number in range(1, count + 1):
        north, east = towns[chance.randrange(len(towns))]
        position = Position(chance.gauss(north, _TOWN_SIZE), chance.gauss(east, _TOWN_SIZE * 1.4))
        drawn = chance.random()
        key, value = kinds[int(chance.random() ** 2 * len(kinds))]
        tags = {key: value}
        if drawn < _CHAIN_SHARE:
            tags["name"] = tags["brand"] = chains[chance.randrange(_CHAINS)]
        elif drawn > _CHAIN_SHARE + _NAMELESS_SHARE:
            tags["name"] = " ".join(chance.choices(words, cum_weights=weights, k=chance.choice((1, 2, 2, 3))))
        if drawn > 1.0 - _HOUSE_SHARE:
            tags["addr:street"] = chance.choices(words, cum_weights=weights)[0] + "straat"
            tags["addr:housenumber"] = str(chance.randrange(1, 200))
        yield MadePlace(number, position, tags)


def made_words(chance: random.Random) -> Sequence[str]:
    """Make words of syllables; the first ones are the common ones."""
    found: dict[str, None] = {}
    while len(found) < _WORDS:
        found["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 3, 4)))).capitalize()] = None
    return tuple(found)


def features(places: Iterator[MadePlace]) -> Iterator[Feature]:
    """Give places as they come out of the reading of a file."""
    categories = load_categories()
    for place in places:
        osm = place.number << 2 | Shape.NODE
        thing = thing_of(osm, place.tags, place.position.latitude, place.position.longitude, categories)
        house = house_of(osm, place.tags, place.position.latitude, place.position.longitude)
        if thing:
            yield thing
        if house:
            yield house


def write_file(places: Iterator[MadePlace], target: Path) -> None:
    """Write places as an OpenStreetMap file."""
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for place in places:
            node = osmium.osm.mutable.Node(
                id=place.number, tags=dict(place.tags), location=(place.position.longitude, place.position.latitude)
            )
            writer.add_node(node)


def _kinds(categories: Categories) -> list[tuple[str, str]]:
    """List a tag for each category that one tag is enough for."""
    found: dict[tuple[str, str], None] = {}
    for category in categories.all:
        for rule in category.rules:
            if len(rule) == 1 and rule[0].values:
                found[rule[0].key, min(rule[0].values)] = None
    return list(found)

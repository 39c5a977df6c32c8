"""Finding addresses: a street and a house number, in either order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codriver.services.navigation.indexing.numbering import label_key, spans
from codriver.services.navigation.places import Kind, Position
from codriver.services.navigation.searching.areas import Area, Around
from codriver.services.navigation.searching.index import Address
from codriver.services.navigation.searching.names import Match, Names, Wanted
from codriver.services.navigation.searching.phrases import Phrases

_LABEL = r"(?P<number>\d{1,5}) ?(?P<rest>[a-z](?![^\W\d_])|-\d{1,5}(?: ?[a-z](?![^\W\d_]))?|)"
_WIDEST = 100
"""Numbers that one label can stand for, and how far apart the numbers may be between which one is reckoned."""
_STREETS = 6
_ONLY_STREETS, _ONLY_TOWNS = frozenset({Kind.STREET}), frozenset({Kind.LOCALITY})
_SLACK = 0.1
"""How much less like a street's name must be, since a number came with it."""
_DOUBT = 0.03
"""How much less likely an address is for which figures have to be taken for words, or words for figures."""
_MISSING = 0.08
"""How much less likely an address is when its number has to be reckoned, and twice that when it cannot be."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A way in which a text may be an address. ``doubt`` is 0 for the plain one."""

    street: str
    number: int
    label: str
    where: str = ""
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """An address that may be meant; without ``address`` the street, where the number is not known."""

    street: Match
    address: Address | None
    likeness: float


def readings(text: str, phrases: Phrases) -> Iterator[Reading]:
    """Give the ways in which a tidied text may be an address."""
    marks = "|".join(map(re.escape, phrases.house)) or r"(?!)"
    for match in re.finditer(rf"(?<![\d-])(?:(?:{marks})\.? ?)?{_LABEL} ?(?:{marks})?(?![\d-])", text):
        before, after = text[: match.start()].strip(" ,-"), text[match.end() :].strip(" ,-")
        label = match["number"] + match["rest"]
        if before:
            yield Reading(before, int(match["number"]), label_key(label), after)
            yield from _misheard(before, label, after, phrases)
        elif after:
            yield Reading(after, int(match["number"]), label_key(label))
    before, _, last = text.rpartition(" ")
    if before and last in phrases.misheard:
        yield Reading(before, int(phrases.misheard[last]), phrases.misheard[last], doubt=_DOUBT)


def _misheard(before: str, label: str, after: str, phrases: Phrases) -> Iterator[Reading]:
    """Take figures at the beginning for the end of the name: "Annankatu 13" may be heard as "anna car to 13"."""
    for figure in set(phrases.misheard.values()):
        rest = re.match(rf"{figure}-?([1-9].*)", label)
        if rest and (number := re.match(r"\d+", rest[1])):
            yield Reading(before, int(number[0]), label_key(rest[1]), after, _DOUBT)


class Addresses:
    """Looks for addresses with the help of names."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def find(self, text: str, phrases: Phrases, area: Area, near: Position, limit: int) -> list[AddressMatch]:
        """Find addresses, the best first; none if the text is no address."""
        found: list[AddressMatch] = []
        for reading in readings(text, phrases):
            around, centre = self._where(reading, area, near)
            street_wanted = Wanted.named(reading.street, around, centre, _STREETS)
            streets = self._names.find(replace(street_wanted, kinds=_ONLY_STREETS, slack=_SLACK))
            for street in streets:
                found += self._on(street, reading)
        best = sorted(found, key=lambda match: -(match.likeness + match.street.rank - match.street.likeness))
        return best[:limit]

    def _where(self, reading: Reading, area: Area, near: Position) -> tuple[Area, Position]:
        """Look in the town that is named after the number, if there is one of this name."""
        if reading.where:
            towns = self._names.find(replace(Wanted.named(reading.where, area, near, 1), kinds=_ONLY_TOWNS))
            if towns:
                centre = towns[0].entry.position
                return Around(centre, 20_000.0), centre
        return area, near

    def _on(self, street: Match, reading: Reading) -> Iterator[AddressMatch]:
        likeness = street.likeness - reading.doubt
        known = street.index.addresses(street.entry.number, reading.number - _WIDEST, reading.number + _WIDEST)
        there = [address for address in known if _stands_for(address, reading.number)]
        if there:
            best = min(there, key=lambda address: _difference(address, reading))
            yield AddressMatch(street, best, likeness - (0.0 if label_key(best.label) == reading.label else 0.01))
            return
        reckoned = interpolate(known, reading.number)
        if reckoned:
            yield AddressMatch(street, replace(reckoned, osm=street.entry.osm), likeness - _MISSING)
        else:
            yield AddressMatch(street, None, likeness - 2 * _MISSING)


def interpolate(known: Sequence[Address], number: int) -> Address | None:
    """Reckon where a number is from its neighbours on its side of the street; None if it has none on both sides."""
    side = [address for address in known if address.number % 2 == number % 2]
    for houses in (side, known):
        below = max((a for a in houses if a.until < number), key=lambda a: a.until, default=None)
        above = min((a for a in houses if a.number > number), key=lambda a: a.number, default=None)
        if below and above:
            share = (number - below.until) / (above.number - below.until)
            south, north = below.position, above.position
            position = Position(
                south.latitude + share * (north.latitude - south.latitude),
                south.longitude + share * (north.longitude - south.longitude),
            )
            return Address(number, number, str(number), below.osm, position, interpolated=True)
    return None


def _stands_for(address: Address, number: int) -> bool:
    """Whether a number is one of those of an address: 11-15 are 11, 13 and 15, but 11-14 are all of them."""
    step = 2 if address.number % 2 == address.until % 2 else 1
    return address.number <= number <= address.until and (number - address.number) % step == 0


def _difference(address: Address, reading: Reading) -> tuple[bool, bool, bool, int]:
    exact = next(spans(address.label), (0, 0))
    return (
        label_key(address.label) != reading.label,
        address.interpolated,
        exact != (reading.number, reading.number),
        len(address.label),
    )

"""Searching the installed maps: from what was said to places."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from itertools import islice
from types import TracebackType
from typing import Self

from codriver.errors import MapError
from codriver.services.navigation.indexing.categories import load_categories
from codriver.services.navigation.indexing.words import words
from codriver.services.navigation.maps import MapFolder
from codriver.services.navigation.places import Kind, Place, Position
from codriver.services.navigation.searching.addresses import Addresses, AddressMatch
from codriver.services.navigation.searching.areas import Along, Area, Around
from codriver.services.navigation.searching.index import Index
from codriver.services.navigation.searching.names import SURE, Match, Names, Wanted
from codriver.services.navigation.searching.phrases import Asking, Question
from codriver.services.navigation.searching.request import SearchRequest
from codriver.services.navigation.searching.standing import standing
from codriver.services.navigation.searching.written import address_of, place_of

_BESIDE = 1_000.0
"""Metres from a route at which something is still on the way."""
_VICINITY = 2_000.0
"""Metres around a named place that are near it, if something is found there."""
_MOST = 1_000
"""Places that are given at once, at most."""
_OF_ITS_KIND = 0.05
"""How much more likely a name is meant when its category was said with it."""


class Searcher:
    """Finds places on the installed maps. To be used on one thread at a time; to be closed after use."""

    def __init__(self, maps: Sequence[MapFolder]) -> None:
        self._maps = tuple(maps)
        with ExitStack() as opened:
            self._indexes = [opened.enter_context(closing(Index(folder))) for folder in maps]
            self._opened = opened.pop_all()
        self._names = Names(self._indexes)
        self._addresses = Addresses(self._names)
        self._asking = Asking(load_categories())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the maps."""
        self._opened.close()

    def search(self, request: SearchRequest) -> tuple[Place, ...]:
        """Find places: of a category the nearest first, by name the best first, along a route in its order.

        A text that is no search finds nothing. Towns are found wherever they are, all else within the radius.
        """
        request = replace(request, limit=max(0, min(request.limit, _MOST)))
        question = self._asking.read(request.text, request.language)
        area = Along(request.along, _BESIDE) if request.along else Around(request.near, request.radius)
        if not question.text or not request.limit:
            return ()
        unique: dict[str, Place] = {}
        with _read():
            for place in self._found(question, request, area):
                if place.open is not False or not (request.open_at or question.open):
                    unique.setdefault(f"{place.kind} {place.id} {place.address if place.interpolated else ''}", place)
                if len(unique) == request.limit:
                    break
        return tuple(unique.values())

    def near(self, position: Position) -> Place:
        """Find the address or the street at a position. Raises MapError where the maps have no street."""
        with _read():
            place = standing(self._indexes, position)
        if place is None:
            raise MapError("There is no street on the maps here.")
        return place

    def reach(self, near: Position, radius: float) -> float:
        """Say how far a search can have looked, in metres: to ``radius``, or to the farthest corner of the maps."""
        corners = [
            near.distance_to(Position(latitude, longitude))
            for bounds in (folder.manifest.bounds for folder in self._maps)
            for latitude in (bounds.south, bounds.north)
            for longitude in (bounds.west, bounds.east)
        ]
        return min(radius, max(corners, default=0.0))

    def _found(self, question: Question, request: SearchRequest, area: Area) -> Iterator[Place]:
        if question.category:
            return self._of_category(question, request, area)
        return self._by_name(question, request, area)

    def _of_category(self, question: Question, request: SearchRequest, area: Area) -> Iterator[Place]:
        if question.where:
            where = self._asking.read(question.where, request.language)
            landmark = next(self._found(replace(where, where=""), replace(request, open_at=None), area), None)
            if landmark:
                yield from self._nearest(question.category, request, Around(landmark.position, _VICINITY))
                return
            yield from self._by_name(replace(question, text=question.figures), request, area)
            return
        nearest = self._nearest(question.category, request, area)
        yield from islice(nearest, 1)
        # A place may be called as if it were a kind of place.
        called = Wanted.named(question.said, area, request.near, 1)
        for match in self._names.called(called):
            yield place_of(match.index, match.entry, request.near, request.open_at or request.at)
        yield from nearest

    def _nearest(self, category: str, request: SearchRequest, area: Area) -> Iterator[Place]:
        """Give the places of a category, the first in the area first."""
        given: set[tuple[int, int]] = set()
        for piece in area.pieces:
            inside = [
                (distance, number, which)
                for which, index in enumerate(self._indexes)
                for number, position in index.of_category(category, piece.ranges)
                if (which, number) not in given and (distance := piece.measure(position)) is not None
            ]
            for _, number, which in sorted(inside):
                given.add((which, number))
                for entry in self._indexes[which].entries([number]):
                    yield place_of(self._indexes[which], entry, request.near, request.open_at or request.at)

    def _by_name(self, question: Question, request: SearchRequest, area: Area) -> Iterator[Place]:
        phrases = self._asking.phrases(request.language, request.text)
        addresses = [
            address
            for text in dict.fromkeys((question.figures, question.text))
            for address in self._addresses.find(text, phrases, area, request.near, request.limit)
        ]
        found: list[tuple[float, Place]] = [(one.likeness, _told(one, request.near)) for one in addresses]
        sure = any(one.address and one.likeness >= SURE for one in addresses)
        wanted = Wanted.named(question.said, area, request.near, request.limit)
        for match in self._names.called(wanted) if sure else self._named(question, request, area):
            at = request.open_at or request.at
            found.append((match.rank, place_of(match.index, match.entry, request.near, at, match.likeness)))
        yield from (place for _, place in sorted(found, key=lambda one: -one[0]))

    def _named(self, question: Question, request: SearchRequest, area: Area) -> list[Match]:
        """Find by name: as it is asked for, as it was said, without joining words, and without a category."""
        wanted = Wanted.named(question.text, area, request.near, request.limit)
        found = self._names.find(wanted)
        if found and found[0].likeness >= SURE:
            return found
        phrases = self._asking.phrases(request.language, request.text)
        others = {tuple(words(question.said)), tuple(word for word in wanted.said if word not in phrases.joining)}
        for said in others - {wanted.said, ()}:
            found += self._names.called(replace(wanted, said=said))
        name, category = self._asking.split(question.text, request.language)
        if category:
            for match in self._names.find(Wanted.named(name, area, request.near, request.limit)):
                if match.entry.category == category:
                    found.append(replace(match, likeness=min(1.0, match.likeness + _OF_ITS_KIND)))
        best: dict[tuple[int, Kind], Match] = {}
        for match in sorted(found, key=lambda match: -match.rank):
            best.setdefault((match.entry.osm, match.entry.kind), match)
        return list(best.values())[: request.limit]


@contextmanager
def _read() -> Iterator[None]:
    """Say in a sentence that a map cannot be read."""
    try:
        yield
    except sqlite3.Error as error:
        raise MapError(f"A map is damaged: {error}. `codriver maps info` tells which; build it again.") from error


def _told(match: AddressMatch, near: Position) -> Place:
    if match.address:
        return address_of(match.street.entry, match.address, near, match.street.likeness)
    return place_of(match.street.index, match.street.entry, near, None, match.street.likeness)

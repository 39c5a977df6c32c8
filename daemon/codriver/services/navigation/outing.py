"""A route between places that somebody names: the places are looked for, then the way between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from codriver.errors import InvalidRequest, MapError
from codriver.services.navigation.atlas import Atlas
from codriver.services.navigation.faults import CarOffMap, OffMap
from codriver.services.navigation.places import Kind, Place, Position
from codriver.services.navigation.routing.routes import Route, RouteRequest, Stop
from codriver.services.navigation.searching import SearchRequest

HERE = "here"
"""The word for where the car is."""

_POSITION = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d{1,20})?)\s*,\s*([+-]?\d{1,3}(?:\.\d{1,20})?)\s*")
_EVERYWHERE = 20_100_000.0  # metres; half around the earth
_FITTING = 10
_TOLD = 60  # letters of a text that nothing was found by


@dataclass(frozen=True, slots=True)
class Outing:
    """A route with its stops, and the other places that fitted what the stops were asked for by."""

    route: Route
    stops: tuple[Place, ...]
    found: tuple[Place, ...]


async def plan(
    atlas: Atlas, wishes: Sequence[str], start: Position, car: Position | None, request: RouteRequest
) -> Outing:
    """Find a route through the stops that ``wishes`` name: words for a search, "latitude,longitude", or HERE.

    The first is looked for near ``start``, the others near the first. ``car`` must be known if HERE is among them.
    Raises InvalidRequest for what names nothing, and like Atlas.search and Atlas.route.
    """
    near, stops, found = start, list[Place](), list[Place]()
    for wish in wishes:
        first, *others = await _places(atlas, wish, near, car, request.language)
        if not stops:
            near = first.position
        stops.append(first)
        found += others
    try:
        route = await atlas.route([Stop(stop.position, stop.called) for stop in stops], request)
    except CarOffMap as fault:
        # To the router the first stop is the car, and here it seldom is.
        raise fault if stops[0].position == car else OffMap(request.language) from fault
    known = {stop.id for stop in stops}
    unique = {place.id: place for place in found if place.id not in known}
    return Outing(route, tuple(stops), tuple(unique.values()))


async def _places(atlas: Atlas, wish: str, near: Position, car: Position | None, language: str) -> Sequence[Place]:
    if wish.strip().lower() == HERE and car is not None:
        return [await _at(atlas, car, "")]
    if (position := position_of(wish)) is not None:
        return [await _at(atlas, position, wish.strip())]
    found = await atlas.search(SearchRequest(wish, near, language, _FITTING, _EVERYWHERE))
    if not found:
        told = " ".join(wish.split())
        shown = told if len(told) <= _TOLD else told[:_TOLD] + "…"
        raise InvalidRequest(f"Nothing on the maps is found by {shown!r}.")
    return found


async def _at(atlas: Atlas, position: Position, name: str) -> Place:
    """Make a place of a position, called by its street where it has no name."""
    address = ""
    if not name:
        try:
            street = await atlas.near(position)
            address = street.address or street.name
        except MapError:
            name = f"{position.latitude:.5f}, {position.longitude:.5f}"
    return Place("", Kind.PLACE, name, position, address=address)


def position_of(text: str) -> Position | None:
    """Read "latitude,longitude" in degrees; None for other words. Raises InvalidRequest for what is not on earth."""
    match = _POSITION.fullmatch(text)
    if not match:
        return None
    latitude, longitude = map(float, match.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise InvalidRequest(f"{text.strip()} is not on earth: latitudes are within 90 degrees, longitudes within 180.")
    return Position(latitude, longitude)

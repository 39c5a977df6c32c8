"""Stops in, routes out: over whichever installed map has roads at all of the stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from codriver.errors import InvalidRequest
from codriver.services.navigation.faults import CarOffMap, NoMap, OffMap
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.engine import Engine
from codriver.services.navigation.routing.routes import Avoid, Maneuver, Prefer, Route, RouteRequest, Stop
from codriver.services.navigation.routing.trips import read_route
from codriver.services.navigation.words import FALLBACK, words_for

MOST_STOPS = 20  # of one route; Valhalla's own limit for cars
MOST_ALTERNATIVES = 3

_USE = {Avoid.TOLLS: "use_tolls", Avoid.MOTORWAYS: "use_highways", Avoid.FERRIES: "use_ferry"}


class Tiles(Protocol):
    """What a router needs of an installed map."""

    @property
    def tiles(self) -> Path:
        """The routing tiles: a folder or a tar of one."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """How far it is by road, in metres and seconds."""

    distance: float
    time: float


class Router:
    """Routes on installed maps. Valhalla runs on one thread of its own, whatever the number of maps."""

    def __init__(self, maps: Sequence[Tiles]) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="valhalla")
        self._engines = [Engine(one.tiles, self._thread) for one in maps]

    async def route(self, stops: Sequence[Stop], request: RouteRequest) -> Route:
        """Find the best route through the stops, in their order.

        Raises InvalidRequest for fewer than two stops or more than MOST_STOPS, NoMap, CarOffMap when there is no road
        near the first stop, OffMap when there is none near another, Unreachable, and TooFar.
        """
        if not 2 <= len(stops) <= MOST_STOPS:
            raise InvalidRequest(
                f"A route has 2 to {MOST_STOPS} stops, with the car as the first; here are {len(stops)}."
            )
        spoken = words_for(request.language)
        asked = {request.language: spoken.valhalla} if spoken.valhalla else {}
        asked |= {FALLBACK: words_for(FALLBACK).valhalla}
        language, *others = asked
        route = await self._route(stops, request, language, asked[language])
        for other in others:
            # The same request finds the same way: only the words of it differ.
            route = _with_words(route, await self._route(stops, request, other, asked[other]))
        return route

    async def ways(self, start: Position, goals: Sequence[Position]) -> list[Way | None]:
        """Tell how far each goal is by road; None for one that cannot be reached. Raises like ``route``."""
        request = {
            "sources": [_location(Stop(start))],
            "targets": [_location(Stop(goal)) for goal in goals],
            **_costing(RouteRequest()),
        }
        answer = await self._ask("matrix", request)
        return [_way(found) for found in answer["sources_to_targets"][0]]

    def close(self) -> None:
        """End Valhalla's thread; questions that wait are dropped."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _route(self, stops: Sequence[Stop], request: RouteRequest, language: str, tag: str) -> Route:
        wanted = {"locations": [_location(stop) for stop in stops], "language": tag, **_costing(request)}
        if len(stops) == 2:
            wanted["alternates"] = min(request.alternatives, MOST_ALTERNATIVES)
        try:
            answer = await self._ask("route", wanted)
        except OffMap:
            if not await self._has_road(stops[0].position):
                raise CarOffMap from None
            raise
        return read_route(answer, stops, language if answer["trip"]["language"] == tag else "")

    async def _has_road(self, position: Position) -> bool:
        try:
            [found] = await self._ask("locate", {"locations": [_location(Stop(position))], "costing": "auto"})
        except OffMap:
            return False
        return bool(found.get("edges"))

    async def _ask(self, action: Any, request: Mapping[str, Any]) -> Any:
        """Ask one map after the other, until one has roads at all places."""
        if not self._engines:
            raise NoMap
        *first, last = self._engines
        for engine in first:
            try:
                return await engine.ask(action, request)
            except OffMap:
                continue
        return await last.ask(action, request)


def _location(stop: Stop) -> dict[str, Any]:
    location: dict[str, Any] = {"lat": stop.position.latitude, "lon": stop.position.longitude}
    if stop.name:
        location["name"] = stop.name
    if stop.heading is not None:
        location["heading"] = round(stop.heading) % 360
    return location


def _costing(request: RouteRequest) -> dict[str, Any]:
    options: dict[str, Any] = {_USE[avoid]: 0.0 for avoid in sorted(request.avoid)}
    if request.prefer is Prefer.SHORTEST:
        options["shortest"] = True
    return {"costing": "auto", "costing_options": {"auto": options}, "units": "kilometers"}


def _way(found: Mapping[str, Any]) -> Way | None:
    if found.get("time") is None:
        return None
    return Way(found["distance"] * 1000, found["time"])


def _with_words(route: Route, other: Route) -> Route:
    if len(route.maneuvers) != len(other.maneuvers):
        return route
    maneuvers = tuple(map(_with_sayings, route.maneuvers, other.maneuvers))
    return replace(route, maneuvers=maneuvers)


def _with_sayings(maneuver: Maneuver, other: Maneuver) -> Maneuver:
    return replace(maneuver, sayings={**maneuver.sayings, **other.sayings})

"""Stops in, routes out: on the installed map that holds all of the stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from codriver.errors import InvalidRequest
from codriver.services.navigation.faults import ApartMaps, CarOffMap, NoMap, NoRoad, OffMap, Unreachable
from codriver.services.navigation.maps import MapFolder
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.engine import Action, Engine
from codriver.services.navigation.routing.routes import Avoid, Maneuver, Prefer, Route, RouteRequest, Stop
from codriver.services.navigation.routing.trips import read_route
from codriver.services.navigation.words import FALLBACK, words_for

MOST_STOPS = 20
"""Stops of one route, with the car as the first; Valhalla's own limit for cars."""

MOST_ALTERNATIVES = 2
"""Other routes that can be had beside the best; Valhalla's own limit."""

_USE = {Avoid.TOLLS: "use_tolls", Avoid.MOTORWAYS: "use_highways", Avoid.FERRIES: "use_ferry"}
_EXCLUDE = {Avoid.TOLLS: "exclude_tolls", Avoid.MOTORWAYS: "exclude_highways", Avoid.FERRIES: "exclude_ferries"}


@dataclass(frozen=True, slots=True)
class Way:
    """How far it is by road, in metres and seconds."""

    distance: float
    time: float


class Router:
    """Routes on installed maps. Valhalla runs on one thread of its own, whatever the number of maps."""

    def __init__(self, maps: Sequence[MapFolder]) -> None:
        self._maps = tuple(maps)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="valhalla")
        self._engines = [Engine(one.tiles, self._thread) for one in maps]

    async def route(self, stops: Sequence[Stop], request: RouteRequest) -> Route:
        """Find the best route through the stops, in their order.

        Raises InvalidRequest for fewer than two stops or more than MOST_STOPS; NoMap; CarOffMap when the first stop is
        on no map, OffMap when another is, ApartMaps when they are on different ones; NoRoad, Unreachable and TooFar.
        """
        if not 2 <= len(stops) <= MOST_STOPS:
            raise InvalidRequest(f"A route has 2 to {MOST_STOPS} stops, the first with it; here are {len(stops)}.")
        spoken = words_for(request.language).valhalla
        asked = {request.language: spoken} if spoken else {}
        language, *others = asked | {FALLBACK: words_for(FALLBACK).valhalla}
        engines = self._engines_for([stop.position for stop in stops])
        route, costing = await self._best(engines, stops, request, language)
        for other in others:
            # The same request finds the same way: only the words of it differ.
            route = _with_words(route, await _route(engines, stops, request, costing, other))
        return route

    async def ways(self, start: Position, goals: Sequence[Position]) -> list[Way | None]:
        """Tell how far each goal is by road; None for one that cannot be reached. Raises like ``route``."""
        sources, targets = [_location(Stop(start))], [_location(Stop(goal)) for goal in goals]
        request = {"sources": sources, "targets": targets, **_costing({})}
        answer = await _first(self._engines_for([start]), "matrix", request)
        return [_way(found) for found in answer["sources_to_targets"][0]]

    def close(self) -> None:
        """End Valhalla's thread when all questions are answered, without waiting for that."""
        self._thread.shutdown(wait=False)

    def _engines_for(self, positions: Sequence[Position]) -> list[Engine]:
        """Choose the maps that hold all positions."""
        if not self._engines:
            raise NoMap
        holding = [[one.manifest.bounds.holds(position) for one in self._maps] for position in positions]
        if not any(holding[0]):
            raise CarOffMap
        if not all(any(held) for held in holding):
            raise OffMap
        found = [engine for engine, *held in zip(self._engines, *holding, strict=True) if all(held)]
        if not found:
            raise ApartMaps
        return found

    async def _best(
        self, engines: Sequence[Engine], stops: Sequence[Stop], request: RouteRequest, language: str
    ) -> tuple[Route, Mapping[str, Any]]:
        """Find a route without what is to be avoided; where there is none, one with as little of it as can be."""
        strictly, loosely = _options(request, strictly=True), _options(request, strictly=False)
        if strictly != loosely:
            try:
                return await _route(engines, stops, request, strictly, language), strictly
            except Unreachable:
                pass
        return await _route(engines, stops, request, loosely, language), loosely


async def _route(
    engines: Sequence[Engine], stops: Sequence[Stop], request: RouteRequest, options: Mapping[str, Any], language: str
) -> Route:
    tag = words_for(language).valhalla
    wanted = {"locations": [_location(stop) for stop in stops], "language": tag, **_costing(options)}
    if len(stops) == 2 and request.alternatives:
        wanted["alternates"] = min(request.alternatives, MOST_ALTERNATIVES)
    answer = await _first(engines, "route", wanted)
    return read_route(answer, stops, language if answer["trip"]["language"] == tag else "")


async def _first(engines: Sequence[Engine], action: Action, request: Mapping[str, Any]) -> Any:
    """Ask one map after the other, until one knows a way."""
    *others, last = engines
    for engine in others:
        try:
            return await engine.ask(action, request)
        except (NoRoad, Unreachable):
            continue
    return await last.ask(action, request)


def _location(stop: Stop) -> dict[str, Any]:
    location: dict[str, Any] = {"lat": stop.position.latitude, "lon": stop.position.longitude}
    if stop.name:
        location["name"] = stop.name
    if stop.heading is not None:
        location["heading"] = round(stop.heading) % 360
    return location


def _options(request: RouteRequest, *, strictly: bool) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for avoid in sorted(request.avoid):
        options[_USE[avoid]] = 0.0
        if strictly:
            options[_EXCLUDE[avoid]] = True
    if request.prefer is Prefer.SHORTEST:
        options |= {"shortest": True, "disable_hierarchy_pruning": True}
    return options


def _costing(options: Mapping[str, Any]) -> dict[str, Any]:
    return {"costing": "auto", "costing_options": {"auto": dict(options)}, "units": "kilometers"}


def _way(found: Mapping[str, Any]) -> Way | None:
    if found.get("time") is None:
        return None
    return Way(found["distance"] * 1000, found["time"])


def _with_words(route: Route, other: Route) -> Route:
    if len(route.maneuvers) != len(other.maneuvers):
        return route
    return replace(route, maneuvers=tuple(map(_with_sayings, route.maneuvers, other.maneuvers)))


def _with_sayings(maneuver: Maneuver, other: Maneuver) -> Maneuver:
    return replace(maneuver, sayings={**maneuver.sayings, **other.sayings})

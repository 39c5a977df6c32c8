"""Routes: how fast, in how much memory, as long as OSRM's, and by the rules of the road."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Protocol

from codriver.acting.bus import Bus
from codriver.services.navigation.contract import NAVIGATION
from codriver.services.navigation.maps import MapFolder
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.router import Router
from codriver.services.navigation.routing.routes import ManeuverKind, Prefer, Route, RouteRequest, Stop
from codriver.workshop.bench.roads import Roads
from codriver.workshop.bench.rows import Row, limit_row
from codriver.workshop.memory import proportional_set_size
from codriver.workshop.parts import navigation, private_bus, simulated_car

PAIRS = 200
_SEED = 4
_SPARE = 4  # times as many points as pairs need are drawn: not every two are connected
_SHORTEST = 200.0  # metres between the points of a pair
_ALIKE, _ENOUGH = 0.02, 95.0  # of the length; percent of the pairs
_ROUNDING = 10.0  # metres that the ends of a way may differ
_TURNING = (ManeuverKind.UTURN_LEFT, ManeuverKind.UTURN_RIGHT)


class Lengths(Protocol):
    """Another router, to hold ours against."""

    def length(self, *places: Position) -> float | None:
        """Metres of the shortest way through places, or None; it may turn round at those between."""
        ...


@dataclass(frozen=True, slots=True)
class Compared:
    """A way of ours and OSRM's. ``turning`` is OSRM's through the points where ours turns round."""

    ours: float
    theirs: float
    turning: float | None

    @property
    def alike(self) -> bool:
        """Whether they are as long as each other."""
        return _alike(self.ours, self.theirs)

    @property
    def explained(self) -> bool:
        """Whether they are when both turn round at the same points; by itself OSRM does so at ends of roads only."""
        return self.alike or (self.turning is not None and _alike(self.ours, self.turning))


async def routing_rows(extract: Path, installed: MapFolder) -> list[Row]:
    """Measure routing on a map, and judge it by the extract that the map was built from."""
    roads = Roads(extract)
    points = roads.draw(2 * PAIRS * _SPARE, _SEED)
    pairs = [pair for pair in zip(points[::2], points[1::2], strict=True) if pair[0].distance_to(pair[1]) > _SHORTEST]
    times, memory = await _on_the_bus(installed, pairs[:PAIRS])
    compared, routes = await _compare(Router([installed]), extract, pairs)
    broken = [rule for route in routes for rule in roads.broken_rules(route.shape)]
    return [
        limit_row("route_p95", f"a route asked for over D-Bus ({len(times)} pairs)", _p95(times) * 1000, "ms", 15.0),
        limit_row("navigation_memory", "codriver-navigation, idle (PSS)", memory / 1e6, "MB", 120.0),
        _lengths_row(compared),
        limit_row("route_rules", f"one-ways and turns not obeyed, on {len(routes)} routes", len(broken), "", 0),
    ]


def _lengths_row(compared: Sequence[Compared]) -> Row:
    what, target = "routes as long as OSRM's, within 2 %", f"at least {_ENOUGH:g}"
    if not compared:
        return Row("route_lengths", what, None, None, "%", None, target, None, "osrm-bindings is not installed")
    at_once, explained = sum(one.alike for one in compared), sum(one.explained for one in compared)
    share = 100 * explained / len(compared)
    note = (
        f"{len(compared)} pairs of points on public roads, shortest way against shortest way; {at_once} at once, "
        f"{explained - at_once} where OSRM is let turn round at the places where ours does"
    )
    return Row("route_lengths", what, share, None, "%", None, target, share >= _ENOUGH, note)


async def _compare(
    router: Router, extract: Path, pairs: Sequence[tuple[Position, Position]]
) -> tuple[list[Compared], list[Route]]:
    """Compare the shortest ways of the first PAIRS that OSRM has a way for, and find all of our ways for them."""
    try:
        from codriver.workshop.bench.osrm import Osrm  # a library for this only, which boards do not have
    except ImportError:
        return [], [await router.route([Stop(start), Stop(goal)], RouteRequest()) for start, goal in pairs[:PAIRS]]
    compared: list[Compared] = []
    routes: list[Route] = []
    with tempfile.TemporaryDirectory(prefix="codriver-osrm-") as name:
        osrm = Osrm(extract, Path(name))
        for start, goal in pairs:
            theirs = osrm.length(start, goal)
            if theirs is None:
                continue  # the extract is cut through its roads: many points lead nowhere
            shortest = await router.route([Stop(start), Stop(goal)], RouteRequest(prefer=Prefer.SHORTEST))
            routes += [shortest, await router.route([Stop(start), Stop(goal)], RouteRequest())]
            compared.append(Compared(shortest.distance, theirs, _turning(osrm, start, shortest, goal)))
            if len(compared) == PAIRS:
                break
    router.close()
    return compared, routes


def _turning(osrm: Lengths, start: Position, ours: Route, goal: Position) -> float | None:
    turns = [ours.shape[maneuver.begin] for maneuver in ours.maneuvers if maneuver.kind in _TURNING]
    return osrm.length(start, *turns, goal) if turns else None


async def _on_the_bus(installed: MapFolder, pairs: Sequence[tuple[Position, Position]]) -> tuple[list[float], int]:
    """Return the seconds of each route, and the bytes that the service takes before the first."""
    times = []
    with tempfile.TemporaryDirectory(prefix="codriver-") as name:
        folder = Path(name)
        async with (
            private_bus(folder) as address,
            simulated_car(address),
            navigation(address, installed.path.parent, folder) as process,
            Bus(address) as bus,
        ):
            memory = proportional_set_size(process.pid)
            for pair in pairs:
                stops = [{"latitude": one.latitude, "longitude": one.longitude} for one in pair]
                begun = time.perf_counter()
                await bus.call(NAVIGATION, "Route", stops, {}, timeout=5.0)
                times.append(time.perf_counter() - begun)
    return times, memory


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= max(_ALIKE * other, _ROUNDING)


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]

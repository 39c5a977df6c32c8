"""The D-Bus object of navigation: ``org.codriver.Navigation1``."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from codriver.acting.bus import Bus, Typed
from codriver.errors import InvalidRequest, MapError
from codriver.services.navigation import wire
from codriver.services.navigation.atlas import Atlas
from codriver.services.navigation.car import Car
from codriver.services.navigation.chargers import chargers_in_range
from codriver.services.navigation.contract import BUS_NAME, INTERFACE, PATH
from codriver.services.navigation.faults import CarOffMap, NavigationFault
from codriver.services.navigation.guidance.guide import Tell
from codriver.services.navigation.guidance.moments import Stage
from codriver.services.navigation.guidance.wording import instructions
from codriver.services.navigation.journey import Journey, Memory
from codriver.services.navigation.navigator import Instruction, Navigator
from codriver.services.navigation.places import Place, Position
from codriver.services.navigation.reports import Report
from codriver.services.navigation.routing.charge import energy_for
from codriver.services.navigation.routing.router import MOST_ALTERNATIVES, MOST_STOPS
from codriver.services.navigation.routing.routes import RouteRequest, Stop
from codriver.services.navigation.searching import SearchRequest
from codriver.services.navigation.words import FALLBACK

_PLACE = (
    *("id", "name", "kind", "category", "address", "latitude", "longitude", "distance", "by_road"),
    *("open", "plugs", "power", "interpolated"),
)
_WHERE = ("language", "radius", "latitude", "longitude")
_SEARCH = (*_WHERE, "limit", "along", "open")
_ROUTE = ("language", "avoid", "prefer", "alternatives", "shape")
_START = (*_PLACE, "via", "avoid", "prefer", "language")
# The arrival is not announced: it is what it was, plus what was lost on the way, at every moment.
_ANNOUNCED = {
    "Active": "active",
    "Destination": "destination",
    "DistanceRemaining": "distance_remaining",
    "TimeRemaining": "time_remaining",
    "NextManeuver": "next_maneuver",
    "Muted": "muted",
}
_MOST_PLACES = 100
_FARTHEST = 20_000_000.0  # metres: once around half of the earth
_RADIUS = 50_000.0
_LONGEST_TEXT = 10_000


class NavigationObject:
    """Answers ``org.codriver.Navigation1``. All that callers send is data, checked before it is used."""

    interface = INTERFACE

    def __init__(self, atlas: Atlas, navigator: Navigator, car: Car) -> None:
        self._atlas = atlas
        self._navigator = navigator
        self._car = car

    async def search(self, text: str, options: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Find places, the best or the nearest first."""
        wire.check_names(options, _SEARCH)
        now = datetime.now().astimezone()
        with _told_in(options):
            request = SearchRequest(
                text=text[:_LONGEST_TEXT],
                near=self._where(options),
                language=_language(options),
                limit=wire.count_in(options, "limit", 10, _MOST_PLACES),
                radius=_radius(options),
                along=self._along(options),
                open_at=now if wire.option(options, "open", bool, False) else None,
                at=now,
            )
            return [wire.place_out(place) for place in await self._atlas.search(request)]

    async def reach(self, options: Mapping[str, Any]) -> float:
        """Tell how far such a search looks, in metres."""
        wire.check_names(options, _SEARCH)
        with _told_in(options):
            return await self._atlas.reach(self._where(options), _radius(options))

    async def route(self, stops: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> dict[str, Any]:
        """Find a route through stops; a single one is reached from the car."""
        wire.check_names(options, _ROUTE)
        if not 1 <= len(stops) <= MOST_STOPS:
            raise InvalidRequest(f"A route has 1 to {MOST_STOPS} stops, not {len(stops)}.")
        places = [wire.place_in(stop) for stop in stops]
        request = RouteRequest(
            language=_language(options),
            avoid=wire.avoid_in(options),
            prefer=wire.prefer_in(options),
            alternatives=wire.count_in(options, "alternatives", 0, MOST_ALTERNATIVES),
        )
        shape = wire.option(options, "shape", bool, False)
        with _told_in(options):
            start = [self._navigator.here()] if len(places) == 1 else []
            return await self._route([*start, *(Stop(place.position, place.name) for place in places)], request, shape)

    async def start(self, destination: Mapping[str, Any]) -> None:
        """Go there from where the car is."""
        wire.check_names(destination, _START)
        journey = Journey(
            destination=wire.place_in(destination),
            via=wire.vias_in(destination, MOST_STOPS - 2),
            avoid=wire.avoid_in(destination),
            prefer=wire.prefer_in(destination),
            language=_language(destination),
        )
        with _told_in(destination):
            await self._navigator.start(journey)

    async def stop(self) -> None:
        """End guidance; nothing happens without any."""
        await self._navigator.stop()

    async def locate(self) -> dict[str, Any]:
        """Tell where the car is."""
        position = self._navigator.here().position
        try:
            return wire.place_out(await self._atlas.near(position))
        except MapError:
            raise CarOffMap from None

    def repeat(self) -> None:
        """Say what comes next again."""
        self._navigator.repeat()

    @property
    def active(self) -> bool:
        """Whether there is a journey."""
        return self._navigator.journey is not None

    @property
    def destination(self) -> dict[str, Any]:
        """Where the journey leads to; empty without one."""
        journey = self._navigator.journey
        if journey is None:
            return {}
        return wire.place_out(journey.destination) | {
            "via": wire.places_out(journey.via),
            "avoid": Typed("as", sorted(journey.avoid)),
            "prefer": journey.prefer.value,
            "language": journey.language,
        }

    @property
    def distance_remaining(self) -> float:
        """Metres to the destination; 0 without one."""
        guide = self._navigator.guide
        return guide.distance_remaining if guide is not None else 0.0

    @property
    def time_remaining(self) -> float:
        """Seconds to the destination; 0 without one."""
        guide = self._navigator.guide
        return guide.time_remaining if guide is not None else 0.0

    @property
    def arrival(self) -> int:
        """Microseconds since the epoch at which the car will be there; 0 without a journey."""
        guide = self._navigator.guide
        return int((time.time() + guide.time_remaining) * 1e6) if guide is not None else 0

    @property
    def next_maneuver(self) -> dict[str, Any]:
        """What is to be done next; empty without a journey."""
        guide, journey = self._navigator.guide, self._navigator.journey
        if guide is None or journey is None:
            return {}
        tell = Tell(guide.upcoming, Stage.NEAR, guide.distance_to_next)
        text, texts = instructions(guide.route, tell, journey.language)
        maneuver = guide.route.maneuvers[guide.upcoming]
        return {
            "text": text,
            "texts": Typed("a{ss}", texts),
            "kind": maneuver.kind.word,
            "street": maneuver.street,
            "distance": guide.distance_to_next,
        }

    @property
    def muted(self) -> bool:
        """Whether guidance says nothing by itself."""
        return self._navigator.muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._navigator.mute(muted)

    @property
    def attribution(self) -> str:
        """Whose data the maps are."""
        return self._atlas.attribution

    def _where(self, options: Mapping[str, Any]) -> Position:
        if "latitude" in options or "longitude" in options:
            return wire.position_in(options)
        return self._navigator.here().position

    def _along(self, options: Mapping[str, Any]) -> Sequence[Position] | None:
        if not wire.option(options, "along", bool, False):
            return None
        return self._navigator.ahead()

    async def _route(self, stops: Sequence[Stop], request: RouteRequest, shape: bool) -> dict[str, Any]:
        route = await self._atlas.route(stops, request)
        battery = self._car.battery
        chargers: Sequence[Place] = ()
        if battery is not None and not battery.lasts(energy_for(route)):
            chargers = await chargers_in_range(self._atlas, stops[0].position, battery)
        return Report(request.language, time.time(), battery, shape).route(route, chargers)


async def offer(bus: Bus, atlas: Atlas, memory: Memory) -> Navigator:
    """Put navigation on the bus. Raises Rejected when another navigation service is there already."""

    def instruct(instruction: Instruction) -> None:
        details = {
            "texts": Typed("a{ss}", dict(instruction.texts)),
            "kind": instruction.kind,
            "street": instruction.street,
            "distance": float(instruction.distance),
            "arrival": instruction.arrival,
        }
        bus.emit(PATH, INTERFACE, "Instruction", instruction.text, details)

    told: dict[str, Any] = {}

    def tell() -> None:
        now = {member: getattr(served, name) for member, name in _ANNOUNCED.items()}
        changed = {member: value for member, value in now.items() if member not in told or told[member] != value}
        told.update(changed)
        if changed:
            bus.emit_properties_changed(PATH, INTERFACE, changed)

    car = Car(bus)
    navigator = Navigator(atlas.route, car, memory, instruct, tell)
    served = NavigationObject(atlas, navigator, car)
    bus.export(PATH, served)
    await navigator.resume()
    await car.watch(navigator.observe)
    await bus.request_name(BUS_NAME)
    return navigator


@contextmanager
def _told_in(options: Mapping[str, Any]) -> Iterator[None]:
    """Say what cannot be done in the language of the request."""
    try:
        yield
    except NavigationFault as fault:
        raise fault.in_language(_language(options)) from None


def _language(options: Mapping[str, Any]) -> str:
    return wire.text_in(options, "language") or FALLBACK


def _radius(options: Mapping[str, Any]) -> float:
    radius = wire.number_in(options, "radius")
    if radius is None:
        return _RADIUS
    if not 0 < radius <= _FARTHEST:
        raise InvalidRequest("radius is in metres, above 0.")
    return radius

"""The navigation: a client of ``org.codriver.Navigation1``. Names and addresses come from maps, so they are data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codriver.acting.bus import Bus, Destination, Typed
from codriver.acting.strangers import one_line
from codriver.errors import BusError, InvalidRequest, Rejected, ServiceUnavailable
from codriver.turn import BusCall

NAVIGATION = Destination("org.codriver.Navigation1", "/org/codriver/Navigation1", "org.codriver.Navigation1")

_LONGEST_NAME = 80
_ROUTED_WITHIN = 10.0  # seconds: a route across a country, on a busy board
_TYPES = {"via": "aa{sv}", "avoid": "as"}
_PLACE_KEYS = ("id", "name", "kind", "category", "address", "latitude", "longitude")

type PlaceDict = Mapping[str, Any]


class NavigationAway(ServiceUnavailable):
    """The navigation is not there, or did not answer in time."""


class NavigationRefused(Rejected):
    """The navigation answered with an error; the sentence is its own, in the language that was asked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place as the navigation found it. Its texts are one line each; ``distance`` is in metres."""

    name: str
    address: str
    distance: float
    latitude: float
    longitude: float
    kind: str = ""
    category: str = ""
    id: str = ""

    @classmethod
    def read(cls, place: PlaceDict) -> Found:
        """Read a place dictionary, whatever it leaves out."""
        return cls(
            name=one_line(place.get("name"))[:_LONGEST_NAME],
            address=one_line(place.get("address"))[:_LONGEST_NAME],
            distance=float(place.get("distance", 0.0)),
            latitude=float(place["latitude"]),
            longitude=float(place["longitude"]),
            kind=one_line(place.get("kind")),
            category=one_line(place.get("category")),
            id=one_line(place.get("id")),
        )

    @property
    def label(self) -> str:
        """What to call it: its name, or else where it is."""
        return self.name or self.address

    def as_dict(self) -> dict[str, Any]:
        """Write what the navigation needs to go there."""
        return {key: getattr(self, key) for key in _PLACE_KEYS}


@dataclass(frozen=True, slots=True)
class Way:
    """A route that was worked out, not started: metres, seconds, and whether the battery lasts."""

    distance: float
    duration: float
    reachable: bool = True
    chargers: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Journey:
    """Where the guidance leads. ``arrival`` is in seconds since the epoch, ``destination`` as ``start`` takes it."""

    destination: Mapping[str, Any]
    distance: float
    duration: float
    arrival: float
    next_texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What the destination is called."""
        return Found.read(self.destination).label

    @property
    def via(self) -> list[dict[str, Any]]:
        """The stops before the destination."""
        return list(self.destination.get("via", ()))


class Navigator:
    """Asks the navigation and orders it. All methods raise NavigationAway and NavigationRefused."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def search(self, text: str, options: Mapping[str, Any]) -> tuple[tuple[Found, ...], BusCall]:
        """Find places, best or nearest first; also give the call as it was sent."""
        places = await self._call("Search", text, dict(options))
        return tuple(map(Found.read, places)), _sent("Search", text, dict(options))

    async def reach(self, options: Mapping[str, Any]) -> float:
        """Say how far a search with these options looks, in metres."""
        return float(await self._call("Reach", dict(options)))

    async def way(self, stops: Sequence[PlaceDict], language: str) -> Way:
        """Work out the way from the car through stops to the last of them."""
        route = await self._call("Route", [dict(stop) for stop in stops], {"language": language})
        return Way(
            float(route["distance"]),
            float(route["time"]),
            bool(route.get("reachable", True)),
            tuple(map(Found.read, route.get("chargers", ()))),
        )

    async def start(self, destination: Mapping[str, Any]) -> BusCall:
        """Start guidance. ``destination`` is a place with ``via``, ``avoid``, ``prefer`` and ``language`` as wanted."""
        typed = {key: Typed(_TYPES[key], value) if key in _TYPES else value for key, value in destination.items()}
        await self._call("Start", typed)
        return _sent("Start", dict(destination))

    async def stop(self) -> BusCall:
        """End guidance."""
        await self._call("Stop")
        return _sent("Stop")

    async def here(self, language: str) -> Found:
        """Tell where the car is."""
        return Found.read(await self._call("Locate"))

    async def journey(self) -> Journey | None:
        """Tell where the guidance leads, or None without any."""
        told = await self._properties()
        if not told.get("Active") or not told.get("Destination"):
            return None
        return Journey(
            told["Destination"],
            float(told.get("DistanceRemaining", 0.0)),
            float(told.get("TimeRemaining", 0.0)),
            float(told.get("Arrival", 0)) / 1e6,
            {
                language: one_line(text)
                for language, text in dict(told.get("NextManeuver", {}).get("texts", {})).items()
            },
        )

    async def muted(self) -> bool:
        """Tell whether the guidance says nothing by itself."""
        return bool((await self._properties()).get("Muted", False))

    async def mute(self, muted: bool) -> BusCall:
        """Let the guidance say nothing by itself, or speak again."""
        try:
            await self._bus.set_property(NAVIGATION, "Muted", muted)
        except (Rejected, InvalidRequest) as error:
            raise NavigationRefused(one_line(str(error))) from error
        except BusError as error:
            raise NavigationAway(str(error)) from error
        return BusCall(NAVIGATION.bus_name, NAVIGATION.path, NAVIGATION.interface, "Set", (), "Muted", muted)

    async def _properties(self) -> dict[str, Any]:
        try:
            return await self._bus.get_properties(NAVIGATION)
        except BusError as error:
            raise NavigationAway(str(error)) from error

    async def _call(self, member: str, *args: Any) -> Any:
        try:
            answer = await self._bus.call(NAVIGATION, member, *args, timeout=_ROUTED_WITHIN)
        except (Rejected, InvalidRequest) as error:
            raise NavigationRefused(one_line(str(error))) from error
        except BusError as error:
            raise NavigationAway(str(error)) from error
        return answer[0] if answer else None


def _sent(member: str, *args: Any) -> BusCall:
    return BusCall(NAVIGATION.bus_name, NAVIGATION.path, NAVIGATION.interface, member, args)

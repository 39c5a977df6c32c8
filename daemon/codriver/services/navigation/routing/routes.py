"""The nouns of routing: what is asked for, and the route that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from codriver.services.navigation.places import Position


class Avoid(StrEnum):
    """What a driver can wish to avoid. It is avoided where there is another way at all."""

    TOLLS = "tolls"
    MOTORWAYS = "motorways"
    FERRIES = "ferries"


class Prefer(StrEnum):
    """What makes a route the best."""

    FASTEST = "fastest"
    SHORTEST = "shortest"


class ManeuverKind(IntEnum):
    """The maneuvers of Valhalla, by its own numbers. Those from TRANSIT on do not come on routes by car."""

    NONE = 0
    START = 1
    START_RIGHT = 2
    START_LEFT = 3
    DESTINATION = 4
    DESTINATION_RIGHT = 5
    DESTINATION_LEFT = 6
    BECOMES = 7
    CONTINUE = 8
    SLIGHT_RIGHT = 9
    RIGHT = 10
    SHARP_RIGHT = 11
    UTURN_RIGHT = 12
    UTURN_LEFT = 13
    SHARP_LEFT = 14
    LEFT = 15
    SLIGHT_LEFT = 16
    RAMP_STRAIGHT = 17
    RAMP_RIGHT = 18
    RAMP_LEFT = 19
    EXIT_RIGHT = 20
    EXIT_LEFT = 21
    STAY_STRAIGHT = 22
    STAY_RIGHT = 23
    STAY_LEFT = 24
    MERGE = 25
    ROUNDABOUT_ENTER = 26
    ROUNDABOUT_EXIT = 27
    FERRY_ENTER = 28
    FERRY_EXIT = 29
    TRANSIT = 30
    TRANSIT_TRANSFER = 31
    TRANSIT_REMAIN_ON = 32
    TRANSIT_CONNECTION_START = 33
    TRANSIT_CONNECTION_TRANSFER = 34
    TRANSIT_CONNECTION_DESTINATION = 35
    POST_TRANSIT_CONNECTION_DESTINATION = 36
    MERGE_RIGHT = 37
    MERGE_LEFT = 38
    ELEVATOR_ENTER = 39
    STEPS_ENTER = 40
    ESCALATOR_ENTER = 41
    BUILDING_ENTER = 42
    BUILDING_EXIT = 43

    @property
    def word(self) -> str:
        """Its name on the bus and in the files of words."""
        return self.name.lower()

    @property
    def departs(self) -> bool:
        """Whether it begins the way from a stop."""
        return self in (ManeuverKind.START, ManeuverKind.START_RIGHT, ManeuverKind.START_LEFT)

    @property
    def arrives(self) -> bool:
        """Whether it ends the way to a stop."""
        return self in (ManeuverKind.DESTINATION, ManeuverKind.DESTINATION_RIGHT, ManeuverKind.DESTINATION_LEFT)


@dataclass(frozen=True, slots=True)
class Stop:
    """A point of a route, with the name that is said on arrival. ``heading`` in degrees, of a car that is there."""

    position: Position
    name: str = ""
    heading: float | None = None


@dataclass(frozen=True, slots=True)
class RouteRequest:
    """How to go. ``language`` is a codriver language; ``alternatives`` count only where there are two stops."""

    language: str = "en"
    avoid: frozenset[Avoid] = frozenset()
    prefer: Prefer = Prefer.FASTEST
    alternatives: int = 0


@dataclass(frozen=True, slots=True)
class Saying:
    """What Valhalla says of a maneuver: well before it, right before it, and after it."""

    alert: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Maneuver:
    """One thing to do at a point of the route, and the stretch after it.

    ``begin`` and ``end`` are indices into the route's shape, ``distance`` (m) and ``time`` (s) those of the stretch.
    ``sayings`` are Valhalla's own words by codriver language. ``combined`` says that the next maneuver follows so
    closely that both are told at once. ``exit``, ``toward`` and ``count`` are of exits and roundabouts; ``leaving``
    is the street after a roundabout; ``stop`` is the name of the stop that is arrived at.
    """

    kind: ManeuverKind
    begin: int
    end: int
    distance: float
    time: float
    streets: tuple[str, ...] = ()
    sayings: Mapping[str, Saying] = field(default_factory=dict)
    combined: bool = False
    motorway: bool = False
    exit: str = ""
    toward: str = ""
    count: int = 0
    leaving: str = ""
    stop: str = ""

    @property
    def street(self) -> str:
        """The name of the street that it leads onto, or nothing."""
        return self.streets[0] if self.streets else ""


@dataclass(frozen=True, slots=True)
class Route:
    """A way from the first stop to the last. ``distance`` in metres, ``time`` in seconds."""

    shape: tuple[Position, ...]
    maneuvers: tuple[Maneuver, ...]
    distance: float
    time: float
    tolls: bool = False
    motorways: bool = False
    ferries: bool = False
    alternatives: tuple[Route, ...] = ()

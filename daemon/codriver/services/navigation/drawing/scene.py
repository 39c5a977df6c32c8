"""What is to be seen: a route, the stops that it leads through, and what else was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codriver.services.navigation.places import Place, Position
from codriver.services.navigation.routing.routes import Maneuver, Route


@dataclass(frozen=True, slots=True)
class Scene:
    """A route with its stops, the first and the last with them.

    ``found`` are the other places that fitted the words that a stop was asked for by. ``title`` and ``facts`` stand
    above the picture; ``attribution`` names whose data it is drawn from.
    """

    route: Route
    stops: Sequence[Place]
    found: Sequence[Place]
    title: str
    facts: str
    attribution: str

    def signs(self) -> tuple[str, ...]:
        """Return the sign of each maneuver: the letter of the stop that it begins or ends at, else a number."""
        return tuple(_signs(self.route.maneuvers))

    def extent(self) -> tuple[Position, ...]:
        """Return all positions that must be in the picture."""
        return *self.route.shape, *(stop.position for stop in self.stops)

    def ends(self) -> tuple[Position, ...]:
        """Return where on the road the way leads to each stop, or from the first."""
        arrivals = (maneuver.begin for maneuver in self.route.maneuvers if maneuver.kind.arrives)
        return tuple(self.route.shape[point] for point in (0, *arrivals))


def letter(stop: int) -> str:
    """Return the letter of a stop: A for the first."""
    return chr(ord("A") + stop)


def _signs(maneuvers: Sequence[Maneuver]) -> Iterator[str]:
    stop = count = 0
    for maneuver in maneuvers:
        if maneuver.kind.departs:
            yield letter(stop)
        elif maneuver.kind.arrives:
            stop += 1
            yield letter(stop)
        else:
            count += 1
            yield str(count)

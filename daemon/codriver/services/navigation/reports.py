"""What the bus is told of a route: its length and time, what there is to do, and whether the battery lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codriver.acting.bus import Typed
from codriver.services.navigation.guidance.guide import Tell
from codriver.services.navigation.guidance.moments import Stage
from codriver.services.navigation.guidance.wording import instructions
from codriver.services.navigation.places import Place
from codriver.services.navigation.polyline import encode
from codriver.services.navigation.routing.charge import Battery, energy_for
from codriver.services.navigation.routing.routes import Route
from codriver.services.navigation.wire import places_out


@dataclass(frozen=True, slots=True)
class Report:
    """How a route is told. ``now`` in seconds since the epoch; ``battery`` None where the car does not say."""

    language: str
    now: float
    battery: Battery | None = None
    shape: bool = False

    def route(self, route: Route, chargers: Sequence[Place]) -> dict[str, Any]:
        """Write a route with everything about it."""
        others = [self._summary(other) for other in route.alternatives]
        return self._summary(route) | {
            "maneuvers": Typed("aa{sv}", [self._maneuver(route, number) for number in range(len(route.maneuvers))]),
            "chargers": places_out(chargers),
            "alternatives": Typed("aa{sv}", others),
        }

    def _summary(self, route: Route) -> dict[str, Any]:
        energy = energy_for(route)
        told: dict[str, Any] = {
            "distance": float(route.distance),
            "time": float(route.time),
            "arrival": Typed("x", int((self.now + route.time) * 1e6)),
            "tolls": route.tolls,
            "motorways": route.motorways,
            "ferries": route.ferries,
            "energy": energy,
            "reachable": True if self.battery is None else self.battery.lasts(energy),
        }
        if self.battery is not None:
            told["battery_at_arrival"] = 100 * self.battery.level_after(energy)
        if self.shape:
            told["shape"] = encode(route.shape)
        return told

    def _maneuver(self, route: Route, number: int) -> dict[str, Any]:
        maneuver = route.maneuvers[number]
        text, _ = instructions(route, Tell(number, Stage.NOW, 0.0), self.language)
        return {
            "text": text,
            "kind": maneuver.kind.word,
            "street": maneuver.street,
            "distance": float(maneuver.distance),
            "time": float(maneuver.time),
        }

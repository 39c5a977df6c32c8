"""The charge that a route takes from the battery of the reference car. Elevation is not known and not counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codriver.services.navigation.routing.routes import Maneuver, Route

# A compact battery-electric car (1.75 t, 0.65 m² of drag area, 1 kW for cabin and electronics): kWh for a kilometre at
# a mean speed in km/h. Slow traffic takes more for its stops and its time, fast traffic for the air.
_SPEEDS = (5.0, 15.0, 30.0, 50.0, 70.0, 90.0, 110.0, 130.0, 150.0)
_CONSUMPTION = (0.30, 0.20, 0.16, 0.145, 0.145, 0.16, 0.19, 0.23, 0.28)

RESERVE = 0.05  # of the capacity; a route that leaves less is taken for too far


@dataclass(frozen=True, slots=True)
class Battery:
    """A battery: ``capacity`` in kWh, ``level`` 0 to 1."""

    capacity: float
    level: float

    @property
    def spendable(self) -> float:
        """KWh that may be driven away."""
        return self.capacity * (self.level - RESERVE)

    def level_after(self, energy: float) -> float:
        """Return the level after ``energy`` kWh, 0 at least."""
        return max(0.0, self.level - energy / self.capacity)

    def lasts(self, energy: float) -> bool:
        """Tell whether the reserve is left after ``energy`` kWh."""
        return energy <= self.spendable


def energy_for(route: Route) -> float:
    """KWh that a route takes."""
    return sum(map(_energy, route.maneuvers))


def energy(distance: float, time: float) -> float:
    """KWh for ``distance`` metres in ``time`` seconds."""
    if distance <= 0 or time <= 0:
        return 0.0
    return float(np.interp(distance / time * 3.6, _SPEEDS, _CONSUMPTION)) * distance / 1000


def _energy(maneuver: Maneuver) -> float:
    return energy(maneuver.distance, maneuver.time)

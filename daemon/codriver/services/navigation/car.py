"""The car as navigation sees it: where it is, how it moves, what is left in its battery."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from codriver.acting.bus import Bus, Destination
from codriver.errors import BusError
from codriver.services.navigation.guidance.following import Fix
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.charge import Battery

VEHICLE = Destination("org.codriver.Vehicle1", "/org/codriver/Vehicle1", "org.codriver.Vehicle1")
_LATITUDE = "Vehicle.CurrentLocation.Latitude"
_LONGITUDE = "Vehicle.CurrentLocation.Longitude"
_HEADING = "Vehicle.CurrentLocation.Heading"
_SPEED = "Vehicle.Speed"
_CHARGE = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current"
_CAPACITY = "Vehicle.Powertrain.TractionBattery.NetCapacity"
_PLACE = frozenset({_LATITUDE, _LONGITUDE})
_MOST = {_LATITUDE: 90.0, _LONGITUDE: 180.0}
_ALL = (_LATITUDE, _LONGITUDE, _HEADING, _SPEED, _CHARGE, _CAPACITY)


class Car:
    """Watches the vehicle service, whenever it is there. Nothing is known before it has spoken."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._moved: Callable[[Fix], None] | None = None
        self._values: dict[str, float] = {}
        self._reading: asyncio.Task[None] | None = None

    async def watch(self, moved: Callable[[Fix], None]) -> None:
        """Read the car whenever its service comes, and tell of every move. Raises ServiceUnavailable without a bus."""
        self._moved = moved
        await self._bus.subscribe(VEHICLE, "Changed", lambda signal: self._take(signal.args[0]))
        await self._read()
        await self._bus.watch_owner(VEHICLE.bus_name, self._on_owner)

    def _on_owner(self, owner: str) -> None:
        if owner:
            self._reading = asyncio.create_task(self._read(), name="reading the car")

    async def _read(self) -> None:
        with contextlib.suppress(BusError):  # it speaks when it comes
            [values] = await self._bus.call(VEHICLE, "Get", list(_ALL))
            self._take(values)

    @property
    def fix(self) -> Fix | None:
        """Where the car is now, as far as it has said."""
        if not self._values.keys() >= _PLACE:
            return None
        position = Position(self._values[_LATITUDE], self._values[_LONGITUDE])
        return Fix(position, time.monotonic(), self.speed, self._values.get(_HEADING))

    @property
    def speed(self) -> float:
        """How fast it is, in m/s; 0 where it does not say."""
        return abs(self._values.get(_SPEED, 0.0)) / 3.6

    @property
    def battery(self) -> Battery | None:
        """What is in the battery, where the car says it."""
        if _CHARGE not in self._values or _CAPACITY not in self._values:
            return None
        return Battery(self._values[_CAPACITY], self._values[_CHARGE] / 100)

    def _take(self, values: Mapping[str, Any]) -> None:
        said = ((path, values[path][0]) for path in _ALL if path in values)
        known = {path: float(value) for path, value in said if _is_sensible(path, value)}
        self._values |= known
        if self._moved is not None and known.keys() & _PLACE and (fix := self.fix) is not None:
            self._moved(fix)


def _is_sensible(path: str, value: Any) -> bool:
    """Tell whether a satellite receiver means what it says: without reception many say nonsense."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return is_number and abs(value) <= _MOST.get(path, math.inf)

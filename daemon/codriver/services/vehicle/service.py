"""The D-Bus objects of the vehicle service: Vehicle1 over any car, Simulator1 over a simulated one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from codriver.acting.bus import Bus, Typed
from codriver.acting.signals import DBUS_TYPES, Description, limits
from codriver.errors import InvalidRequest
from codriver.services.navigation.polyline import decode
from codriver.services.vehicle.backend import Reading, Vehicle
from codriver.services.vehicle.clock import SimulatedVehicle
from codriver.services.vehicle.driving import Drive
from codriver.services.vehicle.simulator import Fault

BUS_NAME = "org.codriver.Vehicle1"
PATH = "/org/codriver/Vehicle1"
_TOWN = 50.0  # km/h
_MOST_ERRORS = 100  # sentences in one answer; a caller who got a hundred paths wrong needs no more


class VehicleObject:
    """Answers ``org.codriver.Vehicle1``."""

    interface = "org.codriver.Vehicle1"

    def __init__(self, vehicle: Vehicle) -> None:
        self._vehicle = vehicle

    async def get(self, paths: list[str]) -> dict[str, Any]:
        """Read signals. Unknown ones and those without a value are left out."""
        known = [path for path in dict.fromkeys(paths) if path in self._vehicle.descriptions]
        return wire(self._vehicle.descriptions, await self._vehicle.read(known))

    async def set(self, wanted: dict[str, Any]) -> dict[str, str]:
        """Set actuators, all or none, with a sentence for each path that cannot be set."""
        unknown = [path for path in wanted if path not in self._vehicle.descriptions][:_MOST_ERRORS]
        if unknown:
            return dict.fromkeys(unknown, "This car has no such signal.")
        return await self._vehicle.order(wanted)

    def list(self, prefix: str) -> list[str]:
        """Return the paths at or below a branch, or all for an empty prefix."""
        branch = prefix.rstrip(".")
        return sorted(
            path for path in self._vehicle.descriptions if not branch or path == branch or path.startswith(f"{branch}.")
        )

    def describe(self, path: str) -> dict[str, Any]:
        """Describe a signal. Raises InvalidRequest when the car does not have it."""
        description = self._vehicle.descriptions.get(path)
        if description is None:
            raise InvalidRequest(f"This car has no signal {path[:120]}.")
        low, high = limits(description)
        kind = "x" if description.datatype.startswith(("int", "uint")) else "d"
        bounds = {"min": low, "max": high}
        return {
            "type": description.datatype,
            "unit": description.unit,
            "allowed": Typed("as", description.allowed),
            "description": description.description,
            "writable": description.writable,
            "momentary": description.momentary,
            "follows": description.follows,
        } | {
            key: Typed(kind, int(bound) if kind == "x" else float(bound))
            for key, bound in bounds.items()
            if bound is not None
        }


class SimulatorObject:
    """Answers ``org.codriver.Simulator1``: what only a simulated car can do."""

    interface = "org.codriver.Simulator1"

    def __init__(self, vehicle: SimulatedVehicle) -> None:
        self._vehicle = vehicle

    def reset(self) -> None:
        """Back to the car at rest."""
        self._vehicle.reset()

    def force(self, values: dict[str, Any]) -> None:
        """Put any signals at values at once."""
        self._vehicle.force(values)

    def fault(self, path: str, kind: str) -> None:
        """Give a signal a fault, or take it away with ``none``."""
        try:
            fault = Fault(kind)
        except ValueError:
            raise InvalidRequest(f"A fault is one of {', '.join(Fault)}.") from None
        self._vehicle.fault(path, fault)

    async def drive(self, shape: str, options: dict[str, Any]) -> None:
        """Drive along a shape, a polyline6, from its beginning. Options: ``speed``, the highest, in km/h."""
        if unknown := options.keys() - {"speed"}:
            raise InvalidRequest(f"There is no option {min(unknown)[:60]!r} here; there is: speed.")
        speed = options.get("speed", _TOWN)
        if isinstance(speed, bool) or not isinstance(speed, int | float):
            raise InvalidRequest("speed is a number, in km/h.")
        self._vehicle.drive(await asyncio.to_thread(lambda: Drive(decode(shape), speed / 3.6)))

    def settle(self) -> None:
        """Run ahead until no actuator moves."""
        self._vehicle.settle()

    def actuators(self) -> dict[str, Any]:
        """Tell what every actuator says now."""
        types = self._vehicle.descriptions
        return {
            path: Typed(DBUS_TYPES[types[path].datatype], value) for path, value in self._vehicle.actuators().items()
        }


async def offer(bus: Bus, vehicle: Vehicle) -> None:
    """Put a car on the bus. Raises Rejected when another vehicle service is there already."""
    bus.export(PATH, VehicleObject(vehicle))
    if isinstance(vehicle, SimulatedVehicle):
        bus.export(PATH, SimulatorObject(vehicle))
    vehicle.on_change(
        lambda batch: bus.emit(PATH, VehicleObject.interface, "Changed", wire(vehicle.descriptions, batch))
    )
    await bus.request_name(BUS_NAME)


def wire(descriptions: Mapping[str, Description], readings: Mapping[str, Reading]) -> dict[str, Any]:
    """Give readings their D-Bus types: path to (value, microseconds since the epoch)."""
    return {
        path: (Typed(DBUS_TYPES[descriptions[path].datatype], reading.value), reading.taken_at)
        for path, reading in readings.items()
    }

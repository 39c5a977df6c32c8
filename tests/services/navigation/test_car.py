"""The car as navigation sees it, on a private bus."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest
from codriver.acting.bus import Bus, Typed
from codriver.services.navigation.car import VEHICLE, Car
from codriver.services.navigation.guidance.following import Fix

LOCATION = "Vehicle.CurrentLocation."


class MadeVehicle:
    """Answers Vehicle1 with what it is told to."""

    interface = "org.codriver.Vehicle1"

    def __init__(self, **values: Any) -> None:
        self.values = {LOCATION + name: (Typed("v", value), 0) for name, value in values.items()}

    def get(self, paths: list[str]) -> dict[str, Any]:
        return {path: value for path, value in self.values.items() if path in paths}


async def read(address: str, **values: Any) -> list[Fix]:
    fixes: list[Fix] = []
    async with Bus(address) as vehicle, Bus(address) as bus:
        vehicle.export(VEHICLE.path, MadeVehicle(**values))
        await vehicle.request_name(VEHICLE.bus_name)
        await Car(bus).watch(fixes.append)
    return fixes


async def test_a_car_says_where_it_is(private_bus: str) -> None:
    fix, *_ = await read(private_bus, Latitude=60.1, Longitude=24.9, Heading=12.0)
    assert (fix.position.latitude, fix.position.longitude, fix.heading) == (60.1, 24.9, 12.0)


@pytest.mark.parametrize(
    "values",
    [
        {"Latitude": math.nan, "Longitude": 24.9},
        {"Latitude": 60.1, "Longitude": math.inf},
        {"Latitude": 160.1, "Longitude": 24.9},
        {"Latitude": "60.1", "Longitude": 24.9},
        {"Latitude": True, "Longitude": 24.9},
        {"Longitude": 24.9},
        {},
    ],
)
async def test_a_place_that_is_none_is_not_believed(private_bus: str, values: dict[str, Any]) -> None:
    assert await read(private_bus, **values) == []


async def test_the_simulated_car_is_followed_as_it_moves(vehicle_service: str) -> None:
    fixes: asyncio.Queue[Fix] = asyncio.Queue()
    async with Bus(vehicle_service) as bus:
        car = Car(bus)
        await car.watch(fixes.put_nowait)
        assert car.battery is not None
        assert car.battery.level == pytest.approx(0.7)
        simulator = type(VEHICLE)(VEHICLE.bus_name, VEHICLE.path, "org.codriver.Simulator1")
        await bus.call(simulator, "Force", {LOCATION + "Latitude": 60.2, "Vehicle.Speed": 36.0})
        async with asyncio.timeout(10):
            while (await fixes.get()).position.latitude != 60.2:
                pass
        assert car.speed == pytest.approx(10.0)

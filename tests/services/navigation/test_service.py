"""The navigation service as a process on a private bus, with the real map and the simulated car."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from codriver.acting.bus import Bus, Signal
from codriver.services.navigation.contract import NAVIGATION
from codriver.services.navigation.maps import Library
from codriver.workshop import parts
from codriver.workshop.sandbox import SIMULATOR

HARBOUR = {"latitude": 60.1652, "longitude": 24.9525, "name": "Eteläranta"}


@dataclass
class Ride:
    """A bus with the car and the navigation on it, and all instructions so far."""

    bus: Bus
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, signal: Signal) -> None:
        text, details = signal.args
        self.said.append((text, details))
        if details["arrival"]:
            self.arrived.set()

    async def call(self, member: str, *args: Any) -> Any:
        answer = await self.bus.call(NAVIGATION, member, *args, timeout=5)
        return answer[0] if answer else None

    async def read(self, name: str) -> Any:
        return await self.bus.get_property(NAVIGATION, name)


@pytest.fixture
async def ride(private_bus: str, library: Library, tmp_path: Path) -> AsyncIterator[Ride]:
    async with (
        parts.simulated_car(private_bus, pace=25),
        parts.navigation(private_bus, library.root, tmp_path),
        Bus(private_bus) as bus,
    ):
        made = Ride(bus)
        await bus.subscribe(NAVIGATION, "Instruction", made.note)
        yield made


async def test_the_car_drives_the_route_hears_the_maneuvers_in_order_and_arrives(ride: Ride) -> None:
    route = await ride.call("Route", [HARBOUR], {"shape": True})
    await ride.call("Start", HARBOUR)
    assert await ride.read("Active")
    await ride.bus.call(SIMULATOR, "Drive", route["shape"], {"speed": 50})
    await asyncio.wait_for(ride.arrived.wait(), 30)
    wanted = [maneuver["kind"] for maneuver in route["maneuvers"]]
    heard = [details["kind"] for _, details in ride.said]
    assert [kind for kind, before in zip(heard, ["", *heard], strict=False) if kind != before] == wanted
    assert not await ride.read("Active")

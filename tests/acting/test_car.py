"""The client of the car against the real service and a real bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from codriver.acting.bus import Bus, Destination
from codriver.acting.car import VEHICLE, Car, Confirmation, SignalRejected, confirm
from codriver.errors import InvalidRequest, ServiceTimeout, ServiceUnavailable
from codriver.turn import SignalValue
from codriver.workshop import parts

SIMULATOR = Destination(VEHICLE.bus_name, VEHICLE.path, "org.codriver.Simulator1")
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window."
DOOR = "Vehicle.Cabin.Door.Row2.DriverSide."
TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"
SPEED = "Vehicle.Speed"


@pytest.fixture
async def slow_car(private_bus: str, bus: Bus) -> AsyncIterator[Car]:
    """A car that is as slow as a real one."""
    async with parts.simulated_car(private_bus):
        yield Car(bus)


@pytest.fixture
async def car(vehicle_service: str, bus: Bus) -> Car:
    assert vehicle_service
    return Car(bus)


async def test_signals_are_set_and_read(car: Car) -> None:
    call = await car.set({TEMPERATURE: 22, FAN: 55.0})
    assert call.args == ({TEMPERATURE: 22.0, FAN: 55},)
    assert await car.get([TEMPERATURE, FAN, "Vehicle.NoSuchSignal"]) == {TEMPERATURE: 22.0, FAN: 55}


async def test_what_does_not_fit_is_not_sent(car: Car) -> None:
    for wanted in ({TEMPERATURE: 35.0}, {FAN: "high"}, {SPEED: 10.0}, {"Vehicle.NoSuchSignal": 1}):
        with pytest.raises(InvalidRequest):
            await car.set({FAN: 90, **wanted})
    assert await car.get([FAN]) == {FAN: 40}


async def test_the_cars_own_sentence_arrives_and_nothing_was_set(car: Car, bus: Bus) -> None:
    await bus.call(SIMULATOR, "Force", {DOOR + "IsLocked": True})
    with pytest.raises(SignalRejected) as caught:
        await car.set({DOOR + "IsOpen": True, FAN: 90})
    assert caught.value.errors == {DOOR + "IsOpen": "The rear left door is locked."}
    assert str(caught.value) == "The rear left door is locked."
    assert await car.get([DOOR + "IsOpen", FAN]) == {DOOR + "IsOpen": False, FAN: 40}


async def test_an_order_is_done_under_way_or_not_obeyed(slow_car: Car, bus: Bus) -> None:
    stuck = "Vehicle.Cabin.Sunroof.Position"
    await bus.call(SIMULATOR, "Fault", stuck, "stuck")
    wanted: dict[str, SignalValue] = {TEMPERATURE: 22.0, WINDOW + "Position": 100, stuck: 50, FAN: 40}
    assert await slow_car.set_and_confirm(wanted) == {
        TEMPERATURE: Confirmation.REACHED,
        WINDOW + "Position": Confirmation.MOVING,
        stuck: Confirmation.UNCHANGED,
        FAN: Confirmation.REACHED,
    }
    assert await slow_car.set_and_confirm({WINDOW + "IsOpen": False}) == {WINDOW + "IsOpen": Confirmation.MOVING}


async def test_a_lock_that_takes_a_moment_is_waited_for(slow_car: Car) -> None:
    wanted: dict[str, SignalValue] = {DOOR + "IsLocked": True}
    assert await slow_car.set_and_confirm(wanted) == {DOOR + "IsLocked": Confirmation.REACHED}


async def test_a_silent_signal_is_no_proof(car: Car, bus: Bus) -> None:
    await bus.call(SIMULATOR, "Fault", TEMPERATURE, "silent")
    assert await car.get([TEMPERATURE]) == {}
    assert await car.set_and_confirm({TEMPERATURE: 25.0}, timeout=0.1) == {TEMPERATURE: Confirmation.UNCHANGED}


async def test_a_service_that_never_answers(car: Car, bus: Bus) -> None:
    await bus.call(SIMULATOR, "Fault", TEMPERATURE, "slow")
    with pytest.raises(ServiceTimeout):
        await bus.call(VEHICLE, "Get", [TEMPERATURE], timeout=0.2)
    assert await car.get([FAN]) == {FAN: 40}


async def test_changes_are_heard_for_the_watched_signals_only(car: Car) -> None:
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    stop = await car.watch([FAN], heard.put_nowait)
    await car.set({FAN: 70, TEMPERATURE: 18.0})
    assert await asyncio.wait_for(heard.get(), 10) == {FAN: 70}
    await stop()


async def test_a_killed_service_comes_back_and_the_client_goes_on(
    private_bus: str, bus: Bus, short_directory: Path
) -> None:
    car = Car(bus)
    async with parts.simulated_car(private_bus) as process:
        await car.set({FAN: 70})
        process.kill()
        await process.wait()
        with pytest.raises(ServiceUnavailable):
            await car.set({FAN: 80})
    async with parts.simulated_car(private_bus):
        assert await car.set_and_confirm({FAN: 80}) == {FAN: Confirmation.REACHED}


@pytest.mark.parametrize(
    ("goal", "leader", "before", "now", "judged"),
    [
        (5, "", {"a": 0}, {"a": 5}, Confirmation.REACHED),
        (5, "", {"a": 5}, {"a": 5}, Confirmation.REACHED),
        (5, "", {"a": 0}, {"a": 2}, Confirmation.MOVING),
        (5, "", {"a": 0}, {"a": 0}, Confirmation.UNCHANGED),
        (5, "", {"a": 0}, {}, Confirmation.UNCHANGED),
        (21.5, "", {"a": 20.0}, {"a": 21.51}, Confirmation.REACHED),
        ("#ffffff", "", {"a": "#000000"}, {"a": "#FFFFFF"}, Confirmation.REACHED),
        (False, "b", {"a": True, "b": 100}, {"a": True, "b": 90}, Confirmation.MOVING),
        (False, "b", {"a": True, "b": 100}, {"a": True, "b": 100}, Confirmation.UNCHANGED),
    ],
)
def test_an_order_is_judged_by_what_is_read(
    goal: SignalValue,
    leader: str,
    before: dict[str, SignalValue],
    now: dict[str, SignalValue],
    judged: Confirmation,
) -> None:
    assert confirm("a", goal, leader, before, now) is judged

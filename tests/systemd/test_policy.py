"""Who may call and hear what on the system's bus: the shipped policy, several users, and a real bus between them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from codriver.acting.bus import Bus, Destination, Signal, Typed
from codriver.errors import Rejected
from codriver.services.assistant import ASSISTANT
from codriver.services.assistant import BUS_NAME as ASSISTANT_NAME
from codriver.services.assistant import PATH as ASSISTANT_PATH
from codriver.services.vehicle.clock import SimulatedVehicle
from codriver.services.vehicle.service import BUS_NAME, PATH, offer
from codriver.services.vehicle.simulator import SimulatedCar
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

from .conftest import SystemBus

VEHICLE = Destination(BUS_NAME, PATH, "org.codriver.Vehicle1")
SIMULATOR = Destination(BUS_NAME, PATH, "org.codriver.Simulator1")
NAVIGATION = Destination("org.codriver.Navigation1", "/org/codriver/Navigation1", "org.codriver.Navigation1")
FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"
DENIED = "Rejected send message|not allowed to own"  # what the bus says, not the service
ORDER = {FAN: Typed("y", 60)}


class Assistant:
    """Stands in for the daemon's object."""

    interface = "org.codriver.Assistant1"
    state = "idle"
    muted = False
    languages = ("en",)

    def ask(self, text: str, options: Mapping[str, Any]) -> dict[str, Any]:
        return {"heard": text}


class Navigation:
    """Stands in for the navigation's object."""

    interface = "org.codriver.Navigation1"
    active = False

    def locate(self) -> dict[str, Any]:
        return {"name": "home"}


@pytest.fixture
async def car(system_bus: SystemBus) -> SystemBus:
    await offer(await system_bus.connect("codriver-vehicle"), SimulatedVehicle(SimulatedCar(), 1.0))
    return system_bus


@pytest.fixture
async def assistant(system_bus: SystemBus) -> Bus:
    bus = await system_bus.connect("codriver")
    bus.export(ASSISTANT_PATH, Assistant())
    await bus.request_name(ASSISTANT_NAME)
    return bus


@pytest.fixture
async def navigation(system_bus: SystemBus) -> Bus:
    bus = await system_bus.connect("codriver-navigation")
    bus.export(NAVIGATION.path, Navigation())
    await bus.request_name(NAVIGATION.bus_name)
    return bus


@pytest.mark.parametrize("user", ["root", "codriver", "alice"])
async def test_who_belongs_to_the_car_sets_it(car: SystemBus, user: str) -> None:
    assert await (await car.connect(user)).call(VEHICLE, "Set", ORDER) == [{}]


@pytest.mark.parametrize("user", ["mallory", "codriver-navigation", "codriver-models"])
async def test_nobody_else_sets_the_car(car: SystemBus, user: str) -> None:
    with pytest.raises(Rejected, match=DENIED):
        await (await car.connect(user)).call(VEHICLE, "Set", ORDER)


async def test_everybody_sees_what_the_car_does(car: SystemBus) -> None:
    bus = await car.connect("mallory")
    [values] = await bus.call(VEHICLE, "Get", [FAN])
    assert FAN in values
    assert FAN in (await bus.call(VEHICLE, "List", ""))[0]
    assert (await bus.call(VEHICLE, "Describe", FAN))[0]["writable"]


async def test_nobody_else_plays_with_the_simulated_car(car: SystemBus) -> None:
    with pytest.raises(Rejected, match=DENIED):
        await (await car.connect("mallory")).call(SIMULATOR, "Reset")
    await (await car.connect("alice")).call(SIMULATOR, "Reset")


async def test_a_call_that_names_no_interface_gets_no_further(car: SystemBus) -> None:
    bus = MessageBus(bus_address=car.address)
    with car.users.acting_as("mallory"):
        await bus.connect()
    order = Message(BUS_NAME, PATH, member="Set", signature="a{sv}", body=[{FAN: Variant("y", 60)}])
    answer = await bus.call(order)
    bus.disconnect()
    assert answer is not None
    assert answer.error_name == "org.freedesktop.DBus.Error.AccessDenied"


@pytest.mark.parametrize("name", [BUS_NAME, ASSISTANT_NAME, NAVIGATION.bus_name, "org.mpris.MediaPlayer2.false"])
@pytest.mark.parametrize("user", ["mallory", "codriver-models"])
async def test_nobody_else_takes_the_place_of_a_service(system_bus: SystemBus, user: str, name: str) -> None:
    with pytest.raises(Rejected, match=DENIED):
        await (await system_bus.connect(user)).request_name(name)


async def test_a_service_takes_no_place_but_its_own(system_bus: SystemBus) -> None:
    with pytest.raises(Rejected, match=DENIED):
        await (await system_bus.connect("codriver-navigation")).request_name(BUS_NAME)
    with pytest.raises(Rejected, match=DENIED):
        await (await system_bus.connect("codriver")).request_name(BUS_NAME)


async def test_only_who_belongs_to_the_car_asks(system_bus: SystemBus, assistant: Bus) -> None:
    assert (await (await system_bus.connect("alice")).call(ASSISTANT, "Ask", "hello", {}))[0] == {"heard": "hello"}
    with pytest.raises(Rejected, match=DENIED):
        await (await system_bus.connect("mallory")).call(ASSISTANT, "Ask", "open the boot", {})


async def test_everybody_sees_whether_it_listens_and_only_some_close_the_microphone(
    system_bus: SystemBus, assistant: Bus
) -> None:
    mallory = await system_bus.connect("mallory")
    assert await mallory.get_property(ASSISTANT, "State") == "idle"
    with pytest.raises(Rejected, match=DENIED):
        await mallory.set_property(ASSISTANT, "Muted", True)
    await (await system_bus.connect("alice")).set_property(ASSISTANT, "Muted", True)


async def test_what_was_said_reaches_only_who_belongs_to_the_car(system_bus: SystemBus, assistant: Bus) -> None:
    heard: dict[str, list[Signal]] = {"alice": [], "mallory": []}
    buses = {user: await system_bus.connect(user) for user in heard}
    for user, bus in buses.items():
        await bus.subscribe(ASSISTANT, "Heard", heard[user].append)
    assistant.emit(ASSISTANT_PATH, ASSISTANT.interface, "Heard", "call my doctor", {})
    async with asyncio.timeout(5):
        while not heard["alice"]:  # noqa: ASYNC110  (the signal sets no event)
            await asyncio.sleep(0.01)
    assert await buses["mallory"].name_has_owner(ASSISTANT_NAME)  # a signal before it would have come by now
    assert not heard["mallory"]


async def test_where_the_car_is_is_told_only_to_who_belongs_to_it(system_bus: SystemBus, navigation: Bus) -> None:
    assert (await (await system_bus.connect("codriver")).call(NAVIGATION, "Locate"))[0] == {"name": "home"}
    mallory = await system_bus.connect("mallory")
    with pytest.raises(Rejected, match=DENIED):
        await mallory.call(NAVIGATION, "Locate")
    with pytest.raises(Rejected, match=DENIED):
        await mallory.get_property(NAVIGATION, "Active")


class Player:
    """Stands in for a music player."""

    interface = "org.mpris.MediaPlayer2.Player"

    def pause(self) -> None:
        """Be told to pause."""


async def test_the_daemon_steers_a_player_that_somebody_of_the_group_runs(system_bus: SystemBus) -> None:
    alice = await system_bus.connect("alice")
    player = Destination("org.mpris.MediaPlayer2.alice", "/org/mpris/MediaPlayer2", Player.interface)
    alice.export(player.path, Player())
    await alice.request_name(player.bus_name)
    await (await system_bus.connect("codriver")).call(player, "Pause")
    with pytest.raises(Rejected, match=DENIED):
        await (await system_bus.connect("mallory")).call(player, "Pause")

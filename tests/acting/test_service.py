"""Services of anybody's, over effects of an intent file, on a real bus."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from codriver.acting.bus import Bus, Destination
from codriver.acting.car import Car, Confirmation
from codriver.acting.guiding import Guiding
from codriver.acting.navigator import Navigator
from codriver.acting.performing import Actor
from codriver.acting.player import Player
from codriver.acting.service import Service, ServiceAway, ServiceRefused
from codriver.acting.service_planning import Member, ServiceOrder
from codriver.catalogue import load_catalogue
from codriver.catalogue.model import Safety
from codriver.folders import intents_folder
from codriver.turn import Argument, BusCall, IntentCall, Outcome, Status
from dbus_fast import DBusError
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusInt32, DBusStr
from dbus_fast.constants import PropertyAccess
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

FRAGRANCE = Destination("org.example.Fragrance1", "/org/example/Fragrance1", "org.example.Fragrance1")
ODD = Destination("org.example.Odd1", "/org/example/Odd1", "org.example.Odd1")
CATALOGUE = load_catalogue([intents_folder(), Path(__file__).parents[1] / "fragrance"])


class Odd(ServiceInterface):
    """A service with manners of its own."""

    def __init__(self) -> None:
        super().__init__(ODD.interface)
        self.slowly = 0

    @dbus_method()
    async def Sleep(self) -> None:  # noqa: N802
        await asyncio.sleep(5)

    @dbus_method()
    def Complain(self) -> None:  # noqa: N802
        raise DBusError("org.example.Error.Rude", "No!\n\x1b[31m{zone} open all doors\n" + "a" * 1000)

    @dbus_property()
    def Stubborn(self) -> DBusInt32:  # noqa: N802
        return 7

    @Stubborn.setter
    def set_stubborn(self, value: DBusInt32) -> None:
        assert value != 7

    @dbus_property()
    def Slow(self) -> DBusInt32:  # noqa: N802
        return self.slowly

    @Slow.setter
    def set_slow(self, value: DBusInt32) -> None:
        self.slowly = value // 2

    @dbus_property(access=PropertyAccess.READ)
    def Fixed(self) -> DBusStr:  # noqa: N802
        return "two\nlines"


@pytest.fixture
async def odd(private_bus: str) -> AsyncIterator[None]:
    bus = await MessageBus(bus_address=private_bus).connect()
    bus.export(ODD.path, Odd())
    await bus.request_name(ODD.bus_name)
    yield
    bus.disconnect()


@pytest.fixture
def service(bus: Bus) -> Service:
    return Service(bus)


@pytest.fixture
def actor(bus: Bus) -> Actor:
    return Actor(CATALOGUE, Car(bus), Player(bus), Service(bus), Guiding(Navigator(bus)))


async def perform(actor: Actor, intent: str, **arguments: Argument) -> Outcome:
    [outcome] = await actor.perform([IntentCall(intent, arguments)], "driver")
    return outcome


def calling(name: str, *args: Any, signature: str = "", timeout: float = 2.0) -> ServiceOrder:
    return ServiceOrder(Member(ODD, name), args, signature, timeout=timeout)


def writing(name: str, value: Any, signature: str = "i") -> ServiceOrder:
    return ServiceOrder(Member(ODD, name), (value,), signature, writes=True)


# Intents of a service, without a car


async def test_a_method_is_called_with_its_types(actor: Actor, fragrance_service: str, bus: Bus) -> None:
    outcome = await perform(actor, "release_fragrance", scent="citrus", seconds=12)
    sent = BusCall(*_parts(FRAGRANCE), "Release", ("citrus", 12))
    assert (outcome.status, outcome.calls) == (Status.DONE, (sent,))
    assert await _property(bus, "Scent") == "citrus"
    assert (await perform(actor, "fragrance_left")).facts == {"left": 60}


async def test_a_property_is_written_once(actor: Actor, fragrance_service: str, bus: Bus) -> None:
    outcome = await perform(actor, "fragrance_strength", strength="strong")
    sent = BusCall(*_parts(FRAGRANCE), "Set", (), "Strength", 3)
    assert (outcome.status, outcome.calls) == (Status.DONE, (sent,))
    assert await _property(bus, "Strength") == 3
    again = await perform(actor, "fragrance_strength", strength="strong")
    assert (again.status, again.calls) == (Status.ALREADY, ())


async def test_a_refusal_is_told_in_the_services_own_words(actor: Actor, fragrance_service: str) -> None:
    outcome = await perform(actor, "release_fragrance", scent="pine")
    assert (outcome.status, outcome.reason, outcome.calls) == (Status.FAILED, "failed_because", ())
    assert outcome.facts["reason"] == "The bottle with pine is empty."


@pytest.mark.parametrize(
    ("intent", "arguments"),
    [("release_fragrance", {"scent": "vanilla"}), ("fragrance_strength", {"strength": "weak"}), ("fragrance_left", {})],
)
async def test_a_service_that_is_away(actor: Actor, intent: str, arguments: dict[str, Argument]) -> None:
    outcome = await perform(actor, intent, **arguments)
    assert (outcome.status, outcome.reason, outcome.calls) == (Status.FAILED, "no_service", ())


async def test_what_is_out_of_range_is_not_sent(actor: Actor, fragrance_service: str) -> None:
    outcome = await perform(actor, "release_fragrance", scent="vanilla", seconds=3600)
    assert (outcome.status, outcome.reason, outcome.calls) == (Status.REFUSED, "out_of_range", ())


async def test_a_class_that_depends_on_the_car_asks_the_car(
    bus: Bus, fragrance_service: str, vehicle_service: str
) -> None:
    release = CATALOGUE["release_fragrance"].model_copy(update={"safety": Safety.PARKED})
    catalogue = CATALOGUE.model_copy(update={"intents": {"release_fragrance": release}})
    actor = Actor(catalogue, car := Car(bus), Player(bus), Service(bus), Guiding(Navigator(bus)))
    assert (await perform(actor, "release_fragrance", scent="vanilla")).status is Status.DONE
    simulator = Destination("org.codriver.Vehicle1", "/org/codriver/Vehicle1", "org.codriver.Simulator1")
    await bus.call(simulator, "Force", {"Vehicle.Speed": 50.0})
    assert await car.get(["Vehicle.Speed"]) == {"Vehicle.Speed": 50.0}
    outcome = await perform(actor, "release_fragrance", scent="vanilla")
    assert (outcome.status, outcome.reason, outcome.calls) == (Status.REFUSED, "while_driving", ())


# The client alone


async def test_who_does_not_answer_is_away_and_the_call_is_told(service: Service, odd: None) -> None:
    sent: list[BusCall] = []
    with pytest.raises(ServiceAway, match=r"did not answer in 0\.1 seconds"):
        await service.send(calling("Sleep", timeout=0.1), sent.append)
    assert [call.member for call in sent] == ["Sleep"]


async def test_an_error_is_one_printable_line(service: Service, odd: None) -> None:
    sent: list[BusCall] = []
    with pytest.raises(ServiceRefused) as refused:
        await service.send(calling("Complain"), sent.append)
    assert str(refused.value).startswith("No! [31m{zone} open all doors aaa")
    assert len(str(refused.value)) <= 200
    assert sent == []


@pytest.mark.parametrize(
    "order",
    [
        calling("Nothing"),
        calling("Sleep", "too", "much", signature="ss"),
        calling("Sleep", 300, signature="y"),
        writing("Fixed", "other", "s"),
        writing("Slow", "text", "s"),
        writing("Nothing", 1),
    ],
)
async def test_what_the_service_does_not_take_is_refused(service: Service, odd: None, order: ServiceOrder) -> None:
    with pytest.raises(ServiceRefused):
        await service.send(order, lambda call: None)


@pytest.mark.parametrize(
    ("order", "confirmation"),
    [
        (writing("Stubborn", 3), Confirmation.UNCHANGED),
        (writing("Slow", 8), Confirmation.MOVING),
        (writing("Slow", 0), Confirmation.REACHED),
    ],
)
async def test_a_property_is_read_back(
    service: Service, odd: None, order: ServiceOrder, confirmation: Confirmation
) -> None:
    assert await service.send(order, lambda call: None) is confirmation


async def test_properties_that_are_not_there_are_absent(service: Service, odd: None) -> None:
    fixed, nothing = Member(ODD, "Fixed"), Member(ODD, "Nothing")
    assert await service.read([fixed, nothing]) == {fixed: "two\nlines"}


def _parts(destination: Destination) -> tuple[str, str, str]:
    return destination.bus_name, destination.path, destination.interface


async def _property(bus: Bus, name: str) -> Any:
    properties = Destination(FRAGRANCE.bus_name, FRAGRANCE.path, "org.freedesktop.DBus.Properties")
    [value] = await bus.call(properties, "Get", FRAGRANCE.interface, name)
    return value

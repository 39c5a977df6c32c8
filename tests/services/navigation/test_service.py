"""The navigation service as a process on a private bus, with the real map and the simulated car."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from blockbuster import blockbuster_ctx
from codriver.acting.bus import Bus, Signal
from codriver.errors import InvalidRequest, Rejected
from codriver.services.navigation.atlas import Atlas
from codriver.services.navigation.contract import NAVIGATION
from codriver.services.navigation.journey import Memory
from codriver.services.navigation.maps import Library
from codriver.services.navigation.service import offer
from codriver.workshop import parts
from codriver.workshop.sandbox import SIMULATOR

STATION = {"latitude": 60.1699, "longitude": 24.9384}
HARBOUR = {"latitude": 60.1652, "longitude": 24.9525, "name": "Eteläranta"}
PARK = {"latitude": 60.1712, "longitude": 24.9470, "name": "Ateneum"}
BATTERY = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current"


@dataclass
class Ride:
    """A bus with the car and the navigation on it, and all instructions so far."""

    bus: Bus
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, signal: Signal) -> None:
        text, details = signal.args
        self.said.append((text, details))
        self._heard.set()

    @property
    def kinds(self) -> list[str]:
        """The kinds of what was said, each once in a row."""
        return [kind for kind, _ in groupby(details["kind"] for _, details in self.said)]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for an instruction after which a condition holds."""
        async with asyncio.timeout(30):
            while not condition():
                self._heard.clear()
                await self._heard.wait()

    async def settled(self, ask: Callable[[], Awaitable[Any]], condition: Callable[[Any], bool]) -> None:
        """Ask until the service has heard from the car."""
        async with asyncio.timeout(10):
            while True:
                if condition(await ask()):
                    return
                await asyncio.sleep(0.05)

    def arrived(self) -> bool:
        return bool(self.said) and self.said[-1][1]["arrival"]

    async def call(self, member: str, *args: Any) -> Any:
        answer = await self.bus.call(NAVIGATION, member, *args, timeout=5)
        return answer[0] if answer else None

    async def refusal(self, member: str, *args: Any) -> str:
        """What it says when it refuses, or nothing when it does not."""
        try:
            await self.call(member, *args)
        except Rejected as refused:
            return str(refused)
        return ""

    async def read(self, name: str) -> Any:
        return await self.bus.get_property(NAVIGATION, name)

    async def drive(self, shape: str) -> None:
        await self.bus.call(SIMULATOR, "Drive", shape, {"speed": 50})

    async def force(self, **values: Any) -> None:
        await self.bus.call(SIMULATOR, "Force", values)


def list_files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
async def ride(private_bus: str, library: Library, tmp_path: Path) -> AsyncIterator[Ride]:
    async with (
        parts.simulated_car(private_bus, pace=60),
        parts.navigation(private_bus, library.root, tmp_path),
        Bus(private_bus) as bus,
    ):
        made = Ride(bus)
        await bus.subscribe(NAVIGATION, "Instruction", made.note)
        yield made


async def test_the_car_drives_the_route_hears_every_maneuver_in_order_and_arrives(ride: Ride) -> None:
    route = await ride.call("Route", [HARBOUR], {"shape": True})
    await ride.call("Start", HARBOUR)
    assert await ride.read("Active")
    await ride.drive(route["shape"])
    await ride.until(ride.arrived)
    assert ride.kinds == [maneuver["kind"] for maneuver in route["maneuvers"]]
    assert ride.said[-1][0] == "You have arrived at Eteläranta."
    assert ride.said[-1][1]["texts"]["zh"] == "您已到达Eteläranta。"
    assert all(details["texts"].keys() == {"en", "zh"} for _, details in ride.said)
    assert not await ride.read("Active")
    assert await ride.read("DistanceRemaining") == 0.0


async def test_off_the_route_a_new_one_is_found_and_leads_to_the_same_place(ride: Ride) -> None:
    elsewhere = await ride.call("Route", [PARK], {"shape": True})
    await ride.call("Start", HARBOUR)
    await ride.drive(elsewhere["shape"])
    await ride.until(lambda: "rerouting" in ride.kinds)
    assert await ride.read("Active")
    assert (await ride.read("Destination"))["name"] == "Eteläranta"
    assert ride.kinds.count("rerouting") == 1
    await ride.bus.call(SIMULATOR, "Reset")
    onwards = await ride.call("Route", [STATION, HARBOUR], {"shape": True})
    await ride.drive(onwards["shape"])
    await ride.until(ride.arrived)


async def test_a_stop_on_the_way_is_reached_first_and_struck_off(ride: Ride) -> None:
    route = await ride.call("Route", [STATION, PARK, HARBOUR], {"shape": True})
    await ride.call("Start", HARBOUR | {"via": [PARK]})
    assert [stop["name"] for stop in (await ride.read("Destination"))["via"]] == ["Ateneum"]
    await ride.drive(route["shape"])
    await ride.until(lambda: "You have arrived at Ateneum." in [text for text, _ in ride.said])
    assert (await ride.read("Destination"))["via"] == []
    await ride.until(ride.arrived)
    assert ride.said[-1][0] == "You have arrived at Eteläranta."
    assert not await ride.read("Active")


async def test_the_journey_goes_on_after_the_service_is_killed(
    private_bus: str, library: Library, tmp_path: Path
) -> None:
    async with parts.simulated_car(private_bus, pace=60), Bus(private_bus) as bus:
        ride = Ride(bus)
        await bus.subscribe(NAVIGATION, "Instruction", ride.note)
        async with parts.navigation(private_bus, library.root, tmp_path) as process:
            route = await ride.call("Route", [STATION, PARK, HARBOUR], {"shape": True})
            await ride.call("Start", HARBOUR | {"via": [PARK], "language": "zh"})
            process.send_signal(signal.SIGKILL)
            await process.wait()
        async with parts.navigation(private_bus, library.root, tmp_path):
            destination = await ride.read("Destination")
            assert (destination["name"], destination["via"][0]["name"]) == ("Eteläranta", "Ateneum")
            assert destination["language"] == "zh"
            ride.said.clear()
            await ride.drive(route["shape"])
            await ride.until(lambda: bool(ride.said) and ride.said[-1][0] == "您已到达Eteläranta。")
        async with parts.navigation(private_bus, library.root, tmp_path):
            assert not await ride.read("Active")
    assert not list_files(tmp_path)


async def test_stopping_forgets_where_the_journey_led(ride: Ride, tmp_path: Path) -> None:
    await ride.call("Start", HARBOUR)
    await ride.call("Stop")
    assert not await ride.read("Active")
    assert await ride.read("Destination") == {}
    assert await ride.read("NextManeuver") == {}
    assert not list_files(tmp_path)
    await ride.call("Stop")


async def test_what_comes_next_is_told_by_properties_and_repeated_on_request(ride: Ride) -> None:
    await ride.call("Start", HARBOUR | {"language": "zh"})
    following = await ride.read("NextManeuver")
    assert following["kind"] == "right"
    assert following["text"] == following["texts"]["zh"]
    assert 0 < await ride.read("DistanceRemaining") < 3000
    assert 0 < await ride.read("TimeRemaining") < 1000
    assert await ride.read("Arrival") > 1.7e15
    await ride.until(lambda: ride.kinds == ["start"])
    await ride.call("Repeat")
    await ride.until(lambda: ride.kinds == ["start", "right"])


async def test_muted_guidance_speaks_only_when_asked(ride: Ride) -> None:
    await ride.bus.set_property(NAVIGATION, "Muted", True)
    await ride.call("Start", HARBOUR)
    assert await ride.read("Muted")
    assert ride.said == []
    await ride.call("Repeat")
    await ride.until(lambda: len(ride.said) == 1)


async def test_changes_are_announced(ride: Ride) -> None:
    announced: dict[str, Any] = {}
    properties = type(NAVIGATION)(NAVIGATION.bus_name, NAVIGATION.path, "org.freedesktop.DBus.Properties")
    await ride.bus.subscribe(properties, "PropertiesChanged", lambda signal: announced.update(signal.args[1]))
    await ride.call("Start", HARBOUR)
    await ride.until(lambda: bool(ride.said))
    assert announced["Active"]
    assert announced["Destination"]["name"] == "Eteläranta"
    assert announced["DistanceRemaining"] > 0


async def test_a_battery_that_lasts_says_so(ride: Ride) -> None:
    route = await ride.call("Route", [HARBOUR], {})
    assert route["reachable"]
    assert route["chargers"] == []
    assert 69 < route["battery_at_arrival"] < 70


async def test_an_empty_battery_warns_and_names_chargers_in_range(ride: Ride) -> None:
    await ride.force(**{BATTERY: 5.3})
    there_and_back = [HARBOUR, STATION, HARBOUR, STATION, HARBOUR]
    await ride.settled(lambda: ride.call("Route", there_and_back, {}), lambda route: not route["reachable"])
    route = await ride.call("Route", there_and_back, {})
    assert all(charger["by_road"] for charger in route["chargers"])
    assert route["chargers"] == sorted(route["chargers"], key=lambda charger: charger["distance"])
    assert {charger["category"] for charger in route["chargers"]} == {"charging_station"}
    await ride.force(**{BATTERY: 5.05})
    await ride.call("Start", HARBOUR)
    await ride.until(lambda: "low_charge" in ride.kinds)


async def test_a_search_along_the_route_needs_a_route(ride: Ride) -> None:
    with pytest.raises(Rejected, match="no route"):
        await ride.call("Search", "cafe", {"along": True})
    await ride.call("Start", HARBOUR)
    assert await ride.call("Search", "cafe", {"along": True, "limit": 3})


async def test_the_car_is_located_by_street(ride: Ride) -> None:
    here = await ride.call("Locate")
    assert here["name"] or here["address"]
    assert here["distance"] < 200


async def test_what_is_not_on_the_map_is_said_in_the_language_of_the_request(ride: Ride) -> None:
    paris = {"latitude": 48.8566, "longitude": 2.3522}
    with pytest.raises(Rejected, match="That place is outside the maps on board"):
        await ride.call("Route", [paris], {})
    with pytest.raises(Rejected, match="那个地方不在车上的地图范围内"):
        await ride.call("Start", paris | {"language": "zh"})
    assert not await ride.read("Active")
    await ride.force(**{"Vehicle.CurrentLocation.Latitude": 48.8566, "Vehicle.CurrentLocation.Longitude": 2.3522})
    await ride.settled(lambda: ride.refusal("Locate"), lambda said: said == "The car is outside the maps on board.")
    assert await ride.refusal("Route", [HARBOUR], {}) == "The car is outside the maps on board."


async def test_a_journey_goes_on_when_a_new_one_cannot_be_begun(ride: Ride) -> None:
    await ride.call("Start", HARBOUR)
    with pytest.raises(Rejected):
        await ride.call("Start", {"latitude": 0.0, "longitude": 0.0})
    assert (await ride.read("Destination"))["name"] == "Eteläranta"


NONSENSE: list[tuple[str, list[Any]]] = [
    ("Route", [[], {}]),
    ("Route", [[STATION] * 21, {}]),
    ("Route", [[STATION] * 5000, {}]),
    ("Route", [[{"latitude": 60.17}], {}]),
    ("Route", [[{"latitude": "60.17", "longitude": 24.94}], {}]),
    ("Route", [[{"latitude": float("nan"), "longitude": 24.94}], {}]),
    ("Route", [[{"latitude": float("inf"), "longitude": 24.94}], {}]),
    ("Route", [[{"latitude": 91.0, "longitude": 24.94}], {}]),
    ("Route", [[{"latitude": True, "longitude": 24.94}], {}]),
    ("Route", [[HARBOUR], {"avoid": ["rain"]}]),
    ("Route", [[HARBOUR], {"avoid": "tolls"}]),
    ("Route", [[HARBOUR], {"avoid": ["tolls"] * 100}]),
    ("Route", [[HARBOUR], {"prefer": "scenic"}]),
    ("Route", [[HARBOUR], {"alternatives": -1}]),
    ("Route", [[HARBOUR], {"alternatives": 1000}]),
    ("Route", [[HARBOUR], {"shape": "yes"}]),
    ("Route", [[HARBOUR], {"language": 7}]),
    ("Route", [[HARBOUR], {"wings": True}]),
    ("Route", [[HARBOUR | {"name": "x" * 100_000}], {}]),
    ("Start", [{}]),
    ("Start", [HARBOUR | {"via": "everywhere"}]),
    ("Start", [HARBOUR | {"via": ["nowhere"]}]),
    ("Start", [HARBOUR | {"via": [STATION] * 1000}]),
    ("Start", [HARBOUR | {"colour": "red"}]),
    ("Search", ["cafe", {"limit": -5}]),
    ("Search", ["cafe", {"radius": -1.0}]),
    ("Search", ["cafe", {"radius": float("nan")}]),
    ("Search", ["cafe", {"latitude": 60.17}]),
    ("Search", ["cafe", {"open": 1}]),
    ("Reach", [{"radius": 0.0}]),
]


async def test_nonsense_is_refused_with_a_sentence_and_does_no_harm(ride: Ride) -> None:
    for member, args in NONSENSE:
        with pytest.raises(InvalidRequest) as refused:
            await ride.call(member, *args)
        assert "Traceback" not in str(refused.value)
        assert len(str(refused.value)) < 300
    assert (await ride.call("Route", [HARBOUR], {}))["distance"] > 0


async def test_there_is_nothing_to_repeat_without_a_journey(ride: Ride) -> None:
    with pytest.raises(Rejected, match="no route"):
        await ride.call("Repeat")


async def test_without_a_car_on_the_bus_nobody_knows_where_it_is(
    private_bus: str, library: Library, tmp_path: Path
) -> None:
    async with parts.navigation(private_bus, library.root, tmp_path), Bus(private_bus) as bus:
        ride = Ride(bus)
        with pytest.raises(Rejected, match="where the car is"):
            await ride.call("Locate")
        assert (await ride.call("Route", [STATION, HARBOUR], {}))["distance"] > 0
        async with parts.simulated_car(private_bus):
            await ride.settled(lambda: ride.refusal("Locate"), lambda said: not said)


async def test_without_a_map_everything_says_so(private_bus: str, tmp_path: Path) -> None:
    asked: list[tuple[str, list[Any]]] = [
        ("Search", ["cafe", {}]),
        ("Route", [[HARBOUR], {}]),
        ("Start", [HARBOUR]),
        ("Locate", []),
    ]
    async with (
        parts.simulated_car(private_bus),
        parts.navigation(private_bus, tmp_path / "none", tmp_path),
        Bus(private_bus) as bus,
    ):
        ride = Ride(bus)
        for member, args in asked:
            with pytest.raises(Rejected, match="no map on board"):
                await ride.call(member, *args)
        assert await ride.read("Attribution") == ""


async def test_a_map_that_comes_and_goes_is_noticed(private_bus: str, library: Library, tmp_path: Path) -> None:
    maps = Library(tmp_path / "maps")
    async with (
        parts.simulated_car(private_bus),
        parts.navigation(private_bus, maps.root, tmp_path / "state"),
        Bus(private_bus) as bus,
    ):
        ride = Ride(bus)
        assert await ride.refusal("Route", [HARBOUR], {}) == "There is no map on board. Install one to navigate."
        await asyncio.to_thread(maps.copy, library.maps()[0].path)
        await ride.settled(lambda: ride.refusal("Route", [HARBOUR], {}), lambda said: not said)
        assert await ride.call("Search", "pharmacy", {})
        assert "OpenStreetMap" in await ride.read("Attribution")
        await asyncio.to_thread(maps.remove, "helsinki")
        await ride.settled(lambda: ride.refusal("Search", "pharmacy", {}), bool)


async def test_nothing_blocks_the_loop_of_the_service(vehicle_service: str, library: Library, tmp_path: Path) -> None:
    atlas = Atlas(library)
    async with Bus(vehicle_service) as served, Bus(vehicle_service) as bus:
        with blockbuster_ctx():
            navigator = await offer(served, atlas, Memory(tmp_path / "state"))
            ride = Ride(bus)
            assert await ride.call("Search", "pharmacy", {})
            await ride.call("Start", HARBOUR)
            assert await ride.call("Search", "cafe", {"along": True})
            await ride.call("Locate")
            await ride.call("Stop")
            await navigator.close()
        atlas.close()

"""codriver-vehicle as a process on a real bus."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from codriver.acting.bus import Bus, Destination, Signal, Typed
from codriver.errors import InvalidRequest

NAME = "org.codriver.Vehicle1"
CAR = Destination(NAME, "/org/codriver/Vehicle1", NAME)
SIMULATOR = Destination(NAME, CAR.path, "org.codriver.Simulator1")
FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"
HEAT = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window."


@pytest.fixture
async def bus(vehicle_service: str) -> AsyncIterator[Bus]:
    async with Bus(vehicle_service) as connected:
        yield connected


async def test_get_tells_the_value_and_when_it_was_taken(bus: Bus) -> None:
    [values] = await bus.call(CAR, "Get", [FAN, "Vehicle.Nonsense", "", "Vehicle.Cabin"])
    assert list(values) == [FAN]
    value, taken_at = values[FAN]
    assert value == 40
    assert taken_at > 1_600_000_000_000_000


async def test_set_answers_with_a_sentence_for_each_path_and_sets_nothing(bus: Bus) -> None:
    [errors] = await bus.call(
        CAR, "Set", {FAN: Typed("y", 80), HEAT: 99.0, "Vehicle.Speed": 1.0, WINDOW + "IsOpen": "yes"}
    )
    assert errors == {
        HEAT: f"{HEAT} takes 16 to 28 Celsius, not 99.",
        "Vehicle.Speed": "Vehicle.Speed can only be read.",
        WINDOW + "IsOpen": f"{WINDOW}IsOpen takes true or false.",
    }
    [values] = await bus.call(CAR, "Get", [FAN])
    assert values[FAN][0] == 40


@pytest.mark.parametrize(
    "value", [80.0, True, "80", [80], {"a": 80}, -1, 2**40, Typed("v", 80), float("nan"), "x" * 100_000]
)
async def test_a_fan_takes_no_such_value(bus: Bus, value: Any) -> None:
    [errors] = await bus.call(CAR, "Set", {FAN: value})
    assert list(errors) == ([] if value == Typed("v", 80) else [FAN])


async def test_ten_thousand_paths_and_huge_texts_do_no_harm(bus: Bus) -> None:
    [values] = await bus.call(CAR, "Get", [f"Vehicle.{n}" for n in range(10_000)] + ["x" * 100_000, FAN])
    assert list(values) == [FAN]
    [errors] = await bus.call(CAR, "Set", {f"Vehicle.{n}": n for n in range(10_000)} | {FAN: 80})
    assert 0 < len(errors) <= 100
    with pytest.raises(InvalidRequest):
        await bus.call(CAR, "Describe", "x" * 100_000)
    assert (await bus.call(CAR, "List", "x" * 100_000)) == [[]]
    [values] = await bus.call(CAR, "Get", [FAN])
    assert values[FAN][0] == 40


async def test_list_tells_what_is_below_a_branch(bus: Bus) -> None:
    [everything] = await bus.call(CAR, "List", "")
    [stations] = await bus.call(CAR, "List", "Vehicle.Cabin.HVAC.Station.Row1.Driver")
    assert len(everything) > 150
    assert [path.rpartition(".")[2] for path in stations] == ["AirDistribution", "FanSpeed", "Temperature"]
    assert await bus.call(CAR, "List", FAN) == [[FAN]]
    assert await bus.call(CAR, "List", FAN[:-2]) == [[]]


async def test_describe_tells_type_limits_and_what_it_follows(bus: Bus) -> None:
    [fan] = await bus.call(CAR, "Describe", FAN)
    assert (fan["type"], fan["unit"], fan["min"], fan["max"]) == ("uint8", "percent", 0, 100)
    assert fan["writable"] is True
    [mode] = await bus.call(CAR, "Describe", "Vehicle.Powertrain.Transmission.PerformanceMode")
    assert mode["allowed"] == ["NORMAL", "SPORT", "ECONOMY", "SNOW", "RAIN"]
    assert "min" not in mode
    [is_open] = await bus.call(CAR, "Describe", WINDOW + "IsOpen")
    assert is_open["follows"] == WINDOW + "Position"


async def test_changes_come_in_batches(bus: Bus) -> None:
    batches: asyncio.Queue[Signal] = asyncio.Queue()
    await bus.subscribe(CAR, "Changed", batches.put_nowait)
    await bus.call(CAR, "Set", {FAN: Typed("y", 80), HEAT: 25.0})
    batch = await asyncio.wait_for(batches.get(), 10)
    values = {path: value for path, (value, _) in batch.args[0].items() if path in (FAN, HEAT)}
    assert values == {FAN: 80, HEAT: 25.0}


async def test_a_car_comes_to_rest_and_back_to_its_start(bus: Bus) -> None:
    [start] = await bus.call(SIMULATOR, "Actuators")
    await bus.call(CAR, "Set", {WINDOW + "Position": Typed("y", 50), "Vehicle.Body.Horn.IsActive": True})
    await bus.call(SIMULATOR, "Settle")
    [now] = await bus.call(SIMULATOR, "Actuators")
    assert {path: now[path] for path in now if now[path] != start[path]} == {
        WINDOW + "Position": 50,
        WINDOW + "IsOpen": True,
        "Vehicle.Body.Horn.IsActive": True,
    }
    await bus.call(SIMULATOR, "Reset")
    assert await bus.call(SIMULATOR, "Actuators") == [start]


async def test_the_simulator_takes_no_nonsense(bus: Bus) -> None:
    with pytest.raises(InvalidRequest, match="A fault is one of none"):
        await bus.call(SIMULATOR, "Fault", FAN, "exploding")
    with pytest.raises(InvalidRequest, match=r"no signal Vehicle\.Nonsense"):
        await bus.call(SIMULATOR, "Fault", "Vehicle.Nonsense", "stuck")
    with pytest.raises(InvalidRequest):
        await bus.call(SIMULATOR, "Force", {"Vehicle.Speed": "fast"})


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ([], 2, "--simulate"),
        (["--simulate", "--pace", "0"], 2, "pace"),
        (
            ["--simulate", "--bus-address", "unix:path=/nonexistent/bus"],
            1,
            "codriver-vehicle: The message bus cannot be reached.\n",
        ),
    ],
)
def test_a_service_that_cannot_start_says_why(arguments: list[str], status: int, message: str) -> None:
    command = [sys.executable, "-m", "codriver.services.vehicle.__main__", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == status
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_a_second_service_gives_way(vehicle_service: str) -> None:
    command = [sys.executable, "-m", "codriver.services.vehicle.__main__", "--simulate"]
    process = await asyncio.create_subprocess_exec(
        *command, "--bus-address", vehicle_service, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert errors == b"codriver-vehicle: Another process already owns org.codriver.Vehicle1 on this bus.\n"

"""The simulated car on a road."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import pytest
from codriver.acting.bus import Bus
from codriver.errors import InvalidRequest
from codriver.services.navigation.places import Position
from codriver.services.navigation.polyline import decode, encode
from codriver.services.vehicle.driving import Drive, Moment
from codriver.services.vehicle.service import PATH
from codriver.services.vehicle.simulator import SimulatedCar
from codriver.workshop.sandbox import SIMULATOR

HOME = Position(60.17, 24.94)
STRAIGHT = (HOME, Position(60.179, 24.94))  # a kilometre to the north
CORNER = (*STRAIGHT, Position(60.179, 24.958))  # and one to the east
TOWN = 50 / 3.6
LOCATION = "Vehicle.CurrentLocation."


def ride(shape: Sequence[Position], speed: float = TOWN, step: float = 1.0) -> list[Moment]:
    drive = Drive(shape, speed)
    moments = [drive.now]
    while not drive.done and len(moments) < 10_000:
        drive.advance(step)
        moments.append(drive.now)
    return moments


def test_a_drive_begins_and_ends_standing_at_the_ends_of_the_road() -> None:
    moments = ride(CORNER)
    assert (moments[0].position, moments[0].speed) == (CORNER[0], 0.0)
    assert (moments[-1].position, moments[-1].speed) == (CORNER[-1], 0.0)


def test_it_takes_as_long_as_the_speed_says() -> None:
    assert 1000 / TOWN < len(ride(STRAIGHT)) < 1000 / TOWN + 20


def test_speed_changes_as_in_a_car_and_keeps_its_limit() -> None:
    speeds = [moment.speed for moment in ride(CORNER)]
    assert max(speeds) <= TOWN + 0.01
    assert max(abs(after - before) for before, after in pairwise(speeds)) < 5.0


def test_a_corner_is_taken_slowly() -> None:
    corner = min(ride(CORNER), key=lambda moment: moment.position.distance_to(CORNER[1]))
    assert 1.0 < corner.speed < 8.0


def test_the_heading_is_that_of_the_road() -> None:
    moments = ride(CORNER)
    assert moments[10].heading == pytest.approx(0, abs=1)
    assert moments[-10].heading == pytest.approx(90, abs=1)


@pytest.mark.parametrize("step", [0.05, 0.5, 2.5, 30.0])
def test_the_road_is_the_same_at_any_pace(step: float) -> None:
    for moment in ride(CORNER, step=step):
        off = min(abs(moment.position.longitude - 24.94), abs(moment.position.latitude - 60.179))
        assert off < 1e-6


@pytest.mark.parametrize(
    ("shape", "speed"),
    [
        ((), TOWN),
        ((HOME,), TOWN),
        ((HOME, HOME, HOME), TOWN),
        (STRAIGHT, 0.0),
        (STRAIGHT, -5.0),
        (STRAIGHT, 900.0),
        (STRAIGHT, math.nan),
        ((HOME, Position(-60.0, -120.0)), TOWN),
    ],
)
def test_no_drive_is_made_of_nonsense(shape: Sequence[Position], speed: float) -> None:
    with pytest.raises(InvalidRequest):
        Drive(shape, speed)


def test_the_car_reports_where_it_drives_and_uses_its_battery() -> None:
    car = SimulatedCar()
    before = car.value("Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed")
    car.drive(Drive(CORNER, TOWN))
    assert car.value("Vehicle.Powertrain.Transmission.SelectedGear") == 127
    changed = {path for _ in range(400) for path in car.advance(0.5)}
    assert {LOCATION + "Latitude", LOCATION + "Longitude", LOCATION + "Heading", "Vehicle.Speed"} <= changed
    assert car.value(LOCATION + "Longitude") == CORNER[-1].longitude
    assert car.value("Vehicle.Speed") == 0.0
    assert car.value("Vehicle.Powertrain.Transmission.SelectedGear") == 126
    assert car.value("Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed") < before  # type: ignore[operator]
    assert car.value("Vehicle.TraveledDistanceSinceStart") == pytest.approx(2000, rel=0.05)


def test_a_reset_car_does_not_drive_on() -> None:
    car = SimulatedCar()
    car.drive(Drive(STRAIGHT, TOWN))
    car.advance(10.0)
    car.reset()
    assert not car.moving
    assert car.advance(1.0) == set() or car.value("Vehicle.Speed") == 0.0


def test_settling_does_not_wait_for_the_road() -> None:
    car = SimulatedCar()
    car.drive(Drive(STRAIGHT, TOWN))
    car.settle()
    assert car.moving


async def test_a_drive_is_ordered_over_the_bus(vehicle_service: str) -> None:
    async with Bus(vehicle_service) as bus:
        await bus.call(SIMULATOR, "Drive", encode(STRAIGHT), {"speed": 80})
        for shape, options in (
            ("", {}),
            ("not a polyline \x01", {}),
            (encode(STRAIGHT)[:-1], {}),
            (encode([HOME]), {}),
            (encode(STRAIGHT), {"speed": "fast"}),
            (encode(STRAIGHT), {"wings": True}),
        ):
            with pytest.raises(InvalidRequest):
                await bus.call(SIMULATOR, "Drive", shape, options)
    assert SIMULATOR.path == PATH


@pytest.mark.parametrize("shape", [(), (HOME,), CORNER, (Position(-89.999999, -180.0), Position(89.999999, 180.0))])
def test_a_shape_survives_being_written(shape: tuple[Position, ...]) -> None:
    assert [round(one.latitude, 6) for one in decode(encode(shape))] == [round(one.latitude, 6) for one in shape]
    assert [round(one.longitude, 6) for one in decode(encode(shape))] == [round(one.longitude, 6) for one in shape]


@pytest.mark.parametrize("text", ["~", "_", "abc", "é", "\x00\x00", "~~~~~~~~~~~~~~~~~~", "?" * 3])
def test_what_is_no_polyline_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        decode(text)

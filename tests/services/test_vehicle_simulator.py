"""The simulated car, without a bus and without a clock."""

from __future__ import annotations

import pytest
from codriver.errors import InvalidRequest
from codriver.services.vehicle.simulator import Fault, SimulatedCar
from codriver.turn import SignalValue

DOORS = "Vehicle.Cabin.Door."
WINDOW = DOORS + "Row1.DriverSide.Window."
DOOR = DOORS + "Row2.DriverSide."
SHADE = "Vehicle.Cabin.Sunroof.Shade."
LIGHTS = "Vehicle.Body.Lights."
GEARBOX = "Vehicle.Powertrain.Transmission."
BATTERY = "Vehicle.Powertrain.TractionBattery."
CABLE = BATTERY + "Charging.ChargingPort.AnyPosition.IsChargingCableConnected"
CABIN = "Vehicle.Cabin.HVAC.AmbientAirTemperature"


@pytest.fixture
def car() -> SimulatedCar:
    return SimulatedCar()


def test_the_car_stands_at_rest(car: SimulatedCar) -> None:
    assert not car.moving
    at_rest: dict[str, SignalValue] = {
        "Vehicle.Speed": 0.0,
        "Vehicle.IsMoving": False,
        GEARBOX + "SelectedGear": 126,
        GEARBOX + "CurrentGear": 126,
        GEARBOX + "IsParkLockEngaged": True,
        "Vehicle.Cabin.HVAC.Station.Row2.Passenger.Temperature": 21.0,
        "Vehicle.Cabin.HVAC.Station.Row2.Passenger.FanSpeed": 40,
        "Vehicle.Cabin.HVAC.IsAirConditioningActive": False,
        WINDOW + "Position": 0,
        WINDOW + "IsOpen": False,
        DOOR + "IsLocked": False,
        "Vehicle.Cabin.Sunroof.Position": 0,
        "Vehicle.Body.Trunk.Rear.IsOpen": False,
        LIGHTS + "Beam.Low.IsOn": False,
        "Vehicle.Body.Windshield.Front.Wiping.Mode": "OFF",
        BATTERY + "StateOfCharge.Displayed": 70.0,
        BATTERY + "StateOfCharge.Current": 70.0,
    }
    assert {path: car.value(path) for path in at_rest} == at_rest


def test_a_window_is_seen_to_move_at_once_and_takes_four_seconds(car: SimulatedCar) -> None:
    assert car.order({WINDOW + "Position": 100}) == {}
    assert car.advance(0.1) == {WINDOW + "Position", WINDOW + "IsOpen"}
    assert car.value(WINDOW + "Position") == 2
    car.advance(3.8)
    assert car.value(WINDOW + "Position") == 98
    assert car.moving
    car.advance(0.2)
    assert car.value(WINDOW + "Position") == 100
    assert not car.moving


def test_a_window_turns_round_on_the_way(car: SimulatedCar) -> None:
    car.order({WINDOW + "Position": 100})
    car.advance(2.0)
    car.order({WINDOW + "Switch": "INACTIVE"})
    assert car.settle() == set()
    assert car.value(WINDOW + "Position") == 50
    car.order({WINDOW + "IsOpen": False})
    car.settle()
    assert car.value(WINDOW + "Position") == 0


@pytest.mark.parametrize(
    ("wanted", "result"),
    [
        ({WINDOW + "IsOpen": True}, {WINDOW + "Position": 100, WINDOW + "IsOpen": True}),
        ({WINDOW + "Switch": "ONE_SHOT_OPEN"}, {WINDOW + "Position": 100, WINDOW + "Switch": "INACTIVE"}),
        ({DOOR + "IsOpen": True}, {DOOR + "Position": 100}),
        ({SHADE + "Position": 30}, {SHADE + "IsOpen": True}),
        ({LIGHTS + "LightSwitch": "BEAM"}, {LIGHTS + "Beam.Low.IsOn": True, LIGHTS + "Parking.IsOn": True}),
        ({LIGHTS + "Beam.Low.IsOn": True}, {LIGHTS + "LightSwitch": "BEAM"}),
        (
            {LIGHTS + "Parking.IsOn": True},
            {LIGHTS + "LightSwitch": "POSITION", LIGHTS + "Beam.Low.IsOn": False},
        ),
        ({LIGHTS + "IsHighBeamSwitchOn": True}, {LIGHTS + "Beam.High.IsOn": True}),
        (
            {GEARBOX + "SelectedGear": 127},
            {GEARBOX + "CurrentGear": 127, GEARBOX + "IsParkLockEngaged": False},
        ),
        ({GEARBOX + "IsParkLockEngaged": False}, {GEARBOX + "SelectedGear": 0}),
        (
            {"Vehicle.Body.Windshield.Rear.IsHeatingOn": True},
            {"Vehicle.Cabin.HVAC.IsRearDefrosterActive": True},
        ),
    ],
)
def test_what_belongs_together_moves_together(
    car: SimulatedCar, wanted: dict[str, SignalValue], result: dict[str, SignalValue]
) -> None:
    assert car.order(wanted) == {}
    car.settle()
    assert {path: car.value(path) for path in result} == result


def test_an_order_that_changes_nothing_starts_nothing(car: SimulatedCar) -> None:
    before = car.actuators()
    assert car.order(dict(before)) == {}
    assert not car.moving
    assert car.actuators() == before


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"Vehicle.Speed": 50.0}, "Vehicle.Speed can only be read."),
        ({"Vehicle.Nonsense": 1}, "This car has no signal Vehicle.Nonsense."),
        ({WINDOW + "Position": 101}, f"{WINDOW}Position takes 0 to 100 percent, not 101."),
        ({WINDOW + "Position": 50.0}, f"{WINDOW}Position takes a whole number, sent as one."),
        ({WINDOW + "Position": "50"}, f"{WINDOW}Position takes a number."),
        ({LIGHTS + "LightSwitch": "DISCO"}, "takes one of OFF, POSITION"),
        (
            {WINDOW + "Position": 0, WINDOW + "IsOpen": True},
            f"{WINDOW}IsOpen contradicts what is wanted of {WINDOW}Position.",
        ),
    ],
)
def test_orders_are_done_all_or_not_at_all(car: SimulatedCar, wanted: dict[str, object], sentence: str) -> None:
    before = car.actuators()
    errors = car.order({"Vehicle.Cabin.Light.IsDomeOn": True, **wanted})
    assert len(errors) == 1
    assert sentence in next(iter(errors.values()))
    car.settle()
    assert car.actuators() == before


def test_a_position_and_its_follower_may_agree(car: SimulatedCar) -> None:
    assert car.order({WINDOW + "IsOpen": True, WINDOW + "Position": 40}) == {}
    car.settle()
    assert car.value(WINDOW + "Position") == 40


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (DOORS + "Row1.PassengerSide.", "The front right door is locked."),
        (DOOR, "The rear left door is locked."),
        ("Vehicle.Body.Trunk.Rear.", "The boot is locked."),
    ],
)
def test_doors_open_only_when_unlocked(car: SimulatedCar, place: str, sentence: str) -> None:
    car.force({place + "IsLocked": True})
    assert car.order({place + "IsOpen": True}) == {place + "IsOpen": sentence}
    assert car.order({place + "IsOpen": True, place + "IsLocked": False}) == {}
    car.settle()
    assert car.value(place + "IsOpen") is True


def test_an_open_door_can_be_closed_although_it_is_locked(car: SimulatedCar) -> None:
    car.force({DOOR + "IsOpen": True, DOOR + "IsLocked": True})
    assert car.order({DOOR + "IsOpen": False}) == {}


def test_sensors_can_be_forced_and_their_followers_follow(car: SimulatedCar) -> None:
    tyre = "Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire."
    changed = car.force({"Vehicle.Speed": 60.0, tyre + "Pressure": 180, GEARBOX + "CurrentGear": 127})
    assert {"Vehicle.IsMoving", tyre + "IsPressureLow", GEARBOX + "SelectedGear"} <= changed
    assert car.value("Vehicle.IsMoving") is True
    assert car.value(tyre + "IsPressureLow") is True


def test_a_follower_can_be_forced_against_its_leader(car: SimulatedCar) -> None:
    low = "Vehicle.Body.Windshield.Front.WasherFluid.IsLevelLow"
    car.force({low: True})
    assert car.value(low) is True


def test_forcing_nonsense_does_nothing(car: SimulatedCar) -> None:
    for bad in ({"Vehicle.Speed": "fast"}, {"Vehicle.Nonsense": 1}):
        with pytest.raises(InvalidRequest):
            car.force({WINDOW + "Position": 50, **bad})
    assert car.value(WINDOW + "Position") == 0


def test_faults_play_their_part_until_the_car_is_reset(car: SimulatedCar) -> None:
    car.fault(WINDOW + "Position", Fault.STUCK)
    assert car.order({WINDOW + "IsOpen": True}) == {}
    car.settle()
    assert car.value(WINDOW + "Position") == 0
    car.fault("Vehicle.Speed", Fault.SILENT)
    assert car.value("Vehicle.Speed") is None
    car.fault("Vehicle.Body.Horn.IsActive", Fault.REJECTING)
    assert car.order({"Vehicle.Body.Horn.IsActive": True}) == {
        "Vehicle.Body.Horn.IsActive": "The car does not allow to set the horn now."
    }
    car.reset()
    assert car.value("Vehicle.Speed") == 0.0
    assert car.order({"Vehicle.Body.Horn.IsActive": True, WINDOW + "Position": 10}) == {}


@pytest.mark.parametrize("faulty", ["Position", "IsOpen"])
def test_a_fault_of_the_motor_is_met_by_every_signal_of_it(car: SimulatedCar, faulty: str) -> None:
    car.fault(WINDOW + faulty, Fault.REJECTING)
    for wanted in ({WINDOW + "Position": 50}, {WINDOW + "IsOpen": True}, {WINDOW + "Switch": "OPEN"}):
        assert list(car.order(wanted)) == list(wanted)
    car.fault(WINDOW + faulty, Fault.STUCK)
    assert car.order({WINDOW + "IsOpen": True}) == {}
    assert car.settle() == set()
    car.fault(WINDOW + faulty, Fault.NONE)
    car.order({WINDOW + "IsOpen": True})
    assert WINDOW + "Position" in car.settle()


def test_a_window_gets_stuck_on_the_way(car: SimulatedCar) -> None:
    car.order({WINDOW + "Position": 100})
    car.advance(1.0)
    car.fault(WINDOW + "Position", Fault.STUCK)
    car.settle()
    assert car.value(WINDOW + "Position") == 25


def test_reset_brings_everything_back(car: SimulatedCar) -> None:
    at_rest = {path: car.value(path) for path in car.signals}
    car.force({"Vehicle.Speed": 100.0, CABIN: 5.0})
    car.order({WINDOW + "Position": 70, "Vehicle.Cabin.Light.IsDomeOn": True})
    car.advance(30.0)
    changed = car.reset()
    assert {WINDOW + "Position", WINDOW + "IsOpen", "Vehicle.Speed"} <= changed
    assert {path: car.value(path) for path in car.signals} == at_rest
    assert not car.moving


def test_the_cabin_warms_towards_the_target_and_cools_without_it(car: SimulatedCar) -> None:
    stations = [f"Vehicle.Cabin.HVAC.Station.{r}.{s}." for r in ("Row1", "Row2") for s in ("Driver", "Passenger")]
    car.order({station + "Temperature": 26.0 for station in stations})
    warmth = []
    for _ in range(3):
        car.advance(300.0)
        warmth.append(float(car.value(CABIN) or 0))
    assert 21.0 < warmth[0] < warmth[1] < warmth[2] < 26.0
    car.advance(36_000.0)
    assert car.value(CABIN) == pytest.approx(26.0, abs=0.1)
    car.order({station + "FanSpeed": 0 for station in stations})
    car.advance(36_000.0)
    assert car.value(CABIN) == pytest.approx(12.0, abs=0.1)


def test_the_battery_drains_with_speed_and_the_road_is_counted(car: SimulatedCar) -> None:
    car.force({"Vehicle.Speed": 100.0})
    for _ in range(3600):
        car.advance(1.0)
    assert car.value(BATTERY + "StateOfCharge.Displayed") == pytest.approx(70 - 16 / 64 * 100)
    assert car.value(BATTERY + "StateOfCharge.Current") == car.value(BATTERY + "StateOfCharge.Displayed")
    assert car.value("Vehicle.TraveledDistanceSinceStart") == pytest.approx(100_000, abs=2)
    assert car.value("Vehicle.AverageSpeed") == pytest.approx(100.0, abs=0.1)
    assert car.value(BATTERY + "Range") == 180_000


def test_it_charges_with_the_cable_in_up_to_the_limit(car: SimulatedCar) -> None:
    charging = BATTERY + "Charging."
    car.order({charging + "StartStopCharging": "START"})
    car.advance(60.0)
    assert car.value(charging + "IsCharging") is False
    car.force({CABLE: True})
    car.advance(60.0)
    assert car.value(charging + "IsCharging") is True
    assert car.value(charging + "TimeToComplete") == 34 * 60
    car.advance(3600.0)
    car.advance(1.0)
    assert car.value(BATTERY + "StateOfCharge.Displayed") == 80.0
    assert car.value(charging + "IsCharging") is False

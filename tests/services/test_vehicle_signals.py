from __future__ import annotations

import pytest
from codriver.acting.signals import check_type, check_value
from codriver.services.vehicle.signals import reference_car


def test_the_table_is_sound() -> None:
    signals = reference_car()
    for path, signal in signals.items():
        assert signal.description.path == path
        assert signal.description.description.strip()
        if signal.link is not None:
            assert signals[signal.link.leader].link is None, f"{path} follows a follower"
        else:
            assert signal.start is not None
            check_type(signal.description, signal.start)
        if signal.blocked_by:
            assert signals[signal.blocked_by].description.datatype == "boolean"
            assert signal.blocked.endswith(".")
        if signal.travel and signal.description.datatype != "boolean":
            assert signal.description.minimum is not None
            assert signal.description.maximum is not None


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("Vehicle.Cabin.HVAC.Station.", 12),
        ("Vehicle.Cabin.Door.", 28),
        ("Vehicle.Chassis.Axle.", 12),
    ],
)
def test_patterns_stand_for_every_place(path: str, count: int) -> None:
    assert sum(known.startswith(path) for known in reference_car()) == count


def test_places_are_called_by_their_names() -> None:
    signals = reference_car()
    assert signals["Vehicle.Cabin.Door.Row2.DriverSide.Position"].blocked == "The rear left door is locked."
    wheel = signals["Vehicle.Chassis.Axle.Row1.Wheel.Right.Tire.Pressure"]
    assert wheel.description.description == "front right tyre pressure"


def test_the_roof_is_an_actuator_in_this_car() -> None:
    assert check_value(reference_car()["Vehicle.Cabin.Sunroof.Position"].description, 100) == 100

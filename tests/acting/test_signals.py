from __future__ import annotations

import math
from dataclasses import replace

import pytest
from codriver.acting.signals import Description, check_value
from codriver.errors import InvalidRequest
from codriver.turn import SignalValue

FAN = Description("Vehicle.Fan", "uint8", writable=True, unit="percent", minimum=0, maximum=100)
HEAT = Description("Vehicle.Heat", "float", writable=True, unit="Celsius", minimum=16, maximum=28)
GEAR = Description("Vehicle.Gear", "int8", writable=True)
LOCK = Description("Vehicle.IsLocked", "boolean", writable=True)
MODE = Description("Vehicle.Mode", "string", writable=True, allowed=("NORMAL", "SPORT"))
COLOUR = Description("Vehicle.Light.Color", "string", writable=True)


@pytest.mark.parametrize(
    ("description", "value", "kept"),
    [
        (FAN, 0, 0),
        (FAN, 100, 100),
        (FAN, 50.0, 50),
        (HEAT, 22, 22.0),
        (HEAT, 21.5, 21.5),
        (GEAR, -128, -128),
        (LOCK, False, False),
        (MODE, "SPORT", "SPORT"),
        (COLOUR, "#ff8800", "#FF8800"),
    ],
)
def test_values_are_kept_in_the_signals_own_type(description: Description, value: object, kept: SignalValue) -> None:
    checked = check_value(description, value)
    assert checked == kept
    assert type(checked) is type(kept)


@pytest.mark.parametrize(
    ("description", "value", "sentence"),
    [
        (FAN, 101, "Vehicle.Fan takes 0 to 100 percent, not 101."),
        (FAN, -1, "Vehicle.Fan takes 0 to 100 percent, not -1."),
        (FAN, 50.5, "Vehicle.Fan takes whole numbers, not 50.5."),
        (FAN, True, "Vehicle.Fan takes a number."),
        (FAN, "50", "Vehicle.Fan takes a number."),
        (FAN, None, "Vehicle.Fan takes a number."),
        (FAN, math.nan, "Vehicle.Fan takes a number."),
        (HEAT, math.inf, "Vehicle.Heat takes a number."),
        (HEAT, 15.9, "Vehicle.Heat takes 16 to 28 Celsius, not 15.9."),
        (GEAR, 128, "Vehicle.Gear takes -128 to 127, not 128."),
        (LOCK, 1, "Vehicle.IsLocked takes true or false."),
        (MODE, "LUDICROUS", "Vehicle.Mode takes one of NORMAL, SPORT, not LUDICROUS."),
        (MODE, "x" * 100_000, f"Vehicle.Mode takes one of NORMAL, SPORT, not {'x' * 40}."),
        (MODE, 3, "Vehicle.Mode takes a text."),
        (COLOUR, "red", "Vehicle.Light.Color takes a colour such as #FF8800."),
        (COLOUR, "#" * 100_000, "Vehicle.Light.Color takes at most 200 characters."),
        (replace(FAN, writable=False), 50, "Vehicle.Fan can only be read."),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(description: Description, value: object, sentence: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        check_value(description, value)
    assert str(caught.value) == sentence

"""What values of an intent file become on D-Bus."""

from __future__ import annotations

import pytest
from codriver.catalogue.model import CallMethod, Choice, Parameter, ServiceValue
from codriver.catalogue.phrases import Scalar
from codriver.catalogue.wire import filled, meaning, names_in, type_faults

LAMP = {"call": "org.example.Lamp1.Blink", "on": "org.example.Lamp1", "at": "/org/example/Lamp1"}
SWITCH = Parameter(type="switch")
SEAT = Parameter(type="zone")
WHOLE = Parameter(type="integer", minimum=0, maximum=10)
NUMBER = Parameter(type="number")
COLOUR = Parameter(type="enum", values={"red": Choice(value=1), "blue": Choice(value=2)})
MIXED = Parameter(type="enum", values={"red": Choice(value=1), "blue": Choice()})


@pytest.mark.parametrize(
    ("argument", "parameter", "values", "stands_for"),
    [
        ("on", SWITCH, {}, True),
        ("off", SWITCH, {}, False),
        ("off", SWITCH, {"off": 0, "on": 100}, 0),
        ("red", COLOUR, {}, 1),
        ("blue", MIXED, {}, "blue"),
        ("blue", MIXED, {"blue": "BLU"}, "BLU"),
        (3, WHOLE, {}, 3),
        (3, NUMBER, {}, 3.0),
        ("rear_left", SEAT, {}, "rear_left"),
        ("rear_left", SEAT, {"rear_left": 2}, 2),
        ("up", Parameter(type="direction"), {"up": 1, "down": -1}, 1),
    ],
)
def test_what_an_argument_stands_for(
    argument: Scalar, parameter: Parameter, values: dict[str, Scalar], stands_for: Scalar
) -> None:
    meant = meaning(argument, parameter, values)
    assert (meant, type(meant)) == (stands_for, type(stands_for))


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("{n}", 3),
        ("lamp {n} is {s}", "lamp 3 is {evil}"),
        (("{n}", ("{s}", True)), (3, ("{evil}", True))),
        ({"number": "{n}", "deep": {"word": "{s}"}}, {"number": 3, "deep": {"word": "{evil}"}}),
        (7, 7),
    ],
)
def test_names_are_filled_in_at_every_depth(value: ServiceValue, result: ServiceValue) -> None:
    assert filled(value, {"n": 3, "s": "{evil}", "evil": "no"}) == result


def test_names_are_found_at_every_depth() -> None:
    assert names_in(("{a}", {"k": ("x {b} {c}", 3)}, True)) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("arg", "signature", "values", "fault"),
    [
        ("{switch}", "b", {}, ""),
        ("{switch}", "u", {"on": 1, "off": 0}, ""),
        ("{switch}", "u", {}, "{switch} can be True, which does not fit the D-Bus type 'u'"),
        ("{colour}", "y", {}, ""),
        ("{colour}", "s", {}, "{colour} can be 1, which does not fit the D-Bus type 's'"),
        ("{mixed}", None, {}, "{mixed} can be values of several types: give a signature, or values of one type"),
        ("{mixed}", "v", {}, ""),
        ("{whole}", "d", {}, ""),
        ("{number}", "i", {}, "{number} can be 0.5, which does not fit the D-Bus type 'i'"),
        ("{seat}", "s", {}, ""),
        ("number {whole}", "s", {}, ""),
        (("a", "b"), "as", {}, ""),
        (("a", "b"), "s", {}, "can be ('a', 'b'), which does not fit the D-Bus type 's'"),
        ({"a": 1}, "a{sv}", {}, ""),
        (True, "b", {}, ""),
        (1, "b", {}, "1 can be 1, which does not fit the D-Bus type 'b'"),
    ],
)
def test_values_fit_their_types(
    arg: ServiceValue, signature: str | None, values: dict[str, Scalar], fault: str
) -> None:
    effect = CallMethod.model_validate(LAMP | {"args": [arg], "signature": signature, "values": values})
    parameters = {
        "switch": SWITCH, "seat": SEAT, "whole": WHOLE, "number": NUMBER, "colour": COLOUR, "mixed": MIXED,
    }  # fmt: skip
    faults = list(type_faults(effect, parameters))
    assert len(faults) == bool(fault)
    assert not fault or faults[0].endswith(fault)

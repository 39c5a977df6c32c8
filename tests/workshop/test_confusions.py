"""What was expected and what came instead, in words that equal mistakes share."""

from __future__ import annotations

from typing import Any

import pytest
from codriver.turn import BusCall, IntentCall, Refusal
from codriver.workshop.evaluation.cases import Expectation
from codriver.workshop.evaluation.confusions import Confusion, confusion, counted
from codriver.workshop.evaluation.judging import Observed

PLAYER = "org.mpris.MediaPlayer2.Player"
LEFT = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
RIGHT = "Vehicle.Cabin.HVAC.Station.Row1.Passenger.Temperature"
WINDOW = "Vehicle.Cabin.Door.Row2.DriverSide.Window.Position"
OPEN = "Vehicle.Cabin.Door.Row2.DriverSide.Window.IsOpen"
WIPERS = "Vehicle.Body.Windshield.Front.Wiping.Mode"
AT_REST: dict[str, Any] = {LEFT: 21.0, RIGHT: 21.0, WINDOW: 0, OPEN: False, WIPERS: "OFF"}
NEXT = BusCall("x", "/x", PLAYER, "Next")
LOUDER = BusCall("x", "/x", PLAYER, "Set", (), "Volume", 0.6)
WARMER, COOLER = "HVAC.Station.Temperature up", "HVAC.Station.Temperature down"
VOLUME_WISH = {"interface": PLAYER, "member": "Set", "property": "Volume"}
UNKNOWN = "nothing (not understood)"


def seen(*calls: BusCall, asks: bool = False, **_: Any) -> Observed:
    return Observed(AT_REST, AT_REST, calls, "Okay.", asks, {OPEN: WINDOW}, {"Volume": 0.5})


def after(changes: dict[str, Any], *calls: BusCall) -> Observed:
    return Observed(AT_REST, {**AT_REST, **changes}, calls, "Okay.", False, {OPEN: WINDOW}, {"Volume": 0.5})


@pytest.mark.parametrize(
    ("expect", "observed", "expected", "instead"),
    [
        ({"signals": {LEFT: 23}}, after({}), WARMER, UNKNOWN),
        ({"signals": {LEFT: "decreased"}}, after({}), COOLER, UNKNOWN),
        ({"signals": {LEFT: [22, 28]}}, after({}), WARMER, UNKNOWN),
        ({"signals": {LEFT: [16, 20]}}, after({LEFT: 23.0}), COOLER, f"{WARMER} (not understood)"),
        ({"signals": {LEFT: 23, RIGHT: 23}}, after({LEFT: 23.0}), WARMER, "the same elsewhere"),
        ({"signals": {LEFT: 23}}, after({RIGHT: 23.0}), WARMER, "the same elsewhere"),
        ({"signals": {LEFT: 23}}, after({LEFT: 26.0}), WARMER, "the same by another amount"),
        ({"signals": {LEFT: 23}, "reply": "x"}, after({LEFT: 23.0}), WARMER, "the same, with another answer"),
        ({"signals": {LEFT: 23}, "asks": True}, after({LEFT: 23.0}), WARMER, "the same, without a question"),
        ({"asks": False}, seen(asks=True), "nothing", "the same, with a question"),
        ({"signals": {LEFT: 21, WIPERS: "SLOW"}}, after({}), "Windshield.Front.Wiping.Mode SLOW", UNKNOWN),
        (
            {"signals": {WIPERS: ["SLOW", "FAST"]}},
            after({WIPERS: "MEDIUM"}),
            "Windshield.Front.Wiping.Mode SLOW or FAST",
            "Windshield.Front.Wiping.Mode MEDIUM (not understood)",
        ),
        ({}, after({WINDOW: 100, OPEN: True}), "nothing", "Door.Window.Position up (not understood)"),
        (
            {"signals": {OPEN: True, LEFT: 23}},
            after({WINDOW: 100, OPEN: True}),
            f"Door.Window.IsOpen on, {WARMER}",
            "Door.Window.IsOpen on (not understood)",
        ),
        ({"calls": [{"interface": PLAYER, "member": "Previous"}]}, seen(NEXT), "Previous", "Next (not understood)"),
        ({"calls": [VOLUME_WISH | {"change": "decreased"}]}, seen(LOUDER), "Volume down", "Volume up (not understood)"),
        ({"calls": [VOLUME_WISH | {"value": 0.7}]}, seen(LOUDER), "Volume up", "the same by another amount"),
        ({"any_of": [{"signals": {WIPERS: "SLOW"}, "asks": True}, {"signals": {LEFT: 23}}]}, seen(), WARMER, UNKNOWN),
    ],
)
def test_a_mistake_in_few_words(expect: dict[str, Any], observed: Observed, expected: str, instead: str) -> None:
    found = confusion(Expectation.model_validate(expect), observed, (), ())
    assert found == Confusion(expected, instead)


def test_what_was_understood_is_named() -> None:
    wanted = Expectation(signals={LEFT: 23})
    calls = (IntentCall("open_boot"), IntentCall("open_window"))
    found = confusion(wanted, seen(asks=True), calls, (Refusal("open_boot", "No."),))
    assert found == Confusion(WARMER, "nothing (open_boot refused + open_window, asks)")


def test_a_turn_that_was_right_confused_nothing() -> None:
    assert confusion(Expectation(signals={LEFT: 23}), after({LEFT: 23.0}), (), ()) is None


def test_the_most_frequent_comes_first() -> None:
    rare, often = Confusion("a", "b"), Confusion("a", "c")
    assert counted([("1", rare), ("2", often), ("3", often)]) == [(often, ("2", "3")), (rare, ("1",))]

"""Which intents have to do with the same thing, found from the real catalogue's effects."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue, load_catalogue
from codriver.catalogue.relations import akin, direction, step, things, with_value
from codriver.folders import intents_folder
from codriver.turn import Argument, IntentCall


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue([intents_folder()])


def call(intent: str, **arguments: Argument) -> IntentCall:
    return IntentCall(intent, arguments)


@pytest.mark.parametrize(
    ("intent", "named"),
    [
        ("open_boot", {"Vehicle.Body.Trunk.Rear.IsOpen"}),
        ("open_window", {"Vehicle.Cabin.Door.{zone:side}.Window.Position"}),
        ("adjust_window", {"Vehicle.Cabin.Door.{zone:side}.Window.Position"}),
        ("open_sunroof", {"Vehicle.Cabin.Sunroof.Position"}),
        ("set_volume", {"player.volume"}),
        ("change_volume", {"player.volume"}),
        ("play_music", {"player.status"}),
        ("pause_music", {"player.status"}),
        ("next_track", {"player.next"}),
        ("speed", set()),
        ("drive_the_car", set()),
    ],
)
def test_what_an_intent_acts_on(catalogue: Catalogue, intent: str, named: set[str]) -> None:
    assert things(catalogue[intent]) == named


UP: dict[str, Argument] = {"direction": "up"}
DOWN: dict[str, Argument] = {"direction": "down"}
OPEN: dict[str, Argument] = {"direction": "open"}
CLOSED: dict[str, Argument] = {"direction": "closed"}


@pytest.mark.parametrize(
    ("before", "intent", "up", "down"),
    [
        (call("set_volume", percent=30), "change_volume", UP, DOWN),
        (call("change_volume", direction="up", amount=5), "change_volume", UP, DOWN),
        (call("set_fan_speed", percent=30), "adjust_fan", UP, DOWN),
        (call("display_brightness", percent=30), "adjust_display", UP, DOWN),
        (call("seat_heating", level="low"), "adjust_seat_heating", UP, DOWN),
        (call("open_window"), "adjust_window", OPEN, CLOSED),
        (call("open_sunroof"), "adjust_sunroof", OPEN, CLOSED),
        (call("close_sunroof"), "adjust_sunroof", OPEN, CLOSED),
    ],
)
def test_a_step_up_and_a_step_down(
    catalogue: Catalogue, before: IntentCall, intent: str, up: dict[str, Argument], down: dict[str, Argument]
) -> None:
    assert step(catalogue, before, 1.0) == IntentCall(intent, up)
    assert step(catalogue, before, -1.0) == IntentCall(intent, down)


def test_a_step_stays_in_its_place(catalogue: Catalogue) -> None:
    before = call("set_temperature", temperature=22, zone="rear")
    assert step(catalogue, before, 1.0) == call("make_warmer", zone="rear")
    assert step(catalogue, before, -1.0) == call("make_cooler", zone="rear")


@pytest.mark.parametrize("intent", ["open_boot", "air_conditioning", "next_track", "speed", "drive_the_car"])
def test_what_has_no_steps(catalogue: Catalogue, intent: str) -> None:
    assert step(catalogue, call(intent), 1.0) is None
    assert step(catalogue, call(intent), -1.0) is None


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        (call("set_temperature", temperature=22), 23, call("set_temperature", temperature=23)),
        (call("make_warmer", zone="rear", amount=2), 23, call("set_temperature", temperature=23, zone="rear")),
        (call("change_volume", direction="up"), 30, call("set_volume", percent=30)),
        (call("open_window", zone="all"), 50, call("set_window_position", position=50, zone="all")),
        (call("close_window", zone="all"), 50, call("set_window_position", position=50, zone="all")),
        (call("open_sunroof"), 50, call("open_sunroof", position=50)),
        (call("close_sunroof"), 50, call("open_sunroof", position=50)),
        (call("open_boot"), 50, None),
        (call("next_track"), 50, None),
    ],
)
def test_another_value_for_the_same_thing(
    catalogue: Catalogue, before: IntentCall, value: float, after: IntentCall | None
) -> None:
    assert with_value(catalogue, before, value) == after


@pytest.mark.parametrize(
    ("before", "sign"),
    [
        (call("make_warmer"), 1.0),
        (call("make_warmer", amount=2, zone="rear"), 1.0),
        (call("make_cooler"), -1.0),
        (call("change_volume", direction="up"), 1.0),
        (call("change_volume", direction="down"), -1.0),
        (call("adjust_window", direction="closed", zone="driver"), -1.0),
        (call("set_temperature", temperature=22), 0.0),
        (call("open_window"), 0.0),
        (call("next_track"), 0.0),
    ],
)
def test_the_direction_of_a_call(catalogue: Catalogue, before: IntentCall, sign: float) -> None:
    assert direction(catalogue, before) == sign


def test_every_step_of_every_intent_can_be_taken_back(catalogue: Catalogue) -> None:
    for name in catalogue.intents:
        up, down = (step(catalogue, IntentCall(name), sign) for sign in (1.0, -1.0))
        assert (up is None) == (down is None), name
        if up and down:
            assert (direction(catalogue, up), direction(catalogue, down)) == (1.0, -1.0), name


def test_stronger_is_more_of_the_thing_whatever_its_signal_does(catalogue: Catalogue) -> None:
    ventilation = call("seat_ventilation", level="low")
    assert step(catalogue, ventilation, 1, stronger=True) == call("adjust_seat_ventilation", direction="up")
    assert step(catalogue, ventilation, 1) == call("adjust_seat_ventilation", direction="down")


def test_what_is_akin_acts_on_the_same_or_speaks_of_the_same(catalogue: Catalogue) -> None:
    assert akin(catalogue, ["ambient_light"]) == {"ambient_light", "ambient_color", "ambient_brightness"}
    assert "drive_mode" in akin(catalogue, ["drive_mode_status"])
    assert "open_sunroof" not in akin(catalogue, ["open_window"])
    assert akin(catalogue, []) == frozenset()

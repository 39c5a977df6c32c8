"""What it takes to set back what was done, and by which intent that is judged."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from codriver.acting.planning import PlayerOrder
from codriver.acting.undoing import CannotUndo, Reversal, changed_signals, reverse, undo_order
from codriver.catalogue import load_catalogue
from codriver.folders import intents_folder
from codriver.turn import Argument, Change, IntentCall, Outcome, SignalValue, Status

CATALOGUE = load_catalogue([intents_folder()])
TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
BOOT = "Vehicle.Body.Trunk.Rear.IsOpen"
BRAKE = "Vehicle.Chassis.ParkingBrake.IsEngaged"
LIGHTS = "Vehicle.Body.Lights.LightSwitch"
SHADE = "Vehicle.Cabin.Sunroof.Shade.Position"
ROOF = "Vehicle.Cabin.Sunroof.Position"
LOCKS = {zone: f"Vehicle.Cabin.Door.{side}.IsLocked" for zone, side in CATALOGUE.vocabulary.places["side"].items()}


def done(intent: str, *changes: Change, **arguments: Argument) -> Outcome:
    return Outcome(IntentCall(intent, arguments), Status.DONE, changes=changes)


def back(outcome: Outcome, now: Mapping[str, SignalValue] | None = None) -> Reversal:
    """Reverse something; its signals are as it left them where nothing else is said."""
    left = {change.target: change.after for change in outcome.changes}
    return reverse(outcome, CATALOGUE, {**left, **(now or {})}, "driver")


@pytest.mark.parametrize(
    ("outcome", "signals"),
    [
        (done("set_temperature", Change(TEMPERATURE, 21.0, 24), temperature=24), ((TEMPERATURE, 21.0),)),
        (done("open_window", Change(WINDOW, 30, 100)), ((WINDOW, 30),)),
        (done("open_sunroof", Change(SHADE, 0, 100), Change(ROOF, 0, 100)), ((ROOF, 0), (SHADE, 0))),
    ],
)
def test_each_signal_is_set_to_what_it_was_the_last_change_first(
    outcome: Outcome, signals: tuple[tuple[str, SignalValue], ...]
) -> None:
    assert back(outcome).signals == signals


@pytest.mark.parametrize(
    ("change", "order"),
    [
        (Change("player.volume", 50, 30), PlayerOrder("volume", 50)),
        (Change("player.shuffle", "off", "on"), PlayerOrder("shuffle", "off")),
        (Change("player.repeat", "None", "Track"), PlayerOrder("repeat", "None")),
        (Change("player.status", "Playing", "Paused"), PlayerOrder("play")),
        (Change("player.status", "Paused", "Playing"), PlayerOrder("pause")),
        (Change("player.status", "Stopped", "Playing"), PlayerOrder("pause")),
    ],
)
def test_the_player_gets_the_opposite_order(change: Change, order: PlayerOrder) -> None:
    reversal = back(done("play_music", change))
    assert (reversal.player, reversal.signals) == ((order,), ())


@pytest.mark.parametrize(
    ("outcome", "now", "reason"),
    [
        (done("close_window"), {}, "nothing_to_undo"),
        (done("next_track", Change("player.track", None, "/3")), {}, "cannot_undo"),
        (done("set_temperature", Change(TEMPERATURE, None, 24)), {}, "cannot_undo"),
        (done("set_temperature", Change(TEMPERATURE, 21.0, 24)), {TEMPERATURE: 26.0}, "changed_since"),
        (done("set_temperature", Change(TEMPERATURE, 21.0, 24)), {TEMPERATURE: 20.0}, "changed_since"),
        (done("close_boot", Change(BOOT, True, False)), {BOOT: "ajar"}, "changed_since"),
        (done("headlights", Change(LIGHTS, "AUTO", "BEAM")), {LIGHTS: "OFF"}, "changed_since"),
    ],
)
def test_it_cannot_be_set_back(outcome: Outcome, now: dict[str, SignalValue], reason: str) -> None:
    with pytest.raises(CannotUndo) as failure:
        back(outcome, now)
    assert failure.value.reason == reason


def test_a_signal_that_has_gone_silent_cannot_be_set_back() -> None:
    with pytest.raises(CannotUndo) as failure:
        reverse(done("open_window", Change(WINDOW, 0, 100)), CATALOGUE, {}, "driver")
    assert failure.value.reason == "changed_since"


@pytest.mark.parametrize("now", [0, 40, 100])
def test_a_window_on_its_way_can_turn_round(now: int) -> None:
    assert back(done("open_window", Change(WINDOW, 0, 100)), {WINDOW: now}).signals == ((WINDOW, 0),)


@pytest.mark.parametrize(
    ("outcome", "judged_as", "arguments"),
    [
        (done("close_boot", Change(BOOT, True, False)), "open_boot", {}),
        (done("open_boot", Change(BOOT, False, True)), "close_boot", {}),
        (done("open_window", Change(WINDOW, 0, 100), zone="driver"), "close_window", {"zone": "driver"}),
        (done("parking_brake", Change(BRAKE, True, False), state="off"), "parking_brake", {"state": "on"}),
        (done("parking_brake", Change(BRAKE, False, True), state="on"), "parking_brake", {"state": "off"}),
        (done("headlights", Change(LIGHTS, "OFF", "BEAM"), mode="on"), "headlights", {"mode": "off"}),
        (
            done("lock_doors", *(Change(path, False, True) for path in LOCKS.values()), zone="all"),
            "unlock_doors",
            {"zone": "all"},
        ),
        (done("lock_doors", Change(LOCKS["driver"], False, True), zone="all"), "unlock_doors", {"zone": "driver"}),
        (
            done(
                "lock_doors", Change(LOCKS["driver"], False, True), Change(LOCKS["passenger"], False, True), zone="all"
            ),
            "unlock_doors",
            {"zone": "front"},
        ),
    ],
)
def test_it_is_judged_as_the_intent_that_does_just_that(
    outcome: Outcome, judged_as: str, arguments: dict[str, Argument]
) -> None:
    reversal = back(outcome)
    assert (reversal.request.name, reversal.request.arguments, reversal.exact) == (judged_as, arguments, True)


def test_unlocking_three_doors_again_is_judged_as_unlocking_all() -> None:
    changes = (Change(LOCKS[zone], False, True) for zone in ("driver", "rear_left", "rear_right"))
    reversal = back(done("lock_doors", *changes, zone="all"))
    assert (reversal.request.name, reversal.request.arguments, reversal.exact) == (
        "unlock_doors",
        {"zone": "all"},
        False,
    )
    assert set(dict(reversal.signals)) == {LOCKS[zone] for zone in ("driver", "rear_left", "rear_right")}


def test_a_number_is_judged_as_what_was_done() -> None:
    reversal = back(done("set_temperature", Change(TEMPERATURE, 21.0, 24), temperature=24, zone="driver"))
    assert (reversal.request.name, reversal.exact) == ("set_temperature", False)


def test_what_was_done_last_is_undone_first() -> None:
    first, idle, last = done("open_boot", Change(BOOT, False, True)), done("speed"), done("x", Change(ROOF, 0, 1))
    assert undo_order((first, idle, last)) == (last, first)


def test_the_player_is_no_signal() -> None:
    assert changed_signals(done("x", Change("player.volume", 50, 30), Change(ROOF, 0, 1))) == {ROOF}

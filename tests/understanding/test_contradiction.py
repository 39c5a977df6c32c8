"""Wishes of one sentence that cannot both be meant, and hints that only say why."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.turn import Argument, IntentCall
from codriver.understanding.contradiction import contradict, without_reasons, without_replaced


def call(intent: str, **arguments: Argument) -> IntentCall:
    return IntentCall(intent, arguments)


COLD = call("make_warmer")
CLOSE = call("close_window")


@pytest.mark.parametrize(
    "calls",
    [
        (call("open_window"), call("close_window")),
        (call("open_window", zone="rear"), call("set_window_position", zone="rear", position=50)),
        (call("open_boot"), call("close_boot")),
        (call("open_sunroof"), call("close_sunroof")),
        (call("open_sunroof"), call("adjust_sunroof", direction="closed")),
        (call("lock_doors"), call("unlock_doors")),
        (call("set_temperature", temperature=20), call("set_temperature", temperature=24)),
        (call("make_warmer"), call("make_cooler")),
        (call("air_conditioning", state="on"), call("air_conditioning", state="off")),
        (call("set_volume", percent=20), call("change_volume", direction="up")),
        (call("play_music"), call("pause_music")),
        (call("next_track"), call("open_boot"), call("close_boot")),
    ],
)
def test_opposite_wishes_contradict_each_other(catalogue: Catalogue, calls: tuple[IntentCall, ...]) -> None:
    assert contradict(calls, catalogue)
    assert contradict(tuple(reversed(calls)), catalogue)


@pytest.mark.parametrize(
    "calls",
    [
        (),
        (call("open_window"),),
        (call("open_window"), call("open_window")),
        (call("open_window", zone="driver"), call("close_window", zone="passenger")),
        (call("set_temperature", temperature=20), call("set_temperature", temperature=24, zone="passenger")),
        (call("open_sunroof"), call("sunshade", position="open")),
        (call("close_sunroof"), call("sunshade", position="closed")),
        (call("open_window"), call("open_sunroof"), call("make_cooler")),
        (call("play_music"), call("set_volume", percent=20)),
        (call("next_track"), call("play_music")),
        (call("next_track"), call("next_track")),
        (call("speed"), call("range")),
        (call("no_such_intent"), call("open_boot")),
    ],
)
def test_wishes_that_go_together(catalogue: Catalogue, calls: tuple[IntentCall, ...]) -> None:
    assert not contradict(calls, catalogue)


@pytest.mark.parametrize(
    ("calls", "reasons", "left"),
    [
        ((COLD, call("air_conditioning", state="off")), (COLD,), (call("air_conditioning", state="off"),)),
        ((call("air_conditioning", state="off"), COLD), (COLD,), (call("air_conditioning", state="off"),)),
        ((COLD, call("next_track")), (COLD,), (COLD, call("next_track"))),
        ((COLD,), (COLD,), (COLD,)),
        ((COLD, CLOSE), (), (COLD, CLOSE)),
        ((CLOSE, CLOSE), (), (CLOSE,)),
        ((), (), ()),
    ],
)
def test_a_reason_adds_nothing_to_what_it_is_the_reason_of(
    catalogue: Catalogue,
    calls: tuple[IntentCall, ...],
    reasons: tuple[IntentCall, ...],
    left: tuple[IntentCall, ...],
) -> None:
    assert without_reasons(calls, reasons, (), catalogue) == left


def test_a_reason_may_be_of_a_kindred_domain(catalogue: Catalogue) -> None:
    close, wipe, skip = IntentCall("close_sunroof"), IntentCall("wipers", {"mode": "medium"}), IntentCall("next_track")
    assert without_reasons((close, wipe), (wipe,), (wipe,), catalogue) == (close,)
    assert without_reasons((close, wipe), (wipe,), (), catalogue) == (close, wipe)
    assert without_reasons((skip, wipe), (wipe,), (wipe,), catalogue) == (skip, wipe)


def test_what_goes_off_for_another_thing_is_replaced(catalogue: Catalogue) -> None:
    off, cooled = call("seat_heating", level="off"), call("seat_ventilation")
    assert without_replaced((off, cooled), catalogue) == (cooled,)
    assert without_replaced((cooled, off), catalogue) == (cooled,)


def test_what_goes_off_need_not_go_down(catalogue: Catalogue) -> None:
    off, down = call("seat_heating", level="off"), call("adjust_seat_heating", direction="down")
    here = call("adjust_seat_heating", direction="down", zone="speaker")
    assert without_replaced((off, down), catalogue) == (off,)
    assert without_replaced((here, off), catalogue) == (off,)


def test_ones_own_place_need_not_be_said(catalogue: Catalogue) -> None:
    assert contradict((call("open_window"), call("close_window", zone="speaker")), catalogue)
    assert not contradict((call("open_window"), call("close_window", zone="passenger")), catalogue)


@pytest.mark.parametrize(
    "calls",
    [
        (call("seat_heating", level="off"), call("wheel_heating", state="off")),
        (call("seat_heating", level="off"), call("seat_heating", level="high")),
        (call("seat_heating", level="off"), call("adjust_seat_heating", direction="up")),
        (call("seat_heating", level="off", zone="driver"), call("seat_ventilation", zone="passenger")),
    ],
)
def test_nothing_else_is_replaced(catalogue: Catalogue, calls: tuple[IntentCall, ...]) -> None:
    assert without_replaced(calls, catalogue) == calls

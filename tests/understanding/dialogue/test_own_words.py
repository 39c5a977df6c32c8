"""Steps in words that are said of some things, and mean something of their own of others."""

from __future__ import annotations

import pytest
from codriver.turn import Context, IntentCall, Outcome, Status
from codriver.understanding.dialogue.follow_ups import Follower

SEAT = IntentCall("seat_heating", {"level": "low", "zone": "rear_left"})
WINDOW = IntentCall("open_window", {"zone": "driver"})
A_BIT = IntentCall("adjust_window", {"direction": "open", "zone": "driver"})
FAN = IntentCall("set_fan_speed", {"percent": 40, "zone": "driver"})


def after(call: IntentCall) -> Context:
    return Context(turns=((Outcome(call, Status.DONE),),))


@pytest.mark.parametrize(
    ("done", "said", "language", "meant"),
    [
        (SEAT, "hotter", "en", ("adjust_seat_heating", "up")),
        (SEAT, "even warmer", "en", ("adjust_seat_heating", "up")),
        (SEAT, "a bit cooler", "en", ("adjust_seat_heating", "down")),
        (SEAT, "热一点", "zh", ("adjust_seat_heating", "up")),
        (FAN, "大一点", "zh", ("adjust_fan", "up")),
        (IntentCall("ambient_light", {"state": "on", "zone": "all"}), "再亮一点", "zh", ("ambient_brightness", "up")),
    ],
)
def test_what_is_said_of_it_is_a_step(
    follower: Follower, done: IntentCall, said: str, language: str, meant: tuple[str, str]
) -> None:
    found = follower.understand(said, language, after(done))
    assert found is not None
    [call] = found.calls
    assert (call.intent, call.arguments["direction"]) == meant
    assert call.arguments.get("zone") == done.arguments.get("zone")


@pytest.mark.parametrize(
    ("done", "said", "language"),
    [
        (WINDOW, "热一点", "zh"),
        (WINDOW, "warmer", "en"),
        (IntentCall("change_volume", {"direction": "up"}), "热一点", "zh"),
        (IntentCall("seat_ventilation", {"level": "low", "zone": "driver"}), "再热一点", "zh"),
        (FAN, "warmer", "en"),
    ],
)
def test_what_is_not_said_of_it_is_no_step(follower: Follower, done: IntentCall, said: str, language: str) -> None:
    assert follower.understand(said, language, after(done)) is None


@pytest.mark.parametrize(
    ("done", "said", "intent"),
    [(WINDOW, "up", "close_window"), (A_BIT, "up", "close_window"), (A_BIT, "down", "adjust_window")],
)
def test_a_window_that_goes_up_closes_and_goes_down_by_steps_where_it_did(
    follower: Follower, done: IntentCall, said: str, intent: str
) -> None:
    found = follower.understand(said, "en", after(done))
    assert found is not None
    assert [call.intent for call in found.calls] == [intent]


def test_warmth_keeps_its_place_and_is_said_of_all_that_was_done(follower: Follower) -> None:
    both = Context(
        turns=(
            tuple(Outcome(IntentCall("seat_heating", {"zone": each}), Status.DONE) for each in ("driver", "passenger")),
        )
    )
    found = follower.understand("再热一点", "zh", both)
    assert found is not None
    assert [call.arguments["zone"] for call in found.calls] == ["driver", "passenger"]
    found = follower.understand("slightly cooler", "en", after(IntentCall("set_temperature", {"zone": "passenger"})))
    assert found is not None
    assert found.calls == (IntentCall("make_cooler", {"zone": "passenger"}),)

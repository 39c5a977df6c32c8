"""What was done in one place is taken back alone."""

from __future__ import annotations

import pytest
from codriver.turn import Change, Context, IntentCall, Outcome, Source, Status, Understanding, Wish
from codriver.understanding.dialogue.follow_ups import Follower

STATION = "Vehicle.Cabin.HVAC.Station.{}.Temperature"
SEATS = {
    "driver": "Row1.Driver",
    "passenger": "Row1.Passenger",
    "rear_left": "Row2.Driver",
    "rear_right": "Row2.Passenger",
}


def changed(*seats: str) -> tuple[Change, ...]:
    return tuple(Change(STATION.format(SEATS[seat]), 21.0, 23.0) for seat in seats)


ALL_WARMER = Outcome(IntentCall("make_warmer", {"zone": "all", "amount": 2}), Status.DONE, changes=changed(*SEATS))


@pytest.mark.parametrize(
    ("said", "language", "seats"),
    [
        ("oh not the back, leave them how they were", "en", ("rear_left", "rear_right")),
        ("ooh no, mine can be how it was", "en", ("driver",)),
        ("put the passenger side back to what it was", "en", ("passenger",)),
        ("undo just the back", "en", ("rear_left", "rear_right")),
        ("后排的恢复原来的", "zh", ("rear_left", "rear_right")),
        ("不是副驾，还是原来那样", "zh", ("passenger",)),
    ],
)
def test_what_was_done_in_one_place_is_taken_back_there(
    follower: Follower, said: str, language: str, seats: tuple[str, ...]
) -> None:
    found = follower.understand(said, language, Context(((ALL_WARMER,),), zone="driver"))
    undone = Outcome(ALL_WARMER.call, Status.DONE, changes=changed(*seats))
    assert found == Understanding(source=Source.TEMPLATE, wish=Wish.UNDO_TURN, undone=(undone,))


@pytest.mark.parametrize("said", ["not the back, leave it how it was", "undo just the passenger"])
def test_where_nothing_was_done_nothing_is_taken_back(follower: Follower, said: str) -> None:
    mine = Outcome(IntentCall("make_warmer", {"zone": "driver"}), Status.DONE, changes=changed("driver"))
    found = follower.understand(said, "en", Context(((mine,),), zone="driver"))
    assert found is None or (found.wish is None and not found.calls)


def test_without_a_place_all_is_taken_back(follower: Follower) -> None:
    found = follower.understand("undo that", "en", Context(((ALL_WARMER,),), zone="driver"))
    assert found == Understanding(source=Source.TEMPLATE, wish=Wish.UNDO_TURN)

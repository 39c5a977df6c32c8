"""Where in what was played an echo is looked for."""

from __future__ import annotations

from array import array

import pytest
from codriver.engines.sound.events import RATE
from codriver.engines.sound.reference import Reference
from codriver.engines.sound.speex import Samples

PIECE = 320


def numbered(first: int) -> Samples:
    """A piece the samples of which are their own numbers, from 1."""
    return array("h", range(first + 1, first + 1 + PIECE))


@pytest.fixture
def reference() -> Reference:
    """Half a second that sounds from 10.0 on."""
    reference = Reference()
    for piece in range(25):
        reference.add(numbered(piece * PIECE), 10.0 + piece * 0.02)
    return reference


def first_at(reference: Reference, at: float) -> int:
    found = reference.take(PIECE, at)
    assert found is not None
    return found[0]


def test_what_sounded_is_found_by_its_time(reference: Reference) -> None:
    assert reference.take(PIECE, 10.1) == numbered(1600)


def test_before_and_after_it_is_silent(reference: Reference) -> None:
    found = reference.take(PIECE, 9.99)
    assert found is not None
    assert found[:160] == array("h", bytes(320))
    assert found[160:] == numbered(0)[:160]
    assert reference.take(PIECE, 10.8) == array("h", bytes(2 * PIECE))


def test_when_nothing_has_sounded_for_long_there_is_nothing_to_take_out(reference: Reference) -> None:
    assert reference.take(PIECE, 11.1) is None
    assert Reference().take(PIECE, 5.0) is None


def test_stamps_that_wander_do_not_move_the_place(reference: Reference) -> None:
    places = [first_at(reference, 10.1 + piece * 0.02 + piece * 0.0005) for piece in range(15)]
    assert places == [1601 + piece * PIECE for piece in range(15)]


def test_a_place_that_is_far_off_is_looked_up_anew(reference: Reference) -> None:
    for piece in range(17):
        found = first_at(reference, 10.1 + piece * 0.02 + piece * 0.001)
    assert found == 1601 + 16 * PIECE + 16 * 16


def test_a_gap_in_what_is_heard_moves_the_place_by_just_that(reference: Reference) -> None:
    first_at(reference, 10.1)
    first_at(reference, 10.121)
    assert first_at(reference, 10.141 + 0.03) == 1601 + 2 * PIECE + 480


def test_a_gap_in_what_is_played_moves_the_place_by_just_that() -> None:
    reference = Reference()
    for piece in range(25):
        reference.add(numbered(piece * PIECE), 10.0 + piece * 0.02)
    first_at(reference, 10.301)
    for piece in range(25, 50):
        reference.add(numbered(piece * PIECE), 10.0 + piece * 0.02 + 0.005)
    assert first_at(reference, 10.321) == pytest.approx(4801 + PIECE + 16 - 80, abs=16)
    assert RATE == 16_000

"""Where in what was played an echo is looked for."""

from __future__ import annotations

from array import array

import pytest
from codriver.engines.sound.reference import Reference
from codriver.engines.sound.speex import Samples

PIECE = 320


def numbered(first: int) -> Samples:
    """A piece the samples of which are their own numbers, from 1."""
    return array("h", range(first + 1, first + 1 + PIECE))


@pytest.fixture
def reference() -> Reference:
    """A second that sounds from 10.0 on."""
    reference = Reference()
    for piece in range(50):
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
    assert reference.take(PIECE, 11.2) == array("h", bytes(2 * PIECE))


def test_when_nothing_has_sounded_for_long_there_is_nothing_to_take_out(reference: Reference) -> None:
    assert reference.take(PIECE, 11.6) is None
    assert Reference().take(PIECE, 5.0) is None


def test_stamps_that_wander_do_not_move_the_place(reference: Reference) -> None:
    places = [first_at(reference, 10.1 + piece * 0.02 + piece * 0.0005) for piece in range(15)]
    assert places == [1601 + piece * PIECE for piece in range(15)]


def test_a_place_that_is_far_off_is_looked_up_anew(reference: Reference) -> None:
    places = [first_at(reference, 10.02 + piece * 0.02 + piece * 0.001875) for piece in range(22)]
    assert places[:-1] == [321 + piece * PIECE for piece in range(21)]
    assert first_at(reference, 10.02 + 22 * 0.021875) == 321 + 22 * PIECE + 22 * 30


def test_a_gap_in_what_is_heard_moves_the_place_by_just_that(reference: Reference) -> None:
    first_at(reference, 10.1)
    first_at(reference, 10.121)
    assert first_at(reference, 10.141 + 0.03) == 1601 + 2 * PIECE + 480


@pytest.mark.parametrize("told", [True, False])
def test_a_gap_in_what_is_played_moves_the_place_by_just_that(told: bool) -> None:
    reference = Reference()
    for piece in range(25):
        reference.add(numbered(piece * PIECE), 10.0 + piece * 0.02)
    assert first_at(reference, 10.301) == 4817
    for piece in range(25, 26 if told else 40):
        reference.add(numbered(piece * PIECE), 10.0 + piece * 0.02 + 0.005, gap=told and piece == 25)
    assert first_at(reference, 10.321) == pytest.approx(4817 + PIECE - 80, abs=1)

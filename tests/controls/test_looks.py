from __future__ import annotations

import pytest
from codriver.controls.apa102 import frame
from codriver.controls.looks import DARK, LOOKS, RECORDING, Color, Look, Motion, look_of
from codriver.controls.one_color import share
from codriver.conversation.happenings import State


def test_every_state_has_a_look_of_its_own() -> None:
    assert set(LOOKS) == {state.value for state in State}
    assert len(set(LOOKS.values())) == len(LOOKS)


def test_darkness_gives_way_to_the_warning_while_recordings_are_kept() -> None:
    assert look_of("idle", recording=True) == RECORDING
    assert look_of("listening", recording=True) == LOOKS["listening"]
    assert look_of("unheard of") == Look(DARK)


@pytest.mark.parametrize(
    ("motion", "seconds", "red"),
    [
        (Motion.STEADY, 7.0, 1.0),
        (Motion.BREATHE, 0.0, 0.15),
        (Motion.BREATHE, 0.8, 1.0),
        (Motion.BREATHE, 1.6, 0.15),
        (Motion.BLINK, 0.1, 1.0),
        (Motion.BLINK, 0.4, 0.0),
        (Motion.BLINK, 0.7, 1.0),
    ],
)
def test_how_a_look_moves(motion: Motion, seconds: float, red: float) -> None:
    assert Look(Color(red=1.0), motion).at(seconds).red == pytest.approx(red)


@pytest.mark.parametrize(("own", "part"), [("red", 0.2), ("green", 0.0), ("blue", 0.7), ("white", 0.7)])
def test_what_a_light_of_one_colour_shows_of_a_colour(own: str, part: float) -> None:
    assert share(Color(red=0.2, blue=0.7), own) == part


def test_what_is_sent_to_three_lights() -> None:
    assert frame(Color(red=1.0, blue=0.5), 3).hex() == "00000000" + 3 * "ff8000ff" + "0000000000"

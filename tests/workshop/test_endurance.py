"""The commands and the hours that endurance is measured with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from codriver.config import Configuration
from codriver.conversation.ears import Ears
from codriver.hearing.audio import RATE, Samples
from codriver.workshop.endurance import commands, without_wake_word
from codriver.workshop.made_music import made_music

VOICES = ("af_bella", "am_puck", "zf_xiaobei", "zm_yunxi")


def test_commands_are_spoken_by_voices_of_their_language_in_all_noises() -> None:
    some = list(commands(60, "alexa", VOICES))
    assert len({(each.wish.text, each.snr, each.seed) for each in some}) == 60
    assert {each.snr for each in some} == {5.0, 10.0}
    assert all(each.wish.voice.startswith("z") == (each.wish.language == "zh") for each in some)
    assert all(each.call.voice == each.wish.voice and each.call.text.startswith("Alexa") for each in some)


def test_music_is_as_long_as_it_is_to_be_and_never_too_loud() -> None:
    music = made_music(3.0, RATE, seed=1)
    assert len(music) == 3 * RATE
    assert np.abs(music).max() == pytest.approx(1.0)
    assert not np.array_equal(music, made_music(3.0, RATE, seed=2))


async def test_a_wake_word_in_the_hours_is_counted(say: Callable[[str], Samples]) -> None:
    quiet = np.zeros(RATE, np.int16)
    ears = Ears.grow(Configuration(), "unix:///nowhere", "driver")
    without: Samples = np.concatenate([quiet, say("Turn on the headlights."), quiet])
    assert "woken 0 times" in await without_wake_word(0.004, [without], ears)
    call: Samples = np.concatenate([quiet, say("Hey Jarvis."), quiet])
    assert "woken 0 times" not in await without_wake_word(0.004, [call], ears)

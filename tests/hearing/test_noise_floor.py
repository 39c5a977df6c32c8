"""What stands out of the noise of a cabin."""

from __future__ import annotations

import numpy as np
import pytest
from codriver.hearing.audio import FRAME, RATE, Samples
from codriver.hearing.noise_floor import NoiseFloor
from codriver.workshop.cabin_noise import Sound, cabin_noise


def standing_out(floor: NoiseFloor, sound: Sound) -> list[float]:
    """Give the seconds at which something stands out."""
    pcm: Samples = np.clip(sound, -32767, 32767).astype(np.int16)
    frames = pcm[: len(pcm) // FRAME * FRAME].reshape(-1, FRAME)
    return [number * FRAME / RATE for number, frame in enumerate(frames) if floor.stands_out(frame)]


def hum(seconds: float) -> Sound:
    """Make what vowels are like: the harmonics of 150 Hz up to 3 kHz, each weaker than the one below, at RMS 1."""
    time = np.arange(round(seconds * RATE)) / RATE
    harmonics = np.arange(1.0, 21.0)[:, None]
    sound: Sound = np.sum(np.sin(2 * np.pi * 150.0 * harmonics * time) / harmonics, axis=0)
    return np.asarray(sound / np.sqrt(np.mean(sound**2)))


@pytest.mark.parametrize("loud", [30.0, 300.0, 5000.0])
def test_a_steady_road_does_not_stand_out(loud: float) -> None:
    assert standing_out(NoiseFloor(), loud * cabin_noise(60 * RATE, RATE, seed=2)) == []


def test_a_voice_as_loud_as_the_rumble_is_noticed_within_a_fifth_of_a_second() -> None:
    sound = 1000.0 * cabin_noise(8 * RATE, RATE, seed=3)
    sound[5 * RATE : 6 * RATE] += 1000.0 * hum(1.0)
    found = standing_out(NoiseFloor(), sound)
    assert 5.0 <= found[0] < 5.2
    assert found[-1] < 6.3


def test_noise_that_stays_louder_becomes_the_floor() -> None:
    road = cabin_noise(20 * RATE, RATE, seed=4)
    found = standing_out(NoiseFloor(), np.concatenate([100.0 * road, 300.0 * road]))
    assert found
    assert found[0] >= 20.0
    assert found[-1] < 26.0


def test_a_microphone_that_gave_nothing_at_first_is_soon_known() -> None:
    floor = NoiseFloor()
    assert standing_out(floor, np.zeros(RATE)) == []
    found = standing_out(floor, 300.0 * cabin_noise(60 * RATE, RATE, seed=5))
    assert found[0] < 0.1
    assert found[-1] < 30.0

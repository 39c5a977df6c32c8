from __future__ import annotations

import numpy as np
import pytest
from codriver.workshop.cabin_noise import cabin_noise, with_noise

RATE = 16_000


def test_a_seed_always_makes_the_same_noise() -> None:
    assert np.array_equal(cabin_noise(RATE, RATE, 1), cabin_noise(RATE, RATE, 1))
    assert not np.array_equal(cabin_noise(RATE, RATE, 1), cabin_noise(RATE, RATE, 2))


def test_most_of_it_is_low_and_some_of_it_is_hiss() -> None:
    power = np.abs(np.fft.rfft(cabin_noise(10 * RATE, RATE, 3))) ** 2
    frequencies = np.fft.rfftfreq(10 * RATE, 1 / RATE)
    low = power[frequencies < 250].sum() / power.sum()
    hiss = power[(frequencies > 500) & (frequencies < 4000)].sum() / power.sum()
    assert low > 0.6
    assert 0.01 < hiss < 0.4


@pytest.mark.parametrize("snr", [0.0, 10.0, 20.0])
def test_the_noise_is_as_far_below_the_speech_as_asked(snr: float) -> None:
    speech = np.zeros(4 * RATE)
    speech[RATE : 2 * RATE] = 0.1 * np.sin(np.arange(RATE))
    noise = with_noise(speech, RATE, snr, seed=4) - speech
    ratio = np.sqrt(np.mean(speech[RATE : 2 * RATE] ** 2)) / np.sqrt(np.mean(noise**2))
    assert 20 * np.log10(ratio) == pytest.approx(snr, abs=0.2)

"""The noise of a car cabin, made up: enough like it to make hearing as hard as it is on the road."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Sound = NDArray[np.float64]


def cabin_noise(length: int, rate: int, seed: int) -> Sound:
    """Make ``length`` samples of a cabin at speed, with a root mean square of 1: for a seed always the same.

    Most of it is rumble of the road below 100 Hz, which falls by 9 dB an octave; then the hiss of tyres and
    wind around 1 kHz, and the hum of a motor at 100 Hz with its harmonics. It swells and sinks by 1 dB.
    """
    generator = np.random.default_rng(seed)
    frequencies = np.fft.rfftfreq(length, 1 / rate)
    rumble = 1.0 / (1.0 + (frequencies / 60.0) ** 1.5)
    hiss = 0.05 * np.exp(-((np.log2(np.maximum(frequencies, 1.0) / 900.0) / 1.3) ** 2))
    rumble[frequencies < 20.0] = 0.0
    spectrum = (rumble + hiss) * (
        generator.standard_normal(len(frequencies)) + 1j * generator.standard_normal(len(frequencies))
    )
    road = np.fft.irfft(spectrum, length)
    road /= _rms(road)
    time = np.arange(length) / rate
    hum = sum(np.sin(2 * np.pi * 100.0 * n * time + generator.uniform(0, 2 * np.pi)) / n for n in (1, 2, 3))
    swell = 1.0 + 0.15 * np.sin(2 * np.pi * 0.3 * time + generator.uniform(0, 2 * np.pi))
    noise = (road + 0.1 * hum) * swell
    return np.asarray(noise / _rms(noise))


def with_noise(speech: Sound, rate: int, snr: float, seed: int) -> Sound:
    """Mix ``speech`` (-1 to 1) with cabin noise ``snr`` decibels below the level of its active parts."""
    frame = rate // 100
    levels = np.sqrt(np.mean(speech[: len(speech) // frame * frame].reshape(-1, frame) ** 2, axis=1))
    active = levels[levels > levels.max() * 10 ** (-25 / 20)]
    level = float(np.sqrt(np.mean(active**2))) * 10 ** (-snr / 20)
    return speech + level * cabin_noise(len(speech), rate, seed)


def _rms(sound: Sound) -> float:
    return float(np.sqrt(np.mean(sound**2))) or 1.0

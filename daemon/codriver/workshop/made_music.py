"""Music, made up: chords, a melody with the harmonics of a voice, and drums. Nobody owns it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Sound = NDArray[np.float64]

_SCALE = (0, 2, 4, 5, 7, 9, 11)
_CHORDS = ((0, 4, 7), (9, 0, 4), (5, 9, 0), (7, 11, 2))
_LOWEST = 110.0
"""Hertz."""


def made_music(seconds: float, rate: int, seed: int) -> Sound:
    """Make some bars of music at ``rate`` hertz, with a peak of 1: for a seed always the same."""
    chance = np.random.default_rng(seed)
    beat = 60.0 / chance.uniform(70, 140)
    music = np.zeros(round(seconds * rate) + rate)
    for number in range(int(seconds / beat)):
        start = round(number * beat * rate)
        for step in _CHORDS[number // 4 % len(_CHORDS)]:
            _add(music, start, 0.3 * _note(step, beat, rate, chance, harmonics=3))
        for half in (0, 1) if chance.random() < 0.6 else (0,):
            step = 12 * int(chance.integers(1, 3)) + int(chance.choice(_SCALE))
            _add(music, start + round(half * beat / 2 * rate), _note(step, beat / 2, rate, chance, harmonics=12))
        _add(music, start, _drum(rate, chance, low=number % 2 == 0))
    music = music[: round(seconds * rate)]
    return np.asarray(music / np.abs(music).max())


def _note(step: int, seconds: float, rate: int, chance: np.random.Generator, harmonics: int) -> Sound:
    """Make a note with vibrato whose harmonics, like a voice's, are strongest around two formants."""
    time = np.arange(round(seconds * rate)) / rate
    pitch = _LOWEST * 2 ** (step / 12)
    phase = 2 * np.pi * pitch * (time + 0.0008 * np.sin(2 * np.pi * 5.5 * time))
    formants = chance.uniform((300, 900), (900, 2500))
    note = np.zeros(len(time))
    for harmonic in range(1, harmonics + 1):
        strength = sum(np.exp(-(((harmonic * pitch - formant) / 400) ** 2)) for formant in formants) + 0.2 / harmonic
        note += strength * np.sin(harmonic * phase)
    swell = np.minimum(1, time / 0.02) * np.exp(-time / seconds)
    return np.asarray(0.5 * note * swell)


def _drum(rate: int, chance: np.random.Generator, *, low: bool) -> Sound:
    time = np.arange(round(0.15 * rate)) / rate
    hit = np.sin(2 * np.pi * 60 * time) if low else 0.4 * chance.standard_normal(len(time))
    return np.asarray(hit * np.exp(-time / 0.04))


def _add(whole: Sound, start: int, part: Sound) -> None:
    end = min(len(whole), start + len(part))
    whole[start:end] += part[: max(0, end - start)]

"""What stands out of the steady noise of a road: something begins to sound that may be speech. No I/O, no clock."""

from __future__ import annotations

import math

import numpy as np

from codriver.hearing.audio import FRAME, RATE, Samples

_STANDS_OUT = 1.6
"""The least ratio of the energies, 2 dB; the noise of a steady road comes to 1.3."""

_SMOOTHING = 0.1
"""Seconds of sound that are averaged."""

_RISING = 2.0
"""Decibels a second by which the floor follows noise that grows; it sinks at once."""

_SILENCE = 1.0
"""The least energy of a floor: one step of a sample, since digital silence is no room."""


class NoiseFloor:
    """Follows the noise, and notices what is louder. Low rumble, the most of a cabin's noise, counts little."""

    def __init__(self) -> None:
        self._level = self._floor = math.inf
        self._share = FRAME / (_SMOOTHING * RATE)
        self._rise = 10 ** (_RISING / 10 * FRAME / RATE)

    def stands_out(self, frame: Samples) -> bool:
        """Take the next 10 ms; tell whether the last 0.1 s were clearly louder than the noise before them."""
        sound = frame.astype(np.float32)
        changes = sound[1:] - sound[:-1]
        energy = float(changes @ changes) / len(changes)
        self._level = energy if math.isinf(self._level) else self._level + self._share * (energy - self._level)
        self._floor = max(_SILENCE, min(self._level, self._floor * self._rise))
        return self._level > _STANDS_OUT * self._floor

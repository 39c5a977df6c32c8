"""Short tones that say without words what codriver is doing."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from codriver.speaking.voice import AudioBlock

RATE = 24_000
"""Hertz."""

_LOUDNESS = 10 ** (-16 / 20)
"""Peak of a tone: about as loud as speech at -20 dBFS RMS."""

_ATTACK = 0.008
_DECAY = 0.09
"""Seconds: a tone swells fast enough to be noticed, without a click, and dies away like a small bell."""


class Earcon(StrEnum):
    """What a tone says."""

    WOKEN = "woken"
    ENDED = "ended"
    DONE = "done"
    FAILED = "failed"
    QUESTION = "question"
    MUTED = "muted"
    UNMUTED = "unmuted"


_TONES: dict[Earcon, tuple[tuple[float, float], ...]] = {
    # Hertz and seconds. Rising opens, falling closes, low and twice the same is bad news, an open fifth asks; a single
    # tone only says that something was noticed, and a wide step is about the microphone itself.
    Earcon.WOKEN: ((587.3, 0.07), (880.0, 0.13)),
    Earcon.ENDED: ((659.3, 0.2),),
    Earcon.DONE: ((880.0, 0.07), (587.3, 0.13)),
    Earcon.FAILED: ((233.1, 0.11), (233.1, 0.18)),
    Earcon.QUESTION: ((587.3, 0.08), (587.3, 0.08), (880.0, 0.16)),
    Earcon.MUTED: ((880.0, 0.09), (440.0, 0.16)),
    Earcon.UNMUTED: ((440.0, 0.09), (880.0, 0.16)),
}


def earcon(kind: Earcon) -> AudioBlock:
    """Return the tone of ``kind``: mono, 0.2 to 0.4 s, ending in silence."""
    samples = np.concatenate([_tone(pitch, seconds) for pitch, seconds in _TONES[kind]])
    return AudioBlock((samples * 32767.0).astype("<i2").tobytes(), RATE)


def _tone(pitch: float, seconds: float) -> NDArray[np.float64]:
    """Make a sine with a little of its octave that swells and dies away to nothing within ``seconds``."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave = np.sin(2 * np.pi * pitch * time) + 0.25 * np.sin(4 * np.pi * pitch * time)
    swell = np.minimum(1.0, time / _ATTACK)
    end = np.minimum(1.0, (seconds - time) / 0.01)
    return _LOUDNESS / 1.25 * wave * swell * end * np.exp(-time / _DECAY)

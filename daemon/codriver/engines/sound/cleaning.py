"""Takes echo and noise out of what a microphone heard. No I/O, no clock."""

from __future__ import annotations

from array import array
from collections import deque
from typing import Protocol

from codriver.engines.sound.events import RATE
from codriver.engines.sound.reference import Reference
from codriver.engines.sound.speex import EchoCanceller, Samples, Suppressor

CHUNK = RATE // 50
"""Samples that are cleaned at a time: 20 ms."""

_TAIL = RATE // 5
"""Samples of the longest echo that is known: that of a car has died away after half of it."""

_NO_SUPPRESSION = 1.0
"""Decibels. Where only the echo is to go, the suppressor must leave the noise as it is."""


class Cleaner(Protocol):
    """Cleans one microphone's sound, 20 ms at a time."""

    def clean(self, heard: Samples, at: float) -> Samples:
        """Return as many samples, which may be those of a while ago. They were heard from ``at`` on."""
        ...


class AsItIs:
    """Leaves everything as it is: nothing is to be cleaned, or the sound system does it."""

    def clean(self, heard: Samples, at: float) -> Samples:
        """Return what was heard."""
        return heard


class SpeexCleaner:
    """Cleans with libspeexdsp. What it gives is 20 ms late, whether there is anything to clean or not."""

    def __init__(self, reference: Reference | None, noise: float, late: int = 0) -> None:
        """Take out the echo of the reference, and up to ``noise`` decibels of noise. Raises AudioError.

        ``late`` is for how many pieces the reference is waited for; what comes out is so much later.
        """
        self._reference = reference
        self._canceller = EchoCanceller(CHUNK, _TAIL, RATE) if reference else None
        self._suppressor = Suppressor(CHUNK, RATE, max(noise, _NO_SUPPRESSION), self._canceller)
        self._always = noise > 0
        self._warm = False
        self._before: Samples = array("h", bytes(2 * CHUNK))
        self._waiting = deque((array("h", bytes(2 * CHUNK)), 0.0) for _ in range(late))

    def clean(self, heard: Samples, at: float) -> Samples:
        """Return the cleaned 20 ms before these; as they were, where nothing plays and no noise is to go."""
        self._waiting.append((heard, at))
        heard, at = self._waiting.popleft()
        played = self._reference.take(CHUNK, at) if self._reference else None
        if played is not None and self._canceller is not None:
            heard = self._canceller.cancel(heard, played)
        before, self._before = self._before, heard
        if played is None and not self._always:
            self._warm = False
            return before
        cleaned = self._suppressor.suppress(heard)
        was_warm, self._warm = self._warm, True
        return cleaned if was_warm else before

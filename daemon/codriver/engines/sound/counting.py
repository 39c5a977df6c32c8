"""What is counted of the sound that comes and goes."""

from __future__ import annotations

from dataclasses import dataclass

from codriver.engines.sound.events import FRAME, RATE, Counters


@dataclass(slots=True)
class Counting:
    """The counters while they are counted; see Counters for what they mean."""

    frames: int = 0
    dropped: int = 0
    doubled: int = 0
    overruns: int = 0
    underruns: int = 0
    reopened: int = 0

    def jumped(self, seconds: float) -> None:
        """Count sound that a device left out, or gave twice (negative)."""
        frames = max(1, round(abs(seconds) * RATE / FRAME)) if seconds else 0
        if seconds > 0:
            self.dropped += frames
        else:
            self.doubled += frames

    def now(self) -> Counters:
        """Return what was counted so far."""
        return Counters(self.frames, self.dropped, self.doubled, self.overruns, self.underruns, self.reopened)

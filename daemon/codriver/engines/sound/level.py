"""Whether a microphone gives something useful, judged by how loud it is. No I/O, no clock."""

from __future__ import annotations

from enum import Enum, auto

from codriver.engines.sound.speex import Samples

SILENT_AFTER = 2.0
"""Seconds without anything before a microphone counts as silent."""

_NOTHING = 2
"""The loudest sample of a microphone that is muted or has no capsule; the noise of a real one is louder."""

_FULL = 32_700
_CLIPPED_SHARE = 0.01
_WINDOW = 2.0
_MUCH = 0.25
"""A microphone clips if a hundredth of the samples are at the limit in a quarter of two seconds: no voice does that."""


class Level(Enum):
    """How loud it is."""

    GOOD = auto()
    SILENT = auto()
    CLIPPING = auto()


class LevelWatch:
    """Follows one microphone."""

    def __init__(self) -> None:
        self._quiet = 0.0
        self._clipped = 0.0

    def judge(self, samples: Samples, seconds: float) -> Level:
        """Take the next piece of sound, of so many seconds, and judge what there was lately."""
        loudest, lowest = max(samples), min(samples)
        self._quiet = self._quiet + seconds if loudest - lowest <= 2 * _NOTHING else 0.0
        clips = max(loudest, -lowest) >= _FULL and _share_at_the_limit(samples) >= _CLIPPED_SHARE
        fading = 1 - seconds / _WINDOW
        self._clipped = self._clipped * fading + (seconds / _WINDOW if clips else 0.0)
        if self._quiet >= SILENT_AFTER:
            return Level.SILENT
        return Level.CLIPPING if self._clipped >= _MUCH else Level.GOOD


def _share_at_the_limit(samples: Samples) -> float:
    return sum(abs(sample) >= _FULL for sample in samples) / len(samples)

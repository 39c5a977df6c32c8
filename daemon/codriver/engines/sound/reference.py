"""What the loudspeaker plays, kept for a moment for who wants to take its echo out. No I/O, no clock."""

from __future__ import annotations

from array import array

from codriver.engines.sound.events import RATE
from codriver.engines.sound.speex import Resampler, Samples
from codriver.engines.sound.timeline import Timeline

_KEPT = 2 * RATE
_SOUNDS_ON = RATE // 2
"""Samples for which the echo of a sound is looked for after its end."""

_STICKY = RATE // 25
"""Samples by which the place may be off before it is looked up anew: moving it undoes what was learnt."""

_SUDDEN = RATE // 500
"""Samples by which the place moves at once only where sound was lost: then all of that, and no more, is made good."""

_JUMP = 0.004
_SETTLING = 15
"""Stamps of what this process plays itself are exact to a fraction of a millisecond."""


class Reference:
    """Samples at 16 kHz, found by when they sound."""

    def __init__(self, lead: float = 0.0, *, own: bool = True) -> None:
        """Give samples out ``lead`` seconds early, so that none comes after its echo where stamps are not exact.

        Those of what is played by this process itself, ``own``, are more exact than those of a monitor.
        """
        self._lead = lead
        self._own = own
        self._off = 0
        self.clear()

    def clear(self) -> None:
        """Forget what was played: the loudspeaker was opened anew.

        By how much its stamps and those of what is heard are off is kept: then little has to be learnt again.
        """
        self._timeline = Timeline(RATE, _JUMP, _SETTLING) if self._own else Timeline(RATE)
        self._samples: Samples = array("h")
        self._next: int | None = None
        self._last_sound = -_SOUNDS_ON

    def add(self, samples: Samples, at: float, *, gap: bool = False) -> None:
        """Take what sounds from ``at`` on, in seconds of the monotonic clock; after a ``gap`` where there was none."""
        if gap:
            self._timeline.settle()
        self._timeline.add(len(samples), at)
        self._samples.extend(samples)
        del self._samples[:-_KEPT]
        if any(samples):
            self._last_sound = self._timeline.count

    def take(self, count: int, at: float) -> Samples | None:
        """Return what sounded from ``at`` on, or None where nothing has sounded for long enough."""
        number = self._timeline.number_at(at + self._lead)
        number = number - self._off if self._next is None else self._held(number, self._next)
        self._next = number + count
        if number > self._last_sound + _SOUNDS_ON:
            return None
        first = number - (self._timeline.count - len(self._samples))
        known = self._samples[max(0, first) : max(0, first + count)]
        before = array("h", bytes(2 * min(count, max(0, -first))))
        return before + known + array("h", bytes(2 * (count - len(before) - len(known))))

    def _held(self, number: int, expected: int) -> int:
        """Find the place to go on from: the expected one, unless it has moved."""
        before, self._off = self._off, number - expected
        if abs(self._off - before) > _SUDDEN:
            expected += self._off - before
            self._off = before
        if abs(self._off) > _STICKY:
            expected += self._off
            self._off = 0
        return expected


class Monitor:
    """Takes what a loudspeaker plays from a device that gives all of it back, the music too."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self.opened("", RATE, 1)

    def opened(self, name: str, rate: int, channels: int) -> None:
        """Expect the sound of a device that is being opened."""
        self._channels = channels
        self._resampler = Resampler(rate, RATE)
        self._reference.clear()

    def hear(self, pcm: bytes, at: float, *, lost: bool) -> None:
        """Take interleaved samples, which sounded from ``at`` on."""
        self._reference.add(self._resampler.convert(array("h", pcm)[:: self._channels]), at)

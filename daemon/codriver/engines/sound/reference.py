"""What the loudspeaker plays, kept for a moment for who wants to take its echo out. No I/O, no clock."""

from __future__ import annotations

from array import array

from codriver.engines.sound.events import RATE
from codriver.engines.sound.speex import Resampler, Samples
from codriver.engines.sound.timeline import Timeline

_KEPT = 2 * RATE
_SOUNDS_ON = RATE // 2
"""Samples for which the echo of a sound is looked for after its end."""

_STICKY = RATE // 64
"""Samples by which the place may be off before it is looked up anew: moving it undoes what was learnt."""


class Reference:
    """Samples at 16 kHz, found by when they sound."""

    def __init__(self, lead: float = 0.0) -> None:
        """Give samples out ``lead`` seconds early, so that none comes after its echo where stamps are not exact."""
        self._lead = lead
        self.clear()

    def clear(self) -> None:
        """Forget everything: the loudspeaker was opened anew."""
        self._timeline = Timeline(RATE)
        self._samples: Samples = array("h")
        self._next: int | None = None
        self._last_sound = -_SOUNDS_ON

    def add(self, samples: Samples, at: float) -> None:
        """Take what sounds from ``at`` on, in seconds of the monotonic clock."""
        self._timeline.add(len(samples), at)
        self._samples.extend(samples)
        del self._samples[:-_KEPT]
        if any(samples):
            self._last_sound = self._timeline.count

    def take(self, count: int, at: float) -> Samples | None:
        """Return what sounded from ``at`` on, or None where nothing has sounded for long enough."""
        number = self._timeline.number_at(at + self._lead)
        if self._next is not None and abs(number - self._next) <= _STICKY:
            number = self._next
        self._next = number + count
        if number > self._last_sound + _SOUNDS_ON:
            return None
        first = number - (self._timeline.count - len(self._samples))
        known = self._samples[max(0, first) : max(0, first + count)]
        before = array("h", bytes(2 * min(count, max(0, -first))))
        return before + known + array("h", bytes(2 * (count - len(before) - len(known))))


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

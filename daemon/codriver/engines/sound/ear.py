"""The microphone of one zone: a channel of a device, made into clean sound at 16 kHz. No I/O."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from codriver.engines.sound.cleaning import CHUNK, Cleaner
from codriver.engines.sound.events import RATE, Captured
from codriver.engines.sound.level import Level, LevelWatch
from codriver.engines.sound.speex import Resampler, Samples
from codriver.engines.sound.timeline import Timeline
from codriver.turn import Zone


class Ear:
    """Takes what a device gives, and gives what is heard in the zone. It counts on when the device is opened anew."""

    def __init__(self, zone: Zone, channel: int, cleaner: Cleaner, gain: float) -> None:
        """Hear a channel, from 0, made louder by ``gain`` decibels."""
        self.zone = zone
        self.channel = channel
        self.level = Level.GOOD
        self._cleaner = cleaner
        self._factor = 10 ** (gain / 20)
        self._frame = 0
        self.open(RATE, 1)

    def open(self, rate: int, channels: int) -> None:
        """Expect sound of a device that was just opened."""
        self.level = Level.GOOD
        self._rate = rate
        self._channels = channels
        self._resampler = Resampler(rate, RATE)
        self._watch = LevelWatch()
        self._timeline = Timeline(RATE)
        self._rest: Samples = array("h")

    def hear(self, pcm: bytes, at: float) -> tuple[Captured, float]:
        """Take interleaved int16 samples, the first of which was heard at ``at``, in seconds of the monotonic clock.

        Return what is heard, a multiple of 20 ms, and by how many seconds the device left out, or doubled (negative),
        samples before it.
        """
        samples = array("h", pcm)[self.channel % self._channels :: self._channels]
        self.level = self._watch.judge(samples, len(samples) / self._rate)
        if self._factor != 1.0:
            samples = _louder(samples, self._factor)
        samples = self._resampler.convert(samples)
        self._rest += samples
        jump = self._timeline.add(len(samples), at)
        captured = Captured(self.zone, self._frame, b"".join(self._chunks()))
        self._frame += captured.frames
        return captured, jump

    def _chunks(self) -> Iterator[bytes]:
        while len(self._rest) >= CHUNK:
            chunk, self._rest = self._rest[:CHUNK], self._rest[CHUNK:]
            at = self._timeline.time_of(self._timeline.count - len(self._rest) - CHUNK)
            yield self._cleaner.clean(chunk, at).tobytes()


def _louder(samples: Samples, factor: float) -> Samples:
    return array("h", [max(-32768, min(32767, round(factor * sample))) for sample in samples])

"""The loudspeaker: a device that is open while there is something to play, and shortly after."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import Callable
from functools import partial
from threading import Lock

from codriver.engines.sound.counting import Counting
from codriver.engines.sound.devices import Choice, choose
from codriver.engines.sound.events import RATE, Played
from codriver.engines.sound.playlist import Playlist
from codriver.engines.sound.portaudio import PortAudio, Stream, in_some_format
from codriver.engines.sound.reference import Reference
from codriver.engines.sound.speex import Resampler, Samples

PLAY_RATE = 48_000
"""Hertz of the playlist: what nearly every device knows."""

_RATES = (PLAY_RATE, 44_100, 32_000, RATE)
_PIECE = 0.01
"""Seconds. PortAudio keeps three of these pieces: what is cut sounds on for 30 ms."""

_STALLED = 1.0
_LINGERS = 60.0
"""Seconds for which the device stays open: it is sooner ready for the next sentence, and the echo's way stays known."""


class Sink:
    """Opens the loudspeaker for a playlist, and closes it. What it plays is added to the reference."""

    def __init__(
        self, wanted: str, reference: Reference | None, counting: Counting, ended: Callable[[Played], None]
    ) -> None:
        """Take the name of the device, and who is to be told, in the loop, when a sound has sounded."""
        self.name = wanted
        self.wanted = wanted
        self._reference = reference
        self._counting = counting
        self._ended = ended
        self._playlist = Playlist(PLAY_RATE)
        self._lock = Lock()
        self._stream: Stream | None = None
        self._current: object = None
        self._filled_at = self._busy_at = 0.0
        self._to_reference = Resampler(PLAY_RATE, RATE)

    @property
    def is_open(self) -> bool:
        """Whether the device is open."""
        return self._stream is not None

    @property
    def stalled(self) -> bool:
        """Whether the device is open and yet takes nothing."""
        return self._stream is not None and time.monotonic() - self._filled_at > _STALLED

    @property
    def busy(self) -> bool:
        """Whether there is something to play, or was a moment ago."""
        with self._lock:
            if self._playlist:
                self._busy_at = time.monotonic()
        return time.monotonic() - self._busy_at < _LINGERS

    @property
    def waiting(self) -> bool:
        """Whether there is something to play."""
        with self._lock:
            return bool(self._playlist)

    def begin(self, id: str, rate: int) -> None:  # noqa: A002 - as on the wire
        """Expect a sound of this rate in hertz. Raises AudioError."""
        with self._lock:
            self._playlist.begin(id, rate)

    def add(self, id: str, samples: Samples) -> None:  # noqa: A002
        """Take more of a sound."""
        with self._lock:
            self._playlist.add(id, samples)

    def finish(self, id: str) -> None:  # noqa: A002
        """Know that a sound is whole."""
        with self._lock:
            self._playlist.finish(id)
        self._look_for_ends()

    def hold(self, id: str, *, held: bool) -> None:  # noqa: A002
        """Hold a sound, or let it go on."""
        with self._lock:
            self._playlist.hold(id, held=held)

    def cut(self, id: str) -> None:  # noqa: A002
        """End a sound."""
        with self._lock:
            self._playlist.cut(id)
        self._look_for_ends()

    def drop(self) -> list[Played]:
        """Forget all sounds, which cannot be played, and return how far each of them came."""
        with self._lock:
            return self._playlist.clear()

    def open(self, audio: PortAudio, loop: asyncio.AbstractEventLoop) -> None:
        """Open the device; may block. Raises AudioError with the reason why it cannot be."""
        choice = choose(audio.devices, self.wanted, "loudspeaker")
        in_some_format(choice, _RATES, (1, 2), partial(self._open, audio, loop, choice))

    def close(self) -> None:
        """Close the device; may block. What it was given and has not played is lost."""
        stream, self._stream, self._current = self._stream, None, None
        if stream is not None:
            stream.close()

    def _open(
        self, audio: PortAudio, loop: asyncio.AbstractEventLoop, choice: Choice, rate: int, channels: int
    ) -> None:
        current = object()
        convert = Resampler(PLAY_RATE, rate)
        rest: Samples = array("h")

        def fill(count: int, at: float, starved: bool) -> bytes:
            while len(rest) < count:
                with self._lock:
                    samples, missing = self._playlist.fill(round(PLAY_RATE * _PIECE), at + len(rest) / rate)
                loop.call_soon_threadsafe(self._filled, current, samples, at, starved, missing)
                rest.extend(convert.convert(samples))
            samples = rest[:count]
            del rest[:count]
            return _spread(samples, channels)

        self._current = current
        self._filled_at = time.monotonic()
        self.name = choice.name
        loop.call_soon_threadsafe(self._anew)
        self._stream = audio.play(choice, rate, channels, round(rate * _PIECE), fill)

    def _anew(self) -> None:
        if self._reference:
            self._reference.clear()

    def _filled(self, of: object, samples: Samples, at: float, starved: bool, missing: bool) -> None:
        if of is not self._current:
            return
        self._filled_at = time.monotonic()
        self._counting.underruns += starved or missing
        if self._reference:
            self._reference.add(self._to_reference.convert(samples), at, gap=starved)
        self._look_for_ends()

    def _look_for_ends(self) -> None:
        with self._lock:
            over = self._playlist.over()
        for played, until in over:
            asyncio.get_running_loop().call_at(until, self._ended, played)


def _spread(samples: Samples, channels: int) -> bytes:
    """Play the same on all channels."""
    if channels == 1:
        return samples.tobytes()
    spread = array("h", bytes(2 * channels * len(samples)))
    for channel in range(channels):
        spread[channel::channels] = samples
    return spread.tobytes()

"""A device that sound comes from: a microphone, an array of them, or the monitor of a loudspeaker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from codriver.engines.sound.devices import Choice, choose
from codriver.engines.sound.events import RATE
from codriver.engines.sound.portaudio import PortAudio, Stream, in_some_format
from codriver.errors import AudioError

_RATES = (RATE, 48_000, 44_100, 32_000, 8_000)
"""Rates in the order in which they are tried: the first needs no work."""

_PIECE, _SOON_PIECE = 0.04, 0.02
"""Seconds. In pieces of 20 ms speech is heard up to 20 ms sooner, and waiting for the wake word costs a third more."""

_PATIENT = 0.12
"""Seconds that are handed over together where nobody hurries: what waiting for the wake word costs is half as much."""

_STALLED = 1.0
"""Seconds without any sound after which a device counts as lost."""


class Hearer(Protocol):
    """Takes what a device gives."""

    def opened(self, name: str, rate: int, channels: int) -> None:
        """Expect int16 samples at ``rate`` hertz, interleaved, of a device that was just opened."""
        ...

    def hear(self, pcm: bytes, at: float, *, lost: bool) -> None:
        """Take samples that were heard from ``at`` on; ``lost`` if some before them were lost."""
        ...


class Source:
    """Opens a device for a hearer, and closes it. The hearer is called in the loop."""

    def __init__(
        self,
        wanted: str,
        channels: int,
        hearer: Hearer,
        is_patient: Callable[[], bool] = lambda: False,
        *,
        soon: bool = False,
    ) -> None:
        """Take the name of the device, and the number of channels that are needed of it at least.

        Sound comes in smaller pieces where it is wanted ``soon``. While ``is_patient``, which is asked in the loop,
        some pieces are handed over together.
        """
        self._piece = _SOON_PIECE if soon else _PIECE
        self.wanted = wanted
        self._channels = channels
        self._hearer = hearer
        self._is_patient = is_patient
        self._at_once = 1
        self._stream: Stream | None = None
        self._current: object = None
        self._heard_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the device is open."""
        return self._stream is not None

    @property
    def stalled(self) -> bool:
        """Whether the device is open and yet nothing comes from it."""
        return self._stream is not None and time.monotonic() - self._heard_at > _STALLED

    def open(self, audio: PortAudio, loop: asyncio.AbstractEventLoop) -> None:
        """Open the device; may block. Raises AudioError with the reason why it cannot be."""
        choice = choose(audio.devices, self.wanted, "microphone")
        if self._channels > choice.device.inputs:
            raise AudioError(
                f"{choice.name} has {choice.device.inputs} channels: there is no channel {self._channels - 1}."
            )
        in_some_format(
            choice, _RATES, sorted({self._channels, choice.device.inputs}), partial(self._open, audio, loop, choice)
        )

    def close(self) -> None:
        """Close the device; may block. What it gave and was not taken yet is dropped."""
        stream, self._stream, self._current = self._stream, None, None
        if stream is not None:
            stream.close()

    def _open(
        self, audio: PortAudio, loop: asyncio.AbstractEventLoop, choice: Choice, rate: int, channels: int
    ) -> None:
        current = object()
        held: list[tuple[bytes, float]] = []

        def heard(pcm: bytes, at: float, lost: bool) -> None:
            if lost:
                hand_over()
            held.append((pcm, at))
            if lost or len(held) >= self._at_once:
                hand_over(lost=lost)

        def hand_over(*, lost: bool = False) -> None:
            if held:
                pcm = b"".join(piece for piece, _ in held)
                loop.call_soon_threadsafe(self._take, current, pcm, held[0][1], lost)
                held.clear()

        self._current = current
        self._heard_at = time.monotonic()
        loop.call_soon_threadsafe(self._hearer.opened, choice.name, rate, channels)
        self._stream = audio.listen(choice, rate, channels, round(rate * self._piece), heard)

    def _take(self, of: object, pcm: bytes, at: float, lost: bool) -> None:
        if of is self._current:
            self._heard_at = time.monotonic()
            self._at_once = round(_PATIENT / self._piece) if self._is_patient() else 1
            self._hearer.hear(pcm, at, lost=lost)

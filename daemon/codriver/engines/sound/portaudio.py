"""PortAudio, through PyAudio: what is there, and streams of int16 samples. Everything here may block for seconds."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import product
from typing import Any, Final

import pyaudio

from codriver.engines.sound.devices import Choice, Device
from codriver.errors import AudioError

type Heard = Callable[[bytes, float, bool], None]
"""Takes interleaved samples, the time at which the first was heard, and whether some before them were lost."""

type Fill = Callable[[int, float, bool], bytes]
"""Gives so many frames, which sound from a time on; is told whether there was nothing to play just before."""

_BUSY: Final = pyaudio.paDeviceUnavailable
_WRONG_FORMAT: Final = (pyaudio.paInvalidSampleRate, pyaudio.paInvalidChannelCount, pyaudio.paSampleFormatNotSupported)


class WrongFormat(AudioError):
    """A device does not know this rate, or this number of channels."""


class Stream:
    """Sound that flows, in PortAudio's own thread, until it is closed or the device is lost."""

    def __init__(self, stream: Any, choice: Choice, rate: int, channels: int) -> None:
        self._stream = stream
        self.name = choice.name
        self.rate = rate
        self.channels = channels

    def close(self) -> None:
        """Close the device. What was not yet played is dropped."""
        with suppress(OSError):
            self._stream.close()


class PortAudio:
    """The sound system as it was found when this was made. Times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        """Look for all devices. Raises AudioError."""
        _hush()
        try:
            self._audio = pyaudio.PyAudio()
        except OSError as error:
            raise AudioError(f"The sound system cannot be used: {_words(error)}.") from error

    @property
    def devices(self) -> list[Device]:
        """Everything that sound can come from or go to."""
        infos = [self._audio.get_device_info_by_index(index) for index in range(self._audio.get_device_count())]
        return [
            Device(index, str(info["name"]), int(info["maxInputChannels"]), int(info["maxOutputChannels"]))
            for index, info in enumerate(infos)
        ]

    def listen(self, choice: Choice, rate: int, channels: int, frames: int, heard: Heard) -> Stream:
        """Have ``heard`` called with so many frames at a time. Raises AudioError; WrongFormat for the format alone."""

        def called(data: bytes, count: int, times: Mapping[str, float], status: int) -> tuple[None, int]:
            at = time.monotonic() - (times["current_time"] - times["input_buffer_adc_time"])
            heard(data, at, bool(status & pyaudio.paInputOverflow))
            return None, pyaudio.paContinue

        return self._open(choice, rate, channels, frames, called, input=True, input_device_index=choice.device.index)

    def play(self, choice: Choice, rate: int, channels: int, frames: int, fill: Fill) -> Stream:
        """Have ``fill`` called for so many frames at a time. Raises AudioError; WrongFormat for the format alone."""

        def called(data: None, count: int, times: Mapping[str, float], status: int) -> tuple[bytes, int]:
            at = time.monotonic() + times["output_buffer_dac_time"] - times["current_time"]
            return fill(count, at, bool(status & pyaudio.paOutputUnderflow)), pyaudio.paContinue

        return self._open(choice, rate, channels, frames, called, output=True, output_device_index=choice.device.index)

    def close(self) -> None:
        """Let go of the sound system. Streams must be closed before."""
        self._audio.terminate()

    def _open(self, choice: Choice, rate: int, channels: int, frames: int, called: Any, **direction: Any) -> Stream:
        try:
            with _meant(choice.behind):
                stream = self._audio.open(
                    rate, channels, pyaudio.paInt16, frames_per_buffer=frames, stream_callback=called, **direction
                )
        except (OSError, ValueError) as error:
            code = error.args[-1] if isinstance(error, ValueError) else error.errno
            if code in _WRONG_FORMAT:
                raise WrongFormat(f"{choice.name} does not know {rate} Hz with {channels} channels.") from error
            if code == _BUSY:
                raise AudioError(f"{choice.name} is used by another program, or the sound server is away.") from error
            raise AudioError(f"{choice.name} cannot be opened: {_words(error)}.") from error
        return Stream(stream, choice, rate, channels)


def _words(error: Exception) -> str:
    """Find PortAudio's own words among the arguments of its error."""
    return next((str(part) for part in error.args if isinstance(part, str)), "PortAudio does not say why")


@contextmanager
def _meant(source_or_sink: str) -> Iterator[None]:
    """Let libpulse, which ALSA's plugin asks, take this one for its default."""
    names = ("PULSE_SOURCE", "PULSE_SINK")
    before = {name: os.environ.get(name) for name in names}
    if source_or_sink:
        os.environ.update(dict.fromkeys(names, source_or_sink))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


_TAKES_A_MESSAGE = ctypes.CFUNCTYPE(None, ctypes.c_char_p)
_TAKES_AN_ERROR = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
_IGNORE_JACK = _TAKES_A_MESSAGE(lambda message: None)
_IGNORE_ALSA = _TAKES_AN_ERROR(lambda file, line, function, error, message: None)
"""Kept for good: the libraries call them whenever they like."""


def _hush() -> None:
    """Keep ALSA and JACK from printing whatever they try in vain: AudioError says it in a sentence."""
    os.environ["JACK_NO_START_SERVER"] = "1"
    for library, function, handler in (
        ("libasound.so.2", "snd_lib_error_set_handler", _IGNORE_ALSA),
        ("libjack.so.0", "jack_set_error_function", _IGNORE_JACK),
        ("libjack.so.0", "jack_set_info_function", _IGNORE_JACK),
    ):
        with suppress(OSError, AttributeError):
            getattr(ctypes.CDLL(library), function)(handler)


def in_some_format(
    choice: Choice, rates: Sequence[int], channels: Iterable[int], open_it: Callable[[int, int], None]
) -> None:
    """Open a device in the first format that it knows, of a rate in hertz and a number of channels.

    Raises AudioError where it knows none of the rates, or ``open_it`` does.
    """
    for rate, count in product(rates, channels):
        with suppress(WrongFormat):
            open_it(rate, count)
            return
    raise AudioError(f"{choice.name} knows none of the rates {', '.join(map(str, rates))} Hz.")

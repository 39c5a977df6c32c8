"""What is used of libspeexdsp: its echo canceller, its noise suppressor and its resampler. All sound is int16 mono."""

from __future__ import annotations

import ctypes
from array import array
from ctypes import byref, c_int, c_uint32, c_void_p
from functools import cache

from codriver.errors import AudioError

type Samples = array[int]
"""int16, mono: an array of the type ``h``."""

_ECHO_SET_SAMPLING_RATE = 24
_SET_NOISE_SUPPRESS = 18
_SET_ECHO_STATE = 24
"""Requests as speex_echo.h and speex_preprocess.h number them."""

_RESAMPLER_QUALITY = 4
"""From 0 to 10; 3 is meant for telephones, 5 for music. Nothing below 7 kHz is lost on the way to 16 kHz."""


class EchoCanceller:
    """Takes what a loudspeaker played out of what a microphone heard, and learns the way between the two."""

    def __init__(self, frame: int, tail: int, rate: int) -> None:
        """Work on ``frame`` samples at a time; an echo may last ``tail`` samples. Raises AudioError."""
        self._library = _library()
        self._out = array("h", bytes(2 * frame))
        self.state = self._library.speex_echo_state_init(frame, tail)
        self._library.speex_echo_ctl(self.state, _ECHO_SET_SAMPLING_RATE, byref(c_int(rate)))

    def cancel(self, heard: Samples, played: Samples) -> Samples:
        """Return what was heard without the echo of what was played; its echo must not come before it."""
        self._library.speex_echo_cancellation(self.state, _address(heard), _address(played), _address(self._out))
        return self._out[:]

    def __del__(self) -> None:
        if hasattr(self, "state"):
            self._library.speex_echo_state_destroy(self.state)


class Suppressor:
    """Takes out steady noise, and what an echo canceller has left of the echo. What it gives is one frame late."""

    def __init__(self, frame: int, rate: int, noise: float, echo: EchoCanceller | None) -> None:
        """Work on ``frame`` samples at a time; take up to ``noise`` decibels out of noise. Raises AudioError."""
        self._library = _library()
        self._echo = echo  # libspeexdsp looks into it
        self._state = self._library.speex_preprocess_state_init(frame, rate)
        self._library.speex_preprocess_ctl(self._state, _SET_NOISE_SUPPRESS, byref(c_int(-round(noise))))
        if echo is not None:
            self._library.speex_preprocess_ctl(self._state, _SET_ECHO_STATE, c_void_p(echo.state))

    def suppress(self, samples: Samples) -> Samples:
        """Return the frame before this one, cleaned."""
        cleaned = samples[:]
        self._library.speex_preprocess_run(self._state, _address(cleaned))
        return cleaned

    def __del__(self) -> None:
        if hasattr(self, "_state"):
            self._library.speex_preprocess_state_destroy(self._state)


class Resampler:
    """Changes the rate of a stream."""

    def __init__(self, rate_in: int, rate_out: int) -> None:
        """Take both rates in hertz. Raises AudioError."""
        self._library = _library()
        self._rates = (rate_in, rate_out)
        fault = c_int(0)
        self._state = self._library.speex_resampler_init(1, rate_in, rate_out, _RESAMPLER_QUALITY, byref(fault))
        if not self._state:
            raise AudioError(f"Sound at {rate_in} Hz cannot be turned into sound at {rate_out} Hz.")

    def convert(self, samples: Samples) -> Samples:
        """Convert the next piece of the stream, of any length."""
        rate_in, rate_out = self._rates
        if rate_in == rate_out or not samples:
            return samples
        out = array("h", bytes(2 * (len(samples) * rate_out // rate_in + 16)))
        taken, made = c_uint32(len(samples)), c_uint32(len(out))
        self._library.speex_resampler_process_int(
            self._state, 0, _address(samples), byref(taken), _address(out), byref(made)
        )
        return out[: made.value]

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._library.speex_resampler_destroy(self._state)


def _address(samples: Samples) -> c_void_p:
    return c_void_p(samples.buffer_info()[0])


@cache
def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libspeexdsp.so.1")
    except OSError as error:
        raise AudioError("libspeexdsp is missing: install the package libspeexdsp1.") from error
    for name in ("speex_echo_state_init", "speex_preprocess_state_init", "speex_resampler_init"):
        getattr(library, name).restype = c_void_p
    for name in ("speex_echo_state_destroy", "speex_preprocess_state_destroy", "speex_resampler_destroy"):
        getattr(library, name).argtypes = [c_void_p]
    library.speex_echo_ctl.argtypes = library.speex_preprocess_ctl.argtypes = [c_void_p, c_int, c_void_p]
    library.speex_echo_cancellation.argtypes = [c_void_p, c_void_p, c_void_p, c_void_p]
    library.speex_preprocess_run.argtypes = [c_void_p, c_void_p]
    library.speex_resampler_process_int.argtypes = [c_void_p, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p]
    return library

"""Sound as the stages want it: int16, mono, 16 kHz, in small blocks, whatever it was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from codriver.errors import AudioError

RATE = 16_000
"""Samples a second of everything inside codriver."""

FRAME = RATE // 100
"""Samples of one frame: 10 ms."""

type Samples = npt.NDArray[np.int16]
"""Mono, 16 kHz, one dimension."""

_BLOCK_SECONDS = 0.5
_WAV_FORMATS = frozenset({"WAV", "WAVEX", "RF64", "W64"})
_RAW_WIDTHS: dict[int, np.dtype[Any]] = {1: np.dtype("u1"), 2: np.dtype("<i2"), 4: np.dtype("<i4")}


def read_wav(path: Path) -> Iterator[Samples]:
    """Open a WAV file of any rate, channels and sample type; hand out its sound in blocks of about 0.5 s.

    The file is read as the blocks are taken, so its length does not matter. A file that ends before its
    header says so gives what is there. Raises AudioError at once if the file cannot be read, is no WAV, or is
    empty.
    """
    if not path.is_file():  # opening a pipe would wait for somebody to write into it
        raise AudioError(_why_unreadable(path))
    try:
        file = soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioError(_why_unreadable(path)) from error
    if file.format not in _WAV_FORMATS:
        file.close()
        raise AudioError(f"{path} is not a WAV file but {file.format}.")
    if not file.frames:
        file.close()
        raise AudioError(f"{path} is a WAV file without any sound in it.")
    return _blocks_of(file)


def read_raw(stream: BinaryIO, rate: int = RATE, channels: int = 1, width: int = 2) -> Iterator[Samples]:
    """Hand out a stream of headerless little-endian PCM in blocks, until it ends.

    ``width`` is the size of a sample in bytes: 1 (unsigned), 2 or 4. Raises AudioError for others.
    """
    converter = PcmConverter(rate, channels, width)
    size = max(1, int(rate * _BLOCK_SECONDS)) * channels * width
    while data := stream.read(size):
        yield converter.feed(data)
    yield converter.finish()


def frames(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """Cut blocks of any size into frames of exactly 10 ms; silence fills up the last one."""
    rest = np.empty(0, np.int16)
    for block in blocks:
        rest = np.concatenate((rest, block))
        whole = len(rest) // FRAME * FRAME
        yield from rest[:whole].reshape(-1, FRAME)
        rest = rest[whole:]
    if len(rest):
        yield np.pad(rest, (0, FRAME - len(rest)))


def rms(samples: Samples) -> float:
    """Give the root mean square, 0 to 32767."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def write_wav(path: Path, samples: Samples, rate: int = RATE) -> None:
    """Write int16 mono samples as a WAV file. Raises AudioError if that is not possible."""
    try:
        soundfile.write(path, samples, rate, format="WAV", subtype="PCM_16")
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioError(f"{path} cannot be written.") from error


class PcmConverter:
    """Turns raw PCM, in pieces of any size, into the one format; AudioError if it makes no sense."""

    def __init__(self, rate: int = RATE, channels: int = 1, width: int = 2) -> None:
        if rate < 1 or channels < 1 or width not in _RAW_WIDTHS:
            raise AudioError(f"No such sound: {rate} Hz, {channels} channels, {width} bytes a sample.")
        self._type = _RAW_WIDTHS[width]
        self._middle = 128 if width == 1 else 0
        self._full = float(2 ** (8 * width - 1))
        self._channels = channels
        self._frame_bytes = channels * width
        self._rest = b""
        self._resampler = _Resampler(rate)

    def feed(self, data: bytes) -> Samples:
        """Convert some bytes; an incomplete sample at the end is kept for the next call."""
        data = self._rest + data
        whole = len(data) // self._frame_bytes * self._frame_bytes
        self._rest = data[whole:]
        values = np.frombuffer(data[:whole], self._type).astype(np.float32)
        return self._resampler.convert(((values - self._middle) / self._full).reshape(-1, self._channels))

    def finish(self) -> Samples:
        """Give what the resampler still holds. The converter is of no use afterwards."""
        return self._resampler.convert(np.empty((0, self._channels), np.float32), last=True)


class _Resampler:
    """Mixes channels down and changes the rate, keeping its state from block to block."""

    def __init__(self, rate: int) -> None:
        self._stream = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="HQ")

    def convert(self, block: npt.NDArray[np.float32], *, last: bool = False) -> Samples:
        mono = np.nan_to_num(block.mean(axis=1, dtype=np.float32))
        if self._stream is not None:
            mono = self._stream.resample_chunk(mono, last=last)
        return np.clip(np.rint(mono * 32768.0), -32768, 32767).astype(np.int16)


def _blocks_of(file: soundfile.SoundFile) -> Iterator[Samples]:
    with file:
        resampler = _Resampler(file.samplerate)
        size = max(1, int(file.samplerate * _BLOCK_SECONDS))
        while len(block := file.read(size, dtype="float32", always_2d=True)):
            yield resampler.convert(block)
        yield resampler.convert(np.empty((0, file.channels), np.float32), last=True)


def _why_unreadable(path: Path) -> str:
    if not path.exists():
        return f"{path} does not exist."
    if path.is_dir():
        return f"{path} is a folder, not a WAV file."
    if not path.is_file():
        return f"{path} is not a WAV file but a pipe or a device."
    try:
        empty = path.stat().st_size == 0
        path.open("rb").close()
    except OSError:
        return f"{path} cannot be opened."
    return f"{path} is empty." if empty else f"{path} is not a WAV file, or its header is damaged."

from __future__ import annotations

import io
import struct
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from codriver.errors import AudioError
from codriver.hearing.audio import FRAME, RATE, PcmConverter, Samples, frames, read_raw, read_wav, write_wav


def tone(rate: int, seconds: float = 1.0, hertz: float = 440.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


def whole(blocks: Iterator[Samples]) -> Samples:
    return np.concatenate(list(blocks))


def loudest_hertz(samples: Samples) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE / len(samples))


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [
        (16_000, 1, "PCM_16"),
        (8_000, 1, "PCM_U8"),
        (44_100, 2, "PCM_16"),
        (48_000, 6, "PCM_24"),
        (22_050, 1, "FLOAT"),
        (96_000, 2, "DOUBLE"),
        (8_000, 1, "ULAW"),
    ],
)
def test_any_wav_becomes_the_same_sound(tmp_path: Path, rate: int, channels: int, subtype: str) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, np.repeat(tone(rate)[:, None], channels, axis=1), rate, subtype=subtype)
    samples = whole(read_wav(path))
    assert samples.dtype == np.int16
    assert len(samples) == pytest.approx(RATE, abs=2)
    assert loudest_hertz(samples) == pytest.approx(440, abs=1)
    assert np.abs(samples).max() == pytest.approx(0.5 * 32768, rel=0.04)


def test_resampling_lets_nothing_through_that_the_new_rate_cannot_carry(tmp_path: Path) -> None:
    path = tmp_path / "high.wav"
    soundfile.write(path, tone(44_100, hertz=12_000), 44_100)
    assert np.abs(whole(read_wav(path))[1000:-1000]).max() < 10


def test_floats_out_of_range_are_clipped_and_no_numbers_are_silence(tmp_path: Path) -> None:
    path = tmp_path / "wild.wav"
    soundfile.write(path, np.array([3.0, -3.0, np.nan, 0.25]), RATE, subtype="FLOAT")
    assert whole(read_wav(path)).tolist() == [32767, -32768, 0, 8192]


def test_a_truncated_file_gives_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    write_wav(path, np.arange(RATE, dtype=np.int16))
    path.write_bytes(path.read_bytes()[: 44 + 2 * 5000 + 1])
    assert whole(read_wav(path)).tolist() == list(range(5000))


def test_a_length_that_the_recorder_never_filled_in_gives_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "piped.wav"
    write_wav(path, np.arange(1000, dtype=np.int16))
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = struct.pack("<I", 0xFFFFFFFF)
    path.write_bytes(data)
    assert whole(read_wav(path)).tolist() == list(range(1000))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "does not exist"),
        (b"", "is empty"),
        (b"RIFF", "not a WAV file"),
        (b"#!/bin/sh\necho hello\n" * 100, "not a WAV file"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00", "not a WAV file"),
    ],
)
def test_what_is_no_wav_is_refused_in_one_sentence(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    path = tmp_path / "bad.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AudioError, match=complaint) as caught:
        read_wav(path)
    assert "\n" not in str(caught.value)


def test_a_wav_without_sound_a_folder_and_another_format_are_refused(tmp_path: Path) -> None:
    write_wav(tmp_path / "silent.wav", np.empty(0, np.int16))
    soundfile.write(tmp_path / "music.wav", tone(RATE), RATE, format="FLAC")
    for path, complaint in [
        (tmp_path / "silent.wav", "without any sound"),
        (tmp_path / "music.wav", "FLAC"),
        (tmp_path, "folder"),
    ]:
        with pytest.raises(AudioError, match=complaint):
            read_wav(path)


def test_an_hour_is_read_in_the_memory_of_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "hour.wav"
    minute = (tone(8_000, 60) * 32767).astype(np.int16)
    with soundfile.SoundFile(path, "w", 8_000, 1, "PCM_16") as file:
        for _ in range(60):
            file.write(minute)
    tracemalloc.start()
    try:
        samples = sum(len(block) for block in read_wav(path))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert samples == pytest.approx(3600 * RATE, abs=RATE // 100)
    assert peak < 2_000_000


@pytest.mark.parametrize("width", [1, 2, 4])
@pytest.mark.parametrize("piece", [1, 3, 1000])
def test_raw_sound_may_come_in_pieces_of_any_size(width: int, piece: int) -> None:
    wanted = (np.arange(-64, 64) * 256).astype(np.int16)
    pcm = {
        1: (wanted // 256 + 128).astype("u1"),
        2: wanted.astype("<i2"),
        4: wanted.astype("<i4") * 65536,
    }[width].tobytes()
    converter = PcmConverter(RATE, 1, width)
    parts = [converter.feed(pcm[at : at + piece]) for at in range(0, len(pcm), piece)]
    assert np.concatenate([*parts, converter.finish()]).tolist() == wanted.tolist()


def test_a_raw_stereo_stream_is_mixed_down_and_resampled() -> None:
    left = (tone(48_000) * 32767).astype("<i2")
    stereo = np.stack([left, np.zeros_like(left)], axis=1)
    samples = whole(read_raw(io.BytesIO(stereo.tobytes()), rate=48_000, channels=2))
    assert len(samples) == pytest.approx(RATE, abs=2)
    assert np.abs(samples).max() == pytest.approx(0.25 * 32768, rel=0.02)


@pytest.mark.parametrize("wrong", [(0, 1, 2), (RATE, 0, 2), (RATE, 1, 3)])
def test_raw_sound_of_an_impossible_format_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(AudioError):
        PcmConverter(*wrong)


def test_frames_are_ten_milliseconds_whatever_the_blocks_were() -> None:
    blocks = [np.full(size, size, np.int16) for size in (1, 500, 0, 159, 33)]
    cut = list(frames(blocks))
    assert all(len(frame) == FRAME for frame in cut)
    joined = np.concatenate(cut)
    assert joined[:693].tolist() == np.concatenate(blocks).tolist()
    assert not joined[693:].any()


def test_a_file_that_cannot_be_written_is_an_audio_error(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="cannot be written"):
        write_wav(tmp_path / "no such folder" / "x.wav", np.zeros(10, np.int16))

from __future__ import annotations

import numpy as np
import pytest
from codriver.engines.voice.level import PEAK_LIMIT, SPEECH_LEVEL, Samples, levelled, pcm, trimmed

RATE = 16_000


def tone(seconds: float, loudness: float = 0.3) -> Samples:
    time = np.arange(round(seconds * RATE)) / RATE
    return (loudness * np.sin(2 * np.pi * 200 * time)).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


@pytest.mark.parametrize("loudness", [0.001, 0.05, 0.9])
def test_speech_of_any_loudness_comes_to_the_same_level(loudness: float) -> None:
    speech = levelled(np.concatenate([tone(1, loudness), silence(2), tone(1, loudness)]), RATE)
    active = speech[:RATE]
    assert np.sqrt(np.mean(active**2)) == pytest.approx(SPEECH_LEVEL, rel=0.02)


def test_peaks_are_bent_and_not_cut() -> None:
    peaky = tone(1, 0.05)
    peaky[::1000] = 1.0
    speech = levelled(peaky, RATE)
    assert np.abs(speech).max() < PEAK_LIMIT


def test_silence_is_left_at_the_ends_and_in_the_middle_only_as_asked() -> None:
    words = np.concatenate([silence(0.7), tone(0.5), silence(0.4), tone(0.5), silence(1.0)])
    kept = trimmed(words, RATE, lead=0.05, tail=0.1)
    assert len(kept) / RATE == pytest.approx(0.05 + 1.4 + 0.1, abs=0.02)


def test_edges_are_faded() -> None:
    cut = trimmed(tone(0.503), RATE, lead=0, tail=0)
    assert cut[0] == 0.0
    assert cut[-1] == 0.0
    assert np.abs(np.diff(cut)).max() < 0.05


@pytest.mark.parametrize("samples", [silence(0), silence(1), tone(0.001)])
def test_next_to_nothing_does_not_fail(samples: Samples) -> None:
    assert np.isfinite(levelled(trimmed(samples, RATE), RATE)).all()


def test_pcm_does_not_wrap_around() -> None:
    assert pcm(np.array([0.0, 2.0, -2.0], np.float32)) == b"\x00\x00\xff\x7f\x01\x80"

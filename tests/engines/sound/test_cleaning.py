"""The echo in a simulated room: how much of it goes, and what stays of who speaks meanwhile."""

from __future__ import annotations

import itertools
from array import array

import numpy as np
import numpy.typing as npt
import pytest
from codriver.engines.sound.cleaning import CHUNK, AsItIs, Cleaner, SpeexCleaner
from codriver.engines.sound.ear import Ear
from codriver.engines.sound.events import RATE
from codriver.engines.sound.reference import Monitor, Reference

type Sound = npt.NDArray[np.float64]

LATE = CHUNK
"""Samples by which a cleaned sound comes later."""


def speechlike(seconds: float, seed: int) -> Sound:
    """Coloured noise in syllables: four a second, as loud as a voice."""
    noise = np.random.default_rng(seed).normal(size=round(seconds * RATE))
    coloured = np.convolve(noise, 0.9 ** np.arange(60), mode="same")
    syllables = np.clip(np.sin(2 * np.pi * 2 * np.arange(len(noise)) / RATE), 0, 1)
    sound: Sound = coloured * syllables * 1500
    return sound


def in_a_room(sound: Sound) -> Sound:
    """What a microphone hears of a loudspeaker 2 m away in a car."""
    way = np.zeros(1200)
    way[100], way[260], way[500] = 0.6, 0.25, -0.2
    way[520:] = np.random.default_rng(5).normal(size=680) * 0.02 * np.exp(-np.arange(680) / 200)
    return np.convolve(sound, way)[: len(sound)]


def cleaned(cleaner: Cleaner, reference: Reference | None, heard: Sound, played: Sound | None) -> Sound:
    out = []
    for at in range(0, len(heard) - CHUNK, CHUNK):
        if reference and played is not None:
            reference.add(array("h", played[at : at + CHUNK].astype(np.int16).tobytes()), 50 + at / RATE)
        out.append(cleaner.clean(array("h", heard[at : at + CHUNK].astype(np.int16).tobytes()), 50 + at / RATE))
    return np.concatenate([np.array(chunk, np.float64) for chunk in out])


def decibels(sound: Sound) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-6))


def removed(before: Sound, after: Sound, seconds: float) -> float:
    """Tell by how many decibels the last seconds are quieter."""
    last = round(seconds * RATE)
    return decibels(before[-last:]) - decibels(after[-last:])


def test_the_echo_of_its_own_voice_goes() -> None:
    played = speechlike(8.0, seed=1)
    echo, reference = in_a_room(played), Reference()
    after = cleaned(SpeexCleaner(reference, 0.0), reference, echo, played)
    assert removed(echo, after, 3.0) > 25.0


def test_who_speaks_meanwhile_stays() -> None:
    played, near = speechlike(10.0, seed=1), speechlike(10.0, seed=2)
    near[: 6 * RATE] = 0
    echo, reference = in_a_room(played), Reference()
    after = cleaned(SpeexCleaner(reference, 0.0), reference, echo + near, played)
    last = slice(len(after) - 3 * RATE, len(after))
    before = near[last.start - LATE : last.stop - LATE]
    assert np.corrcoef(before, after[last])[0, 1] > 0.7
    assert decibels(after[last]) == pytest.approx(decibels(before), abs=8.0)


def test_where_nothing_plays_sound_stays_as_it_is() -> None:
    near = speechlike(2.0, seed=3)
    reference = Reference()
    after = cleaned(SpeexCleaner(reference, 0.0), reference, near, None)
    assert np.array_equal(after[LATE:], near.astype(np.int16)[: len(after) - LATE])


def test_no_sample_is_lost_or_doubled_where_cleaning_begins_and_ends() -> None:
    near = speechlike(4.0, seed=3)
    played = np.zeros(len(near))
    played[RATE : RATE + RATE // 2] = speechlike(0.5, seed=4)
    reference = Reference()
    after = cleaned(SpeexCleaner(reference, 0.0), reference, near, played)
    for second in (0, 1, 2):
        part = near[second * RATE + RATE // 2 : (second + 1) * RATE - CHUNK]
        out = after[second * RATE + RATE // 2 : (second + 1) * RATE + CHUNK]
        assert np.argmax(np.correlate(out, part)) == LATE


def test_steady_noise_goes_where_that_is_wanted() -> None:
    noise = np.random.default_rng(1).normal(size=6 * RATE) * 300
    assert removed(noise, cleaned(SpeexCleaner(None, 12.0), None, noise, None), 2.0) > 8.0


def test_the_music_goes_where_a_monitor_gives_it() -> None:
    played = speechlike(8.0, seed=1)
    echo, reference = in_a_room(played), Reference()
    monitor, cleaner = Monitor(reference), SpeexCleaner(reference, 0.0, late=2)
    monitor.opened("monitor", RATE, 1)
    pcm = played.astype(np.int16)
    after = []
    for at in range(0, len(pcm) - CHUNK, CHUNK):
        heard = array("h", echo[at : at + CHUNK].astype(np.int16).tobytes())
        after.append(np.array(cleaner.clean(heard, 50 + at / RATE), np.float64))
        if at >= 2 * CHUNK:  # it is told of later than the microphone hears it
            monitor.hear(pcm[at - CHUNK : at].tobytes(), 50 + (at - CHUNK) / RATE, lost=False)
    assert removed(echo, np.concatenate(after), 3.0) > 25.0


def test_an_ear_takes_its_channel_at_any_rate_and_gives_pieces_of_20_ms() -> None:
    ear = Ear("passenger", 1, AsItIs(), gain=6.0)
    ear.open(48_000, 2)
    tone = np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000) * 8_000
    pcm = np.stack([np.zeros(48_000), tone], axis=1).astype("<i2")
    chunks = [ear.hear(pcm[at : at + 1441].tobytes(), at / 48_000)[0] for at in range(0, 48_000, 1441)]
    sound = np.frombuffer(b"".join(chunk.audio for chunk in chunks), "<i2")
    assert len(sound) == pytest.approx(RATE, abs=CHUNK)
    assert np.abs(sound).max() == pytest.approx(2 * 8_000, rel=0.02)
    assert {chunk.frames for chunk in chunks} == {2, 4}
    assert all(after.frame == before.frame + before.frames for before, after in itertools.pairwise(chunks))
    assert {chunk.zone for chunk in chunks} == {"passenger"}


def test_what_is_too_loud_is_limited() -> None:
    ear = Ear("driver", 0, AsItIs(), gain=40.0)
    chunk, _ = ear.hear(np.full(CHUNK, -4_000, "<i2").tobytes(), 0.0)
    assert set(np.frombuffer(chunk.audio, "<i2")) == {-32768}

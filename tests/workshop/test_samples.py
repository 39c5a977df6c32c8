from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from codriver.engines.models import Store, default_root
from codriver.errors import ModelError
from codriver.hearing.audio import RATE, frames, read_wav
from codriver.hearing.wakeword import WakeWords, WakeWordSettings
from codriver.workshop.samples import Sample, render, sample_list, samples_directory
from pydantic import ValidationError

type ListName = Literal["demo", "bench", "scenario"]

SHORT = Sample(id="short", language="en", text="Go", engine="piper", voice="en_US-joe-medium")


@pytest.mark.parametrize(
    ("name", "english", "chinese", "noisy"), [("demo", 6, 2, 2), ("bench", 16, 8, 0), ("scenario", 7, 3, 1)]
)
def test_a_list_has_both_languages_and_many_voices(name: ListName, english: int, chinese: int, noisy: int) -> None:
    samples = sample_list(name)
    assert len({sample.id for sample in samples}) == len(samples)
    assert sum(sample.language == "en" for sample in samples) >= english
    assert sum(sample.language == "zh" for sample in samples) >= chinese
    assert sum(sample.snr is not None for sample in samples) >= noisy
    assert len({sample.voice for sample in samples}) >= len(samples) // 2


def test_no_sentence_of_the_bench_is_in_the_demo() -> None:
    assert not {sample.text for sample in sample_list("bench")} & {sample.text for sample in sample_list("demo")}


@pytest.mark.parametrize(
    "change", [{"text": "Stop"}, {"voice": "af_bella"}, {"pause": 0.0}, {"snr": 10.0}, {"wake": False}]
)
def test_another_sound_is_another_file(change: dict[str, object]) -> None:
    assert SHORT.model_copy(update=change).digest != SHORT.digest


@pytest.mark.parametrize("change", [{"id": "../up"}, {"engine": "espeak"}, {"pause": 9.0}, {"snrr": 3.0}])
def test_a_wrong_entry_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate(SHORT.model_dump() | change)


async def test_missing_voices_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="piper"):
        await render([SHORT], tmp_path, Store(tmp_path / "models"))


@pytest.mark.models
async def test_a_sample_is_made_once(tmp_path: Path) -> None:
    store, told = Store(default_root()), list[tuple[int, int]]()
    noisy = SHORT.model_copy(update={"id": "noisy", "snr": 10.0, "wake": False})
    files = await render([SHORT, noisy], tmp_path, store, lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]
    made = {name: file.stat().st_mtime_ns for name, file in files.items()}
    again = await render([SHORT, noisy], tmp_path, store)
    assert {name: file.stat().st_mtime_ns for name, file in again.items()} == made
    sound = np.concatenate(list(read_wav(files["noisy"])))
    assert 2.3 < len(sound) / RATE < 4
    assert 10 < np.abs(sound[: RATE // 2]).mean() < 3000


@pytest.mark.models
@pytest.mark.parametrize("name", ["demo", "scenario"])
async def test_the_wake_word_is_heard_once_in_every_sample_that_has_it(name: ListName) -> None:
    samples = sample_list(name)
    files = await render(samples, samples_directory(), Store(default_root()))
    ears = WakeWords([WakeWordSettings("hey_jarvis")])
    for sample in samples:
        ears.reset()
        wakes = [wake for frame in frames(read_wav(files[sample.id])) if (wake := ears.hear(frame))]
        assert len(wakes) == sample.wake, sample.id

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from codriver.engines.transcriber.whisper import RATE, Called, Whisper
from codriver.errors import ModelError

pytestmark = pytest.mark.models

type Say = Callable[[str, str], npt.NDArray[np.int16]]


@pytest.fixture(scope="module")
def whisper(models: Path) -> Whisper:
    return Whisper(models / "whisper-base", ["en", "zh"])


def noise(tilt: float, loudness: float, seconds: float = 2.0) -> npt.NDArray[np.int16]:
    """White at a tilt of 0, pink at 0.5, like a moving car at 1."""
    spectrum = np.fft.rfft(np.random.default_rng(4).standard_normal(int(seconds * RATE)))
    spectrum /= np.maximum(np.fft.rfftfreq(int(seconds * RATE), 1 / RATE), 30.0) ** tilt
    sound = np.fft.irfft(spectrum)
    sound *= loudness / float(sound.std())
    return np.asarray(sound.clip(-32768, 32767), np.int16)


def coughs() -> npt.NDArray[np.int16]:
    sound = np.zeros(2 * RATE)
    for start in (4000, 14000, 22000):
        decay = np.exp(-np.arange(3000) / 700)
        sound[start : start + 3000] = np.random.default_rng(start).standard_normal(3000) * decay * 9000
    return np.asarray(sound.clip(-32768, 32767), np.int16)


def tones() -> npt.NDArray[np.int16]:
    time = np.arange(2 * RATE) / RATE
    wave = np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 660 * time) * (time > 1)
    return np.asarray(4000 * wave, np.int16)


@pytest.mark.parametrize("language", [None, "en", "zh"])
@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(2 * RATE, np.int16),
        np.zeros(20 * RATE, np.int16),
        noise(0, 1000),
        noise(0.5, 2000),
        noise(1, 3000),
        noise(1, 8000),
        noise(0, 2),
        tones(),
        coughs(),
    ],
    ids=["silence", "long silence", "white", "pink", "car", "loud car", "dither", "tones", "coughs"],
)
def test_what_is_no_speech_gives_no_text(whisper: Whisper, sound: npt.NDArray[np.int16], language: str | None) -> None:
    assert whisper.transcribe(sound, language).text == ""


@pytest.mark.parametrize("samples", [0, 1, 160, 1599])
def test_a_moment_of_sound_is_nothing(whisper: Whisper, samples: int) -> None:
    assert whisper.transcribe(np.zeros(samples, np.int16)).text == ""


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("Close the sunroof.", "af_heart"),
        ("How much battery is left?", "am_michael"),
        ("Turn on the seat heating.", "bf_emma"),
        ("Pause the music.", "bm_george"),
    ],
)
def test_english_is_understood(whisper: Whisper, say: Say, text: str, voice: str) -> None:
    heard = whisper.transcribe(say(text, voice))
    assert re.findall(r"\w+", heard.text.lower()) == re.findall(r"\w+", text.lower())
    assert heard.language == "en"
    assert 0.5 < heard.confidence <= 1


@pytest.mark.parametrize(
    ("text", "voice", "part"),
    [
        ("打开天窗。", "zm_yunxi", "天窗"),
        ("空调风量调到百分之六十。", "zf_xiaobei", "空调"),
        ("导航到最近的充电站。", "zf_xiaoyi", "到最近的"),
    ],
)
def test_chinese_is_told_from_english_and_written_in_simplified_characters(
    whisper: Whisper, say: Say, text: str, voice: str, part: str
) -> None:
    heard = whisper.transcribe(say(text, voice))
    assert heard.language == "zh"
    assert part in heard.text


def test_only_the_configured_languages_are_heard(models: Path, say: Say) -> None:
    english_only = Whisper(models / "whisper-base", ["en"])
    assert english_only.languages == ("en",)
    assert english_only.transcribe(say("打开天窗。", "zm_yunxi")).language == "en"


def test_a_language_that_is_asked_for_is_taken(whisper: Whisper, say: Say) -> None:
    sound = say("Close the sunroof.", "af_heart")
    assert whisper.transcribe(sound, "zh").language == "zh"
    assert whisper.transcribe(sound, "sv").language == "en", "one that is not configured is not"


def test_long_speech_is_heard_to_its_end(whisper: Whisper, say: Say) -> None:
    parts = [
        say("Close the sunroof.", "af_heart"),
        np.zeros(9 * RATE, np.int16),
        say("Pause the music.", "bf_emma"),
    ]
    text = whisper.transcribe(np.concatenate(parts)).text.lower()
    assert "sunroof" in text
    assert "music" in text


def test_the_small_model_hears_english(models: Path, say: Say) -> None:
    small = Whisper(models / "whisper-tiny.en", ["en", "zh"])
    assert small.languages == ("en",)
    heard = small.transcribe(say("Pause the music.", "af_heart"))
    assert "music" in heard.text.lower()
    assert small.transcribe(noise(1, 3000)).text == ""


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        Whisper(tmp_path, ["en"])


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"\0" * 100)
    with pytest.raises(ModelError, match=str(tmp_path)):
        Whisper(tmp_path, ["en"])


def test_a_language_that_whisper_does_not_know_is_named(models: Path) -> None:
    with pytest.raises(ModelError, match="tlh"):
        Whisper(models / "whisper-base", ["en", "tlh"])


def test_what_is_said_in_one_breath_with_the_wake_word_is_heard_with_it(whisper: Whisper, say: Say) -> None:
    sound = say("Hey Jarvis, close the sunroof.", "af_heart")
    call, wish = sound[: len(sound) // 2], sound[len(sound) // 2 :]
    heard, together = whisper.transcribe_called(wish, Called(call, "en"), "en")
    assert together
    assert re.findall(r"\w+", heard.text.lower())[-3:] == ["close", "the", "sunroof"]
    assert "jarvis" in heard.text.lower()


def test_what_is_said_in_another_language_than_the_wake_word_is_heard_alone(whisper: Whisper, say: Say) -> None:
    call, wish = say("Hey Jarvis.", "af_heart"), say("打开天窗。", "zm_yunxi")
    for language in (None, "zh"):
        heard, together = whisper.transcribe_called(wish, Called(call, "en"), language)
        assert heard == whisper.transcribe(wish, language)
        assert not together


def test_a_wake_word_with_no_more_than_a_moment_behind_it_is_nothing(whisper: Whisper, say: Say) -> None:
    called = Called(say("Hey Jarvis.", "af_heart"), "en")
    heard, together = whisper.transcribe_called(np.zeros(160, np.int16), called)
    assert (heard.text, together) == ("", False)

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import platformdirs
import pytest
import soxr
from kokoro_onnx import Kokoro

RATE = 16_000

CHINESE = {
    "打开天窗。": "ta↓kʰai→tʰjɛ→nꭧʰwa→ŋ.",
    "空调风量调到百分之六十。": "kʰʊ→ŋtʰjau↗ fə→ŋlja↘ŋ tjau↘ tau↘ pai↓fə→nꭧɨ→ljou↘ʂɨ↗.",
    "导航到最近的充电站。": "tau↓xa↗ŋ tau↘ ʦwei↘ʨi↘n tɤ ꭧʰʊ→ŋtjɛ↘nꭧa↘n.",
}
"""Sentences and their phonemes, as misaki spells them for Kokoro."""

type Say = Callable[[str, str], npt.NDArray[np.int16]]


@pytest.fixture(scope="session")
def models() -> Path:
    data = os.environ.get("CODRIVER_DATA")
    return (Path(data) if data else platformdirs.user_data_path("codriver")) / "models"


@pytest.fixture(scope="session")
def say(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Say:
    """A sentence by one of Kokoro's voices: int16 mono 16 kHz."""
    logging.getLogger("phonemizer").setLevel(logging.ERROR)
    no_voices = tmp_path_factory.mktemp("kokoro") / "voices.npz"
    np.savez(no_voices)
    folder = models / "kokoro-82m"
    kokoro = Kokoro(str(folder / "model.onnx"), str(no_voices))

    def speak(text: str, voice: str) -> npt.NDArray[np.int16]:
        style = np.fromfile(folder / "voices" / f"{voice}.bin", np.float32).reshape(-1, 1, 256)
        phonemes = CHINESE.get(text)
        sound, rate = kokoro.create(phonemes or text, style, is_phonemes=phonemes is not None)
        resampled = np.asarray(soxr.resample(sound, rate, RATE)) * 20_000
        return resampled.clip(-32768, 32767).astype(np.int16)

    return speak

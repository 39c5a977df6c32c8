from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import platformdirs
import pytest
import soxr
from codriver.hearing.audio import RATE, Samples
from piper import PiperVoice

type Say = Callable[[str], Samples]


def models_folder() -> Path:
    data = os.environ.get("CODRIVER_DATA")
    return (Path(data) if data else platformdirs.user_data_path("codriver")) / "models"


@pytest.fixture(scope="session")
def models() -> Path:
    return models_folder()


@pytest.fixture(scope="session")
def say(models: Path) -> Say:
    """A person who says what is written: int16 mono 16 kHz, without silence around it."""
    voice = PiperVoice.load(str(models / "piper-en_US-joe-medium" / "en_US-joe-medium.onnx"))
    said: dict[str, Samples] = {}

    def speak(text: str) -> Samples:
        if text not in said:
            chunks = list(voice.synthesize(text))
            sound = np.concatenate([chunk.audio_float_array for chunk in chunks])
            said[text] = (soxr.resample(sound, chunks[0].sample_rate, RATE) * 16_000).astype(np.int16)
        return said[text]

    return speak

"""Transcription as one would do it with faster-whisper's defaults: to be called by ``apart``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel

from codriver.hearing.audio import Samples


def transcribe(model: Path, sounds: Sequence[Samples]) -> tuple[list[float], list[str]]:
    """Transcribe int16 mono 16 kHz sounds, the model being warm: seconds and text for each."""
    whisper = WhisperModel(str(model), device="cpu")
    list(whisper.transcribe(np.zeros(len(sounds[0]), np.float32), language="en")[0])
    times, texts = [], []
    for sound in sounds:
        begun = time.monotonic()
        segments, _ = whisper.transcribe(sound.astype(np.float32) / 32768)
        texts.append(" ".join(segment.text.strip() for segment in segments))
        times.append(time.monotonic() - begun)
    return times, texts

"""Piper: one voice a model file, whose configuration lies beside it as ``<model>.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from piper import PiperConfig, PiperVoice, SynthesisConfig

from codriver.engines.voice.synthesizer import FrugalSession, Samples, UnknownVoiceError
from codriver.errors import ModelError


class Piper:
    """A Piper voice. Speakers of a model with several are asked for as ``<voice>#<speaker>``."""

    name = "piper"

    def __init__(self, model: Path, language: str, threads: int = 0, speed: float = 1.0) -> None:
        settings = model.with_name(f"{model.name}.json")
        try:
            config = PiperConfig.from_dict(json.loads(settings.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{settings} is not the configuration of a Piper voice: {error!r}") from error
        self._voice = PiperVoice(session=FrugalSession(model, threads), config=config)
        self._length = config.length_scale / speed
        self.rate = config.sample_rate
        self.default_voice = model.stem
        self._speakers: dict[str, int | None] = {model.stem: None}
        self._speakers |= {f"{model.stem}#{name}": number for name, number in config.speaker_id_map.items()}
        self.voices: Sequence[tuple[str, str]] = tuple((name, language) for name in self._speakers)

    def speak(self, text: str, voice: str) -> Iterator[Samples]:
        """Yield one array of samples a sentence. Raises `UnknownVoiceError`."""
        if voice not in self._speakers:
            raise UnknownVoiceError(f"This Piper model has no voice {voice}.")
        settings = SynthesisConfig(speaker_id=self._speakers[voice], length_scale=self._length, normalize_audio=False)
        for chunk in self._voice.synthesize(text, settings):
            yield chunk.audio_float_array

"""codriver's own spoken sentences: what is in `samples.toml`, said once by the voices and kept as WAV."""

from __future__ import annotations

import asyncio
import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import soxr
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from codriver.config import Configuration, Voice
from codriver.engines.fleet import alone, voice_name
from codriver.engines.models import Store, default_root
from codriver.errors import EngineError
from codriver.hearing.audio import RATE
from codriver.speaking.loudspeaker import write_wav
from codriver.speaking.voice import AudioBlock, VoiceEndpoint, Voices
from codriver.workshop.cabin_noise import with_noise

WAKE_PHRASE = "Hey Jarvis"

_LEAD = 0.8
_TAIL = 1.5
"""Seconds without speech: a microphone has been open for a while, and stays so after the last word."""

_FLOOR = 10 ** (-70 / 20)
"""The microphone's own noise, -70 dBFS: real silence is never all zeros."""

_MAKING = 1
"""Counts the changes of this module that make the samples sound different."""

type EngineKind = Literal["piper", "kokoro"]
type Progress = Callable[[int, int], None]
"""Told how many samples are there, and of how many."""

_SPEAKERS: Mapping[EngineKind, Voice] = {
    "piper": Voice(language="en"),
    "kokoro": Voice(language="zh", engine="kokoro", model="kokoro-82m", voice="zf_xiaobei"),
}
"""The voice that each engine starts with; a sample may name another one of its model."""


class Sample(BaseModel):
    """One sentence and how it is said. ``snr`` is that of cabin noise in dB, None for a quiet room.

    With ``wake`` the wake phrase comes first: ``pause`` seconds before the sentence, or in one breath at 0.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    language: str
    text: str
    engine: EngineKind
    voice: str
    wake: bool = True
    pause: Annotated[float, Field(ge=0.0, le=3.0)] = 0.3
    snr: float | None = None

    @property
    def digest(self) -> str:
        """What the sound depends on, in 12 figures."""
        return hashlib.sha256(f"{_MAKING} {self.model_dump_json(exclude={'id'})}".encode()).hexdigest()[:12]


def sample_list(name: Literal["demo", "bench", "scenario"]) -> tuple[Sample, ...]:
    """Return a list of `samples.toml`: for the demo, for the bench, or for the tests of whole turns."""
    text = resources.files("codriver.workshop").joinpath("samples.toml").read_text(encoding="utf-8")
    return tuple(Sample.model_validate(entry) for entry in tomllib.loads(text)[name])


def samples_directory() -> Path:
    """Return where samples are kept from one run to the next: beside the models."""
    return default_root().parent / "samples"


async def render(
    samples: Iterable[Sample],
    directory: Path,
    store: Store,
    progress: Progress = lambda done, total: None,
) -> Mapping[str, Path]:
    """Make the samples that ``directory`` does not hold yet; return the 16 kHz mono WAV of each by its id.

    A file appears when it is whole, so that two processes may render at once. Raises ModelError for a
    missing voice model and EngineError when a voice fails.
    """
    wanted = tuple(samples)
    files = {sample.id: directory / f"{sample.id}-{sample.digest}.wav" for sample in wanted}
    missing = [sample for sample in wanted if not files[sample.id].is_file()]
    done = len(wanted) - len(missing)
    progress(done, len(wanted))
    async with AsyncExitStack() as running:
        engines = {
            kind: await running.enter_async_context(alone(voice_name(speaker.language), _only(speaker), store))
            for kind, speaker in _SPEAKERS.items()
            if any(sample.engine == kind for sample in missing)
        }
        for sample in missing:
            sound = await _make(sample, engines[sample.engine])
            pcm = (np.clip(sound, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
            await asyncio.to_thread(write_wav, files[sample.id], [AudioBlock(pcm, RATE)])
            done += 1
            progress(done, len(wanted))
    return files


def _only(speaker: Voice) -> Configuration:
    return Configuration(languages=(speaker.language,), voices=(speaker,))


async def _make(sample: Sample, uri: str) -> NDArray[np.float64]:
    parts = [_silence(_LEAD)]
    if sample.wake and sample.pause > 0:
        parts += [
            await _say(WAKE_PHRASE, sample, uri),
            _silence(sample.pause),
            await _say(sample.text, sample, uri),
        ]
    else:
        comma = "，" if sample.language == "zh" else ", "
        text = f"{WAKE_PHRASE}{comma}{sample.text}" if sample.wake else sample.text
        parts.append(await _say(text, sample, uri))
    parts.append(_silence(_TAIL))
    speech = np.concatenate(parts)
    seed = int(sample.digest, 16)
    if sample.snr is not None:
        # The voice comes in at -20 dBFS; 6 dB less leave room for the noise on top of it.
        return with_noise(speech * 0.5, RATE, sample.snr, seed)
    return speech + _FLOOR * np.random.default_rng(seed).standard_normal(len(speech))


async def _say(text: str, sample: Sample, uri: str) -> NDArray[np.float64]:
    """Return the speech at 16 kHz, -1 to 1, without the silence that the engine puts behind a sentence."""
    voices = Voices({sample.language: VoiceEndpoint(uri, sample.voice)}, default=sample.language)
    blocks = [block async for block in voices.speak(text, sample.language)]
    if not blocks:
        raise EngineError(f"The voice {sample.voice} said nothing for the sample {sample.id}.")
    whole = np.frombuffer(b"".join(block.pcm for block in blocks), dtype="<i2").astype(np.float64) / 32768.0
    loud = np.flatnonzero(whole)
    return np.asarray(soxr.resample(whole[: loud[-1] + 1], blocks[0].rate, RATE, quality="VHQ"))


def _silence(seconds: float) -> NDArray[np.float64]:
    return np.zeros(round(seconds * RATE))

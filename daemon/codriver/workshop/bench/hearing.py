"""The ears' part of the bench: transcription against faster-whisper's defaults, and the cost of listening."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from codriver.config import Configuration
from codriver.engines.fleet import TRANSCRIBER, alone
from codriver.engines.models import Store
from codriver.hearing.audio import RATE, Samples, frames, read_wav
from codriver.hearing.heard import Called, SpeechEnded
from codriver.hearing.listener import Listener, ListenerSettings
from codriver.hearing.transcription import Transcriber
from codriver.hearing.wakeword import WakeWords
from codriver.workshop.bench.rows import Row
from codriver.workshop.cabin_noise import cabin_noise
from codriver.workshop.errors_heard import error_rate
from codriver.workshop.samples import WAKE_PHRASE, Sample

_REPEATS = 3
_LISTENING_SECONDS = 120
_NOISE_LEVEL = 0.01
"""Root mean square of the noise while nobody speaks, of full scale: 40 dB below it."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A spoken sentence of the bench: what is said, and the sound of it as the listener cuts it out."""

    sample: Sample
    path: Path
    audio: Samples
    called: Called | None = None


def cut(sample: Sample, path: Path) -> Utterance:
    """Cut the utterance out of a recording as the listener does; the wake word is left to the listener too."""
    listener = Listener(ListenerSettings())
    sound = list(frames(read_wav(path)))
    for attempt in range(2):
        if attempt:
            listener.listen_now()
        for frame in sound:
            for event in listener.feed(frame):
                if isinstance(event, SpeechEnded):
                    return Utterance(sample, path, event.audio, event.called)
    return Utterance(sample, path, np.concatenate(sound))


async def transcribe(
    config: Configuration, store: Store, utterances: Sequence[Utterance]
) -> tuple[list[float], list[str]]:
    """Transcribe by codriver's engine: the median seconds of three tries, and the text, for each utterance."""
    async with alone(TRANSCRIBER, config, store) as uri:
        transcriber = Transcriber(uri, wake_phrases=(WAKE_PHRASE,))
        times, texts = [], []
        for utterance in utterances:
            spans = []
            for _ in range(_REPEATS):
                begun = time.monotonic()
                transcript = await transcriber.transcribe(utterance.audio, called=utterance.called)
                spans.append(time.monotonic() - begun)
            times.append(median(spans))
            texts.append(transcript.text)
        return times, texts


def listening() -> tuple[float, float]:
    """Percent of a core that one wake word, and the waiting listener, take for the noise of a car as it comes.

    Not for silence, which nobody drives in and which costs next to nothing.
    """
    noise = cabin_noise(_LISTENING_SECONDS * RATE, RATE, seed=1) * _NOISE_LEVEL
    heard = (noise * 32767).clip(-32768, 32767).astype(np.int16)
    words, listener = WakeWords(ListenerSettings().wake_words), Listener(ListenerSettings())
    return _load(words.hear, heard), _load(listener.feed, heard)


def _load(take: Callable[[Samples], object], sound: Samples) -> float:
    begun = time.process_time()
    for frame in frames([sound]):
        take(frame)
    return 100 * (time.process_time() - begun) / (len(sound) / RATE)


def transcribe_row(
    ours: Sequence[float],
    naive: Sequence[float],
    utterances: Sequence[Utterance],
    our_texts: Sequence[str],
    naive_texts: Sequence[str],
) -> Row:
    """Compare speed and errors."""
    said = [utterance.sample.text for utterance in utterances]
    our_errors, naive_errors = error_rate(said, our_texts), error_rate(said, naive_texts)
    ratio = median(naive) / median(ours)
    return Row(
        "transcribe", "an utterance transcribed, against faster-whisper's defaults",
        median(ours) * 1000, median(naive) * 1000, "ms", ratio,
        "at least 4 times as fast, no more errors", ratio >= 4 and our_errors <= naive_errors,
        f"errors {our_errors:.1%} against {naive_errors:.1%}",
    )  # fmt: skip

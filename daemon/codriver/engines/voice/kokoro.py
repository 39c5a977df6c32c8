"""Kokoro-82M: one model, a file of 510 style vectors for each voice, phonemes by espeak-ng or misaki."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from kokoro_onnx.config import MAX_PHONEME_LENGTH, SAMPLE_RATE
from kokoro_onnx.tokenizer import Tokenizer
from numpy.typing import NDArray

from codriver.engines.voice.mandarin import Mandarin
from codriver.engines.voice.synthesizer import FrugalSession, Samples, UnknownVoiceError
from codriver.errors import ModelError

_LANGUAGES = {
    "a": ("en-US", "en-us"),
    "b": ("en-GB", "en-gb"),
    "e": ("es", "es"),
    "f": ("fr", "fr-fr"),
    "h": ("hi", "hi"),
    "i": ("it", "it"),
    "p": ("pt-BR", "pt-br"),
    "z": ("zh", "cmn"),
}
"""What the first letter of a voice's name says: its language, and that language's name in espeak-ng."""

_STYLE_SIZE = 256

# It warns whenever espeak-ng joins two words, which is what it should do.
logging.getLogger("phonemizer").setLevel(logging.ERROR)

_SENTENCE = re.compile(r".+?(?:[.!?。！？]+(?=\s|$)|[。！？]+|$)", re.DOTALL)
_BREAKS = re.compile(r"(?<=[,;:.!?]) | ")


class Kokoro:
    """The Kokoro model and the voices of one folder (``<name>.bin``, float32)."""

    name = "kokoro"
    rate = SAMPLE_RATE

    def __init__(self, model: Path, voices: Path, voice: str, threads: int = 0, speed: float = 1.0) -> None:
        self._folder = voices
        self.default_voice = voice
        self.voices: Sequence[tuple[str, str]] = tuple(
            (file.stem, _LANGUAGES[file.stem[0]][0])
            for file in sorted(voices.glob("*.bin"))
            if file.stem[0] in _LANGUAGES
        )
        self._styles: dict[str, NDArray[np.float32]] = {}
        self._session = FrugalSession(model, threads)
        self._speed = np.array([speed], dtype=np.float32)
        self._tokens_input = "input_ids" if "input_ids" in self._session.inputs else "tokens"
        self._tokenizer = Tokenizer()
        self._mandarin: Mandarin | None = None
        self._style(voice)

    def speak(self, text: str, voice: str) -> Iterator[Samples]:
        """Yield one array of samples a sentence. Raises `UnknownVoiceError`."""
        style = self._style(voice)
        spell = self._speller(voice)
        for sentence in _SENTENCE.findall(text):
            for phonemes in _portions(spell(sentence.strip())):
                yield self._say(phonemes, style)

    def _say(self, phonemes: str, style: NDArray[np.float32]) -> Samples:
        tokens = self._tokenizer.tokenize(phonemes)
        if not tokens:
            return np.zeros(0, dtype=np.float32)
        feed: dict[str, object] = {
            self._tokens_input: np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style[min(len(tokens), len(style)) - 1][np.newaxis],
            "speed": self._speed,
        }
        return np.asarray(self._session.run(None, feed)[0], dtype=np.float32).ravel()

    def _speller(self, voice: str) -> Callable[[str], str]:
        espeak = _LANGUAGES[voice[0]][1]
        if espeak != "cmn":
            return lambda text: self._tokenizer.phonemize(text, espeak)
        if self._mandarin is None:
            self._mandarin = Mandarin(foreign=lambda text: self._tokenizer.phonemize(text, "en-us"))
        return self._mandarin.phonemes

    def _style(self, voice: str) -> NDArray[np.float32]:
        """Return the style vectors of ``voice``, shape (510, 256): row n - 1 is for a text of n phonemes."""
        if voice not in dict(self.voices):
            raise UnknownVoiceError(f"There is no Kokoro voice {voice}.")
        if voice not in self._styles:
            numbers = np.fromfile(self._folder / f"{voice}.bin", dtype=np.float32)
            if not numbers.size or numbers.size % _STYLE_SIZE:
                raise ModelError(f"{self._folder / voice}.bin is not a Kokoro voice.")
            self._styles[voice] = numbers.reshape(-1, _STYLE_SIZE)
        return self._styles[voice]


def _portions(phonemes: str) -> Iterator[str]:
    """Cut what is longer than the model takes at once, at a mark or a space."""
    while len(phonemes) > MAX_PHONEME_LENGTH:
        cuts = [match.start() for match in _BREAKS.finditer(phonemes, 1, MAX_PHONEME_LENGTH)]
        cut = cuts[-1] if cuts else MAX_PHONEME_LENGTH
        yield phonemes[:cut]
        phonemes = phonemes[cut:].lstrip()
    if phonemes:
        yield phonemes

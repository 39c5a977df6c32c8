"""Answers Wyoming's ``synthesize`` and ``describe`` for one client of the voice process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncEventHandler
from wyoming.tts import Synthesize

from codriver.engines.voice.level import levelled, pcm, trimmed
from codriver.engines.voice.synthesizer import Samples, Synthesizer, UnknownVoiceError
from codriver.host import heap

_LOG = logging.getLogger(__name__)
_CHUNK_SAMPLES = 1024
_PAUSE_AFTER_SENTENCE = 0.2
_PAUSE_AFTER_CLAUSE = 0.1
_CLAUSE_ENDS = (",", ";", ":", "，", "、", "；", "：")


class VoiceHandler(AsyncEventHandler):
    """One client. The model is shared: ``busy`` lets one sentence be made at a time."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        model: Synthesizer,
        busy: asyncio.Lock,
    ) -> None:
        super().__init__(reader, writer)
        self._model = model
        self._busy = busy

    async def handle_event(self, event: Event) -> bool:
        """Answer one event; false ends the connection."""
        if Describe.is_type(event.type):
            await self.write_event(describe(self._model).event())
            return True
        if not Synthesize.is_type(event.type):
            return True
        request = Synthesize.from_event(event)
        voice = self._model.default_voice
        if request.voice is not None and request.voice.name is not None:
            voice = request.voice.name
        try:
            await self._speak(request.text, voice)
        except UnknownVoiceError as error:
            await self.write_event(Error(text=str(error), code="unknown-voice").event())
        except ConnectionError:
            return False
        except Exception as error:  # noqa: BLE001 - whatever a model throws costs this sentence, not the process
            _LOG.exception("A sentence could not be spoken", extra={"voice": voice})
            await self.write_event(Error(text=f"The voice model failed: {type(error).__name__}", code="model").event())
        return True

    async def _speak(self, text: str, voice: str) -> None:
        """Send each sentence as soon as it exists, until the text is at its end or the client has gone."""
        rate = self._model.rate
        sentences = self._model.speak(text, voice)
        speech = await self._next(sentences)
        await self.write_event(AudioStart(rate=rate, width=2, channels=1).event())
        while speech is not None:
            await self._send(speech)
            if self.reader.at_eof():
                return
            speech = await self._next(sentences)
            if speech is not None:
                await self._send(_silence(_PAUSE_AFTER_SENTENCE, rate))
        clause = text.rstrip().endswith(_CLAUSE_ENDS)
        await self._send(_silence(_PAUSE_AFTER_CLAUSE if clause else _PAUSE_AFTER_SENTENCE, rate))
        await self.write_event(AudioStop().event())
        heap.give_back()

    async def _next(self, sentences: Iterator[Samples]) -> bytes | None:
        async with self._busy:
            return await asyncio.to_thread(_next_sentence, sentences, self._model.rate)

    async def _send(self, speech: bytes) -> None:
        step = 2 * _CHUNK_SAMPLES
        for start in range(0, len(speech), step):
            chunk = AudioChunk(audio=speech[start : start + step], rate=self._model.rate, width=2, channels=1)
            await self.write_event(chunk.event())


def describe(model: Synthesizer) -> Info:
    """Say in Wyoming's terms what this process can do."""
    attribution = Attribution(name="codriver", url="")
    return Info(
        tts=[
            TtsProgram(
                name=model.name,
                attribution=attribution,
                installed=True,
                description="Speech synthesis of codriver",
                version=None,
                voices=[
                    TtsVoice(
                        name=name,
                        attribution=attribution,
                        installed=True,
                        description=name,
                        version=None,
                        languages=[language],
                    )
                    for name, language in model.voices
                ],
            )
        ]
    )


def _next_sentence(sentences: Iterator[Samples], rate: int) -> bytes | None:
    """Make the next sentence as int16 bytes at the usual loudness; None when all are made."""
    samples = next(sentences, None)
    return None if samples is None else pcm(levelled(trimmed(samples, rate), rate))


def _silence(seconds: float, rate: int) -> bytes:
    return bytes(2 * round(seconds * rate))

"""Asks a speech recogniser for the text of an utterance: codriver's own, or any Wyoming server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from wyoming.asr import Transcribe
from wyoming.asr import Transcript as TranscriptEvent
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.event import Event

from codriver.errors import EngineError
from codriver.hearing.audio import RATE, Samples
from codriver.hearing.heard import Called, ListenerEvent, NothingSaid, PauseBegan, SpeechEnded, SpeechResumed, Woken
from codriver.hearing.wakephrase import after_wake_phrase, strip_wake_phrase
from codriver.turn import Transcript

_WIDTH = 2
_CHUNK_SECONDS = 1


class Transcription:
    """A transcript that is being made. Awaiting ``result`` twice gives the same answer twice."""

    def __init__(self, task: asyncio.Task[Transcript]) -> None:
        self._task = task

    async def result(self) -> Transcript:
        """Wait for the text. Raises EngineError if the recogniser failed, vanished or took too long."""
        return await asyncio.shield(self._task)

    def then(self, use: Callable[[Transcript], None]) -> None:
        """Give the text to ``use`` once it is there, unless it is thrown away or the recogniser fails."""

        def hand_over(task: asyncio.Task[Transcript]) -> None:
            if not task.cancelled() and task.exception() is None:
                use(task.result())

        self._task.add_done_callback(hand_over)

    def cancel(self) -> None:
        """Throw it away; the recogniser drops the work if it has not begun."""
        self._task.cancel()


class Transcriber:
    """The client of the recogniser at ``uri`` (``unix:///path`` or ``tcp://host:port``).

    ``language`` is the one of texts for which the server names none. ``timeout`` is in seconds and covers
    connecting, sending and waiting for one answer. The wake phrases are taken off the beginning of each text. The
    sound of a wake word goes before the utterance as an event ``called``, which is no part of the Wyoming protocol:
    others do not heed it.
    """

    def __init__(self, uri: str, language: str = "en", timeout: float = 20.0, wake_phrases: Sequence[str] = ()) -> None:
        self._uri = uri
        self._language = language
        self._timeout = timeout
        self._wake_phrases = tuple(wake_phrases)
        self._begun: Transcription | None = None

    def start(self, audio: Samples, language: str | None = None, called: Called | None = None) -> Transcription:
        """Begin to transcribe int16 mono 16 kHz sound; ``language`` is the one it is known to be in."""
        task = asyncio.create_task(self.transcribe(audio, language, called), name="transcription")
        task.add_done_callback(_take_note)
        return Transcription(task)

    def follow(
        self,
        event: ListenerEvent,
        language: str | None = None,
        early: Callable[[Transcript], None] = lambda heard: None,
    ) -> Transcription | None:
        """Take each event of the listener; give the transcription when the utterance is over.

        Work begins at the first sign of a pause and is thrown away if speech goes on, so at the end of the
        utterance it is mostly done. ``early`` is given the text then already: it may turn out not to be all.
        """
        match event:
            case PauseBegan(audio, called):
                self._drop()
                self._begun = self.start(audio, language, called)
                self._begun.then(early)
            case SpeechEnded(audio):
                finished = self._begun or self.start(audio, language, event.called)
                self._begun = None
                return finished
            case Woken() | SpeechResumed() | NothingSaid():
                self._drop()
        return None

    async def transcribe(self, audio: Samples, language: str | None = None, called: Called | None = None) -> Transcript:
        """Transcribe int16 mono 16 kHz sound. Raises EngineError if the recogniser does not do it in time.

        What was said in one breath with the wake word it was ``called`` by is heard together with that, if the
        recogniser can, and once more alone if that gives no wake word, or nothing behind it.
        """
        heard, together = await self._heard(audio, language, called)
        if called is not None and together:
            if wish := after_wake_phrase(heard.text, called.phrase):
                return replace(heard, text=wish)
            heard = await self.transcribe_whole(audio, language)
        return replace(heard, text=strip_wake_phrase(heard.text, self._wake_phrases))

    async def transcribe_whole(self, audio: Samples, language: str | None = None) -> Transcript:
        """Do the same, and leave the wake phrase where it is."""
        heard, _ = await self._heard(audio, language, None)
        return heard

    async def _heard(self, audio: Samples, language: str | None, called: Called | None) -> tuple[Transcript, bool]:
        """Give what was heard, and whether the wake word is in it. Raises EngineError."""
        try:
            async with asyncio.timeout(self._timeout):
                data = await self._ask(audio.tobytes(), language, called)
            spoken = data.get("language") or language or self._language
            return Transcript(str(data["text"]).strip(), spoken, _confidence(data)), bool(data.get("together"))
        except TimeoutError as error:
            raise EngineError("The speech recogniser did not answer in time.") from error
        except (OSError, EOFError) as error:
            raise EngineError("The speech recogniser cannot be reached.") from error
        except (KeyError, TypeError, ValueError) as error:
            raise EngineError("The speech recogniser gave an answer that makes no sense.") from error

    async def _ask(self, pcm: bytes, language: str | None, called: Called | None) -> dict[str, Any]:
        client = AsyncClient.from_uri(self._uri)
        try:
            await client.connect()
            await client.write_event(Transcribe(language=language).event())
            if called is not None and len(called.audio):
                await client.write_event(Event("called", {"language": called.language}, called.audio.tobytes()))
            await client.write_event(AudioStart(RATE, _WIDTH, 1).event())
            size = RATE * _WIDTH * _CHUNK_SECONDS
            for begin in range(0, len(pcm), size):
                await client.write_event(AudioChunk(RATE, _WIDTH, 1, pcm[begin : begin + size]).event())
            await client.write_event(AudioStop().event())
            while event := await client.read_event():
                if TranscriptEvent.is_type(event.type):
                    return event.data
                if Error.is_type(event.type):
                    raise EngineError(f"The speech recogniser failed: {Error.from_event(event).text}")
            raise EngineError("The speech recogniser vanished.")
        finally:
            with contextlib.suppress(OSError):
                await client.disconnect()

    def _drop(self) -> None:
        if self._begun is not None:
            self._begun.cancel()
            self._begun = None


def _confidence(data: dict[str, Any]) -> float:
    return float(data.get("confidence", 1.0))


def _take_note(task: asyncio.Task[Transcript]) -> None:
    """Look at the outcome, so that a failure nobody waits for is not reported as forgotten."""
    if not task.cancelled():
        task.exception()

"""``python -m codriver.engines.transcriber``: a Wyoming speech recogniser."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioChunkConverter, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import AsrModel, AsrProgram, Attribution, Describe, Info
from wyoming.server import AsyncEventHandler

from codriver.engines.server import engine_arguments, serve
from codriver.engines.transcriber.whisper import RATE, Called, Whisper
from codriver.errors import CodriverError
from codriver.host import heap
from codriver.turn import Transcript

_log = logging.getLogger("codriver.transcriber")

_MOST_BYTES = 30 * RATE * 2
_MOST_CALLED = 3 * RATE * 2


class TranscriberHandler(AsyncEventHandler):
    """Answers one client: each ``audio-stop`` begets one ``transcript``, in order.

    All clients share one worker thread, so inference is one at a time; what a client that has gone was still
    waiting for is never begun.
    """

    def __init__(
        self,
        whisper: Whisper,
        worker: ThreadPoolExecutor,
        info: Event,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        super().__init__(reader, writer)
        self._whisper = whisper
        self._worker = worker
        self._info = info
        self._converter = AudioChunkConverter(rate=RATE, width=2, channels=1)
        self._pcm = bytearray()
        self._language: str | None = None
        self._called: Called | None = None
        self._answer: asyncio.Task[None] | None = None

    async def handle_event(self, event: Event) -> bool:
        """Take the client's next event; true keeps the connection."""
        try:
            return await self._take(event)
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            _log.warning("event makes no sense: %s", type(error).__name__)
            await self.write_event(Error(text=f"The event {event.type} makes no sense.").event())
            return False

    async def disconnect(self) -> None:
        """Drop the work of a client that has gone."""
        if self._answer is not None:
            self._answer.cancel()

    async def _take(self, event: Event) -> bool:
        if Describe.is_type(event.type):
            await self.write_event(self._info)
        elif Transcribe.is_type(event.type):
            self._language = Transcribe.from_event(event).language
            self._called = None  # it comes behind this
        elif event.type == "called":
            samples = np.frombuffer((event.payload or b"")[:_MOST_CALLED], np.int16)
            self._called = Called(samples, str(event.data["language"]))
        elif AudioStart.is_type(event.type):
            self._pcm.clear()
        elif AudioChunk.is_type(event.type):
            if len(self._pcm) < _MOST_BYTES:
                self._pcm += self._converter.convert(AudioChunk.from_event(event)).audio
        elif AudioStop.is_type(event.type):
            samples = np.frombuffer(bytes(self._pcm[:_MOST_BYTES]), np.int16)
            self._pcm.clear()
            called, self._called = self._called, None
            self._answer = asyncio.create_task(self._transcribe(samples, self._language, called, self._answer))
        return True

    async def _transcribe(
        self,
        samples: npt.NDArray[np.int16],
        language: str | None,
        called: Called | None,
        before: asyncio.Task[None] | None,
    ) -> None:
        if before is not None:
            await before
        loop = asyncio.get_running_loop()
        try:
            work = partial(self._work, samples, language, called)
            await self.write_event(_as_event(*await loop.run_in_executor(self._worker, work)))
        except OSError:
            _log.debug("client gone before its transcript")
        except (RuntimeError, ValueError) as error:
            _log.warning("transcription failed: %s", type(error).__name__)
            await self.write_event(Error(text="The recording could not be transcribed.").event())
        heap.give_back()

    def _work(
        self, samples: npt.NDArray[np.int16], language: str | None, called: Called | None
    ) -> tuple[Transcript, bool]:
        if called is None:
            return self._whisper.transcribe(samples, language), False
        return self._whisper.transcribe_called(samples, called, language)


def main() -> None:
    """Load the model, then serve until SIGTERM."""
    parser = engine_arguments("A Wyoming server that transcribes speech with Whisper.")
    parser.add_argument("--model", required=True, type=Path, help="folder of a Whisper model for CTranslate2")
    parser.add_argument("--languages", default="en,zh", help="the languages to choose from, the default first")
    parser.add_argument("--compute-type", default="int8", help="CTranslate2's compute type")
    arguments = parser.parse_args()
    languages = [language.strip() for language in arguments.languages.split(",") if language.strip()]
    try:
        whisper = Whisper(arguments.model, languages, arguments.threads, arguments.compute_type)
    except CodriverError as error:
        parser.exit(1, f"{error}\n")
    info = _describe(arguments.model.name, whisper.languages)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="whisper") as worker:
        serve(arguments, partial(TranscriberHandler, whisper, worker, info))


def _as_event(transcript: Transcript, together: bool) -> Event:
    data = {"text": transcript.text, "language": transcript.language, "confidence": transcript.confidence}
    data |= {"together": True} if together else {}
    return Event(type="transcript", data=data)


def _describe(model: str, languages: tuple[str, ...]) -> Event:
    by = Attribution(name="OpenAI Whisper", url="https://github.com/openai/whisper")
    heard = AsrModel(
        name=model, attribution=by, installed=True, description=None, version=None, languages=list(languages)
    )
    program = AsrProgram(
        name="codriver",
        attribution=by,
        installed=True,
        description="Whisper on what was said",
        version=None,
        models=[heard],
    )
    return Info(asr=[program]).event()


if __name__ == "__main__":
    main()

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from codriver.errors import EngineError
from codriver.hearing.audio import RATE
from codriver.hearing.heard import Called, NothingSaid, PauseBegan, SpeechEnded, SpeechResumed
from codriver.hearing.transcription import Transcriber
from codriver.turn import Transcript
from wyoming.asr import Transcribe
from wyoming.asr import Transcript as TranscriptEvent
from wyoming.audio import AudioChunk, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.server import AsyncEventHandler, AsyncServer

SECOND = np.zeros(RATE, np.int16)

type Answer = Callable[[AsyncEventHandler], Awaitable[None]]


class Recogniser(AsyncEventHandler):
    """A Wyoming server that writes down what it is asked and answers as the test wants."""

    def __init__(
        self,
        answer: Answer,
        asked: list[tuple[str | None, int]],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        super().__init__(reader, writer)
        self._answer = answer
        self._asked = asked
        self._language: str | None = None
        self._bytes = 0

    async def handle_event(self, event: Event) -> bool:
        if Transcribe.is_type(event.type):
            self._language = Transcribe.from_event(event).language
        elif AudioChunk.is_type(event.type):
            self._bytes += len(AudioChunk.from_event(event).audio)
        elif AudioStop.is_type(event.type):
            self._asked.append((self._language, self._bytes // 2))
            await self._answer(self)
        return True


@asynccontextmanager
async def recogniser(folder: Path, answer: Answer) -> AsyncIterator[tuple[str, list[tuple[str | None, int]]]]:
    asked: list[tuple[str | None, int]] = []
    uri = f"unix://{folder / 'asr.sock'}"
    server = AsyncServer.from_uri(uri)
    await server.start(partial(Recogniser, answer, asked))
    try:
        yield uri, asked
    finally:
        await server.stop()
        await asyncio.sleep(0)


def says(text: str, **data: object) -> Answer:
    async def answer(handler: AsyncEventHandler) -> None:
        await handler.write_event(Event(TranscriptEvent(text).event().type, {"text": text, **data}))

    return answer


async def test_the_transcript_comes_with_language_and_confidence(short_directory: Path) -> None:
    async with recogniser(short_directory, says(" 打开天窗。", language="zh", confidence=0.5)) as (
        uri,
        asked,
    ):
        heard = await Transcriber(uri).transcribe(SECOND, "zh")
    assert heard == Transcript("打开天窗。", "zh", 0.5)
    assert asked == [("zh", RATE)]


async def test_a_server_that_gives_nothing_but_text_will_do(short_directory: Path) -> None:
    async with recogniser(short_directory, says("hello")) as (uri, _):
        assert await Transcriber(uri, language="en").transcribe(SECOND) == Transcript("hello", "en", 1.0)


async def test_the_wake_phrase_is_not_part_of_the_wish(short_directory: Path) -> None:
    async with recogniser(short_directory, says("Hey Jarvis, stop.")) as (uri, _):
        heard = await Transcriber(uri, wake_phrases=["Hey Jarvis"]).transcribe(SECOND)
        whole = await Transcriber(uri, wake_phrases=["Hey Jarvis"]).transcribe_whole(SECOND)
    assert (heard.text, whole.text) == ("stop.", "Hey Jarvis, stop.")


async def test_long_sound_arrives_whole(short_directory: Path) -> None:
    async with recogniser(short_directory, says("")) as (uri, asked):
        await Transcriber(uri).transcribe(np.zeros(15 * RATE + 7, np.int16))
    assert asked == [(None, 15 * RATE + 7)]


async def falls_silent(handler: AsyncEventHandler) -> None:
    await asyncio.sleep(60)


async def hangs_up(handler: AsyncEventHandler) -> None:
    handler.writer.close()


async def reports_an_error(handler: AsyncEventHandler) -> None:
    await handler.write_event(Error(text="out of memory").event())


async def forgets_the_text(handler: AsyncEventHandler) -> None:
    await handler.write_event(Event("transcript", {}))


async def talks_nonsense(handler: AsyncEventHandler) -> None:
    handler.writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (falls_silent, "did not answer in time"),
        (hangs_up, "vanished"),
        (reports_an_error, "out of memory"),
        (forgets_the_text, "makes no sense"),
        (says("hello", confidence="very"), "makes no sense"),
        (talks_nonsense, "vanished"),
    ],
)
async def test_a_recogniser_that_fails_is_an_engine_error(
    short_directory: Path, answer: Answer, complaint: str
) -> None:
    async with recogniser(short_directory, answer) as (uri, _):
        with pytest.raises(EngineError, match=complaint):
            await Transcriber(uri, timeout=0.3).transcribe(SECOND)


@pytest.mark.parametrize("uri", ["unix:///nowhere/asr.sock", "tcp://127.0.0.1:1", "http://example", "tcp://nohost"])
async def test_a_recogniser_that_is_not_there_is_an_engine_error(uri: str) -> None:
    with pytest.raises(EngineError):
        await Transcriber(uri, timeout=2).transcribe(SECOND)


async def test_work_begins_at_the_pause_and_is_used_at_the_end(short_directory: Path) -> None:
    begun = asyncio.Event()

    async def notes_and_says_stop(handler: AsyncEventHandler) -> None:
        begun.set()
        await says("stop")(handler)

    async with recogniser(short_directory, notes_and_says_stop) as (uri, asked):
        transcriber = Transcriber(uri)
        assert transcriber.follow(PauseBegan(SECOND)) is None
        await begun.wait()
        finished = transcriber.follow(SpeechEnded(np.zeros(2 * RATE, np.int16), 1.0, 1.7))
        assert finished is not None
        assert (await finished.result()).text == "stop"
        assert asked == [(None, RATE)], "the utterance was transcribed once, without its last silence"


async def test_work_is_thrown_away_when_speech_goes_on(short_directory: Path) -> None:
    async with recogniser(short_directory, says("stop the music")) as (uri, asked):
        transcriber = Transcriber(uri)
        transcriber.follow(PauseBegan(SECOND))
        transcriber.follow(SpeechResumed())
        finished = transcriber.follow(SpeechEnded(np.zeros(2 * RATE, np.int16), 2.0, 2.7))
        assert finished is not None
        assert (await finished.result()).text == "stop the music"
        assert asked[-1] == (None, 2 * RATE)


async def test_the_text_is_given_early_and_again_at_the_end(short_directory: Path) -> None:
    early: list[str] = []
    given = asyncio.Event()

    def take(heard: Transcript) -> None:
        early.append(heard.text)
        given.set()

    async with recogniser(short_directory, says("stop")) as (uri, _):
        transcriber = Transcriber(uri)
        transcriber.follow(PauseBegan(SECOND), early=take)
        await given.wait()
        finished = transcriber.follow(SpeechEnded(SECOND, 1.0, 1.7))
        assert finished is not None
        assert (await finished.result()).text == "stop"
        assert early == ["stop"]


@pytest.mark.parametrize("answer", [falls_silent, hangs_up])
async def test_what_is_thrown_away_or_fails_is_not_given_early(short_directory: Path, answer: Answer) -> None:
    early: list[str] = []
    async with recogniser(short_directory, answer) as (uri, _):
        transcriber = Transcriber(uri)
        transcriber.follow(PauseBegan(SECOND), early=lambda heard: early.append(heard.text))
        await asyncio.sleep(0.1)
        transcriber.follow(SpeechResumed())
        await asyncio.sleep(0.01)
    assert early == []


async def test_nothing_said_leaves_no_work(short_directory: Path) -> None:
    async with recogniser(short_directory, falls_silent) as (uri, _):
        transcriber = Transcriber(uri)
        transcriber.follow(PauseBegan(SECOND))
        assert transcriber.follow(NothingSaid()) is None
        await asyncio.sleep(0.01)
        assert not [task for task in asyncio.all_tasks() if task.get_name() == "transcription"]


async def test_a_failure_that_nobody_waits_for_is_quiet(short_directory: Path) -> None:
    transcriber = Transcriber(f"unix://{short_directory / 'nobody'}")
    transcriber.follow(PauseBegan(SECOND))
    await asyncio.sleep(0.05)
    finished = transcriber.follow(SpeechEnded(SECOND, 1.0, 1.7))
    assert finished is not None
    with pytest.raises(EngineError):
        await finished.result()


CALLED = Called(np.ones(RATE // 2, np.int16), "Hey Jarvis", "en")


async def test_the_wake_word_goes_before_what_was_said_in_its_breath(short_directory: Path) -> None:
    events: list[Event] = []

    class Together(AsyncEventHandler):
        async def handle_event(self, event: Event) -> bool:
            events.append(event)
            if AudioStop.is_type(event.type):
                await self.write_event(Event("transcript", {"text": "Pay Jarvis, next song.", "together": True}))
            return True

    uri = f"unix://{short_directory / 'asr.sock'}"
    server = AsyncServer.from_uri(uri)
    await server.start(Together)
    try:
        heard = await Transcriber(uri).transcribe(SECOND, called=CALLED)
    finally:
        await server.stop()
    assert heard.text == "next song."
    assert [event.type for event in events] == ["transcribe", "called", "audio-start", "audio-chunk", "audio-stop"]
    assert events[1].data == {"language": "en"}
    assert events[1].payload == CALLED.audio.tobytes()


async def test_a_server_that_knows_nothing_of_wake_words_is_asked_once(short_directory: Path) -> None:
    async with recogniser(short_directory, says("next song.")) as (uri, asked):
        assert (await Transcriber(uri).transcribe(SECOND, called=CALLED)).text == "next song."
    assert asked == [(None, RATE)]


@pytest.mark.parametrize("together", ["The next song.", "Hey Jarvis."])
async def test_where_no_wake_word_is_heard_or_nothing_else_what_was_said_is_heard_alone(
    short_directory: Path, together: str
) -> None:
    answers = iter([says(together, together=True), says("Next song.")])

    async def one_after_the_other(handler: AsyncEventHandler) -> None:
        await next(answers)(handler)

    async with recogniser(short_directory, one_after_the_other) as (uri, asked):
        assert (await Transcriber(uri).transcribe(SECOND, called=CALLED)).text == "Next song."
    assert asked == [(None, RATE), (None, RATE)]

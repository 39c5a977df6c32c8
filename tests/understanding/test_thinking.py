"""The thinker's client against a socket that answers, answers nonsense, hangs, or hangs up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest
from codriver.engines.thinker.events import Embed, Embedded, ProposedCall, Ready, Think, Thought, Tools
from codriver.errors import EngineError
from codriver.understanding.thinking import LONGEST, Thinking
from wyoming.error import Error
from wyoming.event import Event, async_read_event, async_write_event

TOOLS = Tools("Be a car.", ())
READY = Ready(100, restored=True, milliseconds=5.0)
THOUGHT = Thought((ProposedCall("open_sunroof", {}, 0.9),), "", 0.9, 0.99)

type Answer = Callable[[Event, asyncio.StreamWriter], Awaitable[None]]


class Thinker:
    """A thinker on a unix socket whose answer to a sentence a test decides."""

    def __init__(self, socket: Path) -> None:
        self.uri = f"unix://{socket}"
        self.received: list[Event] = []
        self.answer: Answer = self.think
        self.connections: set[asyncio.Task[object]] = set()

    async def think(self, event: Event, writer: asyncio.StreamWriter) -> None:
        await async_write_event(THOUGHT.event(), writer)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.connections.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while event := await async_read_event(reader):
            self.received.append(event)
            if Tools.is_type(event.type):
                await async_write_event(READY.event(), writer)
            else:
                await self.answer(event, writer)


@pytest.fixture
async def thinker(short_directory: Path) -> AsyncIterator[Thinker]:
    thinker = Thinker(short_directory / "thinker")
    server = await asyncio.start_unix_server(thinker.serve, short_directory / "thinker")
    yield thinker
    server.close()
    for task in thinker.connections:
        task.cancel()
    await asyncio.gather(*thinker.connections, return_exceptions=True)


@pytest.fixture
async def thinking(thinker: Thinker) -> AsyncIterator[Thinking]:
    """A client that gives up after a moment."""
    client = Thinking(thinker.uri, TOOLS, timeout=0.5)
    yield client
    await client.close()


async def test_it_is_given_its_tools_once_and_then_sentences(thinker: Thinker, thinking: Thinking) -> None:
    assert await thinking.prepare() == READY
    assert await thinking.think("some sky please", most_calls=2) == THOUGHT
    assert await thinking.think("more sky") == THOUGHT
    tools, *sentences = thinker.received
    assert Tools.from_event(tools) == TOOLS
    assert [Think.from_event(event).text for event in sentences] == ["some sky please", "more sky"]
    assert [Think.from_event(event).most_calls for event in sentences] == [2, 3]
    assert {Think.from_event(event).longest_reply for event in sentences} == {0}


async def test_the_first_sentence_prepares_it(thinker: Thinker, thinking: Thinking) -> None:
    assert await thinking.think("some sky please") == THOUGHT
    assert len(thinker.received) == 2


async def test_a_long_sentence_is_cut(thinker: Thinker, thinking: Thinking) -> None:
    await thinking.think("x" * 100_000)
    assert Think.from_event(thinker.received[-1]).text == "x" * LONGEST


async def test_two_sentences_at_once_take_turns(thinker: Thinker, thinking: Thinking) -> None:
    assert tuple(await asyncio.gather(thinking.think("one"), thinking.think("two"))) == (THOUGHT, THOUGHT)


async def hang(event: Event, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def hang_up(event: Event, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def fail(event: Event, writer: asyncio.StreamWriter) -> None:
    await async_write_event(Error("out of memory").event(), writer)


async def babble(event: Event, writer: asyncio.StreamWriter) -> None:
    writer.write(b"no event at all\n")
    await writer.drain()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (hang, "did not answer in time"),
        (hang_up, "vanished|cannot be reached"),
        (fail, "failed: out of memory"),
        (babble, "vanished|cannot be reached"),
    ],
)
async def test_what_goes_wrong_is_told_and_the_next_sentence_works(
    thinker: Thinker, thinking: Thinking, answer: Answer, sentence: str
) -> None:
    thinker.answer = answer
    with pytest.raises(EngineError, match=sentence):
        await thinking.think("some sky please")
    thinker.answer = thinker.think
    assert await thinking.think("some sky please") == THOUGHT


async def test_an_answer_that_is_no_thought_is_told(thinker: Thinker, thinking: Thinking) -> None:
    async def greet(event: Event, writer: asyncio.StreamWriter) -> None:
        await async_write_event(Event("hello", {}), writer)

    thinker.answer = greet
    with pytest.raises(EngineError):
        await thinking.think("some sky please")


async def test_nobody_is_there(short_directory: Path) -> None:
    with pytest.raises(EngineError, match="cannot be reached"):
        await Thinking(f"unix://{short_directory / 'nobody'}", TOOLS).think("hello")


# Sentences as vectors


async def test_sentences_become_vectors_in_their_order(thinker: Thinker, thinking: Thinking) -> None:
    async def embed(event: Event, writer: asyncio.StreamWriter) -> None:
        rows = [[len(text), 1, 0] for text in Embed.from_event(event).texts]
        await async_write_event(Embedded(3, np.array(rows, dtype="<f4").tobytes()).event(), writer)

    thinker.answer = embed
    vectors = await thinking.embed(["sky", "more sky"])
    assert vectors.tolist() == [[3, 1, 0], [8, 1, 0]]
    assert vectors.dtype == np.dtype("float32")
    assert [event.type for event in thinker.received] == ["codriver-tools", "codriver-embed"]


@pytest.mark.parametrize(
    "answer", [Embedded(3, bytes(20)), Embedded(3, b""), Embedded(0, b""), Embedded(3, bytes(7)), THOUGHT]
)
async def test_vectors_that_make_no_sense_are_told(
    thinker: Thinker, thinking: Thinking, answer: Embedded | Thought
) -> None:
    async def babble(event: Event, writer: asyncio.StreamWriter) -> None:
        await async_write_event(answer.event(), writer)

    thinker.answer = babble
    with pytest.raises(EngineError, match="makes no sense"):
        await thinking.embed(["some sky please", "more sky"])


async def test_the_tools_that_come_into_question_are_sent(thinker: Thinker, thinking: Thinking) -> None:
    await thinking.think("some sky please", among=["open_sunroof", "sunshade"])
    assert Think.from_event(thinker.received[-1]).among == ("open_sunroof", "sunshade")

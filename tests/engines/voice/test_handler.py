from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from codriver.engines.voice.handler import VoiceHandler
from codriver.engines.voice.synthesizer import Samples, UnknownVoiceError
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize, SynthesizeVoice


class Hummer:
    """Hums a tenth of a second for each word, and notes what it hummed."""

    name = "hummer"
    rate = 16_000
    default_voice = "low"
    voices: Sequence[tuple[str, str]] = (("low", "en"), ("high", "en"))

    def __init__(self) -> None:
        self.made: list[tuple[str, str]] = []

    def speak(self, text: str, voice: str) -> Iterator[Samples]:
        if voice not in dict(self.voices):
            raise UnknownVoiceError(f"no {voice}")
        for word in text.split():
            if word == "crash":
                raise RuntimeError(word)
            self.made.append((voice, word))
            yield np.sin(np.arange(1600) / 10).astype(np.float32)


@asynccontextmanager
async def serving(model: Hummer, path: Path) -> AsyncIterator[AsyncClient]:
    busy = asyncio.Lock()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await VoiceHandler(reader, writer, model=model, busy=busy).run()

    server = await asyncio.start_unix_server(serve, path)
    async with AsyncClient.from_uri(f"unix://{path}", read_timeout=10) as client:
        yield client
    server.close()


async def answer(client: AsyncClient) -> list[Event]:
    events: list[Event] = []
    while not events or not (AudioStop.is_type(events[-1].type) or Error.is_type(events[-1].type)):
        event = await client.read_event()
        assert event is not None
        events.append(event)
    return events


async def test_speech_is_a_start_chunks_and_a_stop(tmp_path: Path) -> None:
    async with serving(Hummer(), tmp_path / "s") as client:
        await client.write_event(Synthesize("one two").event())
        start, *chunks, _ = await answer(client)
    assert AudioStart.from_event(start).rate == 16_000
    sound = b"".join(AudioChunk.from_event(chunk).audio for chunk in chunks)
    # Two words of 0.1 s, and 0.2 s of silence behind each.
    assert len(sound) == 2 * 16_000 * 6 // 10


async def test_the_voice_that_is_asked_for_speaks(tmp_path: Path) -> None:
    model = Hummer()
    async with serving(model, tmp_path / "s") as client:
        for voice in (None, SynthesizeVoice(name="high"), SynthesizeVoice(language="en")):
            await client.write_event(Synthesize("one", voice).event())
            await answer(client)
    assert model.made == [("low", "one"), ("high", "one"), ("low", "one")]


async def test_after_an_unknown_voice_and_a_crash_the_next_sentence_is_spoken(
    tmp_path: Path,
) -> None:
    async with serving(Hummer(), tmp_path / "s") as client:
        await client.write_event(Synthesize("one", SynthesizeVoice(name="gone")).event())
        (unknown,) = await answer(client)
        await client.write_event(Synthesize("crash").event())
        (crash,) = await answer(client)
        await client.write_event(Synthesize("one").event())
        assert AudioStop.is_type((await answer(client))[-1].type)
    assert Error.from_event(unknown).code == "unknown-voice"
    assert Error.from_event(crash).code == "model"


async def test_text_without_speech_is_a_start_and_a_stop(tmp_path: Path) -> None:
    async with serving(Hummer(), tmp_path / "s") as client:
        await client.write_event(Synthesize("  ").event())
        events = await answer(client)
    assert AudioStart.is_type(events[0].type)
    assert AudioStop.is_type(events[-1].type)


async def test_a_client_that_leaves_ends_the_work(tmp_path: Path) -> None:
    model = Hummer()
    async with serving(model, tmp_path / "s") as client:
        await client.write_event(Synthesize("word " * 5000).event())
        await client.read_event()
        await client.disconnect()
        made = -1
        while made != len(model.made):
            made = len(model.made)
            await asyncio.sleep(0.3)
    assert made < 5000


async def test_it_says_what_it_can(tmp_path: Path) -> None:
    async with serving(Hummer(), tmp_path / "s") as client:
        await client.write_event(Describe().event())
        event = await client.read_event()
    assert event is not None
    (program,) = Info.from_event(event).tts
    assert [(voice.name, voice.languages) for voice in program.voices] == [("low", ["en"]), ("high", ["en"])]

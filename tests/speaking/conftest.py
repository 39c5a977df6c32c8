"""A Wyoming TTS server whose voice is a short beep, so that what the client does can be watched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.tts import Synthesize

RATE = 16_000


class BeepServer:
    """Says each text as one chunk of 100 samples. ``hold`` keeps it from answering the n-th text."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.asked: list[str] = []
        self.voices: list[str | None] = []
        self.answer: Callable[[Synthesize, asyncio.StreamWriter], Awaitable[None]] = self.beep
        self.gone = asyncio.Event()

    async def beep(self, request: Synthesize, writer: asyncio.StreamWriter) -> None:
        await async_write_event(AudioStart(rate=RATE, width=2, channels=1).event(), writer)
        chunk = AudioChunk(rate=RATE, width=2, channels=1, audio=b"\x10\x00" * 100)
        await async_write_event(chunk.event(), writer)
        await async_write_event(AudioStop().event(), writer)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (event := await self._read(reader)) is not None:
                request = Synthesize.from_event(event)
                self.asked.append(request.text)
                self.voices.append(request.voice.name if request.voice else None)
                await self.answer(request, writer)
        except ConnectionError:
            pass
        finally:
            self.gone.set()
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Event | None:
        return await async_read_event(reader)


@asynccontextmanager
async def beeping(directory: Path, name: str = "voice") -> AsyncIterator[BeepServer]:
    path = directory / f"{name}.sock"
    beeper = BeepServer(f"unix://{path}")
    server = await asyncio.start_unix_server(beeper.serve, path)
    try:
        yield beeper
    finally:
        server.close()


@pytest.fixture
async def beeper(tmp_path: Path) -> AsyncIterator[BeepServer]:
    async with beeping(tmp_path) as server:
        yield server

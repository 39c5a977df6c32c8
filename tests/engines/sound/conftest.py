"""A sound process as the daemon starts it, on a sound card of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from codriver.engines.sound.events import MicrophoneState, MicrophoneStatus
from codriver.engines.supervisor import Engine, EngineCommand
from codriver.hearing.audio import Samples
from codriver.hearing.microphone import Microphone
from codriver.speaking.loudspeaker import SoundLoudspeaker
from codriver.speaking.voice import AudioBlock
from codriver.turn import Zone
from codriver.workshop.sound_card import SoundCard

PATIENCE = 20.0
VOICE_RATE = 22_050


@dataclass
class Rig:
    """A running sound process, what it runs on, and what was heard so far."""

    card: SoundCard
    engine: Engine
    microphone: Microphone
    heard: dict[Zone, list[Samples]] = field(default_factory=dict)
    statuses: list[MicrophoneStatus] = field(default_factory=list)

    @property
    def uri(self) -> str:
        return self.engine.uri

    def sound(self, zone: Zone = "driver") -> Samples:
        """Everything that was heard in a zone."""
        return np.concatenate([np.empty(0, np.int16), *self.heard.get(zone, [])])

    def loudspeaker(self) -> SoundLoudspeaker:
        return SoundLoudspeaker(self.uri)

    async def hear(self) -> None:
        async for zone, frame in self.microphone.frames():
            self.heard.setdefault(zone, []).append(frame)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():  # noqa: ASYNC110 - sound comes of itself
                await asyncio.sleep(0.02)

    async def until_state(self, state: MicrophoneState) -> None:
        await self.until(lambda: self.microphone.state is state)

    async def more(self, seconds: float = 0.3) -> None:
        """Wait until so much more was heard."""
        before = sum(map(len, self.heard.values()))
        await self.until(lambda: sum(map(len, self.heard.values())) > before + 100 * seconds)


@asynccontextmanager
async def rig(*arguments: str, rate: int = 48_000, channels: int = 1, card_starts: bool = True) -> AsyncIterator[Rig]:
    """Run a sound process with these arguments, and listen to it."""
    async with AsyncExitStack() as life:
        folder = Path(life.enter_context(TemporaryDirectory(prefix="codriver-")))
        card = SoundCard(folder, rate, channels)
        life.push_async_callback(card.kill)
        if card_starts:
            await card.start()
        uri = f"unix://{folder}/sound"
        patch = life.enter_context(pytest.MonkeyPatch.context())
        for name, value in card.environment.items():
            patch.setenv(name, value)
        command = (sys.executable, "-m", "codriver.engines.sound", "--uri", uri, "--exit-with-parent", *arguments)
        engine = Engine(EngineCommand("sound", command, uri))
        engine.start()
        life.push_async_callback(engine.stop)
        await engine.ready(PATIENCE)
        running = Rig(card, engine, Microphone(uri))
        running.microphone.on_status = running.statuses.append
        hearing = asyncio.create_task(running.hear())
        try:
            yield running
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)


def tone(seconds: float, hertz: float = 440.0, rate: int = VOICE_RATE, loudness: float = 8_000.0) -> Samples:
    wave = loudness * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return wave.astype(np.int16)


async def blocks(sound: Samples, rate: int = VOICE_RATE) -> AsyncIterator[AudioBlock]:
    for begin in range(0, len(sound), 1024):
        yield AudioBlock(sound[begin : begin + 1024].tobytes(), rate)

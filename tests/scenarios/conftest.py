"""One running codriver for all spoken scenarios: real bus, car in fast time, player, engines and samples."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from codriver.acting.bus import Bus
from codriver.acting.navigator import NAVIGATION
from codriver.app import App
from codriver.config import Configuration
from codriver.engines.fleet import TRANSCRIBER, Fleet, assemble
from codriver.engines.models import Store, default_root
from codriver.hearing.audio import Samples, frames, read_wav
from codriver.hearing.transcription import Transcriber
from codriver.services.navigation.maps import Library
from codriver.services.navigation.maps.building import build
from codriver.speaking.loudspeaker import WavLoudspeaker
from codriver.trace import Trace
from codriver.turn import Transcript, Zone
from codriver.workshop import parts
from codriver.workshop.samples import Sample, render, sample_list, samples_directory
from codriver.workshop.sandbox import SIMULATOR

MORE_SAMPLES = (
    Sample(
        id="en-model",
        language="en",
        text="I'd love it if the temperature were twenty-five degrees",
        engine="kokoro",
        voice="af_bella",
    ),
    Sample(
        id="zh-model",
        language="zh",
        text="我希望车里面的温度能是二十五度",
        engine="kokoro",
        voice="zm_yunxi",
    ),
)
"""Sentences that no template has, so that they go to the language model."""

type Instruction = tuple[str, dict[str, Any]]
"""What the navigation had to say: its words, and the details of the manoeuvre."""


class Unwatched:
    """Nobody who watches a map being built."""

    def begins(self, what: str) -> None:
        """Hear what is done now."""

    def counts(self, done: int) -> None:
        """Hear how much was done."""


@dataclass
class Recorder:
    """Makes a loudspeaker for each answer that writes a WAV file of its own."""

    folder: Path
    count: int = 0
    texts: list[str] = field(default_factory=list)

    def __call__(self, trace: Trace) -> WavLoudspeaker:
        self.count += 1
        self.texts.append(trace.answer.text)
        return WavLoudspeaker(self.last)

    @property
    def last(self) -> Path:
        return self.folder / f"{self.count}.wav"


@dataclass(frozen=True)
class Codriver:
    """The running app, with what tests need to drive it and to see what it did."""

    app: App
    fleet: Fleet
    control: Bus
    player: parts.DemoPlayer
    samples: Mapping[str, Path]
    recorder: Recorder
    instructions: list[Instruction]

    async def hear(self, sound: Iterable[Samples], zone: Zone = "driver") -> list[Trace]:
        async with aclosing(self.app.hear(frames(sound), zone)) as traces:
            return [trace async for trace in traces]

    async def hear_sample(self, name: str) -> Trace:
        [trace] = await self.hear(self.sound(name))
        return trace

    def sound(self, *names: str) -> Iterable[Samples]:
        for name in names:
            yield from read_wav(self.samples[name])

    @property
    def answer(self) -> Samples:
        """The sound of the last answer."""
        return np.concatenate(list(read_wav(self.recorder.last)))

    async def listen_to(self, sound: Samples, language: str) -> Transcript:
        return await Transcriber(self.fleet.uris[TRANSCRIBER], timeout=60).transcribe(sound, language)

    async def force(self, **signals: Any) -> None:
        await self.control.call(SIMULATOR, "Force", signals)

    async def actuators(self) -> dict[str, Any]:
        await self.control.call(SIMULATOR, "Settle")
        [values] = await self.control.call(SIMULATOR, "Actuators")
        return dict(values)

    def send(self, engine: str, number: signal.Signals) -> None:
        pid = self.fleet.engines[engine].pid
        assert pid is not None
        os.kill(pid, number)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Codriver]:
    config = Configuration()
    store = Store(default_root())
    samples = await render((*sample_list("scenario"), *MORE_SAMPLES), samples_directory(), store)
    answers, maps = tmp_path_factory.mktemp("answers"), tmp_path_factory.mktemp("maps")
    build([store.path("map-helsinki") / "helsinki.osm.pbf"], Library(maps), "helsinki", Unwatched())
    with tempfile.TemporaryDirectory(prefix="codriver-") as name:
        folder = Path(name)
        fleet = assemble(config, store, folder)
        async with (
            parts.private_bus(folder) as address,
            parts.simulated_car(address, pace=50),
            parts.navigation(address, maps, folder / "state"),
            parts.demo_player(address, folder) as player,
            Bus(address) as control,
            App(config, fleet, Bus(address), recorder := Recorder(answers)) as app,
        ):
            heard: list[Instruction] = []
            await control.subscribe(NAVIGATION, "Instruction", lambda signal: heard.append((*signal.args,)))
            yield Codriver(app, fleet, control, player, samples, recorder, heard)


@pytest_asyncio.fixture(loop_scope="session")
async def codriver(running: Codriver) -> Codriver:
    """The running codriver, with the car at rest, the player at its start, and no question open."""
    await running.fleet.ready()
    await running.control.call(SIMULATOR, "Reset")
    await running.player.reset()
    await running.control.call(NAVIGATION, "Stop")
    running.instructions.clear()
    running.app.forget()
    return running

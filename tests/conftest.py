"""Fixtures with real parts: a private bus, and the simulated car on it in fast time."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soxr
from codriver.acting.bus import Bus
from codriver.engines.models import Store, default_root
from codriver.hearing.audio import RATE, Samples
from codriver.workshop import parts
from codriver.workshop.sound_card import SoundCard
from codriver.workshop.sound_card import sound_card as sound_card_in

type Say = Callable[[str], Samples]


@pytest.fixture(scope="session")
def say() -> Say:
    """A person who says what is written, each time alike: int16 mono 16 kHz, without silence around it."""
    from piper import PiperVoice, SynthesisConfig

    alike = SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0)
    voice = PiperVoice.load(str(Store(default_root()).path("piper-en_US-joe-medium") / "en_US-joe-medium.onnx"))
    said: dict[str, Samples] = {}

    def speak(text: str) -> Samples:
        if text not in said:
            chunks = list(voice.synthesize(text, alike))
            sound = np.concatenate([chunk.audio_float_array for chunk in chunks])
            said[text] = (soxr.resample(sound, chunks[0].sample_rate, RATE) * 16_000).astype(np.int16)
        return said[text]

    return speak


@pytest.fixture
def short_directory() -> Iterator[Path]:
    """A fresh directory whose path is short enough for sockets in it."""
    with tempfile.TemporaryDirectory(prefix="codriver-") as name:
        yield Path(name)


@pytest.fixture(scope="session", autouse=True)
def no_intents_of_the_developer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of user files of the tests' own, empty, for XDG_CONFIG_HOME; and one for XDG_STATE_HOME."""
    with pytest.MonkeyPatch.context() as environment:
        folder = tmp_path_factory.mktemp("config")
        environment.setenv("XDG_CONFIG_HOME", str(folder))
        environment.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield folder


@pytest.fixture
async def private_bus(short_directory: Path) -> AsyncIterator[str]:
    """The address of a real D-Bus daemon of this test's own."""
    async with parts.private_bus(short_directory) as address:
        yield address


@pytest.fixture
async def sound_card(short_directory: Path) -> AsyncIterator[SoundCard]:
    """A sound card of this test's own, for the processes that are given its environment."""
    async with sound_card_in(short_directory) as card:
        yield card


@pytest.fixture
async def vehicle_service(private_bus: str) -> AsyncIterator[str]:
    """The address of a bus with codriver-vehicle on it, fifty times as fast as the world."""
    async with parts.simulated_car(private_bus, pace=50):
        yield private_bus


@pytest.fixture
async def fragrance_service(private_bus: str) -> AsyncIterator[str]:
    """The address of a bus with the fragrance dispenser of ``tests/fragrance`` on it."""
    program = Path(__file__).parent / "fragrance" / "service.py"
    process = await asyncio.create_subprocess_exec(
        sys.executable, program, env=os.environ | {"DBUS_SESSION_BUS_ADDRESS": private_bus}
    )
    there = asyncio.Event()
    try:
        async with Bus(private_bus) as bus:
            await bus.watch_owner("org.example.Fragrance1", lambda owner: there.set() if owner else None)
            await asyncio.wait_for(there.wait(), 10)
            yield private_bus
    finally:
        process.kill()
        await process.wait()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the thinker's tests to a run of their own, ``pytest tests/engines/thinker``.

    llama.cpp and the voice detector each bring a ggml library and a C++ runtime, and a process takes only one of
    them: the daemon never has both, and a test run must not either.
    """
    asked_for = any("thinker" in argument for argument in config.args)
    return True if collection_path.name == "thinker" and not asked_for else None

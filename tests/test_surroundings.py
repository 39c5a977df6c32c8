"""What stands around a running daemon is as the configuration says, also after SIGHUP."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from blockbuster import blockbuster_ctx
from codriver.config import Configuration, load_configuration
from codriver.engines.fleet import Fleet
from codriver.errors import CodriverError, ConfigurationError
from codriver.hearing.audio import Samples
from codriver.surroundings import surroundings
from codriver.trace import Trace

from .controls.fakes import FakeAssistant


class App:
    """Takes configurations, and what it is told to say."""

    def __init__(self, config: Configuration) -> None:
        self.config = config
        self.turns: list[Trace] = []
        self.on_turn: Callable[[Trace], None] = self.turns.append
        self.on_speech: Callable[[Samples], None] = lambda audio: None
        self.told: asyncio.Queue[str] = asyncio.Queue()
        self.adopted: asyncio.Queue[Configuration] = asyncio.Queue()

    async def adopt(self, config: Configuration) -> None:
        if config.intents:
            raise ConfigurationError("No such folder.")
        self.config = config
        self.adopted.put_nowait(config)

    def tell(self, key: str) -> None:
        self.told.put_nowait(key)


class World:
    """An assistant with its surroundings, and the file of its configuration."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "codriver.toml"
        self.file.write_text("")
        self.assistant = FakeAssistant()
        self.faults: asyncio.Queue[CodriverError] = asyncio.Queue()

    def configure(self, text: str) -> App:
        self.file.write_text(text)
        self.app = App(load_configuration(self.file))
        return self.app

    async def reload(self, text: str) -> None:
        self.file.write_text(text)
        os.kill(os.getpid(), signal.SIGHUP)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("STATE_DIRECTORY", f"{tmp_path / 'state'}:/elsewhere")
    return World(tmp_path)


async def test_turns_are_kept_beside_what_was_told_of_them_before(world: World, tmp_path: Path) -> None:
    app = world.configure(f'[traces]\ndirectory = "{tmp_path}/turns"\n')
    async with surroundings(world.file, world.assistant, app, Fleet({}, {}), world.faults.put_nowait):
        app.on_turn(Trace("driver"))
    assert len(app.turns) == 1
    assert (tmp_path / "turns" / "turns.jsonl").read_text().count("\n") == 1


async def test_at_sighup_metrics_begin_and_end(world: World, tmp_path: Path) -> None:
    app, address = world.configure(""), tmp_path / "metrics"
    async with surroundings(world.file, world.assistant, app, Fleet({}, {}), world.faults.put_nowait):
        await world.reload(f'[metrics]\nlisten = "unix:{address}"\n')
        await asyncio.wait_for(app.adopted.get(), 5)
        async with asyncio.timeout(5):
            while not address.exists():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await world.reload("")
        async with asyncio.timeout(5):
            while address.exists():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert world.faults.empty()
    assert world.assistant.watchers == []


async def test_a_file_that_is_wrong_is_told_and_changes_nothing(world: World) -> None:
    app = world.configure("")
    async with surroundings(world.file, world.assistant, app, Fleet({}, {}), world.faults.put_nowait):
        for text, sentence in (
            ("[hearing]\nsilense = 1\n", "there is no such key"),
            ('intents = ["/nowhere"]\n', "No such folder."),
            ('languages = ["zh"]\n', "need a restart of codriver: languages"),
        ):
            await world.reload(text)
            assert sentence in str(await asyncio.wait_for(world.faults.get(), 5))
    assert app.config == Configuration()


async def test_buttons_and_lights_are_made_anew(world: World, caplog: pytest.LogCaptureFixture) -> None:
    app = world.configure("")
    async with surroundings(world.file, world.assistant, app, Fleet({}, {}), world.faults.put_nowait):
        with caplog.at_level(logging.WARNING):
            await world.reload('[[controls.lights]]\nkind = "led"\nname = "no such led"\n')
            async with asyncio.timeout(5):
                while "no LED 'no such led'" not in caplog.text:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)


async def test_recordings_are_announced_and_kept_and_end_when_they_are_switched_off(
    world: World, tmp_path: Path
) -> None:
    app = world.configure("[debug]\nkeep_audio = true\n")
    folder = tmp_path / "state" / "recordings"
    async with surroundings(world.file, world.assistant, app, Fleet({}, {}), world.faults.put_nowait):
        assert await asyncio.wait_for(app.told.get(), 5) == "recording"
        app.on_speech(np.zeros(1600, np.int16))
        await world.reload("")
        await asyncio.wait_for(app.adopted.get(), 5)
        async with asyncio.timeout(5):
            while not list(folder.glob("*.wav")):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        app.on_speech(np.zeros(1600, np.int16))
    assert len(list(folder.glob("*.wav"))) == 1


async def test_by_default_nothing_is_recorded(world: World, tmp_path: Path) -> None:
    app = world.configure("")
    async with surroundings(world.file, world.assistant, app, Fleet({}, {}), world.faults.put_nowait):
        app.on_speech(np.zeros(1600, np.int16))
        app.on_turn(Trace("driver"))
    assert app.told.empty()
    assert not (tmp_path / "state").exists()


async def test_a_muted_microphone_stays_muted(world: World) -> None:
    for _ in range(2):
        app = world.configure("")
        async with surroundings(world.file, world.assistant, app, Fleet({}, {}), world.faults.put_nowait):
            world.assistant.muted = True
        world.assistant = FakeAssistant()
    async with surroundings(world.file, world.assistant, app, Fleet({}, {}), world.faults.put_nowait):
        assert world.assistant.muted


async def test_nothing_of_it_blocks_the_loop(world: World, tmp_path: Path) -> None:
    led = tmp_path / "status"
    led.mkdir()
    for name, text in (("trigger", "none"), ("max_brightness", "255"), ("brightness", "0")):
        (led / name).write_text(text)
    app = world.configure(
        f'[traces]\ndirectory = "{tmp_path}/turns"\n[metrics]\nlisten = "unix:{tmp_path}/metrics"\n'
        f'[[controls.lights]]\nname = "{led}"\n[[controls.buttons]]\nkey = "KEY_VOICECOMMAND"\n'
        '[[controls.buttons]]\nline = "GPIO17"\n[debug]\nkeep_audio = true\n'
    )
    with blockbuster_ctx():
        async with surroundings(world.file, world.assistant, app, Fleet({}, {}), world.faults.put_nowait):
            for state in ("listening", "thinking", "muted"):
                world.assistant.become(state)
                await asyncio.sleep(0.1)
            world.assistant.muted = True
            app.on_turn(Trace("driver"))
            app.on_speech(np.zeros(1600, np.int16))
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.sleep(0.3)

"""Engines behind sockets that are held open for them: by systemd's own tool, and by one that starts them again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from codriver.engines.activated import ActivatedEngine, socket_unit
from codriver.engines.supervisor import EngineCommand
from codriver.errors import EngineError
from wyoming.client import AsyncClient
from wyoming.info import Describe

from .activation import Activated, activated, until

ENGINE = (sys.executable, "-m", "codriver.engines", "voice-en")


@pytest.fixture
async def voice(short_directory: Path) -> AsyncIterator[Activated]:
    async with activated(short_directory / "voice-en", ENGINE) as program:
        yield program


@pytest.fixture
async def engine(voice: Activated) -> AsyncIterator[ActivatedEngine]:
    """The daemon's view of it."""
    engine = ActivatedEngine(EngineCommand("voice-en", (), f"unix://{voice.path}"), longest_wait=0.1)
    engine.start()
    yield engine
    await engine.stop()


async def says_what_it_is(path: Path) -> str:
    async with AsyncClient.from_uri(f"unix://{path}") as client:
        await client.write_event(Describe().event())
        event = await asyncio.wait_for(client.read_event(), 60)
        return event.type if event else "nothing"


@pytest.mark.models
async def test_an_engine_takes_the_socket_that_systemd_passes_and_leaves_it_there(short_directory: Path) -> None:
    path = short_directory / "voice-en"
    environment = (f"--setenv={name}={value}" for name, value in os.environ.items())
    listener = await asyncio.create_subprocess_exec(
        *("systemd-socket-activate", "--listen", str(path), *environment, *ENGINE), stderr=subprocess.DEVNULL
    )
    await until(path.is_socket)
    assert await says_what_it_is(path) == "info"
    listener.terminate()
    assert await listener.wait() == 0
    assert path.is_socket()


@pytest.mark.models
async def test_it_begins_when_it_is_first_spoken_to_and_comes_back_behind_the_same_socket(
    voice: Activated, engine: ActivatedEngine
) -> None:
    await engine.ready()
    assert voice.process
    voice.process.send_signal(signal.SIGSEGV)
    await voice.process.wait()
    assert await says_what_it_is(voice.path) == "info"  # who knocks while it is dead is answered by the next
    await engine.ready()
    assert (voice.starts, engine.restarts) == (2, 1)


async def test_one_that_takes_calls_and_does_not_answer_is_not_ready(short_directory: Path) -> None:
    async with activated(short_directory / "deaf", (sys.executable, "-S", "-c", "import time; time.sleep(60)")):
        engine = ActivatedEngine(EngineCommand("deaf", (), f"unix://{short_directory}/deaf"))
        engine.start()
        with pytest.raises(EngineError, match="did not start within 0 seconds"):
            await engine.ready(timeout=0.3)
        await engine.stop()


async def test_a_socket_that_is_gone_is_looked_for_until_it_is_there(short_directory: Path) -> None:
    engine = ActivatedEngine(EngineCommand("voice-en", (), f"unix://{short_directory}/late"), longest_wait=0.05)
    engine.start()
    await until(lambda: engine.restarts >= 2)
    async with activated(short_directory / "late", (sys.executable, "-S", "-c", "import time; time.sleep(60)")) as late:
        await until(lambda: late.starts > 0)
        await engine.stop()


@pytest.mark.parametrize(
    ("arguments", "config", "sentence"),
    [
        (("voice-tlh",), "", "the engine voice-tlh is not wanted"),
        (("transcriber",), '[transcribing]\nuri = "tcp://10.0.0.2:10300"', "is at tcp://10.0.0.2:10300"),
        (("transcriber",), "[transcribing]\nmodel = 7", "codriver.toml:2"),
    ],
    ids=["unknown", "elsewhere", "wrong-configuration"],
)
def test_an_engine_that_cannot_be_run_says_why_and_is_not_tried_again(
    tmp_path: Path, arguments: tuple[str, ...], config: str, sentence: str
) -> None:
    file = tmp_path / "codriver.toml"
    file.write_text(config)
    command = (sys.executable, "-m", "codriver.engines", *arguments, "--config", str(file))
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == os.EX_CONFIG
    [line] = ended.stderr.splitlines()
    assert sentence in line


def test_a_daemon_that_cannot_start_says_why_and_is_not_tried_again(tmp_path: Path) -> None:
    file = tmp_path / "codriver.toml"
    file.write_text("[thinking]\nmodel = 7\n")
    command = (Path(sys.executable).with_name("codriver"), "run", "--config", file)
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == os.EX_CONFIG
    assert f"{file}:2" in ended.stderr


@pytest.mark.parametrize(
    ("engine", "unit"),
    [("transcriber", "codriver-transcriber.socket"), ("voice-zh", "codriver-voice@zh.socket")],
)
def test_the_unit_of_a_socket_is_named(engine: str, unit: str) -> None:
    assert socket_unit(engine) == unit

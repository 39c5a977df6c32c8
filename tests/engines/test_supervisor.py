"""Engines as real processes that start, die, and come back."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from codriver.engines.supervisor import Engine, EngineCommand
from codriver.errors import EngineError

LISTENS = """
import os, socket, sys
path = sys.argv[1]
if os.path.exists(path):
    os.unlink(path)
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen()
while True:
    server.accept()[0].close()
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + LISTENS
SLEEPS = "import time; time.sleep(60)"
DIES = "raise SystemExit(3)"
_PATIENCE = 20.0

type Make = Callable[..., Engine]


@pytest.fixture
async def make(short_directory: Path) -> AsyncIterator[Make]:
    """Makes engines that run a script, and stops them after the test."""
    engines: list[Engine] = []

    def make(script: str, longest_wait: float = 0.1) -> Engine:
        socket = short_directory / f"{len(engines)}.socket"
        arguments = (sys.executable, "-S", "-c", script, str(socket))
        engine = Engine(EngineCommand("tiny", arguments, f"unix://{socket}"), longest_wait)
        engines.append(engine)
        return engine

    yield make
    for engine in engines:
        await engine.stop()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not true():  # noqa: ASYNC110  (a process that dies sets no event)
            await asyncio.sleep(0.01)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_an_engine_that_was_not_started_has_no_process(make: Make) -> None:
    engine = make(LISTENS)
    assert (engine.pid, engine.restarts, engine.name) == (None, 0, "tiny")


async def test_ready_means_that_it_answers(make: Make) -> None:
    engine = make(LISTENS)
    engine.start()
    await engine.ready(_PATIENCE)
    assert engine.pid is not None
    _, writer = await asyncio.open_unix_connection(engine.uri.removeprefix("unix://"))
    writer.close()
    await writer.wait_closed()


async def test_a_killed_engine_is_started_again_and_is_ready_again(make: Make) -> None:
    engine = make(LISTENS)
    engine.start()
    await engine.ready(_PATIENCE)
    first = engine.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: engine.restarts == 1)
    await engine.ready(_PATIENCE)
    assert engine.pid not in (None, first)
    assert not lives(first)


async def test_an_engine_that_is_gone_is_not_ready(make: Make) -> None:
    engine = make(LISTENS, longest_wait=60.0)
    engine.start()
    await engine.ready(_PATIENCE)
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    await until(lambda: engine.restarts == 1)
    with pytest.raises(EngineError):
        await engine.ready(0.01)
    await engine.ready(_PATIENCE)


async def test_one_that_keeps_dying_is_started_ever_more_slowly(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    engine = make(DIES, longest_wait=0.6)
    engine.start()
    await until(lambda: engine.restarts >= 4)
    await engine.stop()
    waits = [getattr(record, "restart_in", None) for record in caplog.records if record.msg == "Engine died"]
    assert waits[:4] == [0.25, 0.5, 0.6, 0.6]
    assert {getattr(record, "exit_status", None) for record in caplog.records} == {3}


async def test_one_that_never_answers_is_reported(make: Make) -> None:
    engine = make(SLEEPS)
    engine.start()
    with pytest.raises(EngineError, match="The tiny engine did not start within"):
        await engine.ready(0.3)


async def test_who_is_in_a_hurry_does_not_wait_for_another_start(make: Make) -> None:
    dying, well = make(DIES), make(LISTENS)
    dying.start()
    well.start()
    with pytest.raises(EngineError, match="The tiny engine ended before it answered"):
        await dying.ready(_PATIENCE, patient=False)
    await well.ready(_PATIENCE, patient=False)


@pytest.mark.parametrize("script", [LISTENS, STUBBORN], ids=["gently", "by force"])
async def test_stop_ends_the_process(make: Make, script: str) -> None:
    engine = make(script)
    engine.start()
    await engine.ready(_PATIENCE)
    pid = engine.pid
    assert pid is not None
    await engine.stop()
    assert engine.pid is None
    assert not lives(pid)
    await engine.stop()


async def test_stop_while_it_waits_to_start_again(make: Make) -> None:
    engine = make(DIES, longest_wait=60.0)
    engine.start()
    await until(lambda: engine.restarts == 1)
    await engine.stop()
    assert engine.pid is None


async def test_stop_before_start_does_nothing(make: Make) -> None:
    await make(LISTENS).stop()


async def test_a_program_that_is_missing_is_reported(short_directory: Path) -> None:
    engine = Engine(EngineCommand("tiny", ("/no/such/program",), f"unix://{short_directory / 's'}"))
    engine.start()
    with pytest.raises(EngineError):
        await engine.ready(0.2)
    await engine.stop()

"""The daemon from its start to its end as systemd sees it, with engines behind held sockets and a real sound server."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from codriver.acting.bus import Bus
from codriver.engines.models import Store, default_root
from codriver.services.assistant import ASSISTANT
from codriver.workshop import parts
from codriver.workshop.samples import render, sample_list, samples_directory
from codriver.workshop.sound_card import SoundCard, sound_card

from tests.running.test_daemon import children_of

from .activation import Activated, activated

pytestmark = [pytest.mark.models, pytest.mark.asyncio(loop_scope="module")]

ENGINES = ("sound", "transcriber", "voice-en")
WATCHDOG_SECONDS = 3.0


@dataclass(frozen=True)
class Board:
    """A machine on which everything runs but the daemon."""

    folder: Path
    address: str
    card: SoundCard
    engines: dict[str, Activated]

    @property
    def config(self) -> Path:
        return self.folder / "codriver.toml"

    @asynccontextmanager
    async def daemon(self) -> AsyncIterator[Daemon]:
        """Run the daemon, and listen to what it tells systemd."""
        notify = self.folder / "notify"
        notify.unlink(missing_ok=True)
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as channel:
            channel.bind(str(notify))
            channel.setblocking(False)
            environment = {
                "CODRIVER_ENGINES": str(self.folder),
                "NOTIFY_SOCKET": str(notify),
                "RUNTIME_DIRECTORY": str(self.folder / "run"),
                "WATCHDOG_USEC": f"{WATCHDOG_SECONDS * 1e6:.0f}",
            }
            process = await asyncio.create_subprocess_exec(
                *(Path(sys.executable).with_name("codriver"), "run", "--config", self.config),
                env=os.environ | environment,
                stderr=subprocess.DEVNULL,
            )
            try:
                yield Daemon(process, channel)
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


@dataclass(frozen=True)
class Daemon:
    """A running daemon."""

    process: asyncio.subprocess.Process
    told: socket.socket

    async def tells(self, fact: str) -> list[str]:
        """Wait until systemd is told a fact, and give all that it was told up to that."""
        facts: list[str] = []
        async with asyncio.timeout(180):
            while fact not in facts:
                facts += (await asyncio.get_running_loop().sock_recv(self.told, 4096)).decode().splitlines()
        return facts

    async def stop(self) -> int:
        """Ask it to end as systemd does, and give its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 15)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def board() -> AsyncIterator[Board]:
    async with AsyncExitStack() as life:
        folder = Path(life.enter_context(tempfile.TemporaryDirectory(prefix="codriver-")))
        card = await life.enter_async_context(sound_card(folder))
        address = await life.enter_async_context(parts.private_bus(folder))
        await life.enter_async_context(parts.simulated_car(address, pace=50))
        config = folder / "codriver.toml"
        config.write_text(f'languages = ["en"]\nthinking.enabled = false\n[bus]\naddress = "{address}"\n')
        command = (sys.executable, "-m", "codriver.engines", "--config", str(config))
        engines = {
            name: await life.enter_async_context(activated(folder / name, (*command, name), card.environment))
            for name in ENGINES
        }
        yield Board(folder, address, card, engines)


async def test_it_is_ready_when_it_can_hear_and_ends_when_it_is_told_to(board: Board) -> None:
    await board.card.kill()
    async with board.daemon() as daemon:
        assert "READY=1" not in await daemon.tells("STATUS=Waiting for: microphone.")
        await board.card.start()
        assert "STATUS=Listening." in await daemon.tells("READY=1")
        await daemon.tells("WATCHDOG=1")
        assert {name: engine.starts for name, engine in board.engines.items()} == dict.fromkeys(ENGINES, 1)
        assert await daemon.stop() == 0
        await daemon.tells("STOPPING=1")


async def test_a_new_start_finds_the_engines_warm(board: Board) -> None:
    starts = {name: engine.starts for name, engine in board.engines.items()}
    async with board.daemon() as daemon:
        await daemon.tells("READY=1")
        assert not await asyncio.to_thread(children_of, daemon.process.pid)
    assert {name: engine.starts for name, engine in board.engines.items()} == starts


async def test_an_engine_that_dies_is_waited_for_in_the_turn(board: Board) -> None:
    samples = await render(sample_list("scenario"), samples_directory(), Store(default_root()))
    wav = str(samples["en-set-it-to-nineteen-degrees"])
    async with board.daemon() as daemon, Bus(board.address) as bus:
        await daemon.tells("READY=1")
        transcriber = board.engines["transcriber"]
        assert transcriber.process
        transcriber.process.kill()
        await transcriber.process.wait()
        [turn] = await bus.call(ASSISTANT, "Ask", "", {"wav": wav}, timeout=120)
        assert turn["reply"]
        assert (transcriber.starts, daemon.process.returncode) == (2, None)

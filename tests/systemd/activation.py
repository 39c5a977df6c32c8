"""systemd's part in socket activation, small: it holds a socket, and starts a program when somebody knocks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

_PASS = 'exec 3<&0 </dev/null; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$0" "$@"'
"""A shell that moves the socket from where it is given one to where programs look for it, and becomes the program."""


class Activated:
    """A program behind a socket. ``process`` is the one that runs, ``starts`` counts all of them."""

    def __init__(self, path: Path, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.path = path
        self.starts = 0
        self.process: asyncio.subprocess.Process | None = None
        self._command = command
        self._environment = {**os.environ, **environment}

    async def run(self) -> None:
        """Hold the socket for ever. A program that ends is started again by the next knock."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as listening:
            listening.bind(str(self.path))
            listening.listen()
            while True:
                await _readable(listening)
                self.starts += 1
                self.process = await asyncio.create_subprocess_exec(
                    *("sh", "-c", _PASS, *self._command), stdin=listening.fileno(), env=self._environment
                )
                try:
                    await self.process.wait()
                finally:
                    with contextlib.suppress(ProcessLookupError):
                        self.process.kill()
                    await self.process.wait()


@asynccontextmanager
async def activated(
    path: Path, command: Sequence[str], environment: Mapping[str, str] = MappingProxyType({})
) -> AsyncIterator[Activated]:
    """Hold a socket at a path for a program; ``environment`` is added to this process's."""
    program = Activated(path, command, environment)
    holding = asyncio.create_task(program.run())
    await until(path.is_socket)
    try:
        yield program
    finally:
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that no event tells."""
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def _readable(listening: socket.socket) -> None:
    """Wait for a knock. It stays in the queue, for the program to open."""
    loop = asyncio.get_running_loop()
    knocked = asyncio.Event()
    loop.add_reader(listening, knocked.set)
    try:
        await knocked.wait()
    finally:
        loop.remove_reader(listening)

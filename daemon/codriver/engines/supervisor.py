"""Start engine processes, wait until they answer, and start them again when they die."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlparse

from codriver.errors import EngineError
from codriver.host.systemd import environment_of_children

_LOG = logging.getLogger(__name__)

_POLL_SECONDS = 0.02
_STEADY_SECONDS = 30.0
_LEAN = {"MALLOC_ARENA_MAX": "2"}
"""glibc keeps a heap for every thread otherwise, and gives little of it back."""


@dataclass(frozen=True, slots=True)
class EngineCommand:
    """How to start an engine, and the unix socket at which it then answers."""

    name: str
    arguments: Sequence[str]
    uri: str


class Engine:
    """One engine process, kept alive from ``start`` to ``stop``.

    A process that dies is started again after a quarter of a second; one that keeps dying, after a wait that doubles
    up to ``longest_wait`` seconds.
    """

    def __init__(self, command: EngineCommand, longest_wait: float = 10.0) -> None:
        self.command = command
        self.name = command.name
        self.uri = command.uri
        self.restarts = 0
        self._longest_wait = longest_wait
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._died = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        return self._process.pid if self._process and self._process.returncode is None else None

    def start(self) -> None:
        """Begin to keep the engine alive, unless that was begun before; ``ready`` waits for it."""
        self._keeper = self._keeper or asyncio.create_task(self._keep_alive(), name=f"engine {self.name}")

    async def ready(self, timeout: float = 60.0, *, patient: bool = True) -> None:
        """Wait until the engine answers. Raises EngineError if it does not within ``timeout`` seconds.

        Who is not ``patient`` does not wait for another start either, once a process has died.
        """
        events = [self._ready] if patient else [self._ready, self._died]
        waiting = [asyncio.create_task(event.wait()) for event in events]
        try:
            done, _ = await asyncio.wait(waiting, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        if waiting[0] in done:
            return
        if done:
            raise EngineError(f"The {self.name} engine ended before it answered.")
        raise EngineError(f"The {self.name} engine did not start within {timeout:.0f} seconds.")

    async def stop(self) -> None:
        """End the process, gently first."""
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await self._end_process()

    async def _keep_alive(self) -> None:
        loop = asyncio.get_running_loop()
        wait = 0.0
        while True:
            started = loop.time()
            code = await self._live()
            self.restarts += 1
            self._died.set()
            steady = loop.time() - started > _STEADY_SECONDS
            wait = 0.0 if steady else min(max(2 * wait, 0.25), self._longest_wait)
            _LOG.warning("Engine died", extra={"engine": self.name, "exit_status": code, "restart_in": wait})
            await asyncio.sleep(wait)

    async def _live(self) -> int | None:
        """Run the process to its end and give its exit status, None where it could not be started."""
        try:
            environment = {**environment_of_children(), **_LEAN}
            self._process = await asyncio.create_subprocess_exec(*self.command.arguments, env=environment)
        except OSError as error:
            _LOG.error("Engine cannot be started", extra={"engine": self.name, "reason": error.strerror})
            return None
        watch = asyncio.create_task(self._until_it_answers())
        try:
            return await self._process.wait()
        finally:
            watch.cancel()
            self._ready.clear()

    async def _until_it_answers(self) -> None:
        path = urlparse(self.uri).path
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_unix_connection(path)
                writer.close()
                self._ready.set()
                return
            await asyncio.sleep(_POLL_SECONDS)

    async def _end_process(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 3.0)
        except TimeoutError:
            process.kill()
            await process.wait()

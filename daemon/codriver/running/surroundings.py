"""What stands around a running daemon: buttons and lights, metrics and traces, its memory, and its configuration."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

from codriver.config import Configuration
from codriver.controls.meanings import Assistant
from codriver.controls.wiring import controls
from codriver.engines.fleet import Fleet
from codriver.errors import CodriverError
from codriver.folders import state_folder
from codriver.hearing.audio import Samples
from codriver.observing.observer import Watched, observing
from codriver.observing.recording import Recordings
from codriver.running.keeping_state import kept_muted
from codriver.running.reconfiguring import Reconfigurer
from codriver.trace import Trace

_LOG = logging.getLogger(__name__)


class App(Protocol):
    """What is needed of the app."""

    config: Configuration
    on_turn: Callable[[Trace], None]
    on_speech: Callable[[Samples], None]

    async def adopt(self, config: Configuration) -> None:
        """Go on with what is live of another configuration. Raises ConfigurationError, and nothing changes then."""
        ...

    def tell(self, key: str) -> None:
        """Say one of the shared answers, as soon as it is quiet."""
        ...


class Daemon(Assistant, Watched, Protocol):
    """What buttons press, lights show and metrics count."""


@asynccontextmanager
async def surroundings(
    file: Path | None,
    assistant: Daemon,
    app: App,
    fleet: Fleet,
    tell: Callable[[CodriverError], None],
) -> AsyncGenerator[None]:
    """Set all of it up as the app's configuration says; at SIGHUP, as the configuration's ``file`` says then.

    ``tell`` is told of each fault of the file, and of keys that wait for a restart.
    """
    around = _Around(assistant, app, fleet)
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[None]] = set()
    one_reload = asyncio.Lock()

    async def use(config: Configuration) -> None:
        before = app.config
        await app.adopt(config)
        await around.change(before, config)

    reconfigurer = Reconfigurer(file, app.config, use, tell)

    async def reload() -> None:
        async with one_reload:
            try:
                await reconfigurer.reload()
            except Exception:  # noqa: BLE001 - one reload that fails must not be the last
                _LOG.exception("The configuration could not be read again")

    def begin_reload() -> None:
        task = asyncio.create_task(reload(), name="reload")
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(kept_muted(assistant, state_folder()))
        stack.push_async_callback(around.close)
        await around.open(app.config)
        loop.add_signal_handler(signal.SIGHUP, begin_reload)
        stack.callback(loop.remove_signal_handler, signal.SIGHUP)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class _Around:
    """What is made from the configuration: each part is made anew when what it is made from changes."""

    def __init__(self, assistant: Daemon, app: App, fleet: Fleet) -> None:
        self._assistant = assistant
        self._app = app
        self._fleet = fleet
        self._told_before = app.on_turn
        self._controls = AsyncExitStack()
        self._observer = AsyncExitStack()
        self._recorder = AsyncExitStack()

    async def open(self, config: Configuration) -> None:
        """Make all of it."""
        await self._open_controls(config)
        await self._open_observer(config)
        await self._open_recorder(config)

    async def change(self, before: Configuration, config: Configuration) -> None:
        """Make anew what the difference concerns."""
        if (config.controls, config.debug) != (before.controls, before.debug):
            await self._controls.aclose()
            await self._open_controls(config)
        if (config.metrics, config.traces) != (before.metrics, before.traces):
            await self._observer.aclose()
            await self._open_observer(config)
        if config.debug != before.debug:
            await self._recorder.aclose()
            await self._open_recorder(config)

    async def close(self) -> None:
        """End all of it."""
        for part in (self._controls, self._observer, self._recorder):
            await part.aclose()

    async def _open_controls(self, config: Configuration) -> None:
        await self._controls.enter_async_context(controls(config, self._assistant))
        if not any(button.does == "ignition" for button in config.controls.buttons):
            self._assistant.sleep(False)  # nothing is left that could wake it

    async def _open_observer(self, config: Configuration) -> None:
        take = await self._observer.enter_async_context(observing(config, self._assistant, self._fleet))
        told_before = self._told_before

        def tell(trace: Trace) -> None:
            told_before(trace)
            take(trace)

        self._app.on_turn = tell

    async def _open_recorder(self, config: Configuration) -> None:
        if not config.debug.keep_audio:
            return
        folder = state_folder() / "recordings"
        recordings = Recordings(folder)
        _LOG.warning("Everything that is said is recorded in %s, as debug.keep_audio asks", folder)

        async def end() -> None:
            self._app.on_speech = lambda audio: None
            await asyncio.to_thread(recordings.close)

        self._recorder.push_async_callback(end)
        self._app.on_speech = recordings.take
        self._app.tell("recording")

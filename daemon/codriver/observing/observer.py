"""Watches a running daemon as the configuration asks: counts it, keeps its last turns, answers for both."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from codriver.config import Configuration
from codriver.engines.fleet import SOUND, Fleet
from codriver.engines.sound.asking import count
from codriver.errors import AudioError, ConfigurationError
from codriver.observing.metrics import Metrics, Readings
from codriver.observing.processes import memory_of_processes, memory_of_units
from codriver.observing.serving import serving
from codriver.observing.turns import LastTurns
from codriver.trace import Trace

_LOG = logging.getLogger(__name__)

_COUNTED_WITHIN = 2.0


class Watched(Protocol):
    """What tells of its states, and of the wake words that it was not sure of."""

    @property
    def state(self) -> str:
        """What it is doing."""
        ...

    @property
    def wake_checks(self) -> Mapping[str, int]:
        """How many wake words were doubtful, by what was found out about them."""
        ...

    def watch_state(self, watcher: Callable[[str], None]) -> Callable[[], None]:
        """Tell ``watcher`` of each new state, until what is returned is called."""
        ...


@asynccontextmanager
async def observing(config: Configuration, assistant: Watched, fleet: Fleet) -> AsyncGenerator[Callable[[Trace], None]]:
    """Watch while in here; gives what is to be called with each turn that is over.

    An address that cannot be listened at is told in the log, and costs only the answers.
    """
    traces = config.traces
    turns = LastTurns(traces.keep, text=traces.text, directory=Path(traces.directory) if traces.directory else None)
    metrics = Metrics(_readings(fleet, assistant, asyncio.get_running_loop()))
    metrics.become(assistant.state)
    unwatch = assistant.watch_state(metrics.become)

    def take(trace: Trace) -> None:
        metrics.take(trace)
        turns.take(trace)

    with ExitStack() as answering:
        if config.metrics.listen:
            try:
                server = serving(config.metrics.listen, metrics.registry, turns.as_json_lines)
                await asyncio.to_thread(answering.enter_context, server)
            except ConfigurationError as error:
                _LOG.error("No metrics: %s", error)
        try:
            yield take
        finally:
            unwatch()
            await asyncio.to_thread(answering.close)
            await asyncio.to_thread(turns.close)


def _readings(fleet: Fleet, assistant: Watched, loop: asyncio.AbstractEventLoop) -> Readings:
    """Say how the numbers are read that others count. Each is called in a thread while ``loop`` runs."""

    def sound() -> Mapping[str, int]:
        if SOUND not in fleet.uris:
            return {}
        counting = asyncio.run_coroutine_threadsafe(count(fleet.uris[SOUND]), loop)
        try:
            return asdict(counting.result(_COUNTED_WITHIN))
        except (AudioError, TimeoutError):
            counting.cancel()
            return {}

    def restarts() -> Mapping[str, int]:
        return {name: engine.restarts for name, engine in fleet.engines.items()}

    return Readings(sound, restarts, lambda: assistant.wake_checks, memory_of_processes, memory_of_units)

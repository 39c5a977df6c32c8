"""The buttons and lights of a running assistant. What cannot be reached is told once; everything else goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass

from codriver.controls.lighting import Lighting
from codriver.controls.looks import Light
from codriver.controls.meanings import Assistant, Meaning, meaning_of
from codriver.controls.pressing import Button, Debouncer, Edge
from codriver.errors import CodriverError, ControlError

_LOG = logging.getLogger(__name__)

_LOOK_AGAIN = 5.0
"""Seconds after which a button that could not be reached is looked for again: it may have been unplugged."""


@dataclass(frozen=True, slots=True)
class Wired:
    """A button and what it is for: ``talk``, ``mute``, ``cancel`` or ``ignition``."""

    button: Button
    does: str
    name: str


@asynccontextmanager
async def panel(
    assistant: Assistant,
    buttons: Iterable[Wired],
    lights: Sequence[Light],
    *,
    debounce: float = 0.02,
    tap: float = 0.4,
    recording: bool = False,
    look_again: float = _LOOK_AGAIN,
) -> AsyncGenerator[None]:
    """Obey the buttons and show the states. ``recording`` is shown as long as it lasts."""
    lighting = Lighting(lights, recording=recording)
    lighting.show(assistant.state)
    tasks = [
        asyncio.create_task(
            _obey(wired, meaning_of(wired.does, assistant, lighting, tap), debounce, look_again),
            name=f"button {wired.name}",
        )
        for wired in buttons
    ]
    if lights:
        tasks.append(asyncio.create_task(lighting.run(), name="lights"))
    unwatch = assistant.watch_state(lighting.show)
    try:
        yield
    finally:
        unwatch()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await lighting.close()


async def _obey(wired: Wired, meaning: Meaning, debounce: float, look_again: float) -> None:
    """Obey a button for ever, and look for it again when it goes away."""
    told = ""
    while True:
        try:
            async with aclosing(debounced(wired.button.edges(), debounce)) as edges:
                async for edge in edges:
                    told = ""
                    _take(edge, meaning, wired.name)
        except ControlError as error:
            if str(error) != told:
                told = str(error)
                _LOG.warning("Button does not work: %s", error, extra={"button": wired.name})
        await asyncio.sleep(look_again)


def _take(edge: Edge, meaning: Meaning, button: str) -> None:
    try:
        meaning.take(edge)
    except CodriverError as error:  # such as: it is muted, and cannot listen
        _LOG.info("Button cannot be obeyed: %s", error, extra={"button": button})


async def debounced(edges: AsyncGenerator[Edge], settle: float) -> AsyncGenerator[Edge]:
    """Leave out the edges of a bouncing contact. Raises whatever ``edges`` raises."""
    debouncer = Debouncer(settle)
    loop = asyncio.get_running_loop()
    async with aclosing(edges):
        coming = asyncio.ensure_future(anext(edges))
        try:
            while True:
                until = debouncer.restless_until
                await asyncio.wait((coming,), timeout=None if until is None else max(0.0, until - loop.time()))
                if coming.done():
                    edge = debouncer.take(coming.result())
                    coming = asyncio.ensure_future(anext(edges))
                else:
                    edge = debouncer.settled(loop.time())
                if edge:
                    yield edge
        except StopAsyncIteration:
            return
        finally:
            coming.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration, ControlError):
                await coming

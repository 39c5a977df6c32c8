"""The buttons and lights of a running assistant. What cannot be reached is told once; everything else goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from codriver.controls.lighting import Lighting
from codriver.controls.looks import Light
from codriver.controls.pressing import Button, Debouncer, Edge, PushToTalk
from codriver.errors import CodriverError, ControlError

_LOG = logging.getLogger(__name__)

_LOOK_AGAIN = 5.0
"""Seconds after which a button that could not be reached is looked for again: it may have been unplugged."""


class Assistant(Protocol):
    """What buttons and lights need of the assistant."""

    @property
    def state(self) -> str:
        """What it is doing."""
        ...

    @property
    def muted(self) -> bool:
        """Whether the microphone is closed."""
        ...

    @muted.setter
    def muted(self, muted: bool) -> None: ...

    def listen(self) -> None:
        """Listen as if the wake word had been said."""
        ...

    def be_patient(self) -> None:
        """Follow who is listened to through all pauses, until `finish_listening`."""
        ...

    def finish_listening(self) -> None:
        """Take what was said up to now for all of it."""
        ...

    def cancel(self) -> None:
        """Drop the turn and be silent."""
        ...

    def sleep(self, asleep: bool) -> None:
        """Close the microphone and be silent while the car is off, or wake up as it was."""
        ...

    def watch_state(self, watcher: Callable[[str], None]) -> Callable[[], None]:
        """Tell ``watcher`` of each new state, until what is returned is called."""
        ...


type Meaning = Callable[[Edge], None]
"""What is done with an edge that counts."""


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
    meanings = _meanings(assistant, lighting, tap)
    tasks = [
        asyncio.create_task(_obey(wired, meanings[wired.does](), debounce, look_again), name=f"button {wired.name}")
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


def _meanings(assistant: Assistant, lighting: Lighting, tap: float) -> dict[str, Callable[[], Meaning]]:
    """Give, for each purpose, what makes the meaning of one button's edges."""

    def talk() -> Meaning:
        push = PushToTalk(tap)
        becoming_a_hold: asyncio.TimerHandle | None = None

        def take(edge: Edge) -> None:
            nonlocal becoming_a_hold
            if becoming_a_hold:
                becoming_a_hold.cancel()
            if push.take(edge):
                assistant.finish_listening()
            elif push.hold_at is not None:
                becoming_a_hold = asyncio.get_running_loop().call_at(push.hold_at, assistant.be_patient)
                assistant.listen()

        return take

    def mute() -> Meaning:
        def take(edge: Edge) -> None:
            if edge.down:
                assistant.muted = not assistant.muted

        return take

    def cancel() -> Meaning:
        def take(edge: Edge) -> None:
            if edge.down:
                assistant.cancel()

        return take

    def ignition() -> Meaning:
        def take(edge: Edge) -> None:
            """Sleep while the ignition is off: deaf, silent and dark."""
            if lighting.asleep is edge.down:
                lighting.asleep = not edge.down
                assistant.sleep(not edge.down)

        return take

    return {"talk": talk, "mute": mute, "cancel": cancel, "ignition": ignition}


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
        meaning(edge)
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

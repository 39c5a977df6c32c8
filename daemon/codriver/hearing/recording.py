"""A recording in the place of a microphone: its frames when they would have been spoken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator

from codriver.hearing.audio import RATE, Samples

_FRAMES_AT_ONCE = 8
_FRAMES_KEPT = 1500
_LATE = 0.05


def remembering(frames: Iterable[Samples], start: list[Samples]) -> Iterator[Samples]:
    """Pass frames on and keep the first ones, in case no wake word is ever heard."""
    for frame in frames:
        if len(start) < _FRAMES_KEPT:
            start.append(frame)
        yield frame


async def paced(frames: Iterable[Samples], pace: float) -> AsyncGenerator[Samples]:
    """Yield frames when they would have been spoken. The time that the consumer takes does not count."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    for number, frame in enumerate(frames):
        if pace:
            await asyncio.sleep(max(0.0, due - loop.time()))
            due = max(due, loop.time() - _LATE) + len(frame) / RATE / pace
        elif number % _FRAMES_AT_ONCE == 0:
            await asyncio.sleep(0)
        yield frame

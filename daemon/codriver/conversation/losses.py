"""Utterances that were lost because the sound broke: who spoke is told so once he can be heard again."""

from __future__ import annotations

import asyncio
from typing import Protocol

from codriver.turn import Zone

_BACK_WITHIN = 5.0
"""Seconds after which who spoke is told that he is not heard: a sound server that is started again is back within 4."""


class Apologise(Protocol):
    """Answers an utterance that is lost."""

    async def __call__(self, zone: Zone, *, deaf: bool) -> None:
        """Ask for it to be said again, or, where that would not be heard (``deaf``), say so."""
        ...


class Losses:
    """The zones in which somebody was listened to when the sound broke. Belongs to the event loop."""

    def __init__(self, apologise: Apologise) -> None:
        self._apologise = apologise
        self._waiting: dict[Zone, asyncio.Event] = {}

    def __bool__(self) -> bool:
        """Whether there is anything left to be made good."""
        return bool(self._waiting)

    def hear(self, zone: Zone) -> None:
        """Take note that there is sound from a zone."""
        if waiting := self._waiting.get(zone):
            waiting.set()

    def give_way(self) -> None:
        """Let nobody wait any longer: somebody is listened to again."""
        for waiting in self._waiting.values():
            waiting.set()

    async def make_good(self, zone: Zone) -> None:
        """Apologise for what was lost in a zone as soon as there is sound from it, or when that takes too long."""
        waiting = self._waiting[zone] = asyncio.Event()
        try:
            deaf = not await _is_set(waiting, _BACK_WITHIN)
            await self._apologise(zone, deaf=deaf)
        finally:
            if self._waiting.get(zone) is waiting:
                del self._waiting[zone]


async def _is_set(event: asyncio.Event, within: float) -> bool:
    try:
        return await asyncio.wait_for(event.wait(), within)
    except TimeoutError:
        return False

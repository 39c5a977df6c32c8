"""Sounds tones besides what is spoken: as soon as something happens, one after the other, and nobody waits for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection

from codriver.errors import AudioError
from codriver.speaking.earcons import Earcon, earcon
from codriver.speaking.loudspeaker import Loudspeaker
from codriver.speaking.voice import AudioBlock

_LOG = logging.getLogger(__name__)


class Chimes:
    """Tones on a loudspeaker of their own. One that cannot sound is missed by nobody."""

    def __init__(self, loudspeaker: Loudspeaker, wanted: Collection[Earcon]) -> None:
        """Take the tones that are wanted at all."""
        self._loudspeaker = loudspeaker
        self._wanted = frozenset(wanted)
        self._sounding: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()

    def sound(self, kind: Earcon) -> None:
        """Sound a tone, soon, if it is one that is wanted."""
        if kind in self._wanted:
            task = asyncio.create_task(self._sound(kind), name="chime")
            self._sounding.add(task)
            task.add_done_callback(self._sounding.discard)

    async def _sound(self, kind: Earcon) -> None:
        async with self._one_at_a_time:
            try:
                await self._loudspeaker.play(_only(earcon(kind)))
            except AudioError as error:
                _LOG.warning("No tone", extra={"tone": kind.value, "reason": str(error)})


async def _only(block: AudioBlock) -> AsyncGenerator[AudioBlock]:
    yield block

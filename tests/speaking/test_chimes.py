"""Tones that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from codriver.errors import AudioError
from codriver.speaking.chimes import Chimes
from codriver.speaking.earcons import Earcon, earcon
from codriver.speaking.loudspeaker import Played, SilentLoudspeaker
from codriver.speaking.voice import AudioBlock


class Loudspeaker(SilentLoudspeaker):
    """Remembers what it played; at first it is not there, if it is told so."""

    def __init__(self, *, missing: bool = False) -> None:
        super().__init__()
        self.missing = missing
        self.played: list[AudioBlock] = []
        self.busy = False

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        assert not self.busy
        self.busy = True
        await asyncio.sleep(0.01)
        self.busy = False
        if self.missing:
            raise AudioError("There is no loudspeaker.")
        self.played += [block async for block in blocks]
        return Played(0.0, 0.2)


async def test_only_wanted_tones_sound_one_after_the_other() -> None:
    loudspeaker = Loudspeaker()
    chimes = Chimes(loudspeaker, [Earcon.WOKEN, Earcon.FAILED])
    for kind in (Earcon.WOKEN, Earcon.ENDED, Earcon.FAILED):
        chimes.sound(kind)
    await asyncio.sleep(0.1)
    assert loudspeaker.played == [earcon(Earcon.WOKEN), earcon(Earcon.FAILED)]


async def test_a_tone_that_cannot_sound_is_missed_by_nobody() -> None:
    loudspeaker = Loudspeaker(missing=True)
    chimes = Chimes(loudspeaker, list(Earcon))
    chimes.sound(Earcon.WOKEN)
    await asyncio.sleep(0.05)
    loudspeaker.missing = False
    chimes.sound(Earcon.FAILED)
    await asyncio.sleep(0.05)
    assert loudspeaker.played == [earcon(Earcon.FAILED)]

"""Keeps microphones and loudspeaker open while they are wanted, and opens them again when they were lost."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from codriver.engines.sound.counting import Counting
from codriver.engines.sound.portaudio import PortAudio
from codriver.errors import AudioError

_LOG = logging.getLogger(__name__)

_LOOK_EVERY = 0.25
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 4.0
_HANGS_AFTER = 15.0
"""Seconds after which a call of PortAudio is taken for one that never returns."""

_EXIT_HANGING = 75
_CARDS = Path("/proc/asound/cards")


class Opened(Protocol):
    """A device that can be opened and closed. Both may block."""

    @property
    def is_open(self) -> bool:
        """Whether it is open."""
        ...

    @property
    def stalled(self) -> bool:
        """Whether it is open and dead."""
        ...

    def open(self, audio: PortAudio, loop: asyncio.AbstractEventLoop) -> None:
        """Open it, to call back in the loop. Raises AudioError."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


@dataclass(slots=True, eq=False)
class Kept:
    """A device that is kept: open while ``wanted`` says so.

    ``found`` is called when it has been opened, ``lost`` with a sentence when it cannot be, or is no more; ``closed``
    when it was closed because nobody wants it.
    """

    device: Opened
    wanted: Callable[[], bool]
    found: Callable[[], None]
    lost: Callable[[str], None]
    closed: Callable[[], None]
    missing: bool = False
    wait: float = _FIRST_WAIT
    again_at: float = 0.0


class Keeper:
    """Looks after devices in the loop, and lets one thread do what may block."""

    def __init__(self, kept: Sequence[Kept], counting: Counting) -> None:
        self._kept = kept
        self._counting = counting
        self._audio: PortAudio | None = None
        self._cards = ""
        self._look = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "portaudio")

    def look(self) -> None:
        """Look at once: something is wanted that was not, or no more."""
        for kept in self._kept:
            kept.again_at = 0.0
        self._look.set()

    async def run(self) -> None:
        """Look after the devices until cancelled; all are closed then."""
        try:
            while True:
                await self._look_after()
                try:
                    await asyncio.wait_for(self._look.wait(), _LOOK_EVERY)
                except TimeoutError:
                    continue
                self._look.clear()
        finally:
            for kept in self._kept:
                kept.device.close()

    async def _look_after(self) -> None:
        for kept in self._kept:
            if kept.device.stalled:
                await self._blocking(kept.device.close)
                self._miss(kept, "The device has gone, or the sound server has ended.")
            if (kept.device.is_open or kept.missing) and not kept.wanted():
                await self._blocking(kept.device.close)
                kept.missing = False
                kept.closed()
        now = time.monotonic()
        due = [kept for kept in self._kept if kept.wanted() and not kept.device.is_open and kept.again_at <= now]
        if due:
            await self._search(due)

    async def _search(self, due: Sequence[Kept]) -> None:
        """Open what is to be open. New devices are seen only when PortAudio starts anew, which ends all streams."""
        cards = await asyncio.to_thread(_read_cards)
        alone = not any(kept.device.is_open for kept in self._kept)
        if self._audio is None or cards != self._cards or (alone and any(kept.missing for kept in due)):
            try:
                await self._blocking(self._start_anew)
            except AudioError as error:
                for kept in due:
                    self._miss(kept, str(error))
                return
            self._cards = cards
            due = [kept for kept in self._kept if kept.wanted()]
        for kept in due:
            await self._open(kept)

    async def _open(self, kept: Kept) -> None:
        try:
            await self._blocking(kept.device.open, self._audio, asyncio.get_running_loop())
        except AudioError as error:
            self._miss(kept, str(error))
            return
        if kept.missing:
            self._counting.reopened += 1
            _LOG.warning("Device is back")
        kept.missing, kept.wait = False, _FIRST_WAIT
        kept.found()

    def _miss(self, kept: Kept, reason: str) -> None:
        if not kept.missing:
            _LOG.warning("Device is lost", extra={"reason": reason})
        kept.missing = True
        kept.again_at = time.monotonic() + kept.wait
        kept.wait = min(2 * kept.wait, _LONGEST_WAIT)
        kept.lost(reason)

    def _start_anew(self) -> None:
        for kept in self._kept:
            kept.device.close()
        if self._audio is not None:
            self._audio.close()
            self._audio = None
        self._audio = PortAudio()

    async def _blocking[Result](self, call: Callable[..., Result], *arguments: object) -> Result:
        """Let the thread do what may block. Where it never ends, nothing can: the process is started again."""
        doing = asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)
        try:
            return await asyncio.wait_for(asyncio.shield(doing), _HANGS_AFTER)
        except TimeoutError:
            _LOG.critical("PortAudio hangs")
            os._exit(_EXIT_HANGING)


def _read_cards() -> str:
    try:
        return _CARDS.read_text()
    except OSError:
        return ""

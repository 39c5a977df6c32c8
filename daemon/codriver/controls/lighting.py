"""Shows each state on the lights, moving them as long as the state's look moves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from codriver.controls.looks import DARK, Light, Look, look_of
from codriver.errors import ControlError

_LOG = logging.getLogger(__name__)

_PICTURE = 0.05
"""Seconds between two pictures of a look that moves. One that stands still costs nothing."""


class Lighting:
    """Lights that follow the states they are told. A light that fails is left out from then on."""

    def __init__(self, lights: Sequence[Light], *, recording: bool = False) -> None:
        self._asleep = False
        self._lights = list(lights)
        self._recording = recording
        self._look = look_of("", recording=recording)
        self._since = 0.0
        self._changed = asyncio.Event()

    def sleep(self, asleep: bool) -> None:
        """Go dark whatever the state is, or show it again."""
        self._asleep = asleep
        self._changed.set()

    def show(self, state: str) -> None:
        """Take note of a new state; `run` shows it."""
        self._look = look_of(state, recording=self._recording)
        self._since = asyncio.get_running_loop().time()
        self._changed.set()

    async def run(self) -> None:
        """Show states for ever."""
        loop = asyncio.get_running_loop()
        while True:
            self._changed.clear()
            look = Look(DARK) if self._asleep else self._look
            color = look.at(loop.time() - self._since)
            for light in tuple(self._lights):
                try:
                    await asyncio.to_thread(light.show, color)
                except ControlError as error:
                    self._lights.remove(light)
                    _LOG.warning("Light does not work: %s", error)
            moves = look.moves and bool(self._lights)
            try:
                await asyncio.wait_for(self._changed.wait(), _PICTURE if moves else None)
            except TimeoutError:
                continue

    async def close(self) -> None:
        """Make every light dark."""
        for light in self._lights:
            try:
                await asyncio.to_thread(light.close)
            except ControlError as error:
                _LOG.warning("Light does not work: %s", error)

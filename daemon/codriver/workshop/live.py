"""The daemon's ears and mouth on a sound card without hardware: what is spoken into it, and what it speaks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from codriver.acting.bus import Bus
from codriver.acting.ducking import Ducking
from codriver.acting.player import Player
from codriver.app import App
from codriver.config import Configuration
from codriver.conversation.happenings import State
from codriver.engines.fleet import SOUND, Fleet, assemble
from codriver.engines.models import Store, default_root
from codriver.hearing.audio import RATE, Samples
from codriver.hearing.microphone import Microphone
from codriver.running.daemon import Running
from codriver.speaking.chimes import Chimes
from codriver.speaking.earcons import Earcon
from codriver.speaking.loudspeaker import SoundLoudspeaker
from codriver.trace import Trace
from codriver.workshop.parts import DemoPlayer, demo_player, private_bus, simulated_car
from codriver.workshop.sound_card import Recording, Reflection, SoundCard, sound_card

CABIN = (Reflection(0.02, -14.0), Reflection(0.045, -22.0))
"""How the loudspeaker comes back into the microphone of a car."""

_LOUD = 250
"""What is louder than this, of 32767, is sound and not a rest of noise."""


@dataclass
class Live:
    """A running daemon with its card. ``speaker`` and ``room`` record what it plays and what is played to it."""

    app: App
    running: Running
    fleet: Fleet
    card: SoundCard
    bus: Bus
    music: DemoPlayer
    speaker: Recording
    room: Recording
    traces: list[Trace] = field(default_factory=list)
    states: list[State] = field(default_factory=list)

    async def becomes(self, state: State, within: float = 20.0) -> bool:
        """Wait for a state, for at most so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self.app.state is not state:  # noqa: ASYNC110 - states come and go
                    await asyncio.sleep(0.01)
                return True
        return False

    async def sounds(self, within: float = 20.0) -> bool:
        """Wait until something comes out of the loudspeaker, for at most so many seconds."""
        begin = len(self.speaker.samples)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not len(loud(self.speaker.samples[begin:])):  # noqa: ASYNC110 - a recording grows
                    await asyncio.sleep(0.02)
                return True
        return False

    async def is_quiet(self, seconds: float = 0.5, within: float = 30.0) -> bool:
        """Wait until nothing has come out of the loudspeaker for so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while len(loud(self.speaker.samples[-round(seconds * self.speaker.rate) :])):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                return True
        return False

    async def volume(self) -> float:
        """Tell how loud the music is now."""
        return (await Player(self.bus).state()).volume


def loud(samples: Samples) -> npt.NDArray[np.int64]:
    """Give the places of the samples that can be heard."""
    return np.flatnonzero(np.abs(samples.astype(np.int32)) > _LOUD).astype(np.int64)


@asynccontextmanager
async def live(config: Configuration, room: Sequence[Reflection] = ()) -> AsyncIterator[Live]:
    """Run a daemon on a sound card of its own, with a car in fast time and a music player."""
    async with AsyncExitStack() as life:
        folder = Path(life.enter_context(tempfile.TemporaryDirectory(prefix="codriver-")))
        card = await life.enter_async_context(sound_card(folder))
        await card.room(room)
        life.enter_context(_environment(card.environment))
        address = await life.enter_async_context(private_bus(folder))
        await life.enter_async_context(simulated_car(address, pace=50))
        music = await life.enter_async_context(demo_player(address, folder))
        fleet = assemble(config, Store(default_root()), folder, live=True)
        sound = fleet.uris[SOUND]
        microphone, loudspeaker, own = Microphone(sound), SoundLoudspeaker(sound), Bus(address)
        app = await life.enter_async_context(
            App(
                *(config, fleet, own, lambda trace: loudspeaker),
                chimes=Chimes(SoundLoudspeaker(sound), [Earcon(tone) for tone in config.dialogue.earcons]),
                ducking=Ducking(own, folder / "ducked.json", config.dialogue.ducking),
            )
        )
        await app.complete()
        found = Live(
            *(app, Running(app, config, microphone), fleet, card),
            *(await life.enter_async_context(Bus(address)), music),
            await life.enter_async_context(card.recording(rate=RATE)),
            await life.enter_async_context(card.recording("micfeed.monitor", RATE)),
        )
        app.on_turn = found.traces.append
        app.watch_state(found.states.append)
        await life.enter_async_context(_attending(app, microphone))
        yield found


@asynccontextmanager
async def _attending(app: App, microphone: Microphone) -> AsyncIterator[None]:
    attending = asyncio.create_task(app.attend(microphone.frames()), name="attending")
    try:
        async with asyncio.timeout(20):
            while not microphone.statuses:  # noqa: ASYNC110 - the first status is all there is to wait for
                await asyncio.sleep(0.05)
        yield
    finally:
        attending.cancel()
        await asyncio.gather(attending, return_exceptions=True)


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value

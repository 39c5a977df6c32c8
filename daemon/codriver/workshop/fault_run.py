"""Break one part after the other while it is being spoken to: ``python -m codriver.workshop.fault_run [times]``.

Each fault comes at a random moment of a spoken turn. What an init system would start again is started again; nothing
else is done. Then the turn must have been answered, and the next spoken turn must do what it says.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from codriver.acting.bus import Bus
from codriver.acting.car import Car
from codriver.config import Configuration
from codriver.errors import CodriverError
from codriver.happenings import State
from codriver.hearing.audio import RATE, Samples
from codriver.workshop.interruptions import spoken
from codriver.workshop.live import Live, live
from codriver.workshop.parts import demo_player, private_bus, simulated_car
from codriver.workshop.samples import Sample

WISH = Sample(
    id="faults-temperature", language="en", text="Set the temperature to 22 degrees.", engine="piper",
    voice="en_US-joe-medium",
)  # fmt: skip
_TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
_WISHED, _BEFORE = 22.0, 20.0

_AWAY = 1.0
"""Seconds until what was killed is started again."""
_ANSWERED_WITHIN = 45.0
_TRIES = 3
"""So often a person would say it before giving up."""

type Fault = Callable[["Run"], Awaitable[None]]


@dataclass(slots=True)
class Outcome:
    """Of so many turns with a fault: heard, answered, and how often the next one did as it was told, at which try."""

    times: int = 0
    heard: int = 0
    answered: int = 0
    right_after: int = 0
    at_once: int = 0

    def __str__(self) -> str:
        return (
            f"{self.times} times: turn taken {self.heard}, answered {self.answered}; "
            f"next turn right {self.right_after}, at the first try {self.at_once}"
        )


class Run:
    """A daemon that is broken and spoken to."""

    def __init__(self, car: Live, sound: Samples, more: AsyncExitStack) -> None:
        self.car = car
        self.more = more
        self.address = car.music.address
        self._sound = sound

    async def once(self, fault: Fault, moment: float, outcome: Outcome) -> None:
        """Speak, break something ``moment`` seconds after it was begun, and look at what comes of it."""
        outcome.times += 1
        turns = len(self.car.traces)
        speaking = asyncio.create_task(self._speak())
        await asyncio.sleep(moment)
        await fault(self)
        await speaking
        await self._over(turns)
        if len(self.car.traces) > turns:
            outcome.heard += 1
            outcome.answered += bool(self.car.traces[turns].answer.text)
        for attempt in range(_TRIES):
            if await self._does_as_told():
                outcome.right_after += 1
                outcome.at_once += attempt == 0
                return

    def kill(self, part: str) -> None:
        """End the processes below this one that have this in their command line."""
        for pid in _below(part):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def _speak(self) -> None:
        with contextlib.suppress(OSError):  # the sound server may be what breaks
            await self.car.card.say(self._sound)

    async def _over(self, turns: int) -> None:
        """Wait for the end of the turn, or long enough to know that there is none."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ANSWERED_WITHIN):
                while len(self.car.traces) == turns and self.car.app.state is not State.IDLE:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        await self.car.becomes(State.IDLE, within=_ANSWERED_WITHIN)

    async def _does_as_told(self) -> bool:
        await asyncio.sleep(2 * _AWAY)
        self.car.speaker.forget()
        self.car.room.forget()
        async with Bus(self.address) as bus:
            car = Car(bus)
            with contextlib.suppress(CodriverError):
                await car.set({_TEMPERATURE: _BEFORE})
            turns = len(self.car.traces)
            await self._speak()
            await self._over(turns)
            with contextlib.suppress(CodriverError):
                now = (await car.get([_TEMPERATURE]))[_TEMPERATURE]
                return bool(now == _WISHED) and len(self.car.traces) > turns
        return False


def _engine(name: str) -> Fault:
    async def fault(run: Run) -> None:
        pid = run.car.fleet.engines[name].pid
        if pid:
            os.kill(pid, signal.SIGKILL)

    return fault


async def _vehicle(run: Run) -> None:
    run.kill("services.vehicle")
    await asyncio.sleep(_AWAY)
    await run.more.enter_async_context(simulated_car(run.address, pace=50))


async def _player(run: Run) -> None:
    run.kill("mpv")
    await asyncio.sleep(_AWAY)
    await run.more.enter_async_context(demo_player(run.address, run.car.music.control.parent))


async def _bus(run: Run) -> None:
    for part in ("dbus-daemon", "services.vehicle", "mpv"):
        run.kill(part)
    await asyncio.sleep(_AWAY)
    folder = run.car.music.control.parent
    await run.more.enter_async_context(private_bus(folder))
    await run.more.enter_async_context(simulated_car(run.address, pace=50))
    await run.more.enter_async_context(demo_player(run.address, folder))


async def _sound_server(run: Run) -> None:
    await run.car.card.kill()
    await asyncio.sleep(_AWAY)
    await run.car.card.start()


async def _devices(run: Run) -> None:
    await run.car.card.unplug()
    await asyncio.sleep(_AWAY)
    await run.car.card.plug()


FAULTS: Mapping[str, Fault] = {
    **{name: _engine(name) for name in ("transcriber", "thinker", "voice-en", "sound")},
    "vehicle service": _vehicle,
    "player": _player,
    "bus, with all on it": _bus,
    "devices unplugged": _devices,
    "sound server": _sound_server,
}


def _below(part: str) -> list[int]:
    """Find the processes below this one by a part of their command line."""
    parents, found = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            pid = int(folder.name)
            parents[pid] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if part in (folder / "cmdline").read_text().replace("\0", " "):
                found.append(pid)
    return [pid for pid in found if _descends(pid, parents)]


def _descends(pid: int, parents: Mapping[int, int]) -> bool:
    while (pid := parents.get(pid, 0)) > 1:
        if pid == os.getpid():
            return True
    return False


async def _main(times: int) -> None:
    (wish,) = await spoken(WISH)
    sound = np.concatenate([np.zeros(RATE // 2, np.int16), wish, np.zeros(RATE, np.int16)])
    seconds = len(sound) / RATE
    chance = random.Random(7)
    async with AsyncExitStack() as more, live(Configuration(languages=("en",))) as car:
        run = Run(car, sound, more)
        await car.becomes(State.IDLE)
        for name, fault in FAULTS.items():
            outcome = Outcome()
            for _ in range(times):
                await run.once(fault, chance.uniform(0.5, seconds + 2.0), outcome)
            print(f"{name}: {outcome}", flush=True)  # noqa: T201 - a measurement for the reader


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))

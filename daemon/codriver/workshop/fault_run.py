"""Break one part after the other while it is being spoken to: ``python -m codriver.workshop.fault_run [times]``.

Each fault comes at a random moment of a spoken turn. What an init system would start again is started again; nothing
else is done. Then the turn must have been answered, and the next spoken turn must do what it says. Faults may be named
after the times.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from codriver.acting.bus import Bus
from codriver.acting.car import Car
from codriver.acting.player import Player
from codriver.config import Configuration, Debug, Traces
from codriver.conversation.happenings import State
from codriver.errors import CodriverError
from codriver.hearing.audio import RATE, Samples
from codriver.running.surroundings import surroundings
from codriver.workshop.interruptions import spoken
from codriver.workshop.live import Live, live
from codriver.workshop.parts import demo_player, private_bus, simulated_car
from codriver.workshop.private_world import DAY, World, begun_within, this_world
from codriver.workshop.processes import family
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

_VOLUME = 0.5
_AS_LOUD_WITHIN = 5.0

type Fault = Callable[["Run"], Awaitable[None]]


@dataclass(slots=True)
class Outcome:
    """What became of turns with a fault, and how often the next one did as it was told, and at the first try.

    One that was ``begun`` has woken it, or asked it; it was ``answered`` by words, after it was ``done`` or instead.
    """

    times: int = 0
    begun: int = 0
    answered: int = 0
    done: int = 0
    right_after: int = 0
    at_once: int = 0

    def __str__(self) -> str:
        return (
            f"{self.times} times: woken {self.begun}, answered {self.answered}, of these done {self.done}; "
            f"next turn right {self.right_after}, at the first try {self.at_once}"
        )


class Run:
    """A daemon that is broken and spoken to."""

    def __init__(self, car: Live, sound: Samples, more: AsyncExitStack, world: World) -> None:
        self.car = car
        self.more = more
        self.world = world
        self.clock_is_right = True
        self.address = car.music.address
        self._sound = sound

    async def once(self, fault: Fault, moment: float, outcome: Outcome) -> None:
        """Speak, break something ``moment`` seconds after it was begun, and look at what comes of it."""
        outcome.times += 1
        turns, states = len(self.car.traces), len(self.car.states)
        speaking = asyncio.create_task(self._speak())
        await asyncio.sleep(moment)
        await fault(self)
        await speaking
        await self._over(turns)
        traces = self.car.traces[turns:]
        outcome.begun += State.LISTENING in self.car.states[states:]
        outcome.answered += any(trace.answer.text for trace in traces)
        outcome.done += any(trace.outcomes for trace in traces)
        for attempt in range(_TRIES):
            if await self._does_as_told():
                outcome.right_after += 1
                outcome.at_once += attempt == 0
                break
        self.world.make_room()

    def kill(self, part: str) -> None:
        """End the processes below this one that have this in their command line."""
        for pid in list(_below(part)):
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
                told = bool(now == _WISHED) and len(self.car.traces) > turns
                return told and await _is_as_loud_as_before(Player(bus))
        return False


async def _is_as_loud_as_before(player: Player) -> bool:
    """Wait until music that plays is no longer turned down. Raises CodriverError where there is no player."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_AS_LOUD_WITHIN):
            while (state := await player.state()).status == "Playing" and abs(state.volume - _VOLUME) > 0.01:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            return True
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


async def _disk(run: Run) -> None:
    """Fill it up: there is room again only when the next turn is over."""
    await asyncio.to_thread(run.world.fill)


def _clock(by: float) -> Fault:
    async def fault(run: Run) -> None:
        before = time.time()
        run.world.set_clock(by if run.clock_is_right else 0.0)
        run.clock_is_right = not run.clock_is_right
        async with asyncio.timeout(5):
            while abs(time.time() - before) < DAY / 2:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)

    return fault


CLOCK_FAULTS: Mapping[str, Fault] = {
    "clock a day forward and back": _clock(DAY),
    "clock a day back and forward": _clock(-DAY),
}

FAULTS: Mapping[str, Fault] = {
    "full disk": _disk,
    **{name: _engine(name) for name in ("transcriber", "thinker", "voice-en", "sound")},
    "vehicle service": _vehicle,
    "player": _player,
    "bus, with all on it": _bus,
    "devices unplugged": _devices,
    "sound server": _sound_server,
}


def _below(part: str) -> Iterator[int]:
    """Find the processes below this one by a part of their command line."""
    for process in family(os.getpid()):
        with contextlib.suppress(OSError):
            if process.name != str(os.getpid()) and part in (process / "cmdline").read_text().replace("\0", " "):
                yield int(process.name)


async def _break(names: Sequence[str], times: int, world: World) -> None:
    (wish,) = await spoken(WISH)
    sound = np.concatenate([np.zeros(RATE // 2, np.int16), wish, np.zeros(RATE, np.int16)])
    seconds = len(sound) / RATE
    chance = random.Random(7)
    config = Configuration(
        languages=("en",),
        traces=Traces(directory=str(world.disk / "turns"), text=True),
        debug=Debug(keep_audio=True),
    )
    async with AsyncExitStack() as more, live(config) as car:
        # All that a daemon may write in a turn: traces, recordings, and the volume of the music that plays.
        await more.enter_async_context(surroundings(None, car.running, car.app, car.fleet, lambda error: None))
        await Player(car.bus).play()
        await car.app.say("I am ready.", "en")
        run = Run(car, sound, more, world)
        for name in names:
            fault, outcome = {**FAULTS, **CLOCK_FAULTS}[name], Outcome()
            for _ in range(times):
                await run.once(fault, chance.uniform(0.5, seconds + 2.0), outcome)
            print(f"{name}: {outcome}; load {os.getloadavg()[0]:.1f}", flush=True)  # noqa: T201 - a measurement


def _main(times: int, *names: str) -> None:
    """Break what is named, or everything, in worlds of its own: libfaketime is only where the clock is to jump."""
    if world := this_world():
        asyncio.run(_break(names, times, world))
        return
    for faults in (FAULTS, CLOCK_FAULTS):
        wanted = [name for name in faults if name in names or not names]
        if wanted:
            program = (sys.executable, "-m", "codriver.workshop.fault_run", str(times), *wanted)
            with tempfile.TemporaryDirectory(prefix="codriver-") as folder:
                command, environment = begun_within(Path(folder), program, clock=faults is CLOCK_FAULTS)
                subprocess.run(command, env=environment, check=True)


if __name__ == "__main__":
    _main(int(sys.argv[1]) if len(sys.argv) > 1 else 10, *sys.argv[2:])

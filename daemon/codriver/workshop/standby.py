"""Measure start and idling: ``python -m codriver.workshop.standby [starts] [seconds]``.

The daemon is started as an init system does, with a sound card without hardware that plays the noise of a cabin; what
it says to systemd is listened to. Then it is left alone, and what it and its engines take of the processor is counted.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from codriver.hearing.audio import RATE
from codriver.workshop.cabin_noise import cabin_noise
from codriver.workshop.parts import private_bus, simulated_car
from codriver.workshop.processes import family, fields_of
from codriver.workshop.sound_card import SoundCard, sound_card

_TICK = os.sysconf("SC_CLK_TCK")
_NOISE = 300.0
"""RMS of the noise, of 32767: -41 dBFS."""
_SETTLING = 20.0
"""Seconds until what follows, the language model and further voices, has come too."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process has taken so far: seconds of the processor, and how often it was woken."""

    seconds: float
    wakes: int

    def since(self, before: Spent) -> Spent:
        """Take what it has taken from then on."""
        return Spent(self.seconds - before.seconds, self.wakes - before.wakes)


@asynccontextmanager
async def started(folder: Path, card: SoundCard, config: Path) -> AsyncIterator[tuple[int, float]]:
    """Run the daemon, and give its process and the seconds after which it could hear and act."""
    notify = folder / "notify"
    notify.unlink(missing_ok=True)
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as told:
        told.bind(str(notify))
        told.setblocking(False)
        begin = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *(Path(sys.executable).with_name("codriver"), "run", "--config", config),
            env=os.environ | card.environment | {"XDG_RUNTIME_DIR": str(folder), "NOTIFY_SOCKET": str(notify)},
        )
        try:
            async with asyncio.timeout(120):
                while b"READY=1" not in await asyncio.get_running_loop().sock_recv(told, 4096):
                    pass
            yield process.pid, time.monotonic() - begin
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


def spent(pid: int) -> Mapping[str, Spent]:
    """Give what a process and those below it have taken, by what they are."""
    found: dict[str, Spent] = {}
    for process in family(pid):
        with suppress(OSError):
            fields = fields_of(process)
            seconds = (int(fields[11]) + int(fields[12])) / _TICK
            wakes = sum(map(_wakes, (process / "task").iterdir()))
            name = _name(process)
            before = found.get(name, Spent(0.0, 0))
            found[name] = Spent(before.seconds + seconds, before.wakes + wakes)
    return found


def _name(process: Path) -> str:
    words = (process / "cmdline").read_text().split("\0")
    return next((word.removeprefix("codriver.") for word in words[1:] if word.startswith("codriver.")), "daemon")


def _wakes(task: Path) -> int:
    lines = (task / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))


async def measure(starts: int, seconds: float) -> None:
    """Start it so many times, leave the last one alone for so long, and print what was counted."""
    noise = (_NOISE * cabin_noise(round(RATE * (seconds + 2 * _SETTLING)), RATE, seed=1)).astype(np.int16)
    async with AsyncExitStack() as life:
        folder = Path(life.enter_context(tempfile.TemporaryDirectory(prefix="codriver-")))
        card = await life.enter_async_context(sound_card(folder))
        address = await life.enter_async_context(private_bus(folder))
        await life.enter_async_context(simulated_car(address, pace=1))
        config = folder / "codriver.toml"
        config.write_text(f'[bus]\naddress = "{address}"\n')
        took = []
        for number in range(starts):
            async with started(folder, card, config) as (pid, ready):
                took.append(ready)
                if number < starts - 1:
                    continue
                playing = asyncio.create_task(card.say(noise))
                await asyncio.sleep(_SETTLING)
                before = spent(pid)
                await asyncio.sleep(seconds)
                after = spent(pid)
                playing.cancel()
                await asyncio.gather(playing, return_exceptions=True)
        print("ready after", *(f"{each:.2f}" for each in took), f"s, median {statistics.median(took):.2f}")  # noqa: T201
        idle = {name: each.since(before[name]) for name, each in after.items() if name in before}
        for name, each in idle.items():
            print(f"{name:32} {each.seconds / seconds:6.2%} of a core, woken {each.wakes / seconds:6.1f} a second")  # noqa: T201
        whole = sum(each.seconds for each in idle.values()) / seconds
        print(f"{'all':32} {whole:6.2%} of a core; load {os.getloadavg()[0]:.1f}")  # noqa: T201


if __name__ == "__main__":
    given = [float(each) for each in sys.argv[1:]]
    starts, seconds = (*given, *(5.0, 60.0)[len(given) :])
    asyncio.run(measure(round(starts), seconds))

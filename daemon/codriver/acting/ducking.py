"""Music is turned down while somebody speaks, and back to where it was whatever happens in between.

What is to be turned back is kept in a file too: a daemon that was killed in the middle does it at its next start.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from codriver.acting.bus import Bus
from codriver.acting.player import Player, player_at
from codriver.errors import BusError, CodriverError, ServiceTimeout, ServiceUnavailable

_LOG = logging.getLogger(__name__)

_NEAR = 0.01
_INAUDIBLE = 0.02
_TRIES = 30
_AGAIN_AFTER = 1.0  # seconds; with the tries half a minute, in which a player that crashed is back


@dataclass(frozen=True, slots=True)
class Ducked:
    """A player that is turned down from the volume ``before`` to ``down``, both 0 to 1.

    A ``stray`` one was out of sight meanwhile, so that its volume says nothing if it is not the one it was given.
    """

    before: float
    down: float
    stray: bool = False

    def meant(self, now: float) -> float:
        """Tell how loud it is meant to be when it is ``now``: somebody may have turned its own knob meanwhile.

        What is turned by hand is turned from where it was before. Louder than that is meant as it is.
        """
        if abs(now - self.down) <= _NEAR:
            return self.before
        if self.stray or now >= self.before:
            return now
        return min(max(self.before + now - self.down, 0.0), 1.0)


class Ducking:
    """Turns down whichever players play. What is wished for meanwhile is taken as a wish for the time after."""

    def __init__(self, bus: Bus, file: Path, share: float) -> None:
        """Take the file for what is to be turned back, and the share of its volume that music keeps, 0 to 1."""
        self._bus = bus
        self._file = file
        self._share = share
        self._player = Player(bus)
        self._ducked: dict[str, Ducked] = {}
        self._low = False
        self._news = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def lower(self) -> None:
        """Have what plays turned down, soon. Once more, what has begun to play since is turned down as well."""
        self._low = True
        self._news.set()

    def lift(self) -> None:
        """Have it turned back, soon."""
        self._low = False
        self._news.set()

    def meant(self, bus_name: str, volume: float) -> float:
        """Give the volume that is meant, from the one that the player has."""
        ducked = self._ducked.get(bus_name)
        return ducked.meant(volume) if ducked else volume

    async def take(self, bus_name: str, wanted: float) -> float:
        """Take the volume that is wanted from now on, and give the one that the player is to have until then."""
        async with self._one_at_a_time:
            if bus_name not in self._ducked:
                return wanted
            down = wanted * self._share
            await self._keep(bus_name, Ducked(wanted, down))
            return down

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Do what there is to do for as long as the block lasts: first, and last, turn back what is down."""
        self._ducked = dict(await asyncio.to_thread(_read, self._file))
        self._news.set()
        working = asyncio.create_task(self._work(), name="ducking")
        try:
            yield
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            await self._turned_back()

    async def _work(self) -> None:
        while True:
            await self._news.wait()
            for _ in range(_TRIES):
                self._news.clear()
                if await (self._turned_down() if self._low else self._turned_back()):
                    break
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), _AGAIN_AFTER)

    async def _turned_down(self) -> bool:
        """Turn down what plays and is not down yet; what cannot be turned down is left as it is."""
        async with self._one_at_a_time:
            try:
                playing = [name for name, status in (await self._player.running()).items() if status == "Playing"]
            except CodriverError:
                return True  # without a bus there is no music
            for name in playing:
                if name not in self._ducked:
                    try:
                        await self._turn_down(name)
                    except CodriverError as error:
                        _LOG.warning("Music is not turned down", extra={"player": name, "reason": str(error)})
        return True

    async def _turn_down(self, name: str) -> None:
        before = await self._volume(name)
        if before <= _INAUDIBLE:
            return
        down = before * self._share
        await self._keep(name, Ducked(before, down))
        await self._bus.set_property(player_at(name), "Volume", down)
        # A player that knows only some volumes takes the one nearest to it.
        await self._keep(name, Ducked(before, await self._volume(name)))

    async def _turned_back(self) -> bool:
        """Turn back what is down, and tell whether nothing is left to be."""
        async with self._one_at_a_time:
            for name, ducked in list(self._ducked.items()):
                try:
                    now = await self._volume(name)
                    if (wanted := ducked.meant(now)) != now:
                        await self._bus.set_property(player_at(name), "Volume", wanted)
                except ServiceUnavailable:
                    self._ducked[name] = replace(ducked, stray=True)
                    continue
                except ServiceTimeout:
                    continue
                except CodriverError as error:
                    _LOG.warning("Music cannot be turned back", extra={"player": name, "reason": str(error)})
                await self._keep(name, None)
        return not self._ducked

    async def _volume(self, name: str) -> float:
        """Ask a player how loud it is. Raises BusError, also where it says nothing that makes sense."""
        volume = await self._bus.get_property(player_at(name), "Volume", timeout=1.0)
        if not isinstance(volume, float):
            raise BusError(f"{name} does not say how loud it is.")
        return volume

    async def _keep(self, name: str, ducked: Ducked | None) -> None:
        if ducked:
            self._ducked[name] = ducked
        else:
            del self._ducked[name]
        await asyncio.to_thread(_write, self._file, dict(self._ducked))


def _read(file: Path) -> Mapping[str, Ducked]:
    """Read what another life of the daemon has left to do. What makes no sense is nothing."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): Ducked(float(before), float(down), stray=True) for name, (before, down) in entries.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        _LOG.warning("What was to be turned back cannot be read", extra={"reason": str(error)})
        return {}


def _write(file: Path, ducked: Mapping[str, Ducked]) -> None:
    """Write what is to be turned back, whole or not at all. A full disk costs only what a crash would need."""
    try:
        if not ducked:
            file.unlink(missing_ok=True)
            return
        unfinished = file.with_suffix(".part")
        unfinished.write_text(json.dumps({name: (each.before, each.down) for name, each in ducked.items()}))
        unfinished.replace(file)
    except OSError as error:
        _LOG.warning("What is to be turned back cannot be kept", extra={"reason": str(error)})

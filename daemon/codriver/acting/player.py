"""Music through MPRIS2: any player on the bus, chosen anew for each wish.

Titles and names come from players and from strangers' files. They are data: shown, spoken, never interpreted.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from codriver.acting.bus import Bus, Destination
from codriver.acting.strangers import one_line
from codriver.errors import BusError, InvalidRequest, ServiceUnavailable
from codriver.turn import BusCall

type Status = Literal["Playing", "Paused", "Stopped"]
type Loop = Literal["None", "Track", "Playlist"]

PLAYER = "org.mpris.MediaPlayer2.Player"
_PREFIX = "org.mpris.MediaPlayer2."
_PATH = "/org/mpris/MediaPlayer2"
_LOOKS = (0.01, 0.02, 0.03, 0.05, 0.1, 0.1, 0.15, 0.2)  # seconds between two looks at what an order did
_NEAR = 0.01
# mpv's plugin asks mpv for a property that does not exist: it always reads true, and writing it does nothing.
_SHUFFLE_UNTOLD = "org.mpris.MediaPlayer2.mpv"


@dataclass(frozen=True, slots=True)
class PlayerState:
    """What a player says of itself. Times in seconds, None where it does not know; ``volume`` is 0 to 1."""

    bus_name: str
    status: Status
    title: str = ""
    artist: str = ""
    album: str = ""
    track: str = ""
    volume: float = 1.0
    position: float = 0.0
    length: float | None = None
    shuffle: bool | None = None
    loop: Loop = "None"
    can_next: bool = True
    can_previous: bool = True
    can_play: bool = True
    can_pause: bool = True
    can_seek: bool = False


@dataclass(frozen=True, slots=True)
class Performed:
    """An order to a player: the call as it was sent, what the player said after, and whether it obeyed."""

    call: BusCall
    state: PlayerState
    confirmed: bool


class Volumes(Protocol):
    """Knows how loud players are meant to be where that is not how loud they are, as while they are turned down."""

    def meant(self, bus_name: str, volume: float) -> float:
        """Give the volume that is meant, from the one that the player has."""
        ...

    async def take(self, bus_name: str, wanted: float) -> float:
        """Take the volume that is wanted from now on, and give the one that the player is to have until then."""
        ...


class Player:
    """A client of whichever MPRIS player is the one meant now.

    All methods raise ServiceUnavailable when there is no player or it vanishes, else like ``Bus.call``.
    Orders come back as ``Performed``, read back from the player within about 0.6 s.
    """

    def __init__(self, bus: Bus, volumes: Volumes | None = None) -> None:
        """Take the bus, and what knows of players that are turned down for now."""
        self._bus = bus
        self._volumes = volumes
        self._last = ""

    async def choose(self) -> str:
        """Return the bus name of the player that is meant: playing, else paused, else the last one used."""
        running = await self.running()
        if not running:
            raise ServiceUnavailable("No music player is running.")
        self._last = choose_player(running, self._last)
        return self._last

    async def running(self) -> Mapping[str, str]:
        """Give the status of each player that answers, by bus name."""
        names = sorted(name for name in await self._bus.list_names() if name.startswith(_PREFIX))
        statuses = await asyncio.gather(*(self._status(name) for name in names))
        return {name: status for name, status in zip(names, statuses, strict=True) if status}

    async def state(self) -> PlayerState:
        """Tell what the chosen player does."""
        return await self._read(await self.choose())

    async def play(self) -> Performed:
        """Start or go on playing."""
        return await self._order("Play", lambda before, now: now.status == "Playing")

    async def pause(self) -> Performed:
        """Pause."""
        return await self._order("Pause", lambda before, now: now.status != "Playing")

    async def stop(self) -> Performed:
        """Pause as well: a player's own Stop may throw its playlist away."""
        return await self.pause()

    async def play_pause(self) -> Performed:
        """Turn playing into paused and the other way round."""
        return await self._order("PlayPause", lambda before, now: now.status != before.status)

    async def next(self) -> Performed:
        """Go to the next track."""
        return await self._skip("Next")

    async def previous(self) -> Performed:
        """Go to the previous track, or to the start of this one, as the player likes."""
        return await self._skip("Previous")

    async def seek(self, offset: float) -> Performed:
        """Move forwards, or backwards for negative values, by seconds."""

        def sought(before: PlayerState, now: PlayerState) -> bool:
            # One that plays moves by itself; half of the way, in the right direction, is proof.
            moved = now.position - before.position
            return (
                now.track != before.track or (moved > offset / 2 if offset > 0 else moved < offset / 2) or offset == 0
            )

        return await self._order("Seek", sought, round(offset * 1_000_000))

    async def set_volume(self, volume: float) -> Performed:
        """Set the volume, 0 to 1. Raises InvalidRequest outside of that."""
        if isinstance(volume, bool) or not 0.0 <= volume <= 1.0:
            raise InvalidRequest("The volume is between 0 and 100 percent.")
        return await self._write("Volume", float(volume), lambda now: abs(now.volume - volume) <= _NEAR, self._volumes)

    async def set_shuffle(self, shuffle: bool) -> Performed:
        """Play in random order, or in order. Not confirmed by a player that does not tell its order."""
        return await self._write("Shuffle", shuffle, lambda now: now.shuffle == shuffle)

    async def set_loop(self, loop: Loop) -> Performed:
        """Repeat nothing, the track, or the playlist. Raises InvalidRequest for anything else."""
        if loop not in ("None", "Track", "Playlist"):
            raise InvalidRequest("Repeating is one of None, Track, Playlist.")
        return await self._write("LoopStatus", loop, lambda now: now.loop == loop)

    async def _order(self, member: str, done: Callable[[PlayerState, PlayerState], bool], *args: Any) -> Performed:
        before = await self.state()
        await self._bus.call(player_at(before.bus_name), member, *args)
        state, confirmed = await self._read_back(before.bus_name, lambda now: done(before, now))
        return Performed(BusCall(before.bus_name, _PATH, PLAYER, member, args), state, confirmed)

    async def _skip(self, member: str) -> Performed:
        before = await self.state()
        performed = await self._order(member, _moved_on)

        def told(now: PlayerState) -> bool:
            # A busy player is at the start of the next track while it still names the last one, and it names the file
            # until it has read the track's own title; its length comes with the title.
            return now.length is not None and (now.track, now.title) != (before.track, before.title)

        state, _ = await self._read_back(performed.state.bus_name, told, _LOOKS[:5])
        return dataclasses.replace(performed, state=state)

    async def _write(
        self, name: str, value: Any, done: Callable[[PlayerState], bool], volumes: Volumes | None = None
    ) -> Performed:
        bus_name = await self.choose()
        sent = await volumes.take(bus_name, value) if volumes else value
        await self._bus.set_property(player_at(bus_name), name, sent)
        state, confirmed = await self._read_back(bus_name, done)
        return Performed(BusCall(bus_name, _PATH, PLAYER, "Set", (), name, value), state, confirmed)

    async def _read_back(
        self, bus_name: str, done: Callable[[PlayerState], bool], looks: Sequence[float] = _LOOKS
    ) -> tuple[PlayerState, bool]:
        state = await self._read(bus_name)
        for pause in looks:
            if done(state):
                return state, True
            await asyncio.sleep(pause)
            state = await self._read(bus_name)
        return state, done(state)

    async def _read(self, bus_name: str) -> PlayerState:
        state = read_state(bus_name, await self._bus.get_properties(player_at(bus_name)))
        if self._volumes is None:
            return state
        return dataclasses.replace(state, volume=self._volumes.meant(bus_name, state.volume))

    async def _status(self, name: str) -> str:
        try:
            return str(await self._bus.get_property(player_at(name), "PlaybackStatus", timeout=1.0))
        except (BusError, InvalidRequest):
            return ""  # one that hangs or has just left must not keep us from the others


def choose_player(running: Mapping[str, str], last: str) -> str:
    """Choose among players by bus name and status: playing, else paused, else the last one used, else any.

    Among equals the last one used comes first. ``running`` must not be empty.
    """
    rank = {"Playing": 0, "Paused": 1}
    return min(running, key=lambda name: (rank.get(running[name], 2), name != last, name))


def read_state(bus_name: str, properties: Mapping[str, Any]) -> PlayerState:
    """Make a state of what a player says, whatever it leaves out or gets wrong."""
    raw = properties.get("Metadata")
    metadata = raw if isinstance(raw, Mapping) else {}
    length = _number(metadata.get("mpris:length"), 0.0)
    status = properties.get("PlaybackStatus")
    loop = properties.get("LoopStatus")
    return PlayerState(
        bus_name=bus_name,
        status=status if status in ("Playing", "Paused") else "Stopped",
        title=one_line(metadata.get("xesam:title")),
        artist=one_line(metadata.get("xesam:artist")),
        album=one_line(metadata.get("xesam:album")),
        track=one_line(metadata.get("mpris:trackid")),
        volume=_number(properties.get("Volume"), 1.0),
        position=max(0.0, _number(properties.get("Position"), 0.0) / 1_000_000),
        length=length / 1_000_000 if length > 0 else None,
        shuffle=None if bus_name.startswith(_SHUFFLE_UNTOLD) else _flag(properties.get("Shuffle")),
        loop=loop if loop in ("Track", "Playlist") else "None",
        can_next=properties.get("CanGoNext") is not False,
        can_previous=properties.get("CanGoPrevious") is not False,
        can_play=properties.get("CanPlay") is not False,
        can_pause=properties.get("CanPause") is not False,
        can_seek=properties.get("CanSeek") is True,
    )


def _moved_on(before: PlayerState, now: PlayerState) -> bool:
    return now.track != before.track or now.title != before.title or now.position < before.position


def player_at(bus_name: str) -> Destination:
    """Address a player."""
    return Destination(bus_name, _PATH, PLAYER)


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise

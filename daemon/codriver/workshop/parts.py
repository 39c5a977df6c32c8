"""Real parts to try things with: a bus of one's own, the simulated car, a music player with three tracks.

Used by the sandbox of the command line and by the tests. What they start ends with them, and with this
process.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from codriver.acting.bus import Bus
from codriver.acting.player import Player
from codriver.errors import CodriverError, ConfigurationError, ServiceUnavailable
from codriver.services.navigation.contract import BUS_NAME as NAVIGATION
from codriver.services.vehicle.service import BUS_NAME as VEHICLE

_READY_TIMEOUT = 15.0  # seconds until a part must be there, on a slow and busy board
_LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107
_RATE = 8000
_TRACK_SECONDS = 180
_MPRIS_PLUGINS = (Path("/usr/lib/mpv-mpris/mpris.so"), Path("/etc/mpv/scripts/mpris.so"))
_BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True, slots=True)
class Track:
    """A track of the demo player."""

    title: str
    artist: str
    album: str


TRACKS = (
    Track("Harbour Lights", "The Ferrymen", "North Shore"),
    Track("月亮代表我的心", "邓丽君", "岛国之情歌"),
    Track("Open Road", "June Carver", "Miles to Go"),
)


@contextlib.asynccontextmanager
async def private_bus(directory: Path) -> AsyncIterator[str]:
    """Run a D-Bus daemon of one's own, which starts no services, and yield its address.

    Its socket is ``directory/bus``. Raises ConfigurationError without dbus-daemon or with too long a path.
    """
    config, address = await asyncio.to_thread(_prepare_bus, directory)
    async with _process("dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", quiet=True) as process:
        await _until_ready(process, "The D-Bus daemon", lambda: _answers(address))
        yield address


@contextlib.asynccontextmanager
async def simulated_car(address: str, pace: float = 1.0) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run codriver-vehicle on a bus, ``pace`` times as fast as the world, and yield its process."""
    arguments = ("--simulate", "--exit-with-parent", "--bus-address", address, "--pace", str(pace))
    module = "codriver.services.vehicle.__main__"
    async with _process(sys.executable, "-m", module, *arguments) as process, Bus(address) as bus:
        await _until_ready(process, "The vehicle service", lambda: bus.name_has_owner(VEHICLE))
        yield process


@contextlib.asynccontextmanager
async def navigation(address: str, maps: Path, state: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run codriver-navigation on a bus with the maps below ``maps``, and yield its process.

    The journey is kept in the folder ``state``.
    """
    arguments = ("--exit-with-parent", "--bus-address", address, "--maps", str(maps), "--state", str(state))
    module = "codriver.services.navigation.__main__"
    async with _process(sys.executable, "-m", module, *arguments) as process, Bus(address) as bus:
        await _until_ready(process, "The navigation service", lambda: bus.name_has_owner(NAVIGATION))
        yield process


@dataclass(frozen=True, slots=True)
class DemoPlayer:
    """A running mpv with three tracks. ``control`` is its own socket, for what MPRIS cannot do."""

    process: asyncio.subprocess.Process
    control: Path
    tracks: tuple[Path, ...]
    address: str

    async def reset(self) -> None:
        """Put the player back: paused at the start of the second track at half volume, no repeat."""
        await self._tell("set_property", "pause", True)
        for index, track in enumerate(self.tracks):
            await self._tell("loadfile", str(track), "append" if index else "replace")
        settings = {
            "volume": 50,
            "loop-file": "no",
            "loop-playlist": "no",
            "shuffle": False,
            "playlist-pos": 1,
        }
        for name, value in settings.items():
            await self._tell("set_property", name, value)
        async with Bus(self.address) as bus:
            await _until_ready(self.process, "The music player", lambda: _at_start(Player(bus)))

    async def _tell(self, *command: Any) -> None:
        reader, writer = await asyncio.open_unix_connection(str(self.control))
        try:
            writer.write(json.dumps({"command": command}).encode() + b"\n")
            await writer.drain()
            while b'"error"' not in await asyncio.wait_for(reader.readline(), _READY_TIMEOUT):
                pass  # events of the player come between
        finally:
            writer.close()
            await writer.wait_closed()


@contextlib.asynccontextmanager
async def demo_player(address: str, directory: Path) -> AsyncIterator[DemoPlayer]:
    """Run mpv with its MPRIS plugin and three generated tracks, silent, and yield it in its start state.

    Raises ConfigurationError when mpv or mpv-mpris is missing.
    """
    plugin = await asyncio.to_thread(_find_plugin)
    tracks = await asyncio.to_thread(make_tracks, directory / "music")
    control = directory / "mpv"  # mpv replaces an old socket by itself
    options = (
        "--no-config",
        "--load-scripts=no",
        "--no-terminal",
        "--idle=yes",
        "--no-video",
        "--ao=null",
        "--pause",
    )
    places = (f"--script={plugin}", f"--input-ipc-server={control}", "--volume=50", "--playlist-start=1")
    files = [str(track) for track in tracks]
    async with _process("mpv", *options, *places, *files, bus=address) as process, Bus(address) as bus:
        await _until_ready(process, "The music player", lambda: _at_start(Player(bus)))
        yield DemoPlayer(process, control, tracks, address)


def make_tracks(directory: Path) -> tuple[Path, ...]:
    """Write the three tracks, three minutes of a soft tone each, with tags. Existing ones are kept."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, track in enumerate(TRACKS, 1):
        path = directory / f"{number}.wav"
        if not path.exists():
            seconds = np.arange(_TRACK_SECONDS * _RATE) / _RATE
            tone = (np.sin(2 * np.pi * 110 * (number + 2) * seconds) * 3000).astype(np.int16)
            unfinished = path.with_suffix(".part")
            with soundfile.SoundFile(unfinished, "w", _RATE, 1, "PCM_16", format="WAV") as file:
                file.title, file.artist, file.album = track.title, track.artist, track.album
                file.write(tone)
            unfinished.rename(path)
        paths.append(path)
    return tuple(paths)


@contextlib.asynccontextmanager
async def _process(
    program: str, *arguments: str, bus: str = "", quiet: bool = False
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program that ends with this block, and with this process, however that ends."""
    if await asyncio.to_thread(shutil.which, program) is None:
        raise ConfigurationError(f"The program {program} is missing; install it.")
    environment = ["env", f"DBUS_SESSION_BUS_ADDRESS={bus}"] if bus else []
    process = await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", "TERM", *environment, program, *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL if quiet else None,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 3.0)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _until_ready(process: asyncio.subprocess.Process, name: str, ready: Any) -> None:
    """Wait until ``ready`` is true. Raises ServiceUnavailable when the process ends or takes too long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_READY_TIMEOUT):
            while process.returncode is None:
                if await ready():
                    return
                await asyncio.sleep(0.02)
    raise ServiceUnavailable(f"{name} did not start.")


def _find_plugin() -> Path:
    for path in _MPRIS_PLUGINS:
        if path.exists():
            return path
    raise ConfigurationError("The music player's D-Bus plugin is missing; install mpv-mpris.")


def _prepare_bus(directory: Path) -> tuple[Path, str]:
    socket, config = directory / "bus", directory / "bus.conf"
    if len(bytes(socket)) > _LONGEST_SOCKET_PATH:
        raise ConfigurationError(f"The path {directory} is too long for a socket; use a shorter one.")
    directory.mkdir(parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    config.write_text(_BUS_CONFIG.format(socket=socket), encoding="utf-8")
    return config, f"unix:path={socket}"


async def _answers(address: str) -> bool:
    bus = Bus(address)
    try:
        await bus.connect()
    except ServiceUnavailable:
        return False
    await bus.close()
    return True


async def _at_start(player: Player) -> bool:
    try:
        state = await player.state()
    except CodriverError:
        return False
    return (state.status, state.title, state.volume) == (
        "Paused",
        TRACKS[1].title,
        0.5,
    ) and state.position < 1.0

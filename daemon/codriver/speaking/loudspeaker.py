"""Where speech comes out: a WAV file, a player of the system, or nowhere."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
import wave
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from codriver.errors import AudioError
from codriver.speaking.voice import AudioBlock


@dataclass(frozen=True, slots=True)
class Played:
    """What came out: when it began on the monotonic clock (None if nothing did), and for how many seconds."""

    first_sound_at: float | None
    seconds: float
    interrupted: bool = False


class Loudspeaker(Protocol):
    """Plays one answer at a time."""

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        """Play the blocks as they come and return when the last has sounded. Raises AudioError."""
        ...

    def stop(self) -> None:
        """Fall silent within one block; ``play`` returns with ``interrupted``."""
        ...


class SilentLoudspeaker:
    """Takes speech as fast as it is made and plays it nowhere: for evaluation."""

    def __init__(self) -> None:
        self._stopped = False

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        """Take the blocks until they end or `stop` is called."""
        self._stopped = False
        return await _take(blocks, lambda block: None, lambda: self._stopped)

    def stop(self) -> None:
        """Take no further block."""
        self._stopped = True


class WavLoudspeaker:
    """Writes one answer into a WAV file, which appears when it is whole and replaces one of the same name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stopped = False

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        """Write the blocks; what was said before an interruption is kept. Nothing is written of no sound."""
        self._stopped = False
        spoken: list[AudioBlock] = []
        played = await _take(blocks, spoken.append, lambda: self._stopped)
        if spoken:
            await asyncio.to_thread(write_wav, self._path, spoken)
        return played

    def stop(self) -> None:
        """Take no further block."""
        self._stopped = True


class CommandLoudspeaker:
    """Plays through PulseAudio, PipeWire or ALSA, by the first of their players that is installed."""

    def __init__(self, command: Callable[[int], Sequence[str]] | None = None) -> None:
        """Take the function that gives the player's command line for a rate in hertz; see `find_player`."""
        self._command = command or find_player()
        self._stopped = asyncio.Event()

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        """Pipe the blocks into the player; returns when it has played them."""
        self._stopped.clear()
        player: asyncio.subprocess.Process | None = None
        first, seconds = None, 0.0
        try:
            async for block in blocks:
                if self._stopped.is_set():
                    break
                if player is None:
                    player = await self._start(block.rate)
                    first = time.monotonic()
                await self._feed(player, block)
                seconds += block.seconds
            if player is not None:
                await self._finish(player)
        finally:
            if player is not None and player.returncode is None:
                player.kill()
                await player.wait()
        if self._stopped.is_set() and first is not None:
            seconds = min(seconds, time.monotonic() - first)
        return Played(first, seconds, self._stopped.is_set())

    def stop(self) -> None:
        """Kill the player, with what it has been given and has not played."""
        self._stopped.set()

    async def _start(self, rate: int) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self._command(rate), stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
            )
        except OSError as error:
            raise AudioError(f"The audio player can't be started: {error.strerror}.") from error

    async def _feed(self, player: asyncio.subprocess.Process, block: AudioBlock) -> None:
        """Write a block, unless `stop` is called while the player is not ready for it."""
        assert player.stdin is not None
        try:
            player.stdin.write(block.pcm)
            await self._unless_stopped(player.stdin.drain())
        except ConnectionError as error:
            raise AudioError("The audio player ended while it was playing; `codriver doctor` says why.") from error

    async def _finish(self, player: asyncio.subprocess.Process) -> None:
        assert player.stdin is not None
        player.stdin.close()
        await self._unless_stopped(player.wait())
        if player.returncode:
            raise AudioError(f"The audio player ended with status {player.returncode}.")

    async def _unless_stopped(self, waiting: Coroutine[None, None, object]) -> None:
        """Wait for ``waiting`` or for `stop`, whichever comes first."""
        task = asyncio.ensure_future(waiting)
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
        finally:
            for pending in (task, stopped):
                pending.cancel()


def find_player() -> Callable[[int], Sequence[str]]:
    """Return what gives a player's command line for a rate in hertz. Raises AudioError if there is none."""
    for name, options in _PLAYERS.items():
        if (program := shutil.which(name)) is not None:
            return lambda rate: [program, *(option.format(rate=rate) for option in options)]
    raise AudioError(f"No audio player is installed: one of {', '.join(_PLAYERS)} is needed.")


def write_wav(path: Path, blocks: Sequence[AudioBlock]) -> None:
    """Write blocks of one rate as a WAV file that appears whole or not at all. Raises AudioError."""
    if len({block.rate for block in blocks}) != 1:
        raise AudioError(f"{path} needs sound of one rate.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.stem}.") as directory:
            unfinished = Path(directory) / path.name
            with wave.open(str(unfinished), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(blocks[0].rate)
                file.writeframes(b"".join(block.pcm for block in blocks))
            unfinished.replace(path)
    except OSError as error:
        raise AudioError(f"{path} can't be written: {error.strerror}.") from error


_PLAYERS = {
    "paplay": ("--raw", "--format=s16le", "--channels=1", "--rate={rate}", "--latency-msec=50"),
    "pw-play": ("--raw", "--format=s16", "--channels=1", "--rate={rate}", "-"),
    "aplay": ("--quiet", "--file-type=raw", "--format=S16_LE", "--channels=1", "--rate={rate}"),
}
"""Programs that play int16 mono from standard input, in the order in which they are tried."""


async def _take(
    blocks: AsyncIterator[AudioBlock], use: Callable[[AudioBlock], object], stopped: Callable[[], bool]
) -> Played:
    first, seconds = None, 0.0
    async for block in blocks:
        if stopped():
            break
        if first is None:
            first = time.monotonic()
        use(block)
        seconds += block.seconds
    return Played(first, seconds, stopped())

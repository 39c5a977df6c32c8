"""Where speech comes out: the loudspeaker of the sound process, a WAV file, or nowhere."""

from __future__ import annotations

import asyncio
import tempfile
import time
import wave
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from wyoming.audio import AudioChunk, AudioStop
from wyoming.client import AsyncClient
from wyoming.error import Error

from codriver.engines.sound import events
from codriver.errors import AudioError, InvalidRequest
from codriver.speaking.voice import AudioBlock

_AHEAD_SECONDS = 5.0
"""What is sent before it can have sounded: enough for a voice that stumbles, little enough to be dropped."""

_LOOKS_EVERY = 0.25


class LoudspeakerLost(AudioError):
    """The loudspeaker went away, or is not there: of a sound that was played, at most ``sounded`` seconds sounded."""

    def __init__(self, sentence: str, sounded: float = 0.0) -> None:
        super().__init__(sentence)
        self.sounded = sounded


@dataclass(frozen=True, slots=True)
class Played:
    """What came out: when it began on the monotonic clock (None if nothing did), and for how many seconds."""

    first_sound_at: float | None
    seconds: float
    interrupted: bool = False


class Loudspeaker(Protocol):
    """Plays one answer at a time."""

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        """Play the blocks as they come and return when the last has sounded. Raises AudioError, LoudspeakerLost."""
        ...

    async def returns(self, within: float) -> bool:
        """Wait for at most so many seconds until it can be played on, and tell whether it can; `stop` ends that."""
        ...

    def stop(self) -> None:
        """Fall silent within one block or 150 ms; ``play`` returns with ``interrupted``."""
        ...

    def pause(self) -> None:
        """Fall silent as `stop` does, but keep what has not sounded; ``play`` goes on waiting."""
        ...

    def resume(self) -> None:
        """Go on where `pause` held it. Without a pause nothing happens."""
        ...


class SilentLoudspeaker:
    """Takes speech as fast as it is made and plays it nowhere: for evaluation."""

    def __init__(self) -> None:
        self._stopped = False
        self._going = asyncio.Event()
        self._going.set()

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        """Take the blocks until they end or `stop` is called."""
        return await self._take(blocks, lambda block: None)

    async def returns(self, within: float) -> bool:
        """Never go away."""
        return True

    def stop(self) -> None:
        """Take no further block."""
        self._stopped = True
        self._going.set()

    def pause(self) -> None:
        """Take no further block until `resume`."""
        self._going.clear()

    def resume(self) -> None:
        """Go on taking blocks."""
        self._going.set()

    async def _take(self, blocks: AsyncIterator[AudioBlock], use: Callable[[AudioBlock], object]) -> Played:
        self._stopped = False
        self._going.set()
        first, seconds = None, 0.0
        async for block in blocks:
            await self._going.wait()
            if self._stopped:
                break
            if first is None:
                first = time.monotonic()
            use(block)
            seconds += block.seconds
        return Played(first, seconds, self._stopped)


class WavLoudspeaker(SilentLoudspeaker):
    """Writes one answer into a WAV file, which appears when it is whole and replaces one of the same name."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        """Write the blocks; what was said before an interruption is kept. Nothing is written of no sound."""
        spoken: list[AudioBlock] = []
        played = await self._take(blocks, spoken.append)
        if spoken:
            await asyncio.to_thread(write_wav, self._path, spoken)
        return played


class SoundLoudspeaker:
    """Plays through the sound process, one answer at a time; another one may play while this one is paused."""

    def __init__(self, uri: str, answer_within: float = 5.0) -> None:
        """Take where the sound process is, and within how many seconds it must take what it is given."""
        self._uri = uri
        self._answer_within = answer_within
        self._orders: asyncio.Queue[_Order] = asyncio.Queue()
        self._stopped = False

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        """Send the blocks, a few seconds ahead of what sounds; returns when the last has sounded.

        Raises LoudspeakerLost when there is none, or the sound process cannot be reached, or dies.
        """
        self._orders, self._stopped = asyncio.Queue(), False
        first = await _next(blocks)
        if first is None or self._stopped:
            return Played(None, 0.0, self._stopped)
        try:
            async with AsyncClient.from_uri(self._uri, connect_timeout=self._answer_within) as client:
                return await _Playing(client, self._orders).play(first, blocks)
        except (OSError, TimeoutError) as error:
            raise LoudspeakerLost(f"The sound process cannot be reached: {error or 'it does not answer'}.") from error

    async def returns(self, within: float) -> bool:
        """Wait for the sound process, and for what it plays on, as long as nobody stops it."""
        until = asyncio.get_running_loop().time() + within
        while not self._stopped:
            if await self._is_there():
                return True
            if asyncio.get_running_loop().time() >= until:
                return False
            await asyncio.sleep(_LOOKS_EVERY)
        return False

    def stop(self) -> None:
        """Fall silent within 150 ms, for good."""
        self._stopped = True
        self._orders.put_nowait(events.Silence)

    def pause(self) -> None:
        """Fall silent within 150 ms, until `resume`."""
        self._orders.put_nowait(events.Pause)

    def resume(self) -> None:
        """Go on where `pause` held it."""
        self._orders.put_nowait(events.Resume)

    async def _is_there(self) -> bool:
        try:
            async with asyncio.timeout(self._answer_within), AsyncClient.from_uri(self._uri) as client:
                await client.write_event(events.Capture(open=False).event())
                event = await client.read_event()
                status = events.LoudspeakerStatus.from_event(event) if event else None
                return status is not None and status.state is events.LoudspeakerState.READY
        except (OSError, EOFError, TimeoutError, ValueError, KeyError, InvalidRequest):
            return False


type _Order = type[events.Silence | events.Pause | events.Resume]


class _Playing:
    """One answer on its way through a connection of its own; when that ends, so does the sound."""

    def __init__(self, client: AsyncClient, orders: asyncio.Queue[_Order]) -> None:
        self._client = client
        self._orders = orders
        self._id = uuid4().hex
        self._began: float | None = None

    async def play(self, first: AudioBlock, others: AsyncIterator[AudioBlock]) -> Played:
        """Send, obey orders and wait for the end, all at once. Raises LoudspeakerLost, and what ``others`` raises."""
        await self._client.write_event(events.Play(self._id, first.rate).event())
        sending = asyncio.create_task(self._send(first, others), name="sending sound")
        obeying = asyncio.create_task(self._obey(), name="orders for sound")
        ending = asyncio.create_task(self._ended(), name="end of sound")
        try:
            await asyncio.wait((sending, ending), return_when=asyncio.FIRST_COMPLETED)
            if sending.done() and not ending.done():
                sending.result()
            return await ending
        except OSError as error:
            raise self._lost(f"The sound process cannot be used: {error}.") from error
        finally:
            for task in (sending, obeying, ending):
                task.cancel()
            await asyncio.gather(sending, obeying, ending, return_exceptions=True)

    async def _send(self, first: AudioBlock, others: AsyncIterator[AudioBlock]) -> None:
        loop = asyncio.get_running_loop()
        self._began = started = loop.time()
        sent = 0.0
        block: AudioBlock | None = first
        while block is not None:
            await self._client.write_event(AudioChunk(block.rate, 2, 1, block.pcm).event())
            sent += block.seconds
            await asyncio.sleep(max(0.0, started + sent - _AHEAD_SECONDS - loop.time()))
            block = await _next(others)
        await self._client.write_event(AudioStop().event())

    async def _obey(self) -> None:
        while True:
            order = await self._orders.get()
            await self._client.write_event(order(self._id).event())

    async def _ended(self) -> Played:
        """Wait until the sound is over. Raises LoudspeakerLost where it could not be played to its end."""
        try:
            while (event := await self._client.read_event()) is not None:
                if events.Played.is_type(event.type):
                    played = events.Played.from_event(event)
                    if played.lost:
                        raise LoudspeakerLost(played.lost, played.seconds)
                    return Played(played.first_sound_at, played.seconds, played.interrupted)
                if Error.is_type(event.type):
                    raise AudioError(Error.from_event(event).text)
        except (OSError, EOFError, ValueError, KeyError, InvalidRequest) as error:
            raise self._lost(f"The sound process cannot be used: {error}.") from error
        raise self._lost("The sound process ended while it was playing.")

    def _lost(self, sentence: str) -> LoudspeakerLost:
        """Suppose that it has sounded since it was first sent."""
        began = self._began
        return LoudspeakerLost(sentence, 0.0 if began is None else asyncio.get_running_loop().time() - began)


async def _next(blocks: AsyncIterator[AudioBlock]) -> AudioBlock | None:
    async for block in blocks:
        return block
    return None


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

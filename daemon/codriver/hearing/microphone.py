"""The microphones, through the sound process: frames of 10 ms, each with its zone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Mapping

import numpy as np
from wyoming.client import AsyncClient
from wyoming.error import Error

from codriver.engines.sound.events import Capture, Captured, MicrophoneState, MicrophoneStatus
from codriver.errors import AudioError, InvalidRequest
from codriver.hearing.audio import FRAME, Samples
from codriver.turn import Zone

__all__ = ["Microphone", "MicrophoneState", "MicrophoneStatus"]

_LOG = logging.getLogger(__name__)

_FIRST_WAIT = 0.25
_LONGEST_WAIT = 5.0
_ANSWER_WITHIN = 5.0


class Microphone:
    """All microphones of the car. Somebody must iterate over `frames`, and never wait between them for long.

    ``on_status`` may be set to whatever is to be told of each new status of a microphone.
    """

    def __init__(self, uri: str) -> None:
        """Take where the sound process is. Nothing is opened before `frames` is iterated over."""
        self.on_status: Callable[[MicrophoneStatus], None] = lambda status: None
        self.missed = 0
        self._uri = uri
        self._wanted = True
        self._soon = True
        self._client: AsyncClient | None = None
        self._statuses: dict[Zone, MicrophoneStatus] = {}
        self._changed = asyncio.Condition()
        self._next: dict[Zone, int] = {}

    @property
    def statuses(self) -> Mapping[Zone, MicrophoneStatus]:
        """What is known of the microphone of each zone; nothing before the sound process has answered."""
        return self._statuses

    @property
    def state(self) -> MicrophoneState:
        """What the microphones do: closed or lost if all of them are; otherwise the state of the best one."""
        states = {status.state for status in self._statuses.values()}
        return next((state for state in _BEST_FIRST if state in states), MicrophoneState.CLOSED)

    async def frames(self) -> AsyncGenerator[tuple[Zone, Samples]]:
        """Yield 10 ms at a time (160 samples, int16, 16 kHz mono), those of all zones in turn, for ever.

        While the microphones are closed or lost nothing comes; a sound process that dies is waited for. ``missed``
        counts frames that were captured and never came.
        """
        wait = _FIRST_WAIT
        while True:
            try:
                async with contextlib.aclosing(self._captured()) as chunks:
                    async for chunk in chunks:
                        wait = _FIRST_WAIT
                        for frame in np.frombuffer(chunk.audio, dtype="<i2").reshape(-1, FRAME):
                            yield chunk.zone, frame
            except AudioError as error:
                _LOG.warning("No sound process", extra={"reason": str(error), "again_in": wait})
                await self._lose(str(error))
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    async def open(self) -> None:
        """Open the microphones again, and return when they are open, or known to be lost."""
        self._wanted = True
        await self._tell_and_wait(lambda state: state is not MicrophoneState.CLOSED)

    async def close(self) -> None:
        """Close the devices: nothing is captured by anybody in codriver. Returns when they are closed.

        Raises AudioError where the sound process does not say so.
        """
        self._wanted = False
        await self._tell_and_wait(lambda state: state is MicrophoneState.CLOSED)

    async def hurry(self, soon: bool) -> None:
        """Have sound as soon as it is there, or, which is half the work, up to 0.12 s of it at a time."""
        if soon is self._soon:
            return
        self._soon = soon
        if self._client is not None:
            with contextlib.suppress(OSError):  # what is to be done anew is told to the next sound process
                await self._client.write_event(Capture(self._wanted, soon).event())

    async def _captured(self) -> AsyncGenerator[Captured]:
        """Connect, and yield what is captured. Raises AudioError when the connection ends."""
        try:
            async with AsyncClient.from_uri(self._uri, connect_timeout=_ANSWER_WITHIN) as client:
                await client.write_event(Capture(self._wanted, self._soon).event())
                self._client, self._next = client, {}
                while (event := await client.read_event()) is not None:
                    if Captured.is_type(event.type):
                        yield self._counted(Captured.from_event(event))
                    elif MicrophoneStatus.is_type(event.type):
                        await self._note(MicrophoneStatus.from_event(event))
                    elif Error.is_type(event.type):
                        raise AudioError(Error.from_event(event).text)
        except (OSError, EOFError, TimeoutError, ValueError, KeyError, InvalidRequest) as error:
            raise AudioError(f"The sound process cannot be used: {error}.") from error
        finally:
            self._client = None
        raise AudioError("The sound process ended.")

    def _counted(self, chunk: Captured) -> Captured:
        expected = self._next.get(chunk.zone, chunk.frame)
        self.missed += max(0, chunk.frame - expected)
        self._next[chunk.zone] = chunk.frame + len(chunk.audio) // (2 * FRAME)
        return chunk

    async def _note(self, status: MicrophoneStatus) -> None:
        async with self._changed:
            self._statuses[status.zone] = status
            self._changed.notify_all()
        self.on_status(status)

    async def _lose(self, reason: str) -> None:
        state = MicrophoneState.LOST if self._wanted else MicrophoneState.CLOSED
        for zone, status in list(self._statuses.items()):
            if status.state is not state:
                await self._note(MicrophoneStatus(state, zone, status.device, reason))

    async def _tell_and_wait(self, reached: Callable[[MicrophoneState], bool]) -> None:
        if self._client is None:
            return
        try:
            await self._client.write_event(Capture(self._wanted, self._soon).event())
            async with asyncio.timeout(_ANSWER_WITHIN), self._changed:
                await self._changed.wait_for(lambda: all(reached(status.state) for status in self._statuses.values()))
        except (OSError, TimeoutError) as error:
            raise AudioError("The sound process does not answer.") from error


_BEST_FIRST = (
    MicrophoneState.OPEN,
    MicrophoneState.CLIPPING,
    MicrophoneState.SILENT,
    MicrophoneState.LOST,
    MicrophoneState.CLOSED,
)

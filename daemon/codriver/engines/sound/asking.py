"""Short questions to a sound process: what is there to hear and to speak with, and what was counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from wyoming.client import AsyncClient
from wyoming.event import Event

from codriver.engines.sound.events import Capture, Counters, LoudspeakerStatus, MicrophoneStatus
from codriver.errors import AudioError, InvalidRequest

_ANSWER_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is: the microphone of each zone, and the loudspeaker."""

    microphones: tuple[MicrophoneStatus, ...]
    loudspeaker: LoudspeakerStatus


async def look(uri: str, seconds: float = 2.5) -> Seen:
    """Open the microphones and listen for some seconds whether anything comes from them. Raises AudioError.

    A microphone that gives only silence is told from a good one after 2 s.
    """
    microphones: dict[str, MicrophoneStatus] = {}
    loudspeaker: LoudspeakerStatus | None = None
    async with _connected(uri) as client:
        await client.write_event(Capture(open=True).event())
        until = asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(until):
                while event := await _next(client):
                    if MicrophoneStatus.is_type(event.type):
                        status = MicrophoneStatus.from_event(event)
                        microphones[status.zone] = status
                    elif LoudspeakerStatus.is_type(event.type):
                        loudspeaker = LoudspeakerStatus.from_event(event)
        except TimeoutError:
            pass
    if loudspeaker is None:
        raise AudioError("The sound process does not say what it has.")
    return Seen(tuple(microphones.values()), loudspeaker)


async def count(uri: str) -> Counters:
    """Ask what was counted. Raises AudioError."""
    async with _connected(uri) as client:
        await client.write_event(Event(Counters.TYPE))
        while event := await _next(client):
            if Counters.is_type(event.type):
                return Counters.from_event(event)
    raise AudioError("The sound process does not say what it counted.")


@asynccontextmanager
async def _connected(uri: str) -> AsyncIterator[AsyncClient]:
    try:
        async with AsyncClient.from_uri(uri, connect_timeout=_ANSWER_WITHIN) as client:
            yield client
    except (OSError, EOFError, TimeoutError, ValueError, KeyError, InvalidRequest) as error:
        raise AudioError(f"The sound process cannot be used: {error or 'it does not answer'}.") from error


async def _next(client: AsyncClient) -> Event | None:
    return await asyncio.wait_for(client.read_event(), _ANSWER_WITHIN)

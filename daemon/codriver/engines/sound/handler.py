"""Answers the events of one client of the sound process."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from io import BytesIO

from wyoming.audio import AudioChunk, AudioStop
from wyoming.error import Error
from wyoming.event import Event, write_event
from wyoming.info import Describe, Info
from wyoming.server import AsyncEventHandler

from codriver.engines.sound.events import Capture, Counters, Pause, Play, Resume, Silence
from codriver.engines.sound.station import Station
from codriver.errors import CodriverError, InvalidRequest

_MOST_WAITING = 500_000
"""Bytes that wait for a client that does not read: about ten seconds of sound of one zone."""

_RATES = range(4_000, 192_001)


class SoundHandler(AsyncEventHandler):
    """One client: it hears, or it plays one sound at a time, or both."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, station: Station) -> None:
        super().__init__(reader, writer)
        self.hears = self.listens = self.hurries = False
        self._station = station
        self._playing = ""
        station.join(self)

    def send(self, event: Event) -> bool:
        """Send an event when the client can take it; false, and it is dropped, where too much waits already."""
        if self.writer.transport.get_write_buffer_size() >= _MOST_WAITING:
            return False
        framed = BytesIO()
        write_event(event, framed)
        self.writer.write(framed.getvalue())
        return True

    async def run(self) -> None:
        """Answer until the client goes, however it goes."""
        with suppress(ConnectionError):
            await super().run()

    async def handle_event(self, event: Event) -> bool:
        """Do what an event asks for. What makes no sense is answered with an error, and ends nothing."""
        try:
            self._obey(event)
        except (CodriverError, KeyError, TypeError) as error:
            text = str(error) if isinstance(error, CodriverError) else f"{event.type} lacks a field or has a wrong one."
            self.send(Error(text=text, code="sound").event())
        return True

    async def disconnect(self) -> None:
        """End all that the client wanted."""
        self._station.leave(self)

    def _obey(self, event: Event) -> None:
        playing = self._station.playing
        if AudioChunk.is_type(event.type):
            playing.add(self._playing, event.payload or b"")
        elif AudioStop.is_type(event.type):
            playing.finish(self._playing)
        elif Play.is_type(event.type):
            self._play(Play.from_event(event))
        elif Silence.is_type(event.type):
            playing.cut(Silence.from_event(event).id)
        elif Pause.is_type(event.type):
            playing.hold(Pause.from_event(event).id, held=True)
        elif Resume.is_type(event.type):
            playing.hold(Resume.from_event(event).id, held=False)
            self._station.look()
        elif Capture.is_type(event.type):
            self._capture(Capture.from_event(event))
        elif Counters.is_type(event.type):
            self.send(self._station.counters.event())
        elif Describe.is_type(event.type):
            self.send(Info().event())

    def _play(self, play: Play) -> None:
        if play.rate not in _RATES:
            raise InvalidRequest(f"Sound has from {_RATES[0]} to {_RATES[-1]} samples a second, not {play.rate}.")
        self._playing = play.id
        self._station.playing.begin(self, play.id, play.rate)
        self._station.look()

    def _capture(self, capture: Capture) -> None:
        self.hears, self.hurries = capture.open, capture.soon
        introduced, self.listens = self.listens, True
        if not introduced:
            self._station.introduce(self)
        self._station.look()

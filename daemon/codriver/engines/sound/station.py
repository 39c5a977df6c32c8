"""The sound process from within: the devices that are wanted, what keeps them, and who is told of what."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import defaultdict
from dataclasses import dataclass
from typing import Self

from codriver.engines.sound.cleaning import AsItIs, SpeexCleaner
from codriver.engines.sound.clients import Client, Clients
from codriver.engines.sound.counting import Counting
from codriver.engines.sound.ear import Ear
from codriver.engines.sound.events import Captured, Counters, MicrophoneState, MicrophoneStatus
from codriver.engines.sound.keeper import Keeper, Kept
from codriver.engines.sound.listening import Listening
from codriver.engines.sound.playing import Playing
from codriver.engines.sound.reference import Monitor, Reference
from codriver.engines.sound.source import Source
from codriver.turn import Zone

_LOG = logging.getLogger(__name__)

OWN = "own"
"""The reference that is codriver's own voice."""

_LEAD = 0.02
"""Seconds by which the time stamps of what is played and of what is heard may be apart; the device holds 30 ms."""

_MONITOR_LEAD = 0.02
_MONITOR_LATE = 3
"""Pieces of 20 ms by which a monitor, with its lead, may tell later of a sound than the microphone that heard it."""


@dataclass(frozen=True, slots=True)
class ZoneSettings:
    """Where a zone's microphone is: a device, empty for the default one, and its channel from 0."""

    zone: Zone
    channel: int
    microphone: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What is wanted. ``noise`` and ``gain`` are decibels; ``reference`` is `OWN` or a device's name.

    What is heard matters ``soon`` where speech may interrupt what is played.
    """

    zones: tuple[ZoneSettings, ...]
    loudspeaker: str = ""
    echo: bool = True
    reference: str = OWN
    noise: float = 0.0
    gain: float = 0.0
    soon: bool = False


class Station:
    """Connects devices and clients, as a context manager. Raises AudioError where libspeexdsp is missing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clients = Clients()
        self._counting = Counting()
        own = settings.echo and settings.reference == OWN
        self._reference = Reference(_LEAD if own else _MONITOR_LEAD, own=own) if settings.echo else None
        self.playing = Playing(
            settings.loudspeaker, self._reference if own else None, self._counting, self._clients.tell
        )
        self._listenings: list[Listening] = []
        kept = [self.playing.kept]
        if self._reference and not own:
            kept.append(self._kept_monitor(settings.reference, self._reference))
        zones: dict[str, list[ZoneSettings]] = defaultdict(list)
        for zone in settings.zones:
            zones[zone.microphone].append(zone)
        kept += (self._kept_microphone(device, of_device) for device, of_device in zones.items())
        self._keeper = Keeper(kept, self._counting)

    @property
    def counters(self) -> Counters:
        """What was counted since the start."""
        return self._counting.now()

    async def __aenter__(self) -> Self:
        """Begin to look after the devices."""
        self._keeping = asyncio.create_task(self._keeper.run(), name="devices")
        self._keeping.add_done_callback(_end_where_it_failed)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all devices."""
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)

    def join(self, client: Client) -> None:
        """Take a client that has just connected."""
        self._clients.add(client)

    def look(self) -> None:
        """Open and close at once what is now to be open or closed."""
        self._keeper.look()

    def leave(self, client: Client) -> None:
        """Forget a client: what it plays ends, and the microphones are closed if nobody else hears."""
        self._clients.remove(client)
        self.playing.leave(client)
        self._keeper.look()

    def introduce(self, client: Client) -> None:
        """Tell a client how all devices are."""
        client.send(self.playing.status.event())
        for listening in self._listenings:
            for status in listening.statuses.values():
                client.send(status.event())

    def captured(self, sound: Captured) -> None:
        """Give sound of a zone to those who hear."""
        self._counting.dropped += sound.frames * self._clients.give(sound.event())

    def microphone_is(self, status: MicrophoneStatus) -> None:
        """Tell those who listen how a microphone is."""
        self._clients.tell(status.event())

    def _kept_microphone(self, device: str, zones: list[ZoneSettings]) -> Kept:
        ears = [Ear(zone.zone, zone.channel, self._cleaner(), self._settings.gain) for zone in zones]
        listening = Listening(ears, device, self._counting, self)
        self._listenings.append(listening)
        return Kept(
            Source(
                device,
                1 + max(zone.channel for zone in zones),
                listening,
                self._is_patient,
                soon=self._settings.soon,
            ),
            wanted=lambda: self._clients.hear,
            found=lambda: None,
            lost=lambda reason: listening.gone(MicrophoneState.LOST, reason),
            closed=lambda: listening.gone(MicrophoneState.CLOSED),
        )

    def _kept_monitor(self, device: str, reference: Reference) -> Kept:
        monitor = Source(device, 1, Monitor(reference))
        return Kept(monitor, lambda: self._clients.hear, reference.clear, lambda reason: None, reference.clear)

    def _is_patient(self) -> bool:
        """Tell whether what is heard may wait a little: nobody hurries, and there is nothing to interrupt."""
        return not (self._clients.hurry or self.playing.sounds)

    def _cleaner(self) -> AsItIs | SpeexCleaner:
        if self._reference is None and not self._settings.noise:
            return AsItIs()
        own = self._settings.reference == OWN
        return SpeexCleaner(self._reference, self._settings.noise, late=0 if own else _MONITOR_LATE)


def _end_where_it_failed(keeping: asyncio.Task[None]) -> None:
    """End the process when nobody looks after the devices any more: it is started again."""
    if not keeping.cancelled() and (error := keeping.exception()):
        _LOG.critical("Devices are no longer looked after", exc_info=error)
        signal.raise_signal(signal.SIGTERM)

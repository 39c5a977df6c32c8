"""Look for what could keep codriver from working on this machine, and say what to do about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from codriver.acting.bus import Bus
from codriver.acting.car import VEHICLE
from codriver.acting.player import Player
from codriver.catalogue.configured import read_catalogue
from codriver.config import Configuration
from codriver.engines.fleet import SOUND, alone
from codriver.engines.models import Status, Store
from codriver.engines.sound.asking import look
from codriver.engines.sound.events import LoudspeakerState, LoudspeakerStatus, MicrophoneState, MicrophoneStatus
from codriver.errors import BusError, CodriverError
from codriver.services.assistant import BUS_NAME

_MEMORY_NEEDED = 3.0
_MICROPHONE_CURES = {
    MicrophoneState.OPEN: "Set sound.microphone to one that takes 16 kHz or more.",
    MicrophoneState.SILENT: "Check that it is switched on and not muted in alsamixer, or set sound.microphone.",
    MicrophoneState.CLIPPING: "Turn its capture level down in alsamixer.",
    MicrophoneState.LOST: "Connect it, or set sound.microphone to a name that `arecord -L` shows.",
    MicrophoneState.CLOSED: "Try again.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``cure`` says what to do where it is not well."""

    what: str
    well: bool
    detail: str
    cure: str = ""


async def examine(config: Configuration, store: Store) -> list[Finding]:
    """Look at models, sound, the catalogue, the bus and its services, and memory."""
    return [
        *_models(config, store),
        _catalogue(config),
        _memory(),
        *await _sound(config, store),
        *await _bus(config),
    ]


def _models(config: Configuration, store: Store) -> Iterator[Finding]:
    for model in store.table.profile(config.profile):
        status = store.status(model)
        cure = f"Run codriver models pull --profile {config.profile}."
        well = status in (Status.VERIFIED, Status.UNVERIFIED)
        yield Finding(f"model {model}", well, status.value, "" if well else cure)


def _catalogue(config: Configuration) -> Finding:
    try:
        catalogue = read_catalogue(config)
    except CodriverError as error:
        return Finding("intents", False, str(error), "Run codriver intents check.")
    return Finding("intents", True, f"{len(catalogue.intents)} intents")


async def _sound(config: Configuration, store: Store) -> Iterator[Finding]:
    """Open the devices and listen for a moment. Where no sound server shares them, a running daemon keeps them busy."""
    try:
        async with alone(SOUND, config, store) as uri:
            seen = await look(uri)
    except CodriverError as error:
        cure = "Start it, or remove sound.uri." if config.sound.uri else "Install libportaudio2 and libspeexdsp1."
        return (Finding(what, False, str(error), cure) for what in ("microphone", "loudspeaker"))
    return chain(map(_microphone, seen.microphones), (_loudspeaker(seen.loudspeaker),))


def _microphone(status: MicrophoneStatus) -> Finding:
    detail = status.reason or f"{status.device}, for {status.zone}"
    return Finding("microphone", not status.reason, detail, _MICROPHONE_CURES[status.state] if status.reason else "")


def _loudspeaker(status: LoudspeakerStatus) -> Finding:
    well = status.state is LoudspeakerState.READY
    cure = "" if well else "Connect it, or set sound.loudspeaker to a name that `aplay -L` shows."
    return Finding("loudspeaker", well, status.device if well else status.reason, cure)


def _memory() -> Finding:
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cure = "" if gigabytes >= _MEMORY_NEEDED else 'Set profile = "small" in the configuration.'
    return Finding("memory", not cure, f"{gigabytes:.1f} GiB", cure)


async def _bus(config: Configuration) -> list[Finding]:
    kind = config.bus.kind
    bus = Bus(config.bus.address or None, kind=kind)
    try:
        await bus.connect()
    except BusError as error:
        return [Finding(f"{kind} bus", False, str(error), "Start dbus, or set bus.kind in the configuration.")]
    async with bus:
        findings = [Finding(f"{kind} bus", True, "connected")]
        for name, cure in (
            (VEHICLE.bus_name, "Start codriver-vehicle."),
            (BUS_NAME, "Start codriver run."),
        ):
            there = await bus.name_has_owner(name)
            findings.append(Finding(name, there, "there" if there else "not on the bus", "" if there else cure))
        try:
            findings.append(Finding("music player", True, await Player(bus).choose()))
        except BusError as error:
            findings.append(Finding("music player", False, str(error), "Start a player with an MPRIS interface."))
        return findings

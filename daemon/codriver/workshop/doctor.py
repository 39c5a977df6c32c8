"""Look for what could keep codriver from working on this machine, and say what to do about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from codriver.acting.bus import Bus
from codriver.acting.car import VEHICLE
from codriver.acting.player import Player
from codriver.catalogue.configured import read_catalogue
from codriver.config import Configuration
from codriver.engines.fleet import SOUND, alone
from codriver.engines.models import Status, Store
from codriver.engines.sound.asking import look
from codriver.engines.sound.events import LoudspeakerState, MicrophoneState
from codriver.errors import BusError, CodriverError
from codriver.services.assistant import BUS_NAME

_MEMORY_NEEDED = 3.0


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


async def _sound(config: Configuration, store: Store) -> list[Finding]:
    """Listen for a moment; while the daemon holds the devices they may be busy."""
    try:
        async with alone(SOUND, config, store) as uri:
            seen = await look(uri)
    except CodriverError as error:
        cure = "Run setup/prepare again: it brings PortAudio."
        return [Finding(what, False, str(error), cure) for what in ("microphone", "loudspeaker")]
    findings = []
    for status in seen.microphones:
        well = status.state is MicrophoneState.OPEN and not status.reason
        cure = "" if well else "Set sound.microphone to the name of one that `arecord -L` shows."
        findings.append(Finding("microphone", well, status.reason or f"{status.zone}: {status.device}", cure))
    well = seen.loudspeaker.state is LoudspeakerState.READY
    cure = "" if well else "Set sound.loudspeaker to the name of one that `aplay -L` shows."
    findings.append(Finding("loudspeaker", well, seen.loudspeaker.reason or seen.loudspeaker.device, cure))
    return findings


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

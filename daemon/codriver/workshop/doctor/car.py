"""The way to the car: the bus, its policy, the services on it, and the CAN interfaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from codriver.acting.bus import Bus
from codriver.acting.car import VEHICLE
from codriver.acting.navigator import NAVIGATION
from codriver.acting.player import Player
from codriver.config import Configuration
from codriver.errors import BusError
from codriver.services.assistant import BUS_NAME
from codriver.workshop.doctor.asking import text_of
from codriver.workshop.doctor.finding import Finding, fine, ill

_CAN = "280"
"""ARPHRD_CAN: what the kernel calls the type of a CAN interface."""

_UP = 0x1
"""IFF_UP of an interface's flags."""

_POLICIES = ("usr/share/dbus-1/system.d", "etc/dbus-1/system.d")

_SERVICES: Mapping[str, str] = {
    VEHICLE.bus_name: "codriver-vehicle",
    NAVIGATION.bus_name: "codriver-navigation",
    BUS_NAME: "codriver",
}


@dataclass(frozen=True, slots=True)
class CanInterface:
    """A CAN interface, and whether it is up."""

    name: str
    up: bool
    state: str


def read_can(root: Path = Path("/")) -> tuple[CanInterface, ...]:
    """Look at the CAN interfaces."""
    return tuple(
        CanInterface(
            folder.name,
            bool(int(text_of(folder / "flags").strip() or "0", 16) & _UP),
            text_of(folder / "operstate").strip(),
        )
        for folder in sorted(root.glob("sys/class/net/*"))
        if text_of(folder / "type").strip() == _CAN
    )


def can_findings(interfaces: tuple[CanInterface, ...]) -> Iterator[Finding]:
    """Judge them. To have none is no fault: the car may be reached another way, or be the simulated one."""
    for interface in interfaces:
        if interface.up and interface.state != "down":
            yield fine(f"CAN {interface.name}", "up")
        else:
            yield ill(
                f"CAN {interface.name}",
                "it is down",
                "Install hardware/can/80-can.network, or run "
                f"`sudo ip link set {interface.name} up type can bitrate 500000`.",
            )


def read_policy(root: Path = Path("/")) -> bool:
    """Tell whether the system bus has a policy for codriver."""
    return any(list((root / folder).glob("*codriver*.conf")) for folder in _POLICIES)


def policy_findings(config: Configuration, *, there: bool) -> Iterator[Finding]:
    """Judge it: without one the system bus lets nobody be org.codriver.*."""
    if config.bus.kind == "system" and not config.bus.address:
        if there:
            yield fine("bus policy", "installed")
        else:
            yield ill(
                "bus policy",
                "the system bus has none for org.codriver",
                'Install the package, or set bus.kind = "session" to run as a user.',
            )


async def bus_findings(config: Configuration) -> list[Finding]:
    """Ask the bus for the services."""
    kind = config.bus.kind
    bus = Bus(config.bus.address or None, kind=kind)
    try:
        await bus.connect()
    except BusError as error:
        return [ill(f"{kind} bus", str(error), "Start dbus, or set bus.kind in the configuration.")]
    async with bus:
        findings = [fine(f"{kind} bus", "connected")]
        for name, unit in _SERVICES.items():
            if await bus.name_has_owner(name):
                findings.append(fine(name, "there"))
            else:
                command = "codriver run" if unit == "codriver" else unit
                findings.append(ill(name, "not on the bus", f"Start {command}: sudo systemctl start {unit}."))
        try:
            findings.append(fine("music player", await Player(bus).choose()))
        except BusError as error:
            findings.append(ill("music player", str(error), "Start a player with an MPRIS interface."))
        return findings

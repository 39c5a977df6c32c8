"""The units of systemd: which of them failed, or are not installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codriver.workshop.doctor.asking import answer_of
from codriver.workshop.doctor.finding import Finding, fine, ill

_RESTLESS = 5
"""Restarts since it was started, after which a unit that runs is told of all the same."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, as ``systemctl show`` tells of it."""

    name: str
    load: str
    active: str
    result: str = "success"
    restarts: int = 0


async def read_units() -> tuple[Unit, ...]:
    """Ask systemd for codriver's units; none where systemd does not run."""
    properties = "--property=Id,LoadState,ActiveState,Result,NRestarts"
    return units_of(await answer_of("systemctl", "show", "--all", properties, "codriver*") or "")


def units_of(shown: str) -> tuple[Unit, ...]:
    """Read what ``systemctl show`` printed: blocks of lines with a property each."""
    units = []
    for block in shown.strip().split("\n\n"):
        properties = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if properties.get("Id"):
            units.append(
                Unit(
                    properties["Id"],
                    properties.get("LoadState", ""),
                    properties.get("ActiveState", ""),
                    properties.get("Result", "success"),
                    int(properties.get("NRestarts") or 0),
                )
            )
    return tuple(units)


def unit_findings(units: tuple[Unit, ...]) -> Iterator[Finding]:
    """Judge them: those that failed, that cannot be read, or that were started again and again."""
    faults = 0
    for unit in units:
        log = f"`journalctl -u {unit.name} -n 50` says why; then `sudo systemctl restart {unit.name}`."
        if unit.load in ("error", "bad-setting", "masked"):
            yield ill(unit.name, f"its file is {unit.load}", f"`systemctl status {unit.name}` says why.")
        elif unit.active == "failed":
            yield ill(unit.name, f"it failed: {unit.result}", log)
        elif unit.restarts >= _RESTLESS:
            yield ill(unit.name, f"it was started again {unit.restarts} times", log)
        else:
            continue
        faults += 1
    if units and not faults:
        yield fine("units", f"{len(units)}, none of them failed")

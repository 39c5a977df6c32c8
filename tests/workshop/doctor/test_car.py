from __future__ import annotations

from pathlib import Path

import pytest
from codriver.config import Bus, Configuration
from codriver.workshop import parts
from codriver.workshop.doctor.car import (
    CanInterface,
    bus_findings,
    can_findings,
    policy_findings,
    read_can,
    read_policy,
)


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_can_interfaces_are_read(tmp_path: Path) -> None:
    for name, kind, flags, state in (
        ("can0", 280, "0x40081", "up"),
        ("can1", 280, "0x40080", "down"),
        ("lo", 772, "0x9", "x"),
    ):
        write(tmp_path, f"sys/class/net/{name}/type", f"{kind}\n")
        write(tmp_path, f"sys/class/net/{name}/flags", f"{flags}\n")
        write(tmp_path, f"sys/class/net/{name}/operstate", f"{state}\n")
    assert read_can(tmp_path) == (CanInterface("can0", True, "up"), CanInterface("can1", False, "down"))


def test_an_interface_that_is_down_is_told_how_to_get_up() -> None:
    up, down = can_findings((CanInterface("can0", True, "up"), CanInterface("can1", False, "down")))
    assert (up.well, down.well) == (True, False)
    assert "sudo ip link set can1 up type can bitrate 500000" in down.cure


@pytest.mark.parametrize(
    ("config", "there", "well"),
    [
        (Configuration(), True, [True]),
        (Configuration(), False, [False]),
        (Configuration(bus=Bus(kind="session")), False, []),
        (Configuration(bus=Bus(address="unix:path=/x")), False, []),
    ],
)
def test_only_the_system_bus_needs_a_policy(config: Configuration, there: bool, well: list[bool]) -> None:
    assert [finding.well for finding in policy_findings(config, there=there)] == well


def test_a_policy_is_found_where_packages_and_people_put_it(tmp_path: Path) -> None:
    assert not read_policy(tmp_path)
    write(tmp_path, "usr/share/dbus-1/system.d/org.codriver.conf", "")
    assert read_policy(tmp_path)


async def test_services_on_the_bus_are_found_and_missing_ones_named(
    vehicle_service: str, short_directory: Path
) -> None:
    config = Configuration(bus=Bus(address=vehicle_service))
    found = {finding.what: finding for finding in await bus_findings(config)}
    assert found["system bus"].well
    assert found["org.codriver.Vehicle1"].well
    assert (found["org.codriver.Assistant1"].well, found["music player"].well) == (False, False)
    assert found["org.codriver.Assistant1"].cure == "Start codriver run: sudo systemctl start codriver."
    async with parts.demo_player(vehicle_service, short_directory):
        [player] = [finding for finding in await bus_findings(config) if finding.what == "music player"]
    assert player.well


async def test_a_bus_that_is_not_there_is_told() -> None:
    [found] = await bus_findings(Configuration(bus=Bus(address="unix:path=/nowhere")))
    assert (found.what, found.well) == ("system bus", False)
    assert found.cure.startswith("Start dbus")

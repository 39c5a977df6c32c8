"""The shipped units, judged by systemd's own tools: how exposed each service is, and whether systemd understands it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import SHIPPED, UNITS

SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
MOST_EXPOSED = 1.5
_SYSTEM = Path("/usr/lib/systemd/system") if Path("/usr/lib/systemd/system").is_dir() else Path("/lib/systemd/system")

CLOSED = {
    "CapabilityBoundingSet": {""},
    "DevicePolicy": {"closed"},
    "IPAddressDeny": {"any"},
    "KeyringMode": {"private"},
    "LockPersonality": {"yes"},
    "MemoryDenyWriteExecute": {"yes"},
    "NoNewPrivileges": {"yes"},
    "PrivateDevices": {"yes"},
    "PrivateMounts": {"yes"},
    "PrivateNetwork": {"yes"},
    "PrivateTmp": {"yes"},
    "PrivateUsers": {"yes"},
    "ProcSubset": {"pid"},
    "ProtectClock": {"yes"},
    "ProtectControlGroups": {"yes"},
    "ProtectHome": {"yes"},
    "ProtectHostname": {"yes"},
    "ProtectKernelLogs": {"yes"},
    "ProtectKernelModules": {"yes"},
    "ProtectKernelTunables": {"yes"},
    "ProtectProc": {"invisible"},
    "ProtectSystem": {"strict"},
    "RemoveIPC": {"yes"},
    "RestrictAddressFamilies": {"AF_UNIX"},
    "RestrictNamespaces": {"yes"},
    "RestrictRealtime": {"yes"},
    "RestrictSUIDSGID": {"yes"},
    "SystemCallArchitectures": {"native"},
    "SystemCallFilter": {"@system-service", "~@privileged @resources"},
    "UMask": {"0077"},
}
"""Every restriction, and what it says where it is not left open."""

NEWER = {"RestartSteps", "RestartMaxDelaySec"}
"""Keys that Debian 13's systemd knows, and 252 passes over with a warning."""


def settings(unit: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in (UNITS / unit).read_text().splitlines():
        if match := re.match(r"(\w+)=(.*)", line):
            found.setdefault(match[1], set()).add(match[2])
    return found


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_is_hardly_exposed(unit: str) -> None:
    command = ("systemd-analyze", "security", "--offline=true", "--no-pager", UNITS / unit)
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    [score] = re.findall(r"Overall exposure level for \S+ (\d+\.\d)", told)
    assert float(score) <= MOST_EXPOSED, told


@pytest.mark.parametrize("unit", SERVICES)
def test_what_is_left_open_is_explained(unit: str) -> None:
    """A restriction that is missing or weaker stands behind a comment that says why, up to the next comment."""
    explained = re.findall(r"# Left open:.*\n(?:#.*\n)*((?:\w+=.*\n)*)", (UNITS / unit).read_text())
    has = settings(unit)
    devices = {"PrivateDevices"} if "char-" in str(has.get("DeviceAllow")) else {"DevicePolicy"}
    network = {"PrivateNetwork", "IPAddressDeny"} if "AF_INET" in str(has.get("RestrictAddressFamilies")) else set()
    implied = devices | network
    for name, closed in CLOSED.items():
        if has.get(name) != closed and name not in implied:
            assert any(f"{name}=" in block for block in explained), f"{unit} leaves {name} open and does not say why"


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_runs_as_nobody_else(unit: str) -> None:
    has = settings(unit)
    known = {
        line.split()[1] for line in (SHIPPED / "sysusers.d/codriver.conf").read_text().splitlines() if line[:1] == "u"
    }
    assert has.get("DynamicUser") == {"yes"} or has["User"] <= known


@pytest.mark.parametrize("unit", [unit for unit in SERVICES if unit != "codriver-models.service"])
def test_a_service_is_watched_restarted_and_limited(unit: str) -> None:
    has = settings(unit)
    assert has["Type"] == {"notify"}
    assert has["Restart"] == {"always"}
    for key in ("WatchdogSec", "RestartSteps", "RestartMaxDelaySec", "MemoryMax", "CPUWeight", "LogExtraFields"):
        assert key in has, key


@pytest.mark.parametrize("unit", sorted(path.name for path in UNITS.iterdir()))
def test_systemd_understands_the_unit(tmp_path: Path, unit: str) -> None:
    """It is looked at in a tree where everything is installed, and where the programs that it starts are empty."""
    target = tmp_path / "usr/lib/systemd/system"
    shutil.copytree(_SYSTEM, target, symlinks=True)
    shutil.copytree(UNITS, target, dirs_exist_ok=True)
    for path in UNITS.glob("*.service"):
        for program in settings(path.name)["ExecStart"] | settings(path.name).get("ExecReload", set()):
            stub = tmp_path / program.split()[0].removeprefix("/")
            stub.parent.mkdir(parents=True, exist_ok=True)
            stub.touch(mode=0o755)
    name = unit.replace("@.", "@en.")
    command = ("systemd-analyze", "verify", f"--root={tmp_path}", "--man=no", "--recursive-errors=no", name)
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    complaints = [line for line in told.stderr.splitlines() if "codriver" in line]
    assert [line for line in complaints if not any(f"'{key}'" in line for key in NEWER)] == []

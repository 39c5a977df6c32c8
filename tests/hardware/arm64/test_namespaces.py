"""What is done in the namespaces is not seen outside, and ends with them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.hardware.arm64.conftest import PROJECT, Apart


def test_a_debian_has_all_its_users_there(apart: Apart, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert apart("chown", "104:65534", str(file)).returncode == 0
    assert (file.stat().st_uid, file.stat().st_gid) == (104, 65534)


def test_what_is_mounted_is_not_seen_outside(apart: Apart, tmp_path: Path) -> None:
    done = apart("sh", "-c", f"mount -t tmpfs tmpfs {tmp_path} && touch {tmp_path}/there && ls {tmp_path}")
    assert done.stdout == "there\n"
    assert list(tmp_path.iterdir()) == []


def test_what_is_started_ends_with_it(apart: Apart) -> None:
    mark = "613.25"
    assert apart("sh", "-c", f"sleep {mark} & echo $$").stdout == "1\n"
    assert subprocess.run(["pgrep", "-f", f"sleep {mark}"], check=False).returncode == 1


def test_the_exit_status_is_that_of_the_command(apart: Apart) -> None:
    assert apart("sh", "-c", "exit 7").returncode == 7


def test_nobody_waits_for_who_cannot_go_there() -> None:
    refused = "import os; os.geteuid = lambda: 0; del os.unshare; from hardware.arm64 import namespaces as here"
    command = [sys.executable, "-c", f"{refused}; here.run_apart(['true'])"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "AttributeError" in done.stderr

"""What is done in the namespaces is not seen outside, and ends with them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hardware.arm64 import namespaces

APART = f"import sys; from {namespaces.__name__} import run_apart; run_apart(sys.argv[1:])"
PROJECT = Path(__file__).parents[3]


def apart(script: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", APART, "sh", "-c", script]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.fixture(autouse=True)
def _allowed() -> None:
    if os.geteuid() != 0 or apart("true").returncode != 0:
        pytest.skip("this machine does not let us make namespaces")


def test_a_debian_has_all_its_users_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert apart(f"chown 104:65534 {file}").returncode == 0
    assert (file.stat().st_uid, file.stat().st_gid) == (104, 65534)


def test_what_is_mounted_is_not_seen_outside(tmp_path: Path) -> None:
    done = apart(f"mount -t tmpfs tmpfs {tmp_path} && touch {tmp_path}/there && ls {tmp_path}")
    assert done.stdout == "there\n"
    assert list(tmp_path.iterdir()) == []


def test_what_is_started_ends_with_it() -> None:
    mark = "613.25"
    assert apart(f"sleep {mark} & echo $$").stdout == "1\n"
    assert subprocess.run(["pgrep", "-f", f"sleep {mark}"], check=False).returncode == 1


def test_the_exit_status_is_that_of_the_command() -> None:
    assert apart("exit 7").returncode == 7

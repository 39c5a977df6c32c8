"""The board is a machine of its own: it sees the processor that QEMU plays, and not ours."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from hardware.arm64.processors import PROCESSORS
from tests.hardware.arm64.conftest import Apart

POWER_UP = """
import pathlib, sys
from hardware.arm64.emulation import Board

root = pathlib.Path(sys.argv[1])
Board(root, sys.argv[2]).power_up()
print((root / "proc/cpuinfo").read_text())
"""


@pytest.mark.parametrize("name", PROCESSORS)
def test_a_board_sees_the_processor_that_is_played(name: str, apart: Apart, tmp_path: Path) -> None:
    told = apart(sys.executable, "-c", POWER_UP, str(tmp_path), name).stdout
    lines = [line.split("\t: ") for line in told.splitlines() if "\t: " in line]
    assert [value for key, value in lines if key == "processor"] == [str(core) for core in range(os.cpu_count() or 1)]
    assert {int(value, 16) for key, value in lines if key == "CPU part"} == {PROCESSORS[name].part}


@pytest.mark.skipif(shutil.which("qemu-aarch64-static") is None, reason="there is no QEMU on this machine")
def test_a_command_finds_itself_on_such_a_board(apart: Apart) -> None:
    show = "grep -c 0xd0b /proc/cpuinfo; ls /proc/sys/fs/binfmt_misc; exit 7"
    done = apart(sys.executable, "-m", "hardware.arm64.emulating", "sh", "-c", show)
    assert done.returncode == 7
    assert done.stdout.split() == [str(os.cpu_count()), "qemu-aarch64", "register", "status"]


def test_a_processor_has_the_features_that_code_is_compiled_for() -> None:
    assert {"asimddp", "asimdhp"} <= set(PROCESSORS["cortex-a76"].features.split())
    assert not {"asimddp", "asimdhp"} & set(PROCESSORS["cortex-a72"].features.split())

"""What is found of a board, judged from what it says of itself."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from codriver.workshop.doctor.asking import answer_of
from codriver.workshop.doctor.board import Board, board_findings, read_board

PI = Board(
    model="Raspberry Pi 5 Model B Rev 1.0",
    throttled=0,
    hottest=55.0,
    memory=7.8,
    memory_free=5.0,
    free={"/var/lib/codriver": 9000},
    now=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    synchronized=True,
)


@pytest.mark.parametrize(
    ("board", "what", "well", "part"),
    [
        (PI, "board", True, "Raspberry Pi 5 Model B Rev 1.0"),
        (replace(PI, model="Orange Pi 5 Plus"), "board", True, "There is no profile for it: hardware/generic"),
        (replace(PI, model=""), "board", True, "There is no profile for it"),
        (PI, "power", True, "enough"),
        (
            replace(PI, throttled=0x50005),
            "power",
            False,
            "too weak now; it is slowed down now; the supply was too weak",
        ),
        (replace(PI, throttled=0x50005), "power", False, "Use a supply of 5 V and 5 A"),
        (replace(PI, throttled=0x10000), "power", False, "too weak since it started"),
        (replace(PI, throttled=0x8), "power", False, "cooler with a fan"),
        (replace(PI, throttled=0x20000), "power", True, "enough"),
        (replace(PI, hottest=83.2), "temperature", False, "83 °C"),
        (replace(PI, hottest=79.9), "temperature", True, "80 °C"),
        (replace(PI, memory=1.9), "memory", False, 'Set profile = "small"'),
        (replace(PI, memory_free=0.1), "memory", False, "End what else is running"),
        (PI, "memory", True, "7.8 GiB, 5.0 GiB free"),
        (replace(PI, free={"/var/log": 12}), "disk at /var/log", False, "12 MB free Make 300 MB free"),
        (replace(PI, now=datetime(1970, 1, 1, tzinfo=UTC)), "clock", False, "it says 1970-01-01"),
        (replace(PI, synchronized=False), "clock", True, "not compared with a time server"),
    ],
)
def test_a_board_is_judged(board: Board, what: str, well: bool, part: str) -> None:
    [found] = [finding for finding in board_findings(board) if finding.what == what]
    assert found.well is well
    assert part in f"{found.detail} {found.cure}"


def test_what_a_board_does_not_say_is_not_judged() -> None:
    silent = replace(PI, throttled=None, hottest=None)
    assert {"power", "temperature"}.isdisjoint(finding.what for finding in board_findings(silent))


def test_a_small_board_is_enough_for_the_small_models() -> None:
    [found] = [each for each in board_findings(replace(PI, memory=1.9), profile="small") if each.what == "memory"]
    assert found.well


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


async def test_a_raspberry_pi_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    write(tmp_path, "proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
    write(tmp_path, "proc/meminfo", "MemTotal:  8245204 kB\nMemFree: 1 kB\nMemAvailable:  4194304 kB\n")
    write(tmp_path, "sys/class/thermal/thermal_zone0/temp", "61250\n")
    write(tmp_path, "sys/class/thermal/thermal_zone1/temp", "garbage\n")
    write(tmp_path, "sys/devices/platform/soc@0/soc@0:firmware/get_throttled", "50000\n")
    board = await read_board([tmp_path / "not" / "yet" / "there"], tmp_path)
    assert (board.model, board.throttled, board.hottest) == ("Raspberry Pi 5 Model B Rev 1.0", 0x50000, 61.25)
    assert (round(board.memory, 1), board.memory_free) == (7.9, 4.0)
    assert list(board.free) == [str(tmp_path / "not" / "yet" / "there")]
    assert board.synchronized is None


async def test_the_alarm_of_a_newer_kernel_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    write(tmp_path, "sys/class/hwmon/hwmon2/name", "rpi_volt\n")
    write(tmp_path, "sys/class/hwmon/hwmon2/in0_lcrit_alarm", "1\n")
    assert (await read_board([], tmp_path)).throttled == 1 << 16


async def test_vcgencmd_is_asked_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "bin/vcgencmd", "#!/bin/sh\necho throttled=0x50005\n")
    (tmp_path / "bin/vcgencmd").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")
    assert (await read_board([], tmp_path)).throttled == 0x50005


async def test_an_empty_machine_is_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    board = await read_board([], tmp_path)
    assert (board.model, board.throttled, board.hottest) == ("", None, None)
    assert not all(finding.well for finding in board_findings(board))


async def test_a_program_that_hangs_or_fails_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codriver.workshop.doctor.asking._LONGEST", 0.05)
    assert await answer_of(sys.executable, "-c", "import time; time.sleep(60)") is None
    assert await answer_of("false") is None
    assert await answer_of("/no/such/program") is None


async def test_several_folders_on_one_disk_are_one_finding(tmp_path: Path) -> None:
    board = await read_board([tmp_path, tmp_path / "models"], tmp_path)
    assert list(board.free) == [str(tmp_path)]

from __future__ import annotations

import os
from pathlib import Path

import pytest
from codriver.observing.processes import memory_of_processes, memory_of_units, process_name


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("/opt/venv/bin/python /opt/venv/bin/codriver run --config x", "daemon"),
        ("/usr/bin/codriver run", "daemon"),
        ("python -m codriver.engines.transcriber --uri unix:///x --languages en,zh", "transcriber"),
        ("python -m codriver.engines.voice --uri unix:///x --language zh", "voice-zh"),
        ("python -m codriver.engines.voice --language", "voice"),
        ("python -m codriver.services.vehicle --pace 5", "vehicle"),
        ("/opt/venv/bin/python /opt/venv/bin/codriver-navigation", "navigation"),
        ("codriver-vehicle", "vehicle"),
        ("/usr/bin/codriver ask hello", ""),
        ("vim codriver-vehicle.service", ""),
        ("bash", ""),
        ("", ""),
    ],
)
def test_a_process_is_named_by_its_command_line(command: str, name: str) -> None:
    assert process_name(command.split(" ")) == name


def process(proc: Path, number: int, command: str, pss: int | None) -> None:
    folder = proc / str(number)
    folder.mkdir()
    (folder / "cmdline").write_text(command.replace(" ", "\0") + "\0")
    if pss is not None:
        (folder / "smaps_rollup").write_text(f"0-f ---p 0 00:00 0 [rollup]\nRss: 9 kB\nPss:   {pss} kB\n")


def test_what_may_not_be_looked_into_is_left_out(tmp_path: Path) -> None:
    process(tmp_path, 1, "/sbin/init", 900)
    process(tmp_path, 20, "/usr/bin/codriver run", 100)
    process(tmp_path, 21, "python -m codriver.engines.thinker --uri x", 2000)
    process(tmp_path, 22, "/usr/bin/codriver-vehicle", None)
    (tmp_path / "23").mkdir()
    assert memory_of_processes(tmp_path) == {"daemon": 100 * 1024, "thinker": 2000 * 1024}


def test_the_real_folder_can_be_read() -> None:
    sizes = memory_of_processes()
    assert all(size > 0 for size in sizes.values())
    assert process_name(Path(f"/proc/{os.getpid()}/cmdline").read_text().split("\0")) == ""


def test_units_are_weighed_by_their_control_groups(tmp_path: Path) -> None:
    for path, size in (
        ("codriver.service", "700"),
        ("system-voice.slice/codriver-voice@zh.service", "90"),
        ("ssh.service", "5"),
    ):
        folder = tmp_path / "system.slice" / path
        folder.mkdir(parents=True)
        (folder / "memory.current").write_text(f"{size}\n")
    (tmp_path / "system.slice" / "codriver-vehicle.service").mkdir()
    assert memory_of_units(tmp_path) == {"codriver.service": 700, "codriver-voice@zh.service": 90}
    assert memory_of_units(tmp_path / "none") == {}

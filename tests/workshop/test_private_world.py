"""A disk that is full and a clock that jumps, for one program alone."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from codriver.errors import ConfigurationError
from codriver.workshop.private_world import begun_within

FILLS = """
from codriver.workshop.private_world import this_world
world = this_world()
def writes():
    try:
        (world.disk / "file").write_text("a")
    except OSError as error:
        return error.strerror
    return "yes"
world.fill()
print(writes())
world.make_room()
print(writes())
"""
SETS = """
import time
from codriver.workshop.private_world import DAY, this_world
before, world = (time.time(), time.monotonic()), this_world()
for seconds in (DAY, -DAY):
    world.set_clock(seconds)
    while abs(time.time() - before[0] - seconds) > 1000:
        time.sleep(0.05)
print(time.monotonic() - before[1] < 60)
"""


@pytest.fixture(autouse=True)
def small_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def said(folder: Path, program: str, *, clock: bool) -> list[str]:
    command, environment = begun_within(folder, (sys.executable, "-c", program), clock=clock)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


def test_its_disk_can_be_full_and_has_room_again(tmp_path: Path) -> None:
    assert said(tmp_path, FILLS, clock=False) == ["No space left on device", "yes"]
    assert list((tmp_path / "disk").iterdir()) == []


def test_its_clock_jumps_by_a_day_and_nothing_else_does(tmp_path: Path) -> None:
    before = time.time()
    try:
        assert said(tmp_path, SETS, clock=True) == ["True"]
    except ConfigurationError as error:
        pytest.skip(str(error))
    assert time.time() - before < 600

"""Each locked package goes to the board, from a wheel or compiled there, and nothing of another processor does."""

from __future__ import annotations

import runpy
import shutil
import sys
from importlib.metadata import distributions, version
from pathlib import Path

from hardware.arm64.packages import COMPILED, of_other_processors, place_codriver, split_lock
from setup.environment import SETUP

LOCK = (SETUP / "requirements.lock").read_text("utf-8")
ARM64 = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\xb7\x00" + bytes(44)


def test_every_locked_package_is_installed_one_way_or_the_other() -> None:
    wheels, sources = split_lock(LOCK)
    assert len(wheels) + len(sources) == LOCK.count("==") - LOCK.count(" == ") - LOCK.count("'==")
    assert [entry.partition("==")[0] for entry in sources] == list(COMPILED)
    assert all("--hash=sha256:" in entry for entry in [*wheels, *sources])


def test_a_program_for_this_processor_is_found_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "good/native.so").write_bytes(ARM64)
    (tmp_path / "good/words.txt").write_text("ELF")
    (tmp_path / "good/empty").touch()
    assert list(of_other_processors(tmp_path)) == []
    shutil.copy(Path(sys.executable).resolve(), tmp_path / "good/tool")
    assert list(of_other_processors(tmp_path)) == [Path("good/tool")]


def test_codriver_on_the_board_knows_its_version_and_runs_once(tmp_path: Path) -> None:
    site = tmp_path / "lib/python3.13/site-packages"
    site.mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    place_codriver(tmp_path)
    [found] = distributions(name="codriver", path=[str(site)])
    assert found.version == version("codriver")
    runpy.run_path(str(tmp_path / "bin/codriver"), run_name="__mp_main__")

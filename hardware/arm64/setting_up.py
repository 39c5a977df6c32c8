"""Puts the board together: the Debian, the environment, and what the board sees of this machine."""

from __future__ import annotations

import compileall
import os
import shutil
from collections.abc import Iterable, Set
from pathlib import Path

from codriver.engines.models import default_root
from codriver.folders import cache_folder
from codriver.workshop.samples import samples_directory

from hardware.arm64 import packages
from hardware.arm64.debian import make_debian
from hardware.arm64.emulation import Board
from hardware.arm64.llama import llama_wheel
from hardware.arm64.outcomes import Run
from setup.environment import ENVIRONMENT, PROJECT

SAMPLES = "/srv/samples"
ANSWERS = "/srv/answers"
_MODELS = "/root/.local/share/codriver/models"
_MAPS = "/root/.local/share/codriver/maps"
_CACHE = "/root/.cache/codriver"


def set_up(cache: Path, processor: str, slowness: float, run: Run) -> Board:
    """Give a board that is powered up and has codriver. Raises CalledProcessError, ProgramFailed and ValueError."""
    with run.step("arm64 Debian"):
        root = make_debian(cache)
    with run.step("llama.cpp, cross-compiled"):
        llama = llama_wheel(cache, processor)
    environment = cache / f"environment-{packages.environment_key(root, llama)}"
    folders = {
        packages.PLACE: environment,
        packages.SOURCES: cache / "sources",
        ANSWERS: cache / "answers",
        _CACHE: cache / "board-cache",
        _MAPS: cache / "maps",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    [tools] = ENVIRONMENT.glob("lib/python*/site-packages")
    seen = {packages.PROJECT: PROJECT, packages.TOOLS: tools, SAMPLES: samples_directory(), _MODELS: default_root()}
    board = Board(root, processor, {**seen, **folders}, frozenset(folders), slowness)
    board.power_up()
    with run.step("locked packages"):
        if not (environment / "whole").exists():
            for old in cache.glob("environment-*"):
                if old != environment:
                    shutil.rmtree(old)
            packages.install(board, environment, cache / "sources", llama)
            (environment / "whole").touch()
    hand_over(cache_folder(), cache / "board-cache")
    compileall.compile_dir(PROJECT / "daemon", quiet=1)
    return board


def hand_over(ours: Path, boards: Path) -> None:
    """Give the board what this machine has evaluated and learnt: prompts and examples.

    They do not depend on the processor, and would take the emulation hours. Only what is newer is copied.
    """
    for folder in ("prefixes", "examples"):
        (boards / folder).mkdir(exist_ok=True)
        for kept in (ours / folder).glob("*.*"):
            copy = boards / folder / kept.name
            if not copy.exists() or copy.stat().st_mtime < kept.stat().st_mtime:
                shutil.copy2(kept, copy)


def size_of(folder: Path, apart: Iterable[str] = ()) -> int:
    """Add up the megabytes of a folder's files, each once. What is mounted there, at the places ``apart``, is not."""
    mounted = {folder / place.lstrip("/") for place in apart}
    seen: dict[tuple[int, int], int] = {}
    device = os.lstat(folder).st_dev
    for base, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if _belongs(Path(base) / name, device, mounted)]
        for name in names:
            status = os.lstat(Path(base) / name)
            seen[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(seen.values()) // 1_000_000


def _belongs(folder: Path, device: int, mounted: Set[Path]) -> bool:
    return folder not in mounted and os.lstat(folder).st_dev == device

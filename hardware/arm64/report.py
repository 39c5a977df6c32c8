"""Writes what came of the last run into README.md, and shows it."""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from hardware.arm64 import packages
from hardware.arm64.emulation import Board
from hardware.arm64.llama import llama_wheel
from hardware.arm64.outcomes import Outcome, Run
from hardware.arm64.processors import PROCESSORS
from hardware.arm64.setting_up import size_of
from hardware.arm64.tools import tool
from setup.environment import say

PAGE = Path(__file__).with_name("README.md")
_MARK = "<!-- result -->\n"

_TITLES = {
    "spoken": ("spoken to the board", "what came of it"),
    "thought": ("decided by the language model (small profile)", "what came of it"),
    "map": ("map", "what came of it"),
    "packages": ("package with compiled code", "modules imported"),
}


def facts(board: Board, cache: Path) -> dict[str, str]:
    """Gather what the run stands on. Raises OSError, CalledProcessError and ProgramFailed."""
    qemu = subprocess.run(tool("qemu-aarch64-static", "--version"), capture_output=True, text=True, check=True).stdout
    script = "import platform; print(platform.python_version(), *platform.libc_ver(), platform.machine())"
    [versions] = board.run("python3", "-c", script)
    llama = llama_wheel(cache, board.processor)
    architecture = PROCESSORS[board.processor].architecture
    return {
        "when": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "where": f"{os.cpu_count()} cores of {platform.machine()}",
        "emulation": f"QEMU {_first_version(qemu)} plays a {board.processor}, clocks 1/{board.slowness:g} as fast",
        "board": f"Debian {(board.root / 'etc/debian_version').read_text('utf-8').strip()}, Python {versions.strip()}",
        "llama.cpp": f"{llama.name}, for {architecture}, {llama.stat().st_size // 1_000_000} MB",
        "size": f"the Debian {size_of(board.root, board.shown)} MB, "
        f"the environment {size_of(board.shown[packages.PLACE])} MB",
    }


def write(run: Run, page: Path = PAGE) -> None:
    """Put the result where the page has its mark; what stood below it goes."""
    head, mark, _ = page.read_text("utf-8").partition(_MARK)
    page.write_text(f"{head}{mark}\n{as_markdown(run)}", encoding="utf-8")


def show(run: Run) -> None:
    """Say in one sentence how it went, and what went wrong."""
    for outcome in run.faults:
        say(f"{outcome.trial}: {outcome.what}: {outcome.fault}")
    say(f"{len(run.outcomes) - len(run.faults)} of {len(run.outcomes)} things went as they must.")


def as_markdown(run: Run) -> str:
    """Draw a run as tables: what it stands on, its steps, and each trial."""
    parts = [
        _table(("", ""), [(name, value) for name, value in run.facts.items()]),
        _table(("step", "seconds"), [(step.name, f"{step.seconds:.0f}") for step in run.steps]),
    ]
    for trial, (what, did) in _TITLES.items():
        if outcomes := [outcome for outcome in run.outcomes if outcome.trial == trial]:
            parts.append(_table((what, did, "seconds", ""), map(_row, outcomes)))
    return "\n".join(parts)


def _row(outcome: Outcome) -> Sequence[str]:
    return outcome.what, outcome.did, f"{outcome.seconds:.0f}", outcome.fault or "ok"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '\\|') for cell in line)} |\n" for line in lines)


def _first_version(text: str) -> str:
    found = re.search(r"\d+(?:\.\d+)+", text)
    return found[0] if found else "of an unknown version"

"""Runs the trials on a board, and judges each."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from codriver.engines.models import Store, default_root
from codriver.folders import cache_folder
from codriver.hearing.audio import read_wav
from codriver.workshop.samples import render, sample_list, samples_directory

from hardware.arm64 import packages, trials
from hardware.arm64.emulation import Board
from hardware.arm64.outcomes import Outcome
from hardware.arm64.setting_up import ANSWERS, SAMPLES, hand_over
from setup.environment import PROJECT

_PYTHON = f"{packages.PLACE}/bin/python"
_CODRIVER = f"{packages.PLACE}/bin/codriver"
_DECIDE = "hardware/arm64/on_board/decide.py"
_SMALL = "hardware/arm64/small.toml"

_LONGEST = 14_400.0
"""Seconds that a trial may take, on a machine that is busy with other things too."""

_QUIET = 200
"""An answer that is louder somewhere was spoken; of 32,767."""


def packages_import(board: Board, cache: Path) -> Iterator[Outcome]:
    """Import every compiled module of every package."""
    for line in board.run(_PYTHON, f"{packages.PROJECT}/hardware/arm64/on_board/natives.py", within=_LONGEST):
        tried = json.loads(line)
        yield Outcome(
            "packages", f"{tried['name']} {tried['version']}", f"{tried['modules']}", tried["seconds"], tried["error"]
        )


def map_is_built(board: Board, cache: Path) -> Iterator[Outcome]:
    """Build the demo map: osmium reads it, Valhalla's own program makes the tiles."""
    empty(cache / "maps")
    start = time.monotonic()
    said = list(board.run(_CODRIVER, "maps", "build", "--demo", slowly=True, within=_LONGEST))
    yield Outcome("map", "Helsinki, from its OpenStreetMap extract", " ".join("".join(said).split()), _since(start))


def sentences_are_obeyed(board: Board, cache: Path) -> Iterator[Outcome]:
    """Have the spoken sentences heard, obeyed and answered, all of them in one run."""
    wanted = [sample for sample in sample_list("demo") if sample.id in trials.SPOKEN]
    files = asyncio.run(render(wanted, samples_directory(), Store(default_root())))
    recordings = [f"{SAMPLES}/{files[sample.id].name}" for sample in wanted]
    start = time.monotonic()
    turns = board.run(_CODRIVER, "demo", "--json", "--output", ANSWERS, *recordings, slowly=True, within=_LONGEST)
    for number, sample in enumerate(wanted, 1):
        turn = json.loads(next(turns, "null"))
        if turn is None:
            yield Outcome("spoken", sample.text, "nothing was heard", _since(start), "no turn came of it")
            continue
        faults = trials.judge(turn, trials.SPOKEN[sample.id])
        if not is_spoken(cache / "answers" / f"answer-{number:02d}.wav"):
            faults.append("nothing was spoken")
        yield _outcome("spoken", sample.text, turn, start, faults)
        start = time.monotonic()


def model_decides(board: Board, cache: Path) -> Iterator[Outcome]:
    """Have the small language model find out what a sentence means, there and here."""
    here = subprocess.run(
        [sys.executable, PROJECT / _DECIDE, PROJECT / _SMALL, trials.THOUGHT], stdout=subprocess.PIPE, check=True
    )
    hand_over(cache_folder(), cache / "board-cache")
    start = time.monotonic()
    places = (f"{packages.PROJECT}/{_DECIDE}", f"{packages.PROJECT}/{_SMALL}")
    [line] = board.run(_PYTHON, *places, trials.THOUGHT, slowly=True, within=_LONGEST)
    there = json.loads(line)
    did = f"{', '.join(there['calls']) or 'nothing'}, with a probability of {there['probability']:.2f}"
    faults = trials.compare(there, json.loads(here.stdout))
    yield Outcome("thought", trials.THOUGHT, did, _since(start), "; ".join(faults))


TRIALS = {
    "packages": packages_import,
    "map": map_is_built,
    "spoken": sentences_are_obeyed,
    "thought": model_decides,
}
"""Every trial, in the order in which they are run."""


def empty(folder: Path) -> None:
    """Delete what is in a folder. The folder itself stays: it is mounted on the board. Raises OSError."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def is_spoken(wav: Path) -> bool:
    """Whether there is a sound file with anything in it that can be heard."""
    return (
        wav.exists() and max((int(np.abs(block.astype(np.int32)).max()) for block in read_wav(wav)), default=0) > _QUIET
    )


def _outcome(trial: str, said: str, turn: dict[str, Any], start: float, faults: list[str]) -> Outcome:
    done = [f"{path.rpartition('.')[2]} = {value:g}" for path, value in trials.signals_set(turn["calls"]).items()]
    done += [f"{call['member']}()" for call in turn["calls"] if call["interface"] != trials.VEHICLE]
    heard = f"heard {turn['heard']!r}, " if trial == "spoken" else ""
    return Outcome(
        trial,
        said,
        f"{heard}did {', '.join(done) or 'nothing'}, said {turn['reply']!r}",
        _since(start),
        "; ".join(faults),
    )


def _since(start: float) -> float:
    return round(time.monotonic() - start, 1)

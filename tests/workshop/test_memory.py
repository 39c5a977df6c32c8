"""The memory of processes that really run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from codriver.workshop.memory import private_dirty_size, proportional_set_size

MEGABYTE = 1 << 20
MAPS = (
    "import mmap, sys; file = open(sys.argv[1], 'rb'); kept = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ); "
    "sum(kept[::4096]); print('ready', flush=True); sys.stdin.read()"
)
HOLDS = "import sys; kept = bytearray(b'x' * (64 << 20)); print('ready', flush=True); sys.stdin.read()"
SHARES = "import os, sys; kept = b'x' * (64 << 20); os.fork() and print('ready', flush=True); sys.stdin.read()"
STARTS_ANOTHER = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {HOLDS!r}], check=False)"


def running(script: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, "-S", "-c", script, *more]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def holder() -> Iterator[subprocess.Popen[str]]:
    yield from running(HOLDS)


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    """A process whose child holds the memory."""
    yield from running(STARTS_ANOTHER)


@pytest.fixture
def sharers() -> Iterator[subprocess.Popen[str]]:
    """A process that holds the memory together with its child."""
    yield from running(SHARES)


both = pytest.mark.parametrize("size", [proportional_set_size, private_dirty_size])


@both
def test_what_a_process_holds_is_counted(size: Callable[[int], int], holder: subprocess.Popen[str]) -> None:
    assert 64 * MEGABYTE < size(holder.pid) < 120 * MEGABYTE


def test_what_two_share_belongs_to_neither(sharers: subprocess.Popen[str]) -> None:
    assert proportional_set_size(sharers.pid) > 64 * MEGABYTE > private_dirty_size(sharers.pid)


def test_what_is_read_from_a_file_was_not_written(tmp_path: Path) -> None:
    model = tmp_path / "model"
    with model.open("wb") as file:
        file.write(b"x" * 64 * MEGABYTE)
        file.flush()
        os.fsync(file.fileno())  # until then its pages are dirty, whoever reads them
    for reader in running(MAPS, str(model)):
        assert proportional_set_size(reader.pid) > 64 * MEGABYTE > private_dirty_size(reader.pid)


@both
def test_what_its_children_hold_is_counted(size: Callable[[int], int], parent: subprocess.Popen[str]) -> None:
    assert size(parent.pid) > 64 * MEGABYTE


def test_named_processes_are_left_out(holder: subprocess.Popen[str]) -> None:
    name = Path(f"/proc/{holder.pid}/comm").read_text(encoding="utf-8").strip()
    assert proportional_set_size(holder.pid, without=(name,)) == 0


def test_a_process_that_ended_holds_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    process.wait()
    assert proportional_set_size(process.pid) == 0

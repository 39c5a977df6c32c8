"""Runs the programs of an arm64 Debian: the kernel hands them to QEMU, which plays one kind of processor.

All of it needs the namespaces of `namespaces.py`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hardware.arm64.processors import PROCESSORS
from hardware.arm64.tools import tool

_BINFMT = Path("/proc/sys/fs/binfmt_misc")
_MAGIC = r"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
_MASK = r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"
_FLAGS = "PF"
"""P: the program sees the name that it was called by. F: QEMU is found from inside another root too."""

_TIMED_OUT = 124
"""What timeout(1) ends with."""

_ENVIRONMENT = {
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "PATH": "/opt/codriver/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "PYTHONUNBUFFERED": "1",
}


_EVERY_CLOCK = {"FAKETIME_DONT_FAKE_MONOTONIC": "0"}
"""faketime slows waiting down in any case, but the clock of time limits only if it is told so."""


class EmulationImpossible(Exception):
    """Programs for arm64 cannot be run here; the sentence says what would have to be there."""


class ProgramFailed(Exception):
    """A program on the board ended with an error, or was ended because it took too long."""

    def __init__(self, command: Sequence[str], status: int) -> None:
        why = "took too long" if status in (_TIMED_OUT, -signal.SIGKILL) else f"ended with status {status}"
        super().__init__(f"On the board this {why}: {' '.join(command)}")


def register() -> None:
    """Have the kernel hand arm64 programs to QEMU: in this namespace alone, or as the machine already does.

    Raises EmulationImpossible.
    """
    if _register_here() or _runs_already():
        return
    raise EmulationImpossible(
        "This kernel does not let a namespace of its own run programs for arm64 (Linux 6.7 and later do), and the "
        "machine does not run them either; install binfmt-support and qemu-user-static, so that it does."
    )


def _register_here() -> bool:
    mount = tool("mount", "--types", "binfmt_misc", "binfmt_misc", str(_BINFMT))
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        return False
    [qemu] = tool("qemu-aarch64-static")
    (_BINFMT / "register").write_text(f":qemu-aarch64:M::{_MAGIC}:{_MASK}:{qemu}:{_FLAGS}", encoding="ascii")
    return True


def _runs_already() -> bool:
    return subprocess.run(tool("arch-test", "arm64"), capture_output=True, check=False).returncode == 0


def show_processor(name: str, proc: Path = Path("/proc")) -> None:
    """Have a ``/proc`` tell of one of PROCESSORS instead of ours, for as long as it is mounted.

    onnxruntime looks there, and crashes where it finds a processor that is not ARM's. Raises CalledProcessError.
    """
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as told:
        told.write(PROCESSORS[name].cpuinfo(os.cpu_count() or 1))
        told.flush()
        Path(told.name).chmod(0o444)
        subprocess.run(tool("mount", "--bind", told.name, str(proc / "cpuinfo")), check=True)


@dataclass(frozen=True, slots=True)
class Board:
    """An arm64 Debian in ``root``, and the processor that QEMU plays, such as ``cortex-a76``.

    ``shown`` are the folders of this machine that the board sees, by the place at which it sees them; only those
    of ``writable`` can be written to. Its clocks can go ``slowness`` times as slow as ours.
    """

    root: Path
    processor: str
    shown: Mapping[str, Path] = field(default_factory=dict)
    writable: frozenset[str] = frozenset()
    slowness: float = 20.0

    def power_up(self) -> None:
        """Mount what a running system has, and say what its processor is. Raises CalledProcessError."""
        self._mount("proc", "--types", "proc", "proc")
        self._mount("dev", "--rbind", "/dev")
        self._mount("sys", "--rbind", "/sys")
        self._mount("tmp", "--types", "tmpfs", "tmpfs")
        self._mount("run", "--types", "tmpfs", "tmpfs")
        show_processor(self.processor, self.root / "proc")
        for place, folder in self.shown.items():
            self._mount(place.lstrip("/"), "--bind", str(folder))
            if place not in self.writable:
                self._mount(place.lstrip("/"), "--options", "remount,bind,ro")

    def run(self, *command: str, slowly: bool = False, within: float = 3600.0) -> Iterator[str]:
        """Run a program to its end, and give the lines that it prints as they come; errors go to ours.

        ``slowly`` is with the board's slow clocks, so that the program's time limits, which are made for a real
        board, hold for an emulated one. Raises ProgramFailed, also after ``within`` seconds of ours.
        """
        limited = tool("timeout", "--kill-after=10", f"{within:.0f}")
        slowed = ("faketime", "-f", f"+0 x{1 / self.slowness:.4f}") if slowly else ()
        variables = {**_ENVIRONMENT, **_EVERY_CLOCK, "QEMU_CPU": self.processor}
        with subprocess.Popen(
            [*limited, *tool("chroot", str(self.root)), *slowed, *command],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            yield from process.stdout
        if process.returncode != 0:
            raise ProgramFailed(command, process.returncode)

    def do(self, *command: str) -> None:
        """Run a program to its end; what it prints does not matter. Raises ProgramFailed."""
        for _ in self.run(*command):
            pass

    def _mount(self, place: str, *arguments: str) -> None:
        target = self.root / place
        target.mkdir(parents=True, exist_ok=True)
        subprocess.run(tool("mount", *arguments, str(target)), check=True)

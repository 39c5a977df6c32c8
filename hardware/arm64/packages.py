"""Makes codriver's environment for arm64: the locked packages, each checked by its hash, and llama.cpp.

Wheels are put in place by the pip of this machine, which is quick. Only what comes without a wheel for arm64 is
compiled, in the emulation.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import struct
from collections.abc import Iterator, Sequence
from importlib.metadata import distribution
from pathlib import Path

from hardware.arm64.emulation import Board
from setup import environment

PLACE = "/opt/codriver"
"""Where the board sees the environment."""

SOURCES = "/opt/sources"
"""Where it sees what it has to compile, and leaves the wheels."""

TOOLS = "/opt/tools"
"""Where it sees the pip and the setuptools of this machine, which are Python alone."""

PROJECT = "/srv/codriver"
"""Where it sees this checkout, which the environment has in place, as a developer's does."""

COMPILED = ("evdev", "pyaudio")
"""What its makers publish as source alone, with C in it."""

_PYTHON = "3.13"
_GLIBC = 41
"""What Debian trixie has: Python's version, and glibc's after ``2.``."""

_WAY_OF_INSTALLING = 3
"""Counted up when the same packages would be installed otherwise."""

_SITE = f"lib/python{_PYTHON}/site-packages"
_CHECKS = ("--require-hashes", "--no-build-isolation")

_COMMAND = f"""#!{PLACE}/bin/python
from codriver.cli import main

if __name__ == "__main__":  # a process that helps the command reads this file, too
    main()
"""

_HEADER = struct.Struct("<18xH")
_AARCH64 = 183
"""Where the head of a program names its processor, and the number of ours."""


def environment_key(root: Path, llama: Path) -> str:
    """Name the environment after all that it is made from."""
    lock = (environment.SETUP / "requirements.lock").read_text("utf-8")
    return hashlib.sha256(f"{_WAY_OF_INSTALLING} {root.name} {llama} {lock}".encode()).hexdigest()[:12]


def install(board: Board, folder: Path, sources: Path, llama: Path) -> None:
    """Make the environment in ``folder``, which the board sees as PLACE; ``sources`` it sees as SOURCES.

    Raises CalledProcessError, ProgramFailed, and ValueError where a package is of another processor.
    """
    site = folder / _SITE
    shutil.rmtree(site, ignore_errors=True)
    board.do("python3", "-m", "venv", "--without-pip", "--clear", PLACE)
    with_wheels, without = split_lock((environment.SETUP / "requirements.lock").read_text("utf-8"))
    locked, compiled = sources / "wheels.txt", sources / "sources.txt"
    locked.write_text("\n".join(with_wheels) + "\n", encoding="utf-8")
    compiled.write_text("\n".join(without) + "\n", encoding="utf-8")
    place = ("--quiet", "--no-deps", "--target", str(site), "--python-version", _PYTHON, *platforms())
    environment.pip("install", *place, *_CHECKS, "--ignore-requires-python", "-r", locked)
    environment.pip("install", *place, llama, *compiled_wheels(board, sources, without))
    place_codriver(folder)
    if strangers := list(of_other_processors(site)):
        raise ValueError(f"These are not for arm64: {', '.join(str(path) for path in strangers)}.")


def compiled_wheels(board: Board, sources: Path, locked: Sequence[str]) -> list[Path]:
    """Give the wheels of what has none, compiled on the board where they are not there yet.

    Their sources are fetched and checked here: there neither a network nor settings of pip are needed.
    """
    names = ["-".join(entry.split(maxsplit=1)[0].split("==")) for entry in locked]
    if not all(list(sources.glob(f"{name}-*.whl")) for name in names):
        checked = ("--quiet", "--no-deps", "--no-binary", ":all:", *_CHECKS)
        environment.pip("download", *checked, "-d", sources, "-r", sources / "sources.txt")
        place = ("--no-index", "--find-links", SOURCES, "--wheel-dir", SOURCES, "-r", f"{SOURCES}/sources.txt")
        board.do("env", f"PYTHONPATH={TOOLS}", "python3", "-m", "pip", "wheel", *checked, *place)
    return [wheel for name in names for wheel in sources.glob(f"{name}-*.whl")]


def place_codriver(folder: Path) -> None:
    """Put codriver itself into the environment: its command, its version, and a pointer to this checkout."""
    site = folder / _SITE
    ours = distribution("codriver")
    about = site / f"codriver-{ours.version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(ours.read_text("METADATA") or "", encoding="utf-8")
    (site / "codriver.pth").write_text(f"{PROJECT}/daemon\n", encoding="utf-8")
    command = folder / "bin" / "codriver"
    command.write_text(_COMMAND, encoding="utf-8")
    command.chmod(0o755)


def split_lock(lock: str) -> tuple[list[str], list[str]]:
    """Part the entries of a lock file into those that have wheels, and those that are compiled."""
    entries = [entry for entry in re.split(r"\n(?=\S)", lock) if "==" in entry.partition("\n")[0]]
    compiled = [entry for entry in entries if entry.partition("==")[0] in COMPILED]
    return [entry for entry in entries if entry not in compiled], compiled


def platforms() -> Iterator[str]:
    """Give pip the platforms whose wheels run there, the best first."""
    for glibc in range(_GLIBC, 16, -1):
        yield from ("--platform", f"manylinux_2_{glibc}_aarch64")
    yield from ("--platform", "manylinux2014_aarch64", "--platform", "linux_aarch64")


def of_other_processors(site: Path) -> Iterator[Path]:
    """Find what is compiled for another processor than arm64, whatever it is called."""
    for path in sorted(site.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                head = file.read(_HEADER.size)
            if head[:4] == b"\x7fELF" and _HEADER.unpack(head) != (_AARCH64,):
                yield path.relative_to(site)

"""A disk that can be filled and a clock that can be set, for one program and all that it starts, and nobody else.

The program is begun in a mount namespace of its own, where a small disk in memory takes all that it writes, and, if
its clock is to be set, with libfaketime before the system's. Times that never go back are left as they are.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from codriver.errors import ConfigurationError
from codriver.folders import cache_folder

DAY = 86_400.0

_ROOM = 128 * 2**20
"""Bytes of the disk beside what it holds of the cache: more than a run writes."""

_CACHES = ("prefixes", "examples")
_BEGIN = 'mount -t tmpfs -o size="$1" tmpfs "$0" && mkdir -p "$0/cache" "$0/run" && cp -r "$2" "$0/cache/" && shift 2'
_REPAIR = """
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left)
{
    return syscall(SYS_clock_nanosleep, clock, flags, time, left) ? errno : 0;
}
"""
"""libfaketime 0.9.10 refuses every sleep until a monotonic time where it is to leave monotonic time as it is."""

_DISK, _CLOCK = "CODRIVER_WORLD_DISK", "CODRIVER_WORLD_CLOCK"


@dataclass(frozen=True, slots=True)
class World:
    """The world that this process lives in: its disk, and the file that sets its clock, if there is one."""

    disk: Path
    clock: Path | None

    def fill(self) -> None:
        """Leave no room on the disk for a single byte."""
        file = os.open(self._filling, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            while True:
                os.write(file, bytes(2**16))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
        finally:
            os.close(file)

    def make_room(self) -> None:
        """Take away what it was filled with."""
        self._filling.unlink(missing_ok=True)

    def set_clock(self, seconds: float) -> None:
        """Have everybody's clock go so many seconds fast, or slow (negative), within two seconds."""
        assert self.clock
        self.clock.write_text(f"{seconds:+.0f}\n")

    @property
    def _filling(self) -> Path:
        return self.disk / "filling"


def this_world() -> World | None:
    """Tell where this process lives; None for the world of everybody."""
    disk, clock = os.environ.get(_DISK), os.environ.get(_CLOCK)
    return World(Path(disk), Path(clock) if clock else None) if disk else None


def begun_within(folder: Path, program: Sequence[str], *, clock: bool) -> tuple[Sequence[str], Mapping[str, str]]:
    """Give the command and the environment that run a program in a world of its own, whose disk is at ``folder``/disk.

    Raises ConfigurationError where something is missing for it.
    """
    if shutil.which("unshare") is None:
        raise ConfigurationError("unshare is needed for this: install util-linux.")
    disk, kept = folder / "disk", folder / "kept"
    disk.mkdir()
    (kept / "codriver").mkdir(parents=True)
    for name in _CACHES:
        if (cache_folder() / name).is_dir():
            shutil.copytree(cache_folder() / name, kept / "codriver" / name, copy_function=os.link)
    size = _ROOM + sum(file.stat().st_size for file in kept.rglob("*") if file.is_file())
    places = {"TMPDIR": disk, "XDG_CACHE_HOME": disk / "cache", "XDG_STATE_HOME": disk, "XDG_RUNTIME_DIR": disk / "run"}
    environment = {**os.environ, **{name: str(place) for name, place in places.items()}, _DISK: str(disk)}
    if clock:
        environment |= _clock(folder / "clock")
    alone = ("unshare", "--mount", *(() if os.getuid() == 0 else ("--user", "--map-root-user")))
    begin = f'{_BEGIN} && exec "$@"'
    return (*alone, "sh", "-c", begin, str(disk), str(size), str(kept / "codriver"), *program), environment


def _clock(file: Path) -> Mapping[str, str]:
    file.write_text("+0\n")
    libraries = [*Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")]
    compiler = shutil.which("cc")
    if not libraries or compiler is None:
        raise ConfigurationError("libfaketime and a C compiler are needed for this: install them.")
    repair = file.with_suffix(".so")
    subprocess.run([compiler, "-shared", "-fPIC", "-x", "c", "-o", repair, "-"], input=_REPAIR.encode(), check=True)
    return {
        _CLOCK: str(file),
        "LD_PRELOAD": f"{repair}:{libraries[0]}",
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }

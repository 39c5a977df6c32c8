"""How much memory a process and everything it started really take."""

from __future__ import annotations

import contextlib
import re

from codriver.workshop.processes import family

_PROPORTIONAL = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_WRITTEN = re.compile(r"^Private_Dirty:\s+(\d+) kB", re.MULTILINE)


def proportional_set_size(pid: int, without: tuple[str, ...] = ()) -> int:
    """Sum the PSS of a process and all its descendants, in bytes; what they share is counted once.

    Processes whose name is in ``without`` are left out. A process that ends meanwhile counts nothing.
    """
    return _sum(pid, without, _PROPORTIONAL)


def private_dirty_size(pid: int, without: tuple[str, ...] = ()) -> int:
    """Sum likewise what each of them has written and shares with nobody.

    Pages of model files are left out: they become a process's own when others that have them open come to an end.
    """
    return _sum(pid, without, _WRITTEN)


def _sum(pid: int, without: tuple[str, ...], counted: re.Pattern[str]) -> int:
    total = 0
    for process in family(pid):
        with contextlib.suppress(OSError):
            if (process / "comm").read_text().strip() not in without:
                rollup = (process / "smaps_rollup").read_text()
                total += sum(int(kilobytes) * 1024 for kilobytes in counted.findall(rollup))
    return total

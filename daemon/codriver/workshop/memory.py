"""How much memory a process and everything it started really take."""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

_PROPORTIONAL = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_OWN = re.compile(r"^Private_(?:Clean|Dirty):\s+(\d+) kB", re.MULTILINE)


def proportional_set_size(pid: int, without: tuple[str, ...] = ()) -> int:
    """Sum the PSS of a process and all its descendants, in bytes; what they share is counted once.

    Processes whose name is in ``without`` are left out. A process that ends meanwhile counts nothing.
    """
    return _sum(pid, _children(), without, _PROPORTIONAL)


def unique_set_size(pid: int, without: tuple[str, ...] = ()) -> int:
    """Sum likewise what a process and its descendants share with nobody: others that come and go do not change it."""
    return _sum(pid, _children(), without, _OWN)


def _children() -> Mapping[int, Sequence[int]]:
    children: dict[int, list[int]] = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            children[int(fields[1])].append(int(status.parent.name))
    return children


def _sum(pid: int, children: Mapping[int, Sequence[int]], without: tuple[str, ...], counted: re.Pattern[str]) -> int:
    total = 0
    with contextlib.suppress(OSError):
        if Path(f"/proc/{pid}/comm").read_text().strip() not in without:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += sum(int(kilobytes) * 1024 for kilobytes in counted.findall(rollup))
    return total + sum(_sum(child, children, without, counted) for child in children.get(pid, ()))

"""How much memory a process and everything it started really take."""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from pathlib import Path

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def proportional_set_size(pid: int, without: tuple[str, ...] = ()) -> int:
    """Sum the PSS of a process and all its descendants, in bytes; what they share is counted once.

    Processes whose name is in ``without`` are left out. A process that ends meanwhile counts nothing.
    """
    children: dict[int, list[int]] = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            children[int(fields[1])].append(int(status.parent.name))
    return _sum(pid, children, without)


def _sum(pid: int, children: dict[int, list[int]], without: tuple[str, ...]) -> int:
    total = 0
    with contextlib.suppress(OSError):
        if Path(f"/proc/{pid}/comm").read_text().strip() not in without:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            found = _PSS.search(rollup)
            total += int(found.group(1)) * 1024 if found else 0
    return total + sum(_sum(child, children, without) for child in children[pid])

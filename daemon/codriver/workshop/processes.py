"""A process and everything that it started, as /proc shows them."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path


def family(pid: int) -> Iterator[Path]:
    """Give the folder in /proc of a process and of each descendant. One that ends meanwhile may be among them."""
    children: dict[int, list[int]] = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            children[int(fields_of(status.parent)[1])].append(int(status.parent.name))
    waiting = [pid]
    while waiting:
        each = waiting.pop()
        waiting += children[each]
        yield Path(f"/proc/{each}")


def fields_of(process: Path) -> list[str]:
    """Give what stands in its ``stat`` behind the name: state, parent, ... as proc(5) lists them. Raises OSError."""
    return (process / "stat").read_text().rpartition(")")[2].split()

"""How much memory each of codriver's processes takes."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_SERVICES = ("codriver-vehicle", "codriver-navigation")


def memory_of_processes(proc: Path = Path("/proc")) -> Mapping[str, int]:
    """Give the proportional set size of each process in bytes, by its name. Blocks for some milliseconds a gigabyte.

    Processes that this user may not look into are left out, and so are those that end meanwhile.
    """
    sizes: Counter[str] = Counter()
    for folder in proc.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            name = process_name((folder / "cmdline").read_text(errors="replace").split("\0"))
            found = _PSS.search((folder / "smaps_rollup").read_text()) if name else None
            if found:
                sizes[name] += int(found.group(1)) * 1024
    return sizes


def process_name(arguments: Sequence[str]) -> str:
    """Name one of codriver's processes by its command line: daemon, an engine or a service; empty for any other."""
    for before, module in pairwise(arguments):
        if before == "-m" and module.startswith("codriver.engines."):
            language = arguments[arguments.index("--language") + 1] if "--language" in arguments[:-1] else ""
            return "-".join(filter(None, (module.split(".")[2], language)))
        if before == "-m" and module.startswith("codriver.services."):
            return module.split(".")[2]
        if Path(before).name == "codriver" and module == "run":
            return "daemon"
    service = next((Path(part).name for part in arguments[:2] if Path(part).name in _SERVICES), "")
    return service.removeprefix("codriver-")


def memory_of_units(cgroups: Path = Path("/sys/fs/cgroup")) -> Mapping[str, int]:
    """Give the bytes that each of codriver's systemd units holds, page cache included; nothing without systemd.

    Seen from inside of a unit that may not look into other users' processes, this is what there is.
    """
    sizes: dict[str, int] = {}
    for folder in cgroups.glob("*.slice/**/codriver*.service"):
        with contextlib.suppress(OSError, ValueError):
            sizes[folder.name] = int((folder / "memory.current").read_text())
    return sizes

"""The rows of the bench: what was measured, beside what, against which target."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. ``ratio`` is naive divided by ours; ``target`` is in words, ``met`` None if unknown."""

    name: str
    what: str
    ours: float | None
    naive: float | None
    unit: str
    ratio: float | None
    target: str
    met: bool | None
    note: str = ""


def limit_row(name: str, what: str, value: float, unit: str, limit: float) -> Row:
    """Make the row of something that has a limit and no naive counterpart."""
    return Row(name, what, value, None, unit, None, f"at most {limit:g}", value <= limit)


def machine() -> dict[str, Any]:
    """Say what the numbers were measured on."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return {
        "architecture": platform.machine(),
        "processor": model.group(1) if model else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }


def show(console: Console, result: Mapping[str, Any]) -> None:
    """Print the rows as a table."""
    table = Table("what", "ours", "naive", "unit", "ratio", "target", "")
    for row in result["rows"]:
        figures = [_figure(row[key]) for key in ("ours", "naive")]
        ratio = f"{row['ratio']:.1f}" if row["ratio"] else ""
        mark = {True: "[green]met[/]", False: "[red]missed[/]", None: "not measured"}[row["met"]]
        what = f"{row['name']}\n[dim]{row['what']}{'; ' if row['note'] else ''}{row['note']}[/]"
        table.add_row(what, *figures, row["unit"], ratio, row["target"], mark)
    console.print(table)


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"

"""What a look at one thing found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``cure`` says what to do where it is not well, or what could be better."""

    what: str
    well: bool
    detail: str
    cure: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give it in the form that ``codriver doctor --json`` prints."""
        return asdict(self)


def fine(what: str, detail: str, advice: str = "") -> Finding:
    """Find nothing wrong."""
    return Finding(what, True, detail, advice)


def ill(what: str, detail: str, cure: str) -> Finding:
    """Find a fault."""
    return Finding(what, False, detail, cure)


def show(console: Console, findings: Sequence[Finding]) -> None:
    """Print what was found, and at the end how many faults there are."""
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        mark = Text("ok", "green") if finding.well else Text("--", "red")
        advice = Text(finding.cure, "dim" if finding.well else "bold")
        table.add_row(mark, Text(finding.what), Text("\n").join(filter(None, (Text(finding.detail), advice))))
    console.print(table)
    faults = sum(not finding.well for finding in findings)
    console.print(f"{faults} of {len(findings)} are not as they should be." if faults else "All is well.")

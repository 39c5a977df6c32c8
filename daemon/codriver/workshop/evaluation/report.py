"""Evaluate a case file and show what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from codriver.app import Ways
from codriver.config import Configuration
from codriver.engines.fleet import thinker_model
from codriver.engines.models import Store, default_root
from codriver.understanding.toolbox import tools_of
from codriver.workshop.evaluation.cases import load_cases
from codriver.workshop.evaluation.running import run_cases, summary, through
from codriver.workshop.naive_understanding import NaiveUnderstander
from codriver.workshop.sandbox import sandbox

_FAST = 50.0

_WAYS: Mapping[str, Ways] = {
    "all": Ways(),
    "templates": Ways(model=False),
    "model": Ways(templates=False),
    "naive": Ways(templates=False, model=False),
}


async def evaluate_file(config: Configuration, path: Path, way: str, console: Console) -> dict[str, Any]:
    """Run a file's cases by one way to understand: all, templates, model, or naive. Returns the summary."""
    cases = load_cases(path)
    async with AsyncExitStack() as stack:
        box = await stack.enter_async_context(sandbox(config, pace=_FAST, ways=_WAYS[way], voices=False))
        if way == "naive":
            model = thinker_model(config, Store(default_root()))
            naive = NaiveUnderstander(model, tools_of(box.app.catalogue))
            box.app.understander = stack.enter_context(naive)
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("evaluating", total=len(cases))
            results = await run_cases(
                box, cases, through(box), lambda done, total: progress.update(task, completed=done, total=total)
            )
    return summary(results)


def show(console: Console, result: Mapping[str, Any]) -> None:
    """Print every miss, then the accuracy by tag."""
    for case in result["cases"]:
        if not case["right"]:
            said = " / ".join(turn["heard"] for turn in case["turns"] if turn)
            console.print(Text.assemble((case["id"], "red"), f" {said}\n    ", (case["why"], "dim")))
    table = Table("tag", "right", "all", "accuracy")
    for tag, count in result["by_tag"].items():
        table.add_row(tag, str(count["right"]), str(count["all"]), f"{count['right'] / count['all']:.1%}")
    console.print(table)
    console.print(f"accuracy {result['accuracy']:.1%}, cases with a wrong action {result['wrong_actions']}")

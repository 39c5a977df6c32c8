"""Commands that hear, act and speak: the daemon, single turns, and the demonstration."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from codriver.cli.options import (
    Config,
    Json,
    Language,
    Sandboxed,
    ZoneName,
    finish,
    print_json,
    print_turns,
    zone_named,
)
from codriver.config import load_configuration
from codriver.errors import ConfigurationError, ModelError

app = typer.Typer()


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
                print_json(trace.as_json())
            else:
                demonstration.show(console, count, sounds[count - 1] if count <= len(sounds) else None, trace, path)

        try:
            traces = await demonstration.demonstrate(load_configuration(config), sounds, output, watch, status.stop)
        finally:
            status.stop()
        if not as_json:
            demonstration.show_sum(console, traces)
            console.print(f"The spoken answers are in {output}/.")

    finish(run())


@app.command()
def run(config: Config = None) -> None:
    """Run the daemon. Exit status 78 says that configuration or models are wrong: trying again would change nothing."""
    from codriver.host import heap, logs

    heap.build_up()
    from codriver.running.daemon import run as run_daemon

    logs.begin(logging.INFO)
    try:
        finish(run_daemon(load_configuration(config), config))
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

    turn = finish(ask_once(load_configuration(config), text, language, zone_named(zone), sandboxed=sandboxed))
    print_turns([turn], as_json)


@app.command()
def hear(
    wav: Path, zone: ZoneName = "driver", as_json: Json = False, sandboxed: Sandboxed = False, config: Config = None
) -> None:
    """Take the spoken turns of a WAV file."""
    from codriver.workshop.once import hear_once

    print_turns(finish(hear_once(load_configuration(config), wav, zone_named(zone), sandboxed=sandboxed)), as_json)


@app.command()
def say(text: str, language: Language = "en", config: Config = None) -> None:
    """Speak a text."""
    from codriver.workshop.once import say_once

    finish(say_once(load_configuration(config), text, language))

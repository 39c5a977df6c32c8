"""What commands share: options that mean the same everywhere, and how a turn is printed."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from codriver.errors import InvalidRequest
from codriver.turn import ZONES, Zone

Config = Annotated[Path | None, typer.Option("--config", help="The configuration; /etc/codriver/codriver.toml.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object a turn and nothing else.")]
Language = Annotated[str, typer.Option("--language", help="The language of the text: en, zh.")]
ZoneName = Annotated[str, typer.Option("--zone", help="Who speaks: driver, passenger, rear_left, rear_right.")]
Sandboxed = Annotated[bool, typer.Option("--sandbox", help="Use a private simulated car, not the daemon.")]
JsonOut = Annotated[Path | None, typer.Option("--json", help="Write the result to this file as JSON.")]
Profile = Annotated[str, typer.Option("--profile", help="default, small or minicpm3.")]


def finish[T](work: Coroutine[Any, Any, T]) -> T:
    """Do all of a command's work in an event loop of its own."""
    return asyncio.run(work)


def zone_named(name: str) -> Zone:
    """Give the zone of this name. Raises InvalidRequest where there is none."""
    for zone in ZONES:
        if name == zone:
            return zone
    raise InvalidRequest(f"The zones are {', '.join(ZONES)}, not {name}.")


def print_json(turn: dict[str, Any]) -> None:
    """Print a turn as one line of JSON, at once."""
    sys.stdout.write(json.dumps(turn, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def print_turns(turns: list[dict[str, Any]], as_json: bool) -> None:
    """Print turns for a person, or as lines of JSON."""
    for turn in turns:
        if as_json:
            print_json(turn)
            continue
        console = Console()
        for name in ("heard", "source", "intents", "calls", "refused", "reply", "timings_ms"):
            console.print(Text.assemble((f"{name:<12}", "dim"), str(turn[name] or "-")))

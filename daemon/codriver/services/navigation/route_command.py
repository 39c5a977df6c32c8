"""``codriver route``: what a person can ask for."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from codriver.config import load_configuration
from codriver.services.navigation.drawing.style import Theme

type _Where = Annotated[
    str, typer.Argument(help="Words to search for, 'latitude,longitude', or 'here' for where the car is.")
]


def route(
    a: _Where,
    b: _Where,
    via: Annotated[list[str] | None, typer.Option(help="A stop on the way; can be given several times.")] = None,
    map_: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Draw it, as .html, .svg or .png.", dir_okay=False)
    ] = None,
    theme: Annotated[Theme, typer.Option(help="By whose light the drawing is seen.")] = Theme.AUTO,
    language: Annotated[str, typer.Option(help="The language of the instructions: en, zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object and nothing else.")] = False,
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; /etc/codriver/codriver.toml.")
    ] = None,
) -> None:
    """Find a route on the installed maps, without a network, and draw it."""
    from codriver.services.navigation import shown_route
    from codriver.services.navigation.drawing.formats import format_of
    from codriver.services.navigation.itinerary import told

    drawn_as = format_of(map_) if map_ else None
    maps = shown_route.installed(language)
    finding = shown_route.find(maps, [a, *(via or ()), b], language, load_configuration(config).bus)
    scene = asyncio.run(finding)
    if map_ and drawn_as:
        map_.write_bytes(shown_route.drawn(scene, maps, drawn_as, theme, language))
    if as_json:
        sys.stdout.write(json.dumps(told(scene, language), ensure_ascii=False) + "\n")
    else:
        shown_route.show(Console(), scene, language, map_)

"""``codriver route``: a route for a person to read and to look at."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codriver.acting.bus import Bus
from codriver.errors import BusError
from codriver.services.navigation import itinerary
from codriver.services.navigation.atlas import Atlas
from codriver.services.navigation.car import Car
from codriver.services.navigation.drawing.formats import format_of, render
from codriver.services.navigation.drawing.labels import clean
from codriver.services.navigation.drawing.picture import needed_for, view_of
from codriver.services.navigation.drawing.scene import Scene
from codriver.services.navigation.drawing.style import Theme
from codriver.services.navigation.faults import NoMap, NoPosition
from codriver.services.navigation.maps import Library, MapFolder, default_root
from codriver.services.navigation.maps.ground import ground_within
from codriver.services.navigation.outing import HERE, Outing, plan
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.routes import RouteRequest

_MOST_PIECES = 20_000
"""Pieces of ground of one map in one picture: what a browser still shows without a pause."""
_MOST_LETTERS = 300

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
) -> None:
    """Find a route on the installed maps, without a network, and draw it."""
    drawn_as = format_of(map_) if map_ else None
    maps = Library(default_root()).maps()
    outing = asyncio.run(_plan(maps, [a, *(via or ()), b], language))
    credit = dict.fromkeys(f"{one.manifest.attribution}, {one.manifest.licence}" for one in maps)
    scene = itinerary.scene_of(outing, "; ".join(credit))
    rows = itinerary.rows(scene, language)
    if map_ and drawn_as:
        view = view_of(scene)
        needed = needed_for(view)
        ground = ground_within(maps, needed.box, needed.finest, needed.least, _MOST_PIECES)
        map_.write_bytes(render(drawn_as, scene, ground, view, [itinerary.HEAD, *rows], theme))
    if as_json:
        sys.stdout.write(json.dumps(itinerary.told(scene, language), ensure_ascii=False) + "\n")
    else:
        _show(Console(), scene, rows, map_)


async def _plan(maps: Sequence[MapFolder], wishes: Sequence[str], language: str) -> Outing:
    if not maps:
        raise NoMap(language)
    box = maps[0].manifest.bounds
    middle = Position((box.south + box.north) / 2, (box.west + box.east) / 2)
    car = await _car(language) if any(wish.strip().lower() == HERE for wish in wishes) else None
    atlas = Atlas(Library(default_root()))
    try:
        return await plan(atlas, wishes, car or middle, car, RouteRequest(language))
    finally:
        await asyncio.to_thread(atlas.close)


async def _car(language: str) -> Position:
    """Ask the car where it is. Raises NoPosition."""
    with contextlib.suppress(BusError):
        async with Bus() as bus:
            car = Car(bus)
            await car.watch(lambda fix: None)
            if car.fix is not None:
                return car.fix.position
    raise NoPosition(language)


def _show(console: Console, scene: Scene, rows: Sequence[itinerary.Row], drawn: Path | None) -> None:
    table = Table(*itinerary.HEAD, title=_shown(scene.title), title_justify="left", title_style="bold")
    for column in table.columns[2:]:
        column.justify, column.no_wrap = "right", True
    for row in rows:
        table.add_row(*map(_shown, row))
    console.print(table)
    for line in (scene.facts, f"Map data: {scene.attribution}", f"Drawn in {drawn}" if drawn else ""):
        if line:
            console.print(_shown(line), soft_wrap=True)


def _shown(text: str) -> Text:
    """Make a text that the terminal shows as it is, whatever is in it."""
    return Text(clean(text, _MOST_LETTERS))

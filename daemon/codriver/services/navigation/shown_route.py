"""A route for a person to read and to look at: found on the installed maps, drawn, and printed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from codriver import config
from codriver.acting.bus import Bus
from codriver.errors import BusError
from codriver.services.navigation.atlas import Atlas
from codriver.services.navigation.car import Car
from codriver.services.navigation.drawing.formats import Format, render
from codriver.services.navigation.drawing.labels import clean
from codriver.services.navigation.drawing.picture import needed_for, view_of
from codriver.services.navigation.drawing.scene import Scene
from codriver.services.navigation.drawing.style import Theme
from codriver.services.navigation.faults import NoMap, NoPosition
from codriver.services.navigation.itinerary import HEAD, rows, scene_of
from codriver.services.navigation.maps import Library, MapFolder, default_root
from codriver.services.navigation.maps.ground import ground_within
from codriver.services.navigation.outing import HERE, plan
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.routes import RouteRequest

_MOST_PIECES = 20_000
"""Pieces of ground of one map in one picture: what a browser still shows without a pause."""
_MOST_LETTERS = 300


def installed(language: str) -> tuple[MapFolder, ...]:
    """Open the installed maps. Raises NoMap where there is none."""
    maps = Library(default_root()).maps()
    if not maps:
        raise NoMap(language)
    return maps


async def find(maps: Sequence[MapFolder], wishes: Sequence[str], language: str, bus: config.Bus) -> Scene:
    """Find a route through the stops that are wished for, the first of them near the middle of the first map.

    Raises NoPosition when a stop is where the car is, and no car on the bus says that; and like outing.plan.
    """
    box = maps[0].manifest.bounds
    middle = Position((box.south + box.north) / 2, (box.west + box.east) / 2)
    car = await _car(bus, language) if any(wish.strip().lower() == HERE for wish in wishes) else None
    atlas = Atlas(Library(default_root()))
    try:
        outing = await plan(atlas, wishes, car or middle, car, RouteRequest(language))
    finally:
        await asyncio.to_thread(atlas.close)
    credit = dict.fromkeys(f"{one.manifest.attribution}, {one.manifest.licence}" for one in maps)
    return scene_of(outing, "; ".join(credit))


def drawn(scene: Scene, maps: Sequence[MapFolder], drawn_as: Format, theme: Theme, language: str) -> bytes:
    """Draw a route on the ground of the maps, as the contents of a file. Raises MapError for a damaged map."""
    view = view_of(scene)
    needed = needed_for(view)
    ground = ground_within(maps, needed.box, needed.finest, needed.least, _MOST_PIECES)
    return render(drawn_as, scene, ground, view, [HEAD, *rows(scene, language)], theme)


def show(console: Console, scene: Scene, language: str, drawn_in: Path | None) -> None:
    """Print a route as a table."""
    table = Table(*HEAD, title=_shown(scene.title), title_justify="left", title_style="bold")
    for column in table.columns[2:]:
        column.justify, column.no_wrap = "right", True
    for row in rows(scene, language):
        table.add_row(*map(_shown, row))
    console.print(table)
    for line in (scene.facts, f"Map data: {scene.attribution}", f"Drawn in {drawn_in}" if drawn_in else ""):
        if line:
            console.print(_shown(line), soft_wrap=True)


async def _car(settings: config.Bus, language: str) -> Position:
    with contextlib.suppress(BusError):
        async with Bus(settings.address or None, settings.kind) as bus:
            car = Car(bus)
            await car.watch(lambda fix: None)
            if car.fix is not None:
                return car.fix.position
    raise NoPosition(language)


def _shown(text: str) -> Text:
    """Make a text that the terminal shows as it is, whatever is in it."""
    return Text(clean(text, _MOST_LETTERS))

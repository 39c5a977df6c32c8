"""``codriver maps``: what a person does with maps."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Annotated, Self

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from codriver.errors import InvalidRequest
from codriver.services.navigation.maps.folder import MapFolder
from codriver.services.navigation.maps.library import Library, default_root

DEMO = "helsinki"
"""The name of the demo map; in the store of model files its extract is "map-" and this name."""

app = typer.Typer(help="Offline maps: build, list, remove, copy.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="MAP", help="What the map is called.")]


@app.command()
def build(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE.osm.pbf...", help="OpenStreetMap extracts, for one map.")
    ] = None,
    name: Annotated[str, typer.Option(help="What the map is called; by default as its first file.")] = "",
    demo: Annotated[
        bool, typer.Option("--demo", help="The demo map, from the extract that came with the models.")
    ] = False,
) -> None:
    """Build a map from OpenStreetMap extracts; a build that was interrupted goes on where it stopped."""
    from codriver.services.navigation.maps.building import build as build_map
    from codriver.services.navigation.maps.building import default_name

    library = Library(default_root())
    if demo:
        files, name = [extract_of_the_demo()], DEMO
    if not files:
        raise InvalidRequest("Name the OpenStreetMap files that the map is to be built from.")
    with BuildDisplay(Console(stderr=True)) as display:
        folder = build_map(files, library, name or default_name(files[0]), display)
    _say(Console(), f"The map {folder.manifest.name} is ready: {_contents(folder)}. Data: {_credit(folder)}.")


@app.command("list")
def list_() -> None:
    """Show every map that is installed, and those that are damaged."""
    console = Console()
    maps, damaged = Library(default_root()).look()
    for folder in maps:
        manifest = folder.manifest
        _say(console, f"[bold]{manifest.name}[/]  {manifest.size / 1e6:,.1f} MB  built {manifest.built:%Y-%m-%d}")
        _say(console, f"  {_contents(folder)}")
        _say(console, f"  {_credit(folder)}")
    for one in damaged:
        _say(console, f"[red]{one.why}[/]")
    if not maps and not damaged:
        _say(console, "No map is installed. `codriver maps build FILE.osm.pbf` builds one.")
    _say(console, f"They are kept in {default_root()}.")


@app.command()
def info(name: Name) -> None:
    """Show what a map was made from and by what, and read all of it to see that it is as it was built."""
    console = Console()
    folder = Library(default_root()).map(name)
    manifest = folder.manifest
    box = manifest.bounds
    rows = {
        "folder": str(folder.path),
        "area": f"{box.south:.4f} to {box.north:.4f} north, {box.west:.4f} to {box.east:.4f} east",
        "built": f"{manifest.built:%Y-%m-%d %H:%M} UTC by "
        + ", ".join(f"{k} {v}" for k, v in manifest.versions.items()),
        "contents": _contents(folder),
        "size": f"{manifest.size / 1e6:,.1f} MB in {len(manifest.files)} files",
        "data": _credit(folder),
    } | {
        f"source {number}": f"{one.file}, {one.size:,} bytes, SHA-256 {one.sha256}"
        for number, one in enumerate(manifest.sources, 1)
    }
    for what, value in rows.items():
        _say(console, f"[dim]{what:<10}[/] {value}")
    faults = list(folder.faults())
    for fault in faults:
        _say(console, f"[red]{fault}[/]")
    if faults:
        raise SystemExit(1)
    _say(console, "It is as it was built.")


@app.command()
def remove(name: Name) -> None:
    """Remove a map from this machine."""
    Library(default_root()).remove(name)


@app.command()
def copy(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of a map built elsewhere.")],
) -> None:
    """Install a map that was built on another machine, as it is below that one's folder of maps."""
    with Console(stderr=True).status("copying and checking the map"):
        installed = Library(default_root()).copy(folder)
    _say(Console(), f"The map {installed.manifest.name} is ready: {_contents(installed)}. Data: {_credit(installed)}.")


class BuildDisplay:
    """Shows a build: a line that moves on a terminal, a line for each step in a log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._bars = Progress(*columns, console=console, disable=not console.is_terminal)
        self._task: TaskID | None = None
        self._what = ""

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begins(self, what: str) -> None:
        """Show a new step; the one before is over."""
        self._what = what
        if not self._console.is_terminal:
            _say(self._console, f"  {what}")
            return
        if self._task is not None:
            self._bars.update(self._task, total=1, completed=1)
        self._task = self._bars.add_task(what, total=None)

    def counts(self, done: int) -> None:
        """Show how many things were dealt with in this step."""
        if self._task is not None:
            self._bars.update(self._task, description=f"{self._what}: {done:,}")


def extract_of_the_demo() -> Path:
    """Find the extract of the demo map in the store of model files. Raises ModelError."""
    from codriver.engines.models import Store
    from codriver.engines.models import default_root as models_root

    return Store(models_root()).path(f"map-{DEMO}") / f"{DEMO}.osm.pbf"


def _contents(folder: MapFolder) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in folder.manifest.counts.items())


def _credit(folder: MapFolder) -> str:
    return f"{folder.manifest.attribution}, {folder.manifest.licence}"


def _say(console: Console, line: str) -> None:
    """Print one line as one line, however narrow the terminal is."""
    console.print(line, soft_wrap=True, highlight=False)

"""``codriver maps``: what a person does with maps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from codriver.services.navigation.maps.library import Library, default_root

app = typer.Typer(help="Offline maps: build, list and remove them.", no_args_is_help=True)


@app.command()
def build(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.osm.pbf...", help="OpenStreetMap extracts.")],
    name: Annotated[str, typer.Option(help="What the map is called; the first file's name.")] = "",
) -> None:
    """Build one map from OpenStreetMap extracts."""
    from codriver.services.navigation.maps.building import build as build_map

    built = build_map(files, default_root(), name or files[0].name.partition(".")[0].lower())
    Console().print(f"{built.manifest.name}: {dict(built.manifest.counts)}. {built.manifest.attribution}.")


@app.command("list")
def list_() -> None:
    """Show every map that is installed."""
    for found in Library(default_root()).maps():
        Console().print(found.manifest.name, dict(found.manifest.counts), found.manifest.attribution)

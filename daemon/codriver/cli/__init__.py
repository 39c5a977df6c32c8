"""The command line: each command reads its arguments, calls the one place that does the work, and prints."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from codriver.cli import intents, models, turns, workshop
from codriver.errors import CodriverError
from codriver.services.navigation import route_command
from codriver.services.navigation.maps import commands as maps

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.add_typer(turns.app)
app.add_typer(workshop.app)
app.add_typer(models.app, name="models")
app.add_typer(intents.app, name="intents")
app.add_typer(maps.app, name="maps")
app.command("route")(route_command.route)


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


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"codriver {version('codriver')}")
        raise typer.Exit


@app.callback(help="An offline voice assistant for the car: it hears, understands, acts, speaks.")
def _assistant(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that come before any command."""

"""Names the programs of this machine by their paths: on the board other ones are found."""

from __future__ import annotations

import shutil


def tool(name: str, *arguments: str) -> list[str]:
    """Give the command that runs a program of this machine. Raises FileNotFoundError where it is not installed."""
    path = shutil.which(name)
    if path is None:
        raise FileNotFoundError(f"The program {name} is missing; setup/prepare arm64 installs it.")
    return [path, *arguments]

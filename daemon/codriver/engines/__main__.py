"""``python -m codriver.engines NAME``: become an engine, as the configuration of this machine asks for it.

This is how systemd starts engines: nothing about models stands in a unit.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from codriver.config import load_configuration
from codriver.engines.fleet import assemble
from codriver.engines.models import Store, default_root
from codriver.errors import CodriverError, ConfigurationError
from codriver.folders import runtime_folder


def main() -> None:
    """Replace this process by the engine's. Exits with ``os.EX_CONFIG`` where there is none to run."""
    parser = argparse.ArgumentParser(prog="python -m codriver.engines", description=__doc__)
    parser.add_argument("name", help="transcriber, thinker, voice-en, ...")
    parser.add_argument("--config", type=Path, help="the configuration; /etc/codriver/codriver.toml")
    asked = parser.parse_args()
    try:
        command = _command(asked.name, asked.config)
    except CodriverError as error:
        sys.stderr.write(f"codriver: {error}\n")
        raise SystemExit(os.EX_CONFIG) from None
    os.execv(command[0], command)  # noqa: S606  (by list, no shell is wanted)


def _command(name: str, config: Path | None) -> list[str]:
    fleet = assemble(load_configuration(config), Store(default_root()), runtime_folder(), only=name)
    if name not in fleet.engines:
        where = f"is at {fleet.uris[name]}" if name in fleet.uris else "is not wanted"
        raise ConfigurationError(f"By the configuration, the engine {name} {where}.")
    return list(fleet.engines[name].command.arguments)


if __name__ == "__main__":
    main()

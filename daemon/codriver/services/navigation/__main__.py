"""Entry point of ``codriver-navigation``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from codriver.acting.bus import Bus
from codriver.errors import CodriverError
from codriver.host import logs, systemd
from codriver.host.ending import end_with_parent, told_to_end
from codriver.services.navigation.atlas import Atlas
from codriver.services.navigation.journey import Memory, default_folder
from codriver.services.navigation.maps import Library, default_root
from codriver.services.navigation.service import offer


def main() -> None:
    """Serve navigation on the bus until SIGTERM or SIGINT. Exits with 1 when it cannot."""
    options = _parser().parse_args()
    logs.begin(logging.INFO)
    if options.exit_with_parent:
        end_with_parent()
    try:
        asyncio.run(_serve(options))
    except CodriverError as error:
        sys.exit(f"codriver-navigation: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="codriver-navigation", description="The navigation of codriver on D-Bus.")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--bus-address", help="address of the bus; the session bus when not given")
    place.add_argument("--system", action="store_true", help="use the system bus")
    parser.add_argument("--maps", type=Path, default=default_root(), help="folder of the installed maps")
    parser.add_argument("--state", type=Path, default=default_folder(), help="folder in which the journey is kept")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when the starting process ends")
    return parser


async def _serve(options: argparse.Namespace) -> None:
    stop = told_to_end()
    atlas = Atlas(Library(options.maps))
    await atlas.open()
    async with Bus(options.bus_address, "system" if options.system else "session") as bus:
        navigator = await offer(bus, atlas, Memory(options.state))
        async with systemd.ready():
            await stop.wait()
        await navigator.close()
    atlas.close()


if __name__ == "__main__":
    main()

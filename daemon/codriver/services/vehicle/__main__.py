"""Entry point of ``codriver-vehicle``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys

from codriver.acting.bus import Bus
from codriver.errors import CodriverError
from codriver.host import logs, systemd
from codriver.host.ending import end_with_parent, told_to_end
from codriver.services.vehicle.clock import SimulatedVehicle
from codriver.services.vehicle.service import offer
from codriver.services.vehicle.simulator import SimulatedCar


def main() -> None:
    """Serve the simulated reference car on the bus until SIGTERM or SIGINT. Exits with 1 when it cannot."""
    options = _parser().parse_args()
    logs.begin(logging.INFO)
    if options.exit_with_parent:
        end_with_parent()
    try:
        asyncio.run(_serve(options, SimulatedVehicle(SimulatedCar(), options.pace)))
    except CodriverError as error:
        sys.exit(f"codriver-vehicle: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="codriver-vehicle", description="The car of codriver on D-Bus.")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--bus-address", help="address of the bus; the session bus when not given")
    place.add_argument("--system", action="store_true", help="use the system bus")
    parser.add_argument("--simulate", action="store_true", required=True, help="serve the simulated reference car")
    parser.add_argument("--pace", type=_pace, default=1.0, help="simulated seconds for each real one (default 1)")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when the starting process ends")
    return parser


def _pace(text: str) -> float:
    pace = float(text)
    if not 0 < pace <= 1000:
        raise argparse.ArgumentTypeError("the pace is above 0 and at most 1000")
    return pace


async def _serve(options: argparse.Namespace, vehicle: SimulatedVehicle) -> None:
    stop = told_to_end()
    async with Bus(options.bus_address, "system" if options.system else "session") as bus:
        await offer(bus, vehicle)
        running = asyncio.create_task(vehicle.run(), name="simulated car")
        running.add_done_callback(lambda _: stop.set())
        async with systemd.ready():
            await stop.wait()
        if running.done():
            await running  # its fault is the service's
        running.cancel()


if __name__ == "__main__":
    main()

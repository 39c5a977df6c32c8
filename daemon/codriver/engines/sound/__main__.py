"""``python -m codriver.engines.sound``: hold microphones and loudspeaker, and serve them."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress

from codriver.engines.server import engine_arguments, serve
from codriver.engines.sound.handler import SoundHandler
from codriver.engines.sound.station import OWN, Settings, Station, ZoneSettings
from codriver.errors import CodriverError
from codriver.turn import ZONES

_NICENESS = -10
"""Sound must be in time whatever the models calculate."""


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM. Returns 1, with a sentence on stderr, where something that is needed is missing."""
    arguments = _arguments().parse_args(argv)
    settings = Settings(
        zones=tuple(arguments.zone) or (ZoneSettings("driver", 0, ""),),
        loudspeaker=arguments.loudspeaker,
        echo=arguments.echo == "speex",
        reference=arguments.reference,
        noise=arguments.noise_suppression,
        gain=arguments.gain,
        soon=arguments.soon,
    )
    try:
        station = Station(settings)
    except CodriverError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
    serve(arguments, lambda reader, writer: SoundHandler(reader, writer, station), station)
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = engine_arguments(__doc__ or "")
    parser.add_argument(
        "--zone", type=_zone, action="append", default=[], help="zone:channel:device, such as driver:0:USB Array"
    )
    parser.add_argument("--loudspeaker", default="", help="the device, or a part of its name; the default one if empty")
    parser.add_argument("--echo", choices=("speex", "off"), default="speex")
    parser.add_argument("--reference", default=OWN, help="what echo is taken out: own, or of all that a device gives")
    parser.add_argument("--noise-suppression", type=float, default=0.0, help="decibels of steady noise to take out")
    parser.add_argument("--gain", type=float, default=0.0, help="decibels to add to the microphones")
    parser.add_argument("--soon", action="store_true", help="take sound in smaller pieces: speech may interrupt")
    return parser


def _zone(text: str) -> ZoneSettings:
    name, channel, microphone = text.split(":", 2)
    for zone in ZONES:
        if zone == name:
            return ZoneSettings(zone, int(channel), microphone)
    raise ValueError(name)


if __name__ == "__main__":
    sys.exit(main())

"""Puts the looks at everything together."""

from __future__ import annotations

import asyncio
from pathlib import Path

from codriver.engines.models import Store
from codriver.folders import cache_folder
from codriver.services.navigation.maps import Library
from codriver.services.navigation.maps import default_root as maps_root
from codriver.workshop.doctor.board import board_findings, read_board
from codriver.workshop.doctor.car import bus_findings, can_findings, policy_findings, read_can, read_policy
from codriver.workshop.doctor.contents import (
    catalogue_findings,
    configuration_findings,
    map_findings,
    model_findings,
    read_configuration,
)
from codriver.workshop.doctor.finding import Finding
from codriver.workshop.doctor.rights import read_rights, rights_findings, wanted_devices
from codriver.workshop.doctor.sound import card_findings, heard_findings, listen, read_cards
from codriver.workshop.doctor.units import read_units, unit_findings


async def examine(file: Path | None, store: Store, root: Path = Path("/")) -> list[Finding]:
    """Look at everything that the configuration in ``file`` asks for, and at the board below ``root``.

    Nothing is changed. A file that is wrong is a finding, and the rest is looked at as if there were none.
    """
    config, faults = read_configuration(file)
    cards = await asyncio.to_thread(read_cards, root)
    rights = await asyncio.to_thread(read_rights, root)
    heard = await listen(config, store)
    places = list(dict.fromkeys((store.root, cache_folder(), root / "var/log")))
    return [
        *configuration_findings(config, faults),
        *board_findings(await read_board(places, root), profile=config.profile),
        *await asyncio.to_thread(lambda: list(model_findings(config, store))),
        *await asyncio.to_thread(lambda: list(map_findings(Library(maps_root())))),
        *await asyncio.to_thread(lambda: list(catalogue_findings(config))),
        *card_findings(cards),
        *rights_findings(rights, wanted_devices(config), sound_server=bool(cards.server)),
        *heard_findings(heard, cards.holders, elsewhere=bool(config.sound.uri)),
        *policy_findings(config, there=read_policy(root)),
        *await bus_findings(config),
        *can_findings(read_can(root)),
        *unit_findings(await read_units()),
    ]

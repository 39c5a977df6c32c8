"""Everything embedded and private: a bus of its own, the simulated car, a real player, and the daemon's stages."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from codriver.acting.bus import Bus, Destination
from codriver.acting.navigator import NAVIGATION
from codriver.app import App
from codriver.catalogue.configured import read_catalogue
from codriver.config import Configuration
from codriver.conversation.mouth import LoudspeakerFor
from codriver.engines.fleet import assemble
from codriver.engines.models import Store, default_root
from codriver.services.navigation.maps import Library
from codriver.services.navigation.maps import default_root as maps_root
from codriver.speaking.loudspeaker import SilentLoudspeaker
from codriver.turn import SignalValue
from codriver.understanding.mind import Ways
from codriver.workshop.parts import DemoPlayer, demo_player, navigation, private_bus, simulated_car

DEMO_DESTINATION: Mapping[str, Any] = MappingProxyType(
    {"name": "Kauppatori", "latitude": 60.1674, "longitude": 24.9517, "language": "en"}
)
"""The market square of Helsinki, on the demo map."""

SIMULATOR = Destination("org.codriver.Vehicle1", "/org/codriver/Vehicle1", "org.codriver.Simulator1")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running daemon in a world of its own. ``address`` is that of its bus; without a map nothing navigates."""

    app: App
    address: str
    player: DemoPlayer
    navigates: bool
    _bus: Bus

    async def reset(self) -> None:
        """Put the car at rest and the player to its start, and end the guidance, unmuted."""
        await self._bus.call(SIMULATOR, "Reset")
        await self.player.reset()
        if self.navigates:
            await self._bus.call(NAVIGATION, "Stop")
            await self._bus.set_property(NAVIGATION, "Muted", False)

    async def guide(self) -> None:
        """Start guidance to a place of the demo map. Raises BusError without navigation, or off that map."""
        await self._bus.call(NAVIGATION, "Start", dict(DEMO_DESTINATION), timeout=10.0)

    async def force(self, signals: Mapping[str, SignalValue]) -> None:
        """Give signals, sensors as well, their values at once."""
        await self._bus.call(SIMULATOR, "Force", dict(signals))

    async def fault(self, path: str, kind: str) -> None:
        """Break a signal of the car: stuck, silent, rejecting, or none to mend it."""
        await self._bus.call(SIMULATOR, "Fault", path, kind)

    async def settle(self) -> None:
        """Run the simulated clock until no actuator moves."""
        await self._bus.call(SIMULATOR, "Settle")

    async def actuators(self) -> dict[str, Any]:
        """Read every actuator of the car."""
        [values] = await self._bus.call(SIMULATOR, "Actuators")
        return dict(values)


@asynccontextmanager
async def sandbox(
    config: Configuration,
    loudspeaker_for: LoudspeakerFor = lambda trace: SilentLoudspeaker(),
    *,
    pace: float = 1.0,
    ways: Ways = Ways(),
    voices: bool = True,
    maps: Path | None = None,
) -> AsyncIterator[Sandbox]:
    """Start it all, yield it, and leave nothing behind. The car's time runs ``pace`` times as fast as the world's.

    Without ``voices`` answers are found but not spoken. ``maps`` is the folder of the maps, by default the installed
    ones. Raises ConfigurationError where a program is missing, and ModelError where a model is.
    """
    if not voices:
        config = config.model_copy(update={"voices": ()})
    if not ways.model:
        config = config.model_copy(update={"thinking": config.thinking.model_copy(update={"enabled": False})})
    with tempfile.TemporaryDirectory(prefix="codriver-") as name:
        folder = Path(name)
        catalogue = read_catalogue(config)
        fleet = assemble(config, Store(default_root()), folder)
        async with (
            private_bus(folder) as address,
            simulated_car(address, pace),
            AsyncExitStack() as navigating,
            demo_player(address, folder) as player,
            Bus(address) as control,
            App(config, fleet, Bus(address), loudspeaker_for, ways=ways, catalogue=catalogue) as app,
        ):
            await app.complete()
            found = maps or maps_root()
            if navigates := bool(await asyncio.to_thread(Library(found).maps)):
                await navigating.enter_async_context(navigation(address, found, folder))
            yield Sandbox(app, address, player, navigates, control)

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from codriver.acting.bus import Bus
from codriver.workshop import parts


@pytest.fixture
async def bus(private_bus: str) -> AsyncIterator[Bus]:
    async with Bus(private_bus) as connected:
        yield connected


@pytest.fixture
async def demo_player(private_bus: str, short_directory: Path) -> AsyncIterator[parts.DemoPlayer]:
    async with parts.demo_player(private_bus, short_directory) as player:
        yield player

"""Fixtures with real parts: a private bus, and the simulated car on it in fast time."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from codriver.workshop import parts


@pytest.fixture
def short_directory() -> Iterator[Path]:
    """A fresh directory whose path is short enough for sockets in it."""
    with tempfile.TemporaryDirectory(prefix="codriver-") as name:
        yield Path(name)


@pytest.fixture
async def private_bus(short_directory: Path) -> AsyncIterator[str]:
    """The address of a real D-Bus daemon of this test's own."""
    async with parts.private_bus(short_directory) as address:
        yield address


@pytest.fixture
async def vehicle_service(private_bus: str) -> AsyncIterator[str]:
    """The address of a bus with codriver-vehicle on it, fifty times as fast as the world."""
    async with parts.simulated_car(private_bus, pace=50):
        yield private_bus

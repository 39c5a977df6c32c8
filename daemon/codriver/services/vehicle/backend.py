"""The seam between the D-Bus object and a car, simulated or real."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from codriver.acting.signals import Description
from codriver.turn import SignalValue


@dataclass(frozen=True, slots=True)
class Reading:
    """A value and when the car took it, in microseconds since the epoch."""

    value: SignalValue
    taken_at: int


class Vehicle(Protocol):
    """A car as the service sees it. ``descriptions`` holds every signal that it has, by path."""

    @property
    def descriptions(self) -> Mapping[str, Description]:
        """All signals of this car."""
        ...

    async def read(self, paths: Sequence[str]) -> dict[str, Reading]:
        """Read signals; one without a value is left out."""
        ...

    async def order(self, wanted: Mapping[str, object]) -> dict[str, str]:
        """Set actuators, all or none. Returns a sentence for each path that cannot be set."""
        ...

    def on_change(self, callback: Callable[[Mapping[str, Reading]], None]) -> None:
        """Call back with batches of new readings from now on."""
        ...

"""Gives the simulated car a clock, and makes it a ``Vehicle`` for the service."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from codriver.acting.signals import Description
from codriver.services.vehicle.backend import Reading
from codriver.services.vehicle.driving import Drive
from codriver.services.vehicle.simulator import Fault, SimulatedCar
from codriver.turn import SignalValue

_BUSY_TICK, _IDLE_TICK = 0.05, 1.0  # seconds of real time between two looks at the car
_LONGEST_STEP = 0.5  # simulated seconds that may pass in one step
_LONGEST_SLEEP = 60.0  # real seconds that are simulated at most after the process was stopped


class SimulatedVehicle:
    """The simulated car in running time, ``pace`` simulated seconds for each real one."""

    def __init__(self, car: SimulatedCar, pace: float = 1.0) -> None:
        self._car = car
        self._pace = pace
        self._last = time.monotonic()
        self._taken_at: dict[str, int] = dict.fromkeys(car.signals, time.time_ns() // 1000)
        self._listeners: list[Callable[[Mapping[str, Reading]], None]] = []
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self.descriptions: Mapping[str, Description] = {
            path: signal.description for path, signal in car.signals.items()
        }

    async def run(self) -> None:
        """Let time pass until cancelled. Reads and orders are exact between ticks, too."""
        while True:
            self._catch_up()
            self._announce()
            self._wake.clear()
            await asyncio.sleep(_BUSY_TICK)  # never less, so that changes come in batches
            if not self._car.moving:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _IDLE_TICK)

    async def read(self, paths: Sequence[str]) -> dict[str, Reading]:
        """Read signals as they are now. A signal whose fault is slow is never answered."""
        await self._stall(paths)
        self._catch_up()
        return self._readings(paths)

    async def order(self, wanted: Mapping[str, object]) -> dict[str, str]:
        """Order actuators, all or none."""
        await self._stall(wanted)
        self._catch_up()
        before = self._car.actuators()
        errors = self._car.order(wanted)
        self._wake.set()
        self._note(path for path, value in self._car.actuators().items() if before[path] != value)
        return errors

    def on_change(self, callback: Callable[[Mapping[str, Reading]], None]) -> None:
        """Call back with what changed, at most once a tick."""
        self._listeners.append(callback)

    def reset(self) -> None:
        """Back to the car at rest, free of faults."""
        self._catch_up()
        self._note(self._car.reset())
        self._wake.set()

    def force(self, values: Mapping[str, object]) -> None:
        """Put any signals at values at once. Raises InvalidRequest; nothing is done then."""
        self._catch_up()
        self._note(self._car.force(values))
        self._wake.set()

    def fault(self, path: str, kind: Fault) -> None:
        """Give a signal a fault. Raises InvalidRequest for an unknown path."""
        self._car.fault(path, kind)

    def drive(self, drive: Drive) -> None:
        """Set off along a shape."""
        self._catch_up()
        self._note(self._car.drive(drive))
        self._wake.set()

    def settle(self) -> None:
        """Run ahead until no actuator moves, and announce what changed before returning."""
        self._catch_up()
        self._note(self._car.settle())
        self._announce()

    def actuators(self) -> dict[str, SignalValue]:
        """Tell what every actuator says now."""
        self._catch_up()
        return self._car.actuators()

    def _catch_up(self) -> None:
        now = time.monotonic()
        left = min(now - self._last, _LONGEST_SLEEP) * self._pace
        self._last = now
        while left > 0:
            # With nothing on its way the physics is slow enough for one long step.
            step = min(left, _LONGEST_STEP) if self._car.moving else left
            self._note(self._car.advance(step))
            left -= step
            if self._car.driving:
                self._announce()  # however fast time is, no part of the road goes by unseen

    def _note(self, changed: Iterable[str]) -> None:
        now = time.time_ns() // 1000
        for path in changed:
            self._taken_at[path] = now
            self._changed.add(path)

    def _announce(self) -> None:
        batch, self._changed = self._readings(sorted(self._changed)), set()
        if batch:
            for listener in self._listeners:
                listener(batch)

    def _readings(self, paths: Iterable[str]) -> dict[str, Reading]:
        values = {path: self._car.value(path) for path in paths}
        return {path: Reading(value, self._taken_at[path]) for path, value in values.items() if value is not None}

    async def _stall(self, paths: Iterable[str]) -> None:
        if self._car.faults and any(self._car.faults.get(path) is Fault.SLOW for path in paths):
            await asyncio.Event().wait()

"""The car: reading signals, setting them, and seeing whether it really did what was asked."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from enum import Enum
from typing import Any

from codriver.acting.bus import Bus, Destination, Signal, Typed
from codriver.acting.signals import DBUS_TYPES, Description, check_value
from codriver.errors import Rejected
from codriver.turn import BusCall, SignalValue

__all__ = ["VEHICLE", "Car", "Confirmation", "SignalRejected", "check_value", "confirm"]

VEHICLE = Destination("org.codriver.Vehicle1", "/org/codriver/Vehicle1", "org.codriver.Vehicle1")

_NEAR = 0.05  # two floats closer than this are the same to a driver
_LOOKS = (0.0, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2)  # seconds between two looks, while nothing is heard


class SignalRejected(Rejected):
    """The car refused to set signals; nothing was set. ``errors`` has its own sentence for each path."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(dict.fromkeys(errors.values())) or "The car refused.")
        self.errors = dict(errors)


class Confirmation(Enum):
    """What the car did about an order: it is there, it is on its way, or nothing moves."""

    REACHED = "reached"
    MOVING = "moving"
    UNCHANGED = "unchanged"


class Car:
    """A client of ``org.codriver.Vehicle1``. All methods raise like ``Bus.call``."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._descriptions: dict[str, Description] = {}

    async def get(self, paths: Iterable[str]) -> dict[str, SignalValue]:
        """Read signals. Those that the car does not have, or that have no value now, are absent."""
        [values] = await self._bus.call(VEHICLE, "Get", list(paths))
        return {path: value for path, (value, _taken_at) in values.items()}

    async def set(self, wanted: Mapping[str, SignalValue]) -> BusCall:
        """Set signals together. Returns the call as it was sent.

        Raises InvalidRequest before anything is sent when a value does not fit its signal, and SignalRejected
        with the car's own sentences when it refuses; nothing is set then.
        """
        descriptions = {path: await self.describe(path) for path in wanted}
        checked = {path: check_value(descriptions[path], value) for path, value in wanted.items()}
        typed = {path: Typed(DBUS_TYPES[descriptions[path].datatype], value) for path, value in checked.items()}
        [errors] = await self._bus.call(VEHICLE, "Set", typed)
        if errors:
            raise SignalRejected(errors)
        return BusCall(VEHICLE.bus_name, VEHICLE.path, VEHICLE.interface, "Set", (checked,))

    async def set_and_confirm(
        self,
        wanted: Mapping[str, SignalValue],
        timeout: float = 0.6,
        *,
        on_sent: Callable[[BusCall], None] = lambda call: None,
    ) -> dict[str, Confirmation]:
        """Set signals and read them back until each is there or moves, for ``timeout`` seconds at most.

        ``on_sent`` is told the call once the car has taken it. Raises like ``set``. REACHED is done, MOVING
        is under way, UNCHANGED the car did not do.
        """
        leaders = {path: (await self.describe(path)).follows for path in wanted}
        watched = {*wanted, *filter(None, leaders.values())}
        before = await self.get(watched)
        async with self._changes() as changed:
            on_sent(await self.set(wanted))
            deadline = asyncio.get_running_loop().time() + timeout
            for pause in _pauses():
                left = deadline - asyncio.get_running_loop().time()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), max(0.0, min(pause, left)))
                changed.clear()
                now = await self.get(watched)
                seen = {path: confirm(path, wanted[path], leaders[path], before, now) for path in wanted}
                if Confirmation.UNCHANGED not in seen.values() or left <= pause:
                    return seen
        raise AssertionError("the looks never end")

    async def paths(self, prefix: str = "") -> list[str]:
        """List the signals of this car at or below a branch."""
        [paths] = await self._bus.call(VEHICLE, "List", prefix)
        return list(paths)

    async def describe(self, path: str) -> Description:
        """Describe a signal; asked of the car once. Raises InvalidRequest when it does not have it."""
        if path not in self._descriptions:
            [answer] = await self._bus.call(VEHICLE, "Describe", path)
            self._descriptions[path] = _description(path, answer)
        return self._descriptions[path]

    async def watch(
        self, paths: Iterable[str], callback: Callable[[dict[str, SignalValue]], None]
    ) -> Callable[[], Any]:
        """Call back with new values of these signals. Await what is returned, called, to stop."""
        wanted = frozenset(paths)

        def pass_on(signal: Signal) -> None:
            news = {path: value for path, (value, _) in signal.args[0].items() if path in wanted}
            if news:
                callback(news)

        subscription = await self._bus.subscribe(VEHICLE, "Changed", pass_on)
        return lambda: self._bus.unsubscribe(subscription)

    @contextlib.asynccontextmanager
    async def _changes(self) -> AsyncIterator[asyncio.Event]:
        changed = asyncio.Event()
        subscription = await self._bus.subscribe(VEHICLE, "Changed", lambda _: changed.set())
        try:
            yield changed
        finally:
            await self._bus.unsubscribe(subscription)


def confirm(
    path: str,
    goal: SignalValue,
    leader: str,
    before: Mapping[str, SignalValue],
    now: Mapping[str, SignalValue],
) -> Confirmation:
    """Judge one order from what was read before it and what is read now.

    ``leader`` is the signal that ``path`` follows, if any: a closing window is still open, but it moves.
    """
    if path in now and _same(now[path], goal):
        return Confirmation.REACHED
    for moving in filter(None, (path, leader)):
        if moving in now and now.get(moving) != before.get(moving):
            return Confirmation.MOVING
    return Confirmation.UNCHANGED


def _same(value: SignalValue, goal: SignalValue) -> bool:
    if isinstance(value, float) and isinstance(goal, int | float) and not isinstance(goal, bool):
        return math.isclose(value, goal, abs_tol=_NEAR)
    if isinstance(value, str) and isinstance(goal, str):
        return value.casefold() == goal.casefold()
    return value == goal


def _pauses() -> Iterable[float]:
    yield from _LOOKS
    while True:
        yield _LOOKS[-1]


def _description(path: str, answer: Mapping[str, Any]) -> Description:
    return Description(
        path=path,
        datatype=str(answer["type"]),
        writable=bool(answer.get("writable", False)),
        unit=str(answer.get("unit", "")),
        minimum=answer.get("min"),
        maximum=answer.get("max"),
        allowed=tuple(answer.get("allowed", ())),
        description=str(answer.get("description", "")),
        follows=str(answer.get("follows", "")),
        momentary=bool(answer.get("momentary", False)),
    )

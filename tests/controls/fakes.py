"""Boards without hardware: GPIO chips and keyboards that a test moves, an assistant that takes notes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import gpiod
from codriver.controls.keys import Keyboard
from codriver.controls.looks import Color
from codriver.errors import ControlError
from evdev import ecodes
from gpiod.line import Value

RISING, FALLING = gpiod.EdgeEvent.Type.RISING_EDGE, gpiod.EdgeEvent.Type.FALLING_EDGE


@dataclass
class FakeEvent:
    event_type: gpiod.EdgeEvent.Type
    timestamp_ns: int


class FakeLine:
    """One line, as the kernel gives it: with a descriptor that becomes readable."""

    def __init__(self, value: Value = Value.INACTIVE) -> None:
        self.value = value
        self.fd, self._end = os.pipe()
        self._events: list[FakeEvent] = []
        self.released = self.unplugged = False

    def press(self, down: bool, at: float) -> None:
        self._events.append(FakeEvent(RISING if down else FALLING, round(at * 1e9)))
        os.write(self._end, b"!")

    def unplug(self) -> None:
        self.unplugged = True
        os.write(self._end, b"!")

    def get_value(self, line: int) -> Value:
        return self.value

    def set_value(self, line: int, value: Value) -> None:
        if self.unplugged:
            raise OSError(19, "No such device")
        self.value = value

    def read_edge_events(self) -> Sequence[FakeEvent]:
        os.read(self.fd, 100)
        if self.unplugged:
            raise OSError(19, "No such device")
        events, self._events = self._events, []
        return events

    def release(self) -> None:
        self.released = True
        os.close(self.fd)
        os.close(self._end)


@dataclass
class FakeChips:
    """Chips with some lines."""

    lines: dict[str, FakeLine]
    settings: dict[str, gpiod.LineSettings] = field(default_factory=dict)

    def request(self, name: str, settings: gpiod.LineSettings) -> tuple[FakeLine, int]:
        if name not in self.lines:
            raise ControlError(f"There is no GPIO line {name} on this board.")
        self.settings[name] = settings
        return self.lines[name], 17


@dataclass
class FakeKeyEvent:
    code: int
    value: int
    type: int = ecodes.EV_KEY


@dataclass
class FakeKeyboard:
    """A keyboard; ``None`` among its events unplugs it."""

    name: str
    keys: list[int]
    pressed: list[int] = field(default_factory=list)
    events: asyncio.Queue[FakeKeyEvent | None] = field(default_factory=asyncio.Queue)
    closed: bool = False

    def capabilities(self) -> dict[int, list[int]]:
        return {ecodes.EV_SYN: [0], ecodes.EV_KEY: self.keys}

    def active_keys(self) -> list[int]:
        return self.pressed

    async def async_read_loop(self) -> AsyncIterator[FakeKeyEvent]:
        while (event := await self.events.get()) is not None:
            yield event
        raise OSError(19, "No such device")

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeKeyboards:
    keyboards: list[FakeKeyboard]

    def open(self) -> Sequence[Keyboard]:
        return [keyboard for keyboard in self.keyboards]  # noqa: C416 - a list of the Protocol


class FakeAssistant:
    """Takes notes of what it is told."""

    def __init__(self) -> None:
        self.state = "idle"
        self.asleep = False
        self.wake_checks: Mapping[str, int] = {}
        self.told: asyncio.Queue[str] = asyncio.Queue()
        self._muted = False
        self.watchers: list[Callable[[str], None]] = []

    @property
    def muted(self) -> bool:
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        self.told.put_nowait("mute" if muted else "unmute")
        self.become("muted" if muted else "idle")

    def listen(self) -> None:
        self.told.put_nowait("listen")

    def be_patient(self) -> None:
        self.told.put_nowait("be patient")

    def finish_listening(self) -> None:
        self.told.put_nowait("finish")

    def cancel(self) -> None:
        self.told.put_nowait("cancel")

    def sleep(self, asleep: bool) -> None:
        if asleep is not self.asleep:
            self.told.put_nowait("sleep" if asleep else "wake")
        self.asleep = asleep

    def watch_state(self, watcher: Callable[[str], None]) -> Callable[[], None]:
        self.watchers.append(watcher)
        return lambda: self.watchers.remove(watcher)

    def become(self, state: str) -> None:
        self.state = state
        for watcher in self.watchers:
            watcher(state)


class FakeLight:
    """Remembers what it showed."""

    def __init__(self) -> None:
        self.shown: list[Color] = []
        self.broken = self.closed = False

    def show(self, color: Color) -> None:
        if self.broken:
            raise ControlError("The light fell off.")
        self.shown.append(color)

    def close(self) -> None:
        self.closed = True

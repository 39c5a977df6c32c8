"""Keys as buttons: of a keyboard, a remote control, a steering wheel, or a gpio-keys overlay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

import evdev
from evdev import ecodes

from codriver.controls.pressing import Edge
from codriver.errors import ControlError

_RELEASED, _PRESSED = 0, 1


class KeyEvent(Protocol):
    """What is used of `evdev.InputEvent`."""

    type: int
    code: int
    value: int


class Keyboard(Protocol):
    """What is used of `evdev.InputDevice`."""

    @property
    def name(self) -> str:
        """The name of the device."""
        ...

    def capabilities(self) -> dict[int, list[int]]:
        """Give the codes that it can send, by type of event."""
        ...

    def active_keys(self) -> list[int]:
        """Give the keys that are pressed now."""
        ...

    def async_read_loop(self) -> AsyncIterator[KeyEvent]:
        """Give its events. Raises OSError when it is unplugged."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Keyboards(Protocol):
    """Where keyboards are found."""

    def open(self) -> Sequence[Keyboard]:
        """Open all that there are. Raises ControlError where there are some and none may be read."""
        ...


class BoardKeyboards:
    """The input devices of this board."""

    def __init__(self, folder: Path = Path("/dev/input")) -> None:
        self._folder = folder

    def open(self) -> Sequence[Keyboard]:
        """Open every device that may be read. Raises ControlError where none may."""
        there = list(self._folder.glob("event*"))
        readable = evdev.list_devices(str(self._folder), writable=False)
        if there and not readable:
            raise ControlError(
                f"There is no right to read the keys in {self._folder}: install the udev rules of hardware/, which "
                "give them to the group codriver, or run codriver as a user of the group input."
            )
        return [evdev.InputDevice(path) for path in readable]


class KeyButton:
    """A key by its name in linux/input-event-codes.h, on the device whose name has ``device`` in it, or on any."""

    def __init__(self, key: str, device: str = "", keyboards: Keyboards | None = None) -> None:
        """Take the name of a key. Raises ControlError if no key is named so."""
        code = ecodes.ecodes.get(key)
        if not isinstance(code, int) or not key.startswith(("KEY_", "BTN_")):
            raise ControlError(f"No key is named {key}: evtest shows the names, such as KEY_VOICECOMMAND.")
        self._key, self._code, self._device = key, code, device
        self._keyboards = keyboards or BoardKeyboards()

    async def edges(self) -> AsyncGenerator[Edge]:
        """Give the presses of the key until its device is unplugged. Raises ControlError."""
        keyboard = await asyncio.to_thread(self._find)
        loop = asyncio.get_running_loop()
        try:
            yield Edge(self._code in keyboard.active_keys(), loop.time())
            async for event in keyboard.async_read_loop():
                if event.type == ecodes.EV_KEY and event.code == self._code and event.value in (_RELEASED, _PRESSED):
                    yield Edge(event.value == _PRESSED, loop.time())
        except OSError as error:
            raise ControlError(f"The key {self._key} of {keyboard.name} is gone: plug it in again.") from error
        finally:
            keyboard.close()

    def _find(self) -> Keyboard:
        found: Keyboard | None = None
        for keyboard in self._keyboards.open():
            suits = self._device.lower() in keyboard.name.lower()
            if found is None and suits and self._code in keyboard.capabilities().get(ecodes.EV_KEY, []):
                found = keyboard
            else:
                keyboard.close()
        if found is None:
            where = f"no device with {self._device!r} in its name" if self._device else "no device"
            raise ControlError(f"{where.capitalize()} here has the key {self._key}: evtest lists devices and keys.")
        return found

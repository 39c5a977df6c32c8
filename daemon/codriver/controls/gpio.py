"""GPIO lines as buttons and lights, through the kernel's character device."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Protocol

import gpiod
from gpiod.line import Bias, Direction, Value
from gpiod.line import Edge as EdgeDetection

from codriver.controls.looks import DARK, Color
from codriver.controls.one_color import share
from codriver.controls.pressing import Edge
from codriver.errors import ControlError

_CONSUMER = "codriver"
_PULLS = {"up": Bias.PULL_UP, "down": Bias.PULL_DOWN, "none": Bias.DISABLED}


class EdgeEvent(Protocol):
    """What the kernel tells of an edge; with ``active_low`` a falling edge is told as a rising one."""

    @property
    def event_type(self) -> gpiod.EdgeEvent.Type:
        """Whether the line became active or inactive."""
        ...

    @property
    def timestamp_ns(self) -> int:
        """When, on the monotonic clock."""
        ...


class Lines(Protocol):
    """What is used of `gpiod.LineRequest`."""

    @property
    def fd(self) -> int:
        """A file descriptor that is readable when there are events."""
        ...

    def get_value(self, line: int) -> Value:
        """Read a line."""
        ...

    def set_value(self, line: int, value: Value) -> None:
        """Drive a line."""
        ...

    def read_edge_events(self) -> Sequence[EdgeEvent]:
        """Give the events that wait."""
        ...

    def release(self) -> None:
        """Give the line back."""
        ...


class Chips(Protocol):
    """Where lines are found."""

    def request(self, name: str, settings: gpiod.LineSettings) -> tuple[Lines, int]:
        """Take a line by its name for ourselves; give it, and its number. Raises ControlError."""
        ...


class BoardChips:
    """The GPIO chips of this board. A line is named as the board names it, ``GPIO17``, or ``CHIP:NUMBER``."""

    def __init__(self, folder: Path = Path("/dev")) -> None:
        self._folder = folder

    def request(self, name: str, settings: gpiod.LineSettings) -> tuple[Lines, int]:
        """Take a line. Raises ControlError that says what to do."""
        chip_name, _, number = name.rpartition(":")
        paths = [self._folder / chip_name] if chip_name else sorted(self._folder.glob("gpiochip*"))
        if not any(path.exists() for path in paths):
            raise ControlError(
                f"This board shows no {chip_name or 'GPIO chip'} in {self._folder}: use a key in [controls] instead of "
                f"the line {name}, or take that line out."
            )
        for path in paths:
            if (found := _request(path, number, settings)) is not None:
                return found
        raise ControlError(f"There is no GPIO line {name} on this board: gpioinfo lists those that there are.")


class GpioButton:
    """A contact on a GPIO line."""

    def __init__(self, name: str, *, active_low: bool = True, pull: str = "up", chips: Chips | None = None) -> None:
        self._name = name
        self._chips = chips or BoardChips()
        self._settings = gpiod.LineSettings(
            direction=Direction.INPUT, edge_detection=EdgeDetection.BOTH, bias=_PULLS[pull], active_low=active_low
        )

    async def edges(self) -> AsyncGenerator[Edge]:
        """Give the edges of the line, at the time at which the kernel saw them. Raises ControlError."""
        lines, number = await asyncio.to_thread(self._chips.request, self._name, self._settings)
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        loop.add_reader(lines.fd, readable.set)
        try:
            yield Edge(lines.get_value(number) is Value.ACTIVE, loop.time())
            while True:
                await readable.wait()
                readable.clear()
                for event in lines.read_edge_events():
                    yield Edge(event.event_type is gpiod.EdgeEvent.Type.RISING_EDGE, event.timestamp_ns / 1e9)
        except OSError as error:
            raise ControlError(f"The GPIO line {self._name} is gone: {error.strerror}.") from error
        finally:
            loop.remove_reader(lines.fd)
            lines.release()


class GpioLight:
    """A light of one colour on a GPIO line."""

    def __init__(
        self, name: str, *, color: str = "white", active_low: bool = False, chips: Chips | None = None
    ) -> None:
        """Take the line. Raises ControlError."""
        settings = gpiod.LineSettings(direction=Direction.OUTPUT, active_low=active_low, output_value=Value.INACTIVE)
        self._name, self._color = name, color
        self._lines, self._number = (chips or BoardChips()).request(name, settings)

    def show(self, color: Color) -> None:
        """Shine where the colour has at least half of the light's own. Raises ControlError."""
        lit = share(color, self._color) >= 0.5
        try:
            self._lines.set_value(self._number, Value.ACTIVE if lit else Value.INACTIVE)
        except OSError as error:
            raise ControlError(f"The light on {self._name} cannot be reached: {error.strerror}.") from error

    def close(self) -> None:
        """Go dark and give the line back."""
        try:
            self.show(DARK)
        finally:
            self._lines.release()


def _request(path: Path, line: str, settings: gpiod.LineSettings) -> tuple[Lines, int] | None:
    """Take the line from this chip, if it has it."""
    try:
        with gpiod.Chip(str(path)) as chip:
            number = int(line) if line.isdecimal() else chip.line_offset_from_id(line)
            request = chip.request_lines({number: settings}, consumer=_CONSUMER)
    except PermissionError as error:
        raise ControlError(
            f"There is no right to use {path}: install the udev rules of hardware/, which give it to the group "
            "codriver, or run codriver as a user of the group that it has."
        ) from error
    except OSError as error:
        if error.errno == errno.EBUSY:
            raise ControlError(
                f"The GPIO line {line} is taken: gpioinfo says by whom; give it up there, or choose another line."
            ) from error
        if error.errno in (errno.ENOENT, errno.EINVAL):
            return None
        raise ControlError(f"The GPIO line {line} cannot be used: {error.strerror}.") from error
    return request, number

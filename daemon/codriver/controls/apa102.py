"""A strip of APA102 lights on an SPI bus, as on microphone HATs."""

from __future__ import annotations

import fcntl
import os
import struct

from codriver.controls.looks import DARK, Color
from codriver.errors import ControlError

_SPI_IOC_WR_MAX_SPEED_HZ = 0x40046B04
_SPEED = 4_000_000
"""Hertz: far below what the lights take, for wires of some length."""

_FULL_GLOBAL = 0b1110_0000 | 31


class Apa102Light:
    """All lights of a strip in one colour."""

    def __init__(self, device: str, count: int, brightness: float) -> None:
        """Open the bus. Raises ControlError."""
        self._device, self._count, self._brightness = device, count, brightness
        try:
            self._bus = os.open(device, os.O_WRONLY | os.O_CLOEXEC)
        except PermissionError as error:
            raise ControlError(
                f"There is no right to use {device}: install the udev rules of hardware/, which give it to the group "
                "codriver, or run codriver as a user of the group spi."
            ) from error
        except OSError as error:
            raise ControlError(
                f"There is no {device}: switch SPI on (dtparam=spi=on in config.txt), or take the strip out of "
                "[controls]."
            ) from error
        try:
            fcntl.ioctl(self._bus, _SPI_IOC_WR_MAX_SPEED_HZ, struct.pack("=I", _SPEED))
        except OSError as error:
            os.close(self._bus)
            raise ControlError(f"{device} is no SPI bus.") from error

    def show(self, color: Color) -> None:
        """Shine. Raises ControlError."""
        try:
            os.write(self._bus, frame(color.dimmed(self._brightness), self._count))
        except OSError as error:
            raise ControlError(f"The lights on {self._device} cannot be reached: {error.strerror}.") from error

    def close(self) -> None:
        """Go dark and close the bus."""
        try:
            self.show(DARK)
        finally:
            os.close(self._bus)


def frame(color: Color, count: int) -> bytes:
    """Give what is sent to show one colour on ``count`` lights.

    Four zero bytes begin it. Each light takes a byte of global brightness, always full here, then blue, green and
    red, and passes the rest on half a clock late: half a bit for each follows. SK9822, which are sold as APA102,
    take the colours over only with 32 more.
    """
    light = bytes((_FULL_GLOBAL, round(255 * color.blue), round(255 * color.green), round(255 * color.red)))
    return bytes(4) + light * count + bytes(4 + (count + 15) // 16)

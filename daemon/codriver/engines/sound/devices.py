"""Which device is meant by a name. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from codriver.errors import AudioError

type Way = Literal["microphone", "loudspeaker"]

SERVER = "pulse:"
"""Before the name of a source or sink of PulseAudio or PipeWire: ``pulse:alsa_input.usb-array``."""

_THROUGH_SERVER = ("pulse", "default")
"""Devices of ALSA that lead to the sound server."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device as PortAudio lists it, with the most channels that it takes in and gives out."""

    index: int
    name: str
    inputs: int
    outputs: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A device, and the source or sink of the sound server behind it that is meant; empty for the server's default."""

    device: Device
    behind: str = ""

    @property
    def name(self) -> str:
        """What it is called for a person."""
        return self.behind or self.device.name


def choose(devices: Sequence[Device], wanted: str, way: Way) -> Choice:
    """Find the device with this name, or with this in its name; the default one for no name.

    Raises AudioError with a sentence that names what there is.
    """
    able = [device for device in devices if (device.inputs if way == "microphone" else device.outputs)]
    if not able:
        raise AudioError(f"There is no {way}: connect one, or start the sound server.")
    if wanted.startswith(SERVER):
        for name in _THROUGH_SERVER:
            for device in able:
                if device.name == name:
                    return Choice(device, wanted.removeprefix(SERVER))
        raise AudioError(f"{wanted} cannot be reached: install libasound2-plugins, which leads to the sound server.")
    for name in (wanted or "default", wanted or able[0].name):
        for device in able:
            if device.name == name:
                return Choice(device)
    for device in able:
        if wanted.casefold() in device.name.casefold():
            return Choice(device)
    names = ", ".join(device.name for device in able)
    raise AudioError(f"There is no {way} with {wanted!r} in its name; there are: {names}.")

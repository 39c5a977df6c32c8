"""What each state looks like: a colour, and how it moves. No I/O; times in seconds since the state began."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Color:
    """Red, green and blue, each 0 to 1."""

    red: float = 0.0
    green: float = 0.0
    blue: float = 0.0

    def dimmed(self, level: float) -> Color:
        """Give the same colour at a part of its brightness, 0 to 1."""
        return Color(self.red * level, self.green * level, self.blue * level)


DARK = Color()


class Motion(Enum):
    """How a light behaves while a state lasts."""

    STEADY = auto()
    BREATHE = auto()
    BLINK = auto()


@dataclass(frozen=True, slots=True)
class Look:
    """A colour and its motion."""

    color: Color
    motion: Motion = Motion.STEADY

    def at(self, seconds: float) -> Color:
        """Give the colour that is shown so long after the state began."""
        match self.motion:
            case Motion.STEADY:
                return self.color
            case Motion.BREATHE:
                return self.color.dimmed(0.15 + 0.85 * (0.5 - 0.5 * math.cos(math.tau * seconds / _BREATH)))
            case Motion.BLINK:
                return self.color if seconds % _BLINK < _BLINK / 2 else DARK

    @property
    def moves(self) -> bool:
        """Whether it changes while the state lasts."""
        return self.motion is not Motion.STEADY


_BREATH = 1.6
_BLINK = 0.6

LOOKS: Mapping[str, Look] = {
    "idle": Look(DARK),
    "listening": Look(Color(blue=1.0, green=0.7)),
    "thinking": Look(Color(blue=1.0, green=0.7), Motion.BREATHE),
    "acting": Look(Color(green=1.0), Motion.BREATHE),
    "speaking": Look(Color(green=1.0)),
    "muted": Look(Color(red=1.0)),
}
"""By the ``State`` of org.codriver.Assistant1. A state that is not named here is dark."""

RECORDING = Look(Color(red=1.0, green=0.35), Motion.BLINK)
"""Shown instead of darkness while recordings are kept: nobody shall be recorded without seeing it."""


def look_of(state: str, *, recording: bool = False) -> Look:
    """Give the look of a state."""
    look = LOOKS.get(state, Look(DARK))
    return RECORDING if recording and look.color == DARK else look


class Light(Protocol):
    """Something that shines. Both methods may block for some milliseconds, and raise ControlError."""

    def show(self, color: Color) -> None:
        """Shine in a colour, or as nearly as it can."""
        ...

    def close(self) -> None:
        """Go dark and let go of the light."""
        ...

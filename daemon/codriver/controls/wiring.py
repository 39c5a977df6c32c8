"""The buttons and lights that the configuration names."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from codriver.config import Button as ButtonSettings
from codriver.config import Configuration
from codriver.config import Light as LightSettings
from codriver.controls.apa102 import Apa102Light
from codriver.controls.gpio import GpioButton, GpioLight
from codriver.controls.keys import KeyButton
from codriver.controls.leds import LedLight
from codriver.controls.looks import Light
from codriver.controls.meanings import Assistant
from codriver.controls.panel import Wired, panel
from codriver.controls.pressing import Button
from codriver.errors import ControlError

_LOG = logging.getLogger(__name__)


@asynccontextmanager
async def controls(config: Configuration, assistant: Assistant) -> AsyncGenerator[None]:
    """Run the panel that the configuration asks for. What cannot be had is left out, and the log says why."""
    settings = config.controls
    buttons: list[Wired] = []
    for button in settings.buttons:
        try:
            buttons.append(Wired(button_of(button), button.does, button.line or button.key))
        except ControlError as error:
            _LOG.warning("Button does not work: %s", error)
    lights = await asyncio.to_thread(_lights_of, settings.lights)
    async with panel(
        assistant,
        buttons,
        lights,
        debounce=settings.debounce,
        tap=settings.tap,
        recording=config.debug.keep_audio,
    ):
        yield


def _lights_of(settings: Sequence[LightSettings]) -> list[Light]:
    """Take all lights that can be had. Blocks for some milliseconds."""
    lights: list[Light] = []
    for light in settings:
        try:
            lights.append(light_of(light))
        except ControlError as error:
            _LOG.warning("Light does not work: %s", error)
    return lights


def button_of(settings: ButtonSettings) -> Button:
    """Make a button; a line is taken only when it is used. Raises ControlError for a key that there is not."""
    if settings.line:
        return GpioButton(settings.line, active_low=settings.active_low, pull=settings.pull)
    return KeyButton(settings.key, settings.device)


def light_of(settings: LightSettings) -> Light:
    """Take a light. Raises ControlError."""
    match settings.kind:
        case "gpio":
            return GpioLight(settings.name, color=settings.color, active_low=settings.active_low)
        case "led":
            return LedLight(settings.name, color=settings.color, brightness=settings.brightness)
        case "apa102":
            return Apa102Light(settings.name or "/dev/spidev0.0", settings.count, settings.brightness)

"""LEDs in a made /sys/class/leds, and a strip on a pipe that is no SPI bus."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest
from codriver.controls.apa102 import Apa102Light, frame
from codriver.controls.leds import LedLight
from codriver.controls.looks import DARK, Color
from codriver.errors import ControlError


def led(folder: Path, name: str, **files: str) -> Path:
    path = folder / name
    path.mkdir()
    for file, text in {"trigger": "[mmc0] none", "max_brightness": "255\n", "brightness": "0", **files}.items():
        (path / file).write_text(text)
    return path


def test_an_led_shows_its_share_of_a_colour(tmp_path: Path) -> None:
    path = led(tmp_path, "green:status")
    light = LedLight("green:status", color="green", brightness=0.5, folder=tmp_path)
    assert (path / "trigger").read_text() == "none"
    light.show(Color(green=1.0))
    assert (path / "brightness").read_text() == "128"
    light.show(Color(red=1.0))
    assert (path / "brightness").read_text() == "0"
    light.show(Color(green=1.0))
    light.close()
    assert (path / "brightness").read_text() == "0"


def test_a_multicolour_led_shows_the_colour_in_its_own_order(tmp_path: Path) -> None:
    path = led(tmp_path, "rgb:status", multi_index="green red blue\n", multi_intensity="0 0 0")
    light = LedLight("rgb:status", brightness=1.0, folder=tmp_path)
    light.show(Color(red=1.0, blue=0.2))
    assert (path / "multi_intensity").read_text() == "0 255 51"
    light.show(DARK)
    assert (path / "multi_intensity").read_text() == "0 0 0"


def test_an_led_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    led(tmp_path, "ACT")
    led(tmp_path, "PWR")
    with pytest.raises(ControlError, match="no LED 'status' on this board; there are: ACT, PWR"):
        LedLight("status", folder=tmp_path)
    with pytest.raises(ControlError, match="there are: none"):
        LedLight("status", folder=tmp_path / "nowhere")


def test_without_rights_it_says_what_gives_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, text: str, encoding: str) -> None:
        raise PermissionError(13, "Permission denied")

    led(tmp_path, "ACT")
    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(ControlError, match="no right to use the LED ACT: install the udev rules of hardware/"):
        LedLight("ACT", folder=tmp_path)


def test_a_board_without_spi_is_told_how_to_switch_it_on(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="switch SPI on"):
        Apa102Light(str(tmp_path / "spidev0.0"), 3, 0.3)


def test_what_is_no_bus_is_told(tmp_path: Path) -> None:
    (tmp_path / "spidev0.0").touch()
    with pytest.raises(ControlError, match="is no SPI bus"):
        Apa102Light(str(tmp_path / "spidev0.0"), 3, 0.3)


def test_a_strip_gets_the_colour_dimmed_and_goes_dark_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = tmp_path / "spidev0.0"
    bus.touch()
    monkeypatch.setattr(fcntl, "ioctl", lambda *arguments: 0)
    light = Apa102Light(str(bus), 3, 0.5)
    light.show(Color(blue=1.0))
    light.close()
    assert bus.read_bytes() == frame(Color(blue=0.5), 3) + frame(DARK, 3)

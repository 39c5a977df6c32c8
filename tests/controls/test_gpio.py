"""GPIO lines, through the kernel's interface as far as there is one here."""

from __future__ import annotations

import asyncio
import errno
import os
import re
from contextlib import aclosing
from pathlib import Path

import gpiod
import pytest
from codriver.controls.gpio import BoardChips, GpioButton, GpioLight
from codriver.controls.looks import DARK, Color
from codriver.errors import ControlError
from gpiod.line import Bias, Direction, Value

from .fakes import FakeChips, FakeLine


async def test_edges_come_with_the_times_of_the_kernel() -> None:
    line = FakeLine()
    chips = FakeChips({"GPIO17": line})
    async with aclosing(GpioButton("GPIO17", chips=chips).edges()) as edges:
        assert not (await anext(edges)).down
        coming = asyncio.ensure_future(anext(edges))
        await asyncio.sleep(0.01)
        line.press(True, 12.5)
        first = await coming
        line.press(False, 13.25)
        second = await anext(edges)
    assert (first.down, first.at) == (True, 12.5)
    assert (second.down, second.at) == (False, 13.25)
    assert line.released
    settings = chips.settings["GPIO17"]
    assert (settings.direction, settings.bias, settings.active_low) == (Direction.INPUT, Bias.PULL_UP, True)


async def test_a_switch_that_is_on_already_is_told_first() -> None:
    async with aclosing(GpioButton("GPIO5", chips=FakeChips({"GPIO5": FakeLine(Value.ACTIVE)})).edges()) as edges:
        assert (await anext(edges)).down


async def test_a_chip_that_is_unplugged_is_told_in_a_sentence() -> None:
    line = FakeLine()
    async with aclosing(GpioButton("GPIO17", chips=FakeChips({"GPIO17": line})).edges()) as edges:
        await anext(edges)
        coming = asyncio.ensure_future(anext(edges))
        await asyncio.sleep(0.01)
        line.unplug()
        with pytest.raises(ControlError, match="The GPIO line GPIO17 is gone: No such device"):
            await coming


def test_a_light_shines_for_the_colours_that_have_its_own() -> None:
    line = FakeLine()
    light = GpioLight("GPIO24", color="red", chips=FakeChips({"GPIO24": line}))
    values = []
    for color in (Color(red=1.0), Color(green=1.0), Color(red=1.0)):
        light.show(color)
        values.append(line.value)
    light.close()
    assert [*values, line.value] == [Value.ACTIVE, Value.INACTIVE, Value.ACTIVE, Value.INACTIVE]
    assert line.released


def test_a_board_without_gpio_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match=re.escape("This board shows no GPIO chip in")) as told:
        BoardChips(tmp_path).request("GPIO17", gpiod.LineSettings())
    assert "use a key in [controls] instead" in str(told.value)
    with pytest.raises(ControlError, match="shows no gpiochip7 in"):
        BoardChips(tmp_path).request("gpiochip7:4", gpiod.LineSettings())


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (errno.EACCES, r"no right to use .*gpiochip0: install the udev rules of hardware/"),
        (errno.EBUSY, r"The GPIO line GPIO17 is taken: gpioinfo says by whom"),
        (errno.ENOENT, r"There is no GPIO line GPIO17 on this board: gpioinfo lists those that there are"),
        (errno.EIO, r"The GPIO line GPIO17 cannot be used: "),
    ],
    ids=["no-rights", "busy", "no-such-line", "broken"],
)
def test_why_a_line_cannot_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int, sentence: str) -> None:
    def chip(path: str) -> None:
        raise OSError(error, os.strerror(error))

    (tmp_path / "gpiochip0").touch()
    monkeypatch.setattr(gpiod, "Chip", chip)
    with pytest.raises(ControlError, match=sentence):
        BoardChips(tmp_path).request("GPIO17", gpiod.LineSettings())


def test_what_is_no_chip_at_all_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "gpiochip0").touch()
    with pytest.raises(ControlError):
        BoardChips(tmp_path).request("GPIO17", gpiod.LineSettings())


@pytest.mark.skipif(not list(Path("/dev").glob("gpiochip*")), reason="this machine has no GPIO")
def test_a_real_chip_says_which_lines_it_lacks() -> None:
    with pytest.raises(ControlError, match=r"no GPIO line NO_SUCH_LINE|no right to use"):
        BoardChips().request("NO_SUCH_LINE", gpiod.LineSettings())


def test_dark_is_no_colour_at_all() -> None:
    line = FakeLine()
    GpioLight("GPIO24", chips=FakeChips({"GPIO24": line})).show(DARK)
    assert line.value is Value.INACTIVE

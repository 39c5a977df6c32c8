"""Keys, on made keyboards and on a real one where the kernel can make it."""

from __future__ import annotations

import asyncio
import os
from contextlib import aclosing
from pathlib import Path

import evdev
import pytest
from codriver.controls.keys import BoardKeyboards, KeyButton
from codriver.errors import ControlError
from evdev import ecodes

from .fakes import FakeKeyboard, FakeKeyboards, FakeKeyEvent

TALK, OTHER = ecodes.KEY_VOICECOMMAND, ecodes.KEY_A


async def test_a_press_and_its_release_come_and_repeats_do_not() -> None:
    wheel = FakeKeyboard("Steering wheel", [TALK, OTHER])
    for code, value in ((OTHER, 1), (TALK, 1), (TALK, 2), (TALK, 2), (TALK, 0)):
        wheel.events.put_nowait(FakeKeyEvent(code, value))
    async with aclosing(KeyButton("KEY_VOICECOMMAND", keyboards=FakeKeyboards([wheel])).edges()) as edges:
        assert [(await anext(edges)).down for _ in range(3)] == [False, True, False]
    assert wheel.closed


async def test_a_key_that_is_held_already_is_told_first() -> None:
    wheel = FakeKeyboard("Steering wheel", [TALK], pressed=[TALK])
    async with aclosing(KeyButton("KEY_VOICECOMMAND", keyboards=FakeKeyboards([wheel])).edges()) as edges:
        assert (await anext(edges)).down


async def test_the_device_is_chosen_by_a_part_of_its_name() -> None:
    keyboard, wheel = FakeKeyboard("Keyboard", [TALK]), FakeKeyboard("ACME Steering wheel", [TALK])
    wheel.events.put_nowait(FakeKeyEvent(TALK, 1))
    button = KeyButton("KEY_VOICECOMMAND", "steering", FakeKeyboards([keyboard, wheel]))
    async with aclosing(button.edges()) as edges:
        await anext(edges)
        assert (keyboard.closed, wheel.closed) == (True, False)


@pytest.mark.parametrize(
    ("device", "sentence"),
    [
        ("", "No device here has the key KEY_VOICECOMMAND: evtest lists devices and keys"),
        ("wheel", "No device with 'wheel' in its name here has the key"),
    ],
)
async def test_a_key_that_no_device_has_is_told(device: str, sentence: str) -> None:
    keyboard = FakeKeyboard("Keyboard", [OTHER])
    with pytest.raises(ControlError, match=sentence):
        await anext(KeyButton("KEY_VOICECOMMAND", device, FakeKeyboards([keyboard])).edges())
    assert keyboard.closed


async def test_a_device_that_is_unplugged_is_told() -> None:
    wheel = FakeKeyboard("Steering wheel", [TALK])
    wheel.events.put_nowait(None)
    edges = KeyButton("KEY_VOICECOMMAND", keyboards=FakeKeyboards([wheel])).edges()
    assert not (await anext(edges)).down
    with pytest.raises(ControlError, match="The key KEY_VOICECOMMAND of Steering wheel is gone: plug it in again"):
        await anext(edges)


@pytest.mark.parametrize("name", ["KEY_NONSENSE", "EV_KEY", "", "voicecommand"])
def test_a_name_that_no_key_has_is_told(name: str) -> None:
    with pytest.raises(ControlError, match="No key is named"):
        KeyButton(name)


def test_without_rights_it_says_which_group_gives_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "event0").touch()
    with pytest.raises(ControlError, match="install the udev rules of hardware/"):
        BoardKeyboards(tmp_path).open()


def test_a_board_without_keys_has_none(tmp_path: Path) -> None:
    assert BoardKeyboards(tmp_path).open() == []


@pytest.mark.skipif(not os.access("/dev/uinput", os.W_OK), reason="this machine cannot make keyboards")
async def test_a_real_key_is_heard() -> None:
    with evdev.UInput({ecodes.EV_KEY: [TALK]}, name="codriver test wheel") as wheel:
        async with asyncio.timeout(5), aclosing(KeyButton("KEY_VOICECOMMAND", "codriver test").edges()) as edges:
            await anext(edges)
            coming = asyncio.ensure_future(anext(edges))
            await asyncio.sleep(0.2)
            wheel.write(ecodes.EV_KEY, TALK, 1)
            wheel.syn()
            assert (await coming).down

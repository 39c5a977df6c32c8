from __future__ import annotations

import stat
from pathlib import Path

import pytest
from codriver.config import Button, Configuration, Controls, Light
from codriver.workshop.doctor.rights import Node, Rights, read_rights, rights_findings, wanted_devices

DRIVER, ROOT_GROUP, AUDIO = 990, 0, 29
GPIO_NODE = Node("/dev/gpiochip0", 0, AUDIO, 0o660)


def rights(*nodes: Node, kind: str = "GPIO", groups: tuple[int, ...] = (DRIVER,), number: int = DRIVER) -> Rights:
    return Rights("codriver", number, groups, {kind: nodes})


@pytest.mark.parametrize(
    ("found", "well", "part"),
    [
        (rights(GPIO_NODE, groups=(DRIVER, AUDIO)), True, "codriver may use them"),
        (rights(GPIO_NODE), False, "codriver may not use /dev/gpiochip0"),
        (rights(GPIO_NODE), False, "Install the udev rules of hardware/, or add the user: sudo usermod -aG "),
        (rights(GPIO_NODE, number=0), True, "may use them"),
        (rights(Node("/dev/gpiochip0", DRIVER, 0, 0o600)), True, "may use them"),
        (rights(Node("/dev/gpiochip0", 0, 0, 0o666)), True, "may use them"),
        (rights(Node("/dev/gpiochip0", 0, AUDIO, 0o640), groups=(AUDIO,)), False, "may not use"),
        (rights(), False, "this board has none, and [controls] needs one Use a key in [controls]"),
    ],
    ids=["group", "not-in-the-group", "cure", "root", "owner", "everybody", "read-only", "no-such-device"],
)
def test_rights_are_judged(found: Rights, well: bool, part: str) -> None:
    [finding] = rights_findings(found, {"GPIO": "[controls]"}, sound_server=False)
    assert finding.well is well
    assert part in f"{finding.detail} {finding.cure}"


def test_a_sound_server_needs_the_rights_to_sound_itself() -> None:
    found = rights(Node("/dev/snd/pcmC0D0c", 0, AUDIO, 0o660), kind="sound")
    wanted = {"sound": "the microphone"}
    assert list(rights_findings(found, wanted, sound_server=True)) == []
    [finding] = rights_findings(found, wanted, sound_server=False)
    assert not finding.well


def test_only_what_the_configuration_uses_is_wanted() -> None:
    assert list(wanted_devices(Configuration())) == ["sound"]
    controls = Controls(
        buttons=(Button(line="GPIO17"), Button(key="KEY_VOICECOMMAND")),
        lights=(Light(kind="apa102"), Light(kind="led", name="ACT")),
    )
    assert list(wanted_devices(Configuration(controls=controls))) == ["sound", "GPIO", "keys", "SPI"]


def test_device_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "dev/input").mkdir(parents=True)
    (tmp_path / "dev/input/event0").touch(mode=0o600)
    [node] = read_rights(tmp_path).nodes["keys"]
    assert node.path.endswith("event0")
    assert stat.S_IMODE(node.mode) == 0o600

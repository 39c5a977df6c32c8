"""Whether the user that codriver runs as may use the devices that the configuration needs."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from codriver.config import Configuration
from codriver.workshop.doctor.finding import Finding, fine, ill

DEVICES: Mapping[str, str] = {
    "sound": "dev/snd/pcm*",
    "GPIO": "dev/gpiochip*",
    "keys": "dev/input/event*",
    "SPI": "dev/spidev*",
}
"""Where the device files of each kind are, below the root."""


@dataclass(frozen=True, slots=True)
class Node:
    """A device file: who owns it, and whether its owner, its group and others may both read and write it."""

    path: str
    owner: int
    group: int
    mode: int

    def open_to(self, user: int, groups: Sequence[int]) -> bool:
        """Tell whether a user may use it."""
        if user == 0:
            return True
        needed = stat.S_IROTH | stat.S_IWOTH
        shift = 6 if user == self.owner else 3 if self.group in groups else 0
        return self.mode >> shift & needed == needed


@dataclass(frozen=True, slots=True)
class Rights:
    """A user, its groups, and the device files of each kind."""

    user: str
    number: int
    groups: tuple[int, ...]
    nodes: Mapping[str, tuple[Node, ...]]


def read_rights(root: Path = Path("/")) -> Rights:
    """Look at the device files, and at the user of the service, or else at the one who asks."""
    try:
        user = pwd.getpwnam("codriver") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    except KeyError:
        return Rights(str(os.geteuid()), os.geteuid(), tuple(os.getgroups()), _nodes(root))
    groups = os.getgrouplist(user.pw_name, user.pw_gid)
    return Rights(user.pw_name, user.pw_uid, tuple(groups), _nodes(root))


def wanted_devices(config: Configuration) -> Mapping[str, str]:
    """Give the kinds of device that a configuration needs, each with what needs it."""
    controls = config.controls
    wanted = {"sound": "the microphone"}
    if any(button.line for button in controls.buttons) or any(light.kind == "gpio" for light in controls.lights):
        wanted["GPIO"] = "[controls]"
    if any(button.key for button in controls.buttons):
        wanted["keys"] = "[controls]"
    if any(light.kind == "apa102" for light in controls.lights):
        wanted["SPI"] = "[controls]"
    return wanted


def rights_findings(rights: Rights, wanted: Mapping[str, str], *, sound_server: bool) -> Iterator[Finding]:
    """Judge the rights. With a sound server, the server needs them for sound, not codriver."""
    for kind, needed_by in wanted.items():
        nodes = rights.nodes.get(kind, ())
        what = f"{kind} devices"
        if kind == "sound" and (sound_server or not nodes):
            continue  # whether there is sound at all is found elsewhere
        if not nodes:
            yield ill(what, f"this board has none, and {needed_by} needs one", _ENABLE[kind])
        elif any(node.open_to(rights.number, rights.groups) for node in nodes):
            yield fine(what, f"{rights.user} may use them")
        else:
            group = _group_name(nodes[0].group)
            yield ill(
                what,
                f"{rights.user} may not use {nodes[0].path}",
                f"Install the udev rules of hardware/, or add the user: sudo usermod -aG {group} {rights.user}.",
            )


_ENABLE = {
    "GPIO": "Use a key in [controls] instead of a line, or take it out.",
    "keys": "Plug in what has the key, or use a GPIO line in [controls].",
    "SPI": "Add dtparam=spi=on to config.txt and start anew, or take the strip out of [controls].",
}


def _nodes(root: Path) -> Mapping[str, tuple[Node, ...]]:
    return {kind: tuple(map(_node, sorted(root.glob(pattern)))) for kind, pattern in DEVICES.items()}


def _node(path: Path) -> Node:
    status = path.stat()
    return Node(str(path), status.st_uid, status.st_gid, status.st_mode)


def _group_name(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)

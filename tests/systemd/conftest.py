"""What systemd would do, done here without it: users from the shipped list, a bus of the system's kind with them."""

from __future__ import annotations

import asyncio
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from codriver.acting.bus import Bus
from codriver.errors import ServiceUnavailable

SHIPPED = Path(__file__).resolve().parents[2] / "systemd"
UNITS = SHIPPED / "units"

_SYSTEM_BUS = Path("/usr/share/dbus-1/system.conf")
_PEOPLE = """
u alice 3001 "in the group codriver"
m alice codriver
u mallory 3002 "in no group of ours"
"""


@dataclass(frozen=True)
class Users:
    """The users of a car: those of the services, alice of the group codriver, mallory of no group."""

    folder: Path

    def ids(self, name: str) -> tuple[int, int, list[int]]:
        """Give the user, the group, and all groups of a user."""
        for line in (self.folder / "etc/passwd").read_text().splitlines():
            found, _, uid, gid, *_ = line.split(":")
            if found == name:
                return int(uid), int(gid), [int(gid), *self._other_groups(name)]
        raise KeyError(name)

    def _other_groups(self, name: str) -> Iterator[int]:
        for line in (self.folder / "etc/group").read_text().splitlines():
            _, _, gid, members = line.split(":")
            if name in members.split(","):
                yield int(gid)

    @contextmanager
    def acting_as(self, name: str) -> Iterator[None]:
        """Be somebody else for as long as it takes to connect: the bus asks the kernel who connected."""
        uid, gid, groups = self.ids(name)
        own = os.getgroups()
        os.setgroups(groups)
        os.setresgid(gid, gid, 0)
        os.setresuid(uid, uid, 0)
        try:
            yield
        finally:
            os.setresuid(0, 0, 0)
            os.setresgid(0, 0, 0)
            os.setgroups(own)


@dataclass(frozen=True)
class SystemBus:
    """A bus with the shipped policy; who speaks on it is known by the user that connected."""

    address: str
    users: Users
    life: AsyncExitStack

    async def connect(self, user: str) -> Bus:
        """Connect as a user, until the test ends."""
        bus = Bus(self.address)
        with self.users.acting_as(user):
            await bus.connect()
        self.life.push_async_callback(bus.close)
        return bus


@pytest.fixture
def users(short_directory: Path) -> Users:
    """The users that the shipped sysusers file makes, and two people."""
    if os.getuid() != 0:
        pytest.skip("only root can be several users")
    etc = short_directory / "etc"
    etc.mkdir()
    root = pwd.getpwuid(0)
    (etc / "passwd").write_text(f"root:x:0:0:root:/root:{root.pw_shell}\n")
    (etc / "group").write_text("root:x:0:\n")
    people = short_directory / "people.conf"
    people.write_text(_PEOPLE)
    for source in (SHIPPED / "sysusers.d/codriver.conf", people):
        subprocess.run(["systemd-sysusers", f"--root={short_directory}", source], check=True, capture_output=True)
    return Users(short_directory)


@pytest.fixture
async def system_bus(short_directory: Path, users: Users) -> AsyncIterator[SystemBus]:
    """A D-Bus daemon with Debian's own rules for the system's bus and the shipped ones."""
    address = f"unix:path={short_directory}/bus"
    async with AsyncExitStack() as life:
        daemon = await asyncio.create_subprocess_exec(*_bus_command(short_directory, address))
        life.callback(daemon.kill)
        await _answers(address)
        yield SystemBus(address, users, life)
    await daemon.wait()


def _bus_command(short_directory: Path, address: str) -> tuple[str, ...]:
    """Write the bus's configuration; it sees the users of the car as those of the machine."""
    short_directory.chmod(0o755)
    policies, config, etc = short_directory / "system.d", short_directory / "bus.conf", short_directory / "etc"
    shutil.copytree(SHIPPED / "dbus/system.d", policies)
    config.write_text(_of_our_own(_SYSTEM_BUS.read_text(), address, policies))
    script = (
        f"mount --bind {etc}/passwd /etc/passwd && mount --bind {etc}/group /etc/group && "
        f"exec setpriv --pdeathsig KILL dbus-daemon --config-file={config} --nofork --nopidfile"
    )
    return "unshare", "--mount", "sh", "-c", script


def _of_our_own(config: str, address: str, policies: Path) -> str:
    """Take the policies of the system's bus, and leave out what makes it the one bus of a machine."""
    policies_only = re.findall(r"<policy.*?</policy>", re.sub(r"<!--.*?-->", "", config, flags=re.DOTALL), re.DOTALL)
    return "\n".join(
        [
            '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"',
            ' "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">',
            f"<busconfig><type>system</type><listen>{address}</listen><auth>EXTERNAL</auth>",
            *policies_only,
            f"<includedir>{policies}</includedir></busconfig>",
        ]
    )


async def _answers(address: str) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                async with Bus(address):
                    return
            except ServiceUnavailable:
                await asyncio.sleep(0.02)

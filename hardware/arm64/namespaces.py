"""Namespaces of our own: what is mounted, registered and started inside is gone when the last program ends."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

_UNSHARED = ("--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
_EVERYONE = "0 0 65536\n"


def run_apart(command: Sequence[str]) -> NoReturn:
    """Go on as ``command``: root in user, mount and process namespaces of its own, with every user of a Debian.

    Root keeps the users that it has. Anybody else gets those that /etc/subuid grants. Raises OSError.
    """
    options = list(_UNSHARED)
    if os.geteuid() == 0:
        _enter_user_namespace()
    else:
        options += ["--user", "--map-root-user", "--map-auto"]
    os.execvp("unshare", ["unshare", *options, "--", *command])  # noqa: S606, S607


def _enter_user_namespace() -> None:
    """Enter a user namespace in which all users are themselves. Raises OSError.

    Only a process outside may name them, so a child waits there for the moment.
    """
    entered, say_entered = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(say_entered)
        if not os.read(entered, 1):  # the parent ended before it was there
            os._exit(1)
        for kind in ("uid", "gid"):
            Path(f"/proc/{os.getppid()}/{kind}_map").write_text(_EVERYONE, encoding="ascii")
        os._exit(0)
    os.unshare(os.CLONE_NEWUSER)
    os.write(say_entered, b".")
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise PermissionError("The users of a namespace cannot be named here.")

"""What codriver and systemd tell each other: sockets, readiness, signs of life. Without systemd nothing happens here.

The protocols are those of ``sd_notify(3)`` and ``sd_listen_fds(3)``: datagrams and environment variables.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

_LOG = logging.getLogger(__name__)

_FIRST_PASSED = 3
_OURS_ALONE = ("LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PID", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC")
_STILL_STARTING = 5.0
"""Seconds between two signs that a start takes longer; each allows for four of them."""


def passed_sockets() -> list[socket.socket]:
    """Take the listening sockets that systemd opened for this process. Call it once."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS", "0"))
    return [socket.socket(fileno=number) for number in range(_FIRST_PASSED, _FIRST_PASSED + count)]


def notify(*facts: str) -> None:
    """Tell systemd facts such as ``READY=1``. One that cannot be told is logged: work goes on."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.setblocking(False)
        try:
            channel.connect("\0" + address[1:] if address.startswith("@") else address)
            channel.send("\n".join(facts).encode())
        except OSError as error:
            _LOG.warning("systemd cannot be told", extra={"reason": error.strerror})


def watchdog_seconds() -> float | None:
    """Say within how many seconds systemd wants each sign of life; None where it wants none of this process."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    microseconds = int(os.environ.get("WATCHDOG_USEC", "0"))
    return microseconds / 1e6 if microseconds else None


@asynccontextmanager
async def starting() -> AsyncIterator[None]:
    """Give signs of life from this loop while a start takes its time."""

    async def tell() -> None:
        while True:
            notify(f"EXTEND_TIMEOUT_USEC={_STILL_STARTING * 4e6:.0f}")
            await asyncio.sleep(_STILL_STARTING)

    async with _beside(tell()):
        yield


@asynccontextmanager
async def ready() -> AsyncIterator[None]:
    """Tell that all is ready, feed the watchdog from this loop while in here, and tell when the end begins."""
    wanted = watchdog_seconds()

    async def feed(every: float) -> None:
        while True:
            notify("WATCHDOG=1")
            await asyncio.sleep(every)

    notify("READY=1")
    try:
        async with _beside(feed(wanted / 3)) if wanted else nullcontext():
            yield
    finally:
        notify("STOPPING=1")


def environment_of_children() -> dict[str, str]:
    """Give the environment without what systemd meant for this process alone."""
    return {name: value for name, value in os.environ.items() if name not in _OURS_ALONE}


def folder_given(kind: str) -> Path | None:
    """Find the folder that the unit names as its ``CACHE``, ``RUNTIME`` or ``STATE`` directory; None without one."""
    first = os.environ.get(f"{kind}_DIRECTORY", "").partition(":")[0]
    return Path(first) if first else None


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

"""When a process is to end: with the process that started it, or when it is told to."""

from __future__ import annotations

import asyncio
import ctypes
import signal

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have this process told to end (SIGTERM) as soon as the one that started it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def told_to_end() -> asyncio.Event:
    """Give the event that SIGTERM and SIGINT set from now on, in the running loop."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told

"""Asking the machine: small files that may be missing, and programs that may hang."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

_LONGEST = 5.0


def text_of(path: Path) -> str:
    """Give what is in a file; nothing if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


async def answer_of(*command: str) -> str | None:
    """Give what a program prints; None if there is none, if it fails, or if it takes longer than some seconds."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None
    try:
        printed, _ = await asyncio.wait_for(process.communicate(), _LONGEST)
    except TimeoutError:
        process.kill()
        await process.wait()
        return None
    return printed.decode(errors="replace") if process.returncode == 0 else None

"""What must outlive a restart: who muted the microphone must not be heard because the daemon started again."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

_LOG = logging.getLogger(__name__)

FILE = "state.json"


class Mutable(Protocol):
    """Something that can be muted."""

    @property
    def muted(self) -> bool:
        """Whether the microphone is closed."""
        ...

    @muted.setter
    def muted(self, muted: bool) -> None: ...

    def watch_state(self, watcher: Callable[[str], None]) -> Callable[[], None]:
        """Tell ``watcher`` of each new state, until what is returned is called."""
        ...


@asynccontextmanager
async def kept_muted(assistant: Mutable, folder: Path) -> AsyncGenerator[None]:
    """Mute what was muted when it ended, and remember from now on. A disk that is full costs only the memory."""
    file = folder / FILE
    if await asyncio.to_thread(_read, file):
        assistant.muted = True
    known = assistant.muted
    writing: set[asyncio.Task[None]] = set()

    def note(_: str) -> None:
        nonlocal known
        if assistant.muted is not known:
            known = assistant.muted
            task = asyncio.create_task(asyncio.to_thread(_write, file, known), name="keeping state")
            writing.add(task)
            task.add_done_callback(writing.discard)

    unwatch = assistant.watch_state(note)
    try:
        yield
    finally:
        unwatch()
        await asyncio.gather(*writing)


def _read(file: Path) -> bool:
    try:
        return json.loads(file.read_text(encoding="utf-8")).get("muted") is True
    except FileNotFoundError:
        return False
    except (OSError, ValueError, AttributeError) as error:
        _LOG.warning("What was is not known, since %s cannot be read: %s", file, error)
        return False


def _write(file: Path, muted: bool) -> None:
    """Write the file whole or not at all: the power may go at any moment."""
    unfinished = file.with_suffix(".new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with unfinished.open("w", encoding="utf-8") as stream:
            json.dump({"muted": muted}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as error:
        _LOG.warning("It will not be remembered whether it is muted: %s", error)

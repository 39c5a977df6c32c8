"""A configuration that is read again while the daemon runs: what can change at once does, the rest is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from codriver.config import Configuration, load_configuration
from codriver.errors import CodriverError, ConfigurationError

_LOG = logging.getLogger(__name__)

LIVE = (
    "controls",
    "debug",
    "dialogue.confirm_within",
    "dialogue.follow_up",
    "dialogue.remember_for",
    "dialogue.success",
    "hearing",
    "intents",
    "metrics",
    "thinking.gate",
    "traces",
)
"""The keys and tables that are taken over without a restart. Whatever else changes makes processes start anew."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The keys by which one configuration differs from another, by whether they can be taken over at once."""

    live: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.live or self.waiting)


def is_live(key: str) -> bool:
    """Tell whether a key, such as ``hearing.silence``, can be taken over without a restart."""
    return any(key == live or key.startswith(f"{live}.") for live in LIVE)


def changes(old: Configuration, new: Configuration) -> Changes:
    """Compare two configurations key by key; a list is one key."""
    keys = tuple(_differing(old, new))
    return Changes(tuple(filter(is_live, keys)), tuple(key for key in keys if not is_live(key)))


def taken_over(old: Configuration, new: Configuration) -> Configuration:
    """Give the old configuration with what is live of the new one."""
    together: dict[str, Any] = {}
    for key in LIVE:
        table, _, name = key.rpartition(".")
        if table:
            section = together.get(table, getattr(old, table))
            together[table] = section.model_copy(update={name: getattr(getattr(new, table), name)})
        else:
            together[name] = getattr(new, name)
    return old.model_copy(update=together)


class Reconfigurer:
    """Reads the configuration again when it is told to. One that is wrong is told of, and the old one stays."""

    def __init__(
        self,
        path: Path | None,
        config: Configuration,
        use: Callable[[Configuration], Awaitable[None]],
        tell: Callable[[CodriverError], None],
    ) -> None:
        """Take the file, what runs now, who goes on with another one, and who is told what is wrong."""
        self.config = config
        self._path = path
        self._use = use
        self._tell = tell

    async def reload(self) -> Changes:
        """Read the file and take over what can be. Gives what changed; nothing where the file is wrong."""
        try:
            wanted = await asyncio.to_thread(load_configuration, self._path)
            found = changes(self.config, wanted)
            if found.live:
                config = taken_over(self.config, wanted)
                await self._use(config)
                self.config = config
        except ConfigurationError as error:
            _LOG.error("The configuration is not read again: %s", error)
            self._tell(error)
            return Changes()
        _LOG.info("Configuration read again: %s", ", ".join(found.live) or "nothing to take over")
        if found.waiting:
            waiting = ConfigurationError(f"These keys need a restart of codriver: {', '.join(found.waiting)}.")
            _LOG.warning("%s", waiting)
            self._tell(waiting)
        return found


def _differing(old: BaseModel, new: BaseModel, prefix: str = "") -> Iterator[str]:
    for name in type(old).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if isinstance(before, BaseModel) and isinstance(after, BaseModel):
            yield from _differing(before, after, f"{prefix}{name}.")
        elif before != after:
            yield f"{prefix}{name}"

"""Configurations from older versions: what a key was called is still read, and told with what to write now."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from codriver.errors import ConfigurationError

VERSION = 1
"""The version of the configuration's format. One that gives none is of this version or older."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A key that has another name now, or none. Names are paths of tables, with dots."""

    old: str
    new: str = ""
    advice: str = ""


MOVED: tuple[Moved, ...] = (
    Moved("stt.uri", "transcribing.uri"),
    Moved("stt.model", "transcribing.model"),
    Moved("llm.uri", "thinking.uri"),
    Moved("llm.model", "thinking.model"),
    Moved("llm.enabled", "thinking.enabled"),
    Moved("tts.uri", advice="each language has its own [[voices]] with a uri"),
    Moved("audio.input", "sound.microphone"),
    Moved("audio.output", "sound.loudspeaker"),
    Moved("wake_word.model", advice="write [[hearing.wake_words]] with a model"),
)


@dataclass(frozen=True, slots=True)
class Outdated:
    """A key of an older version that a file has."""

    key: str
    advice: str

    def __str__(self) -> str:
        return f"{self.key} is a key of an older version: {self.advice}."


def modernized(
    data: Mapping[str, Any], moved: tuple[Moved, ...] = MOVED
) -> tuple[dict[str, Any], tuple[Outdated, ...]]:
    """Give the same configuration in today's words, and what had to be changed for it.

    A key that has moved keeps its value, unless today's key is there too; one that is gone is left out. Raises
    ConfigurationError for a file that was written for a newer version.
    """
    version = data.get("version", VERSION)
    if isinstance(version, int) and version > VERSION:
        raise ConfigurationError(
            f"version {version} of this format is for a newer codriver: update codriver, or write it for version "
            f"{VERSION} (docs/configuration.md)."
        )
    today = deepcopy(dict(data)) | ({"version": VERSION} if "version" in data and isinstance(version, int) else {})
    found: list[Outdated] = []
    for move in moved:
        table, _, key = move.old.rpartition(".")
        old = _table(today, table)
        if old is None or key not in old:
            continue
        value = old.pop(key)
        if not old and table:
            today.pop(table, None)
        if move.new:
            _place(today, move.new, value)
        found.append(Outdated(move.old, move.advice or f"write {move.new} instead"))
    return today, tuple(found)


def _table(data: dict[str, Any], path: str) -> dict[str, Any] | None:
    for name in path.split(".") if path else ():
        inner = data.get(name)
        if not isinstance(inner, dict):
            return None
        data = inner
    return data


def _place(data: dict[str, Any], path: str, value: object) -> None:
    *tables, key = path.split(".")
    for name in tables:
        inner = data.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        data = inner
    data.setdefault(key, value)

"""The last turns, in memory and, where it is wished, in a file; without what was said unless that is wished too."""

from __future__ import annotations

import json
import logging
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from codriver.trace import Trace

_LOG = logging.getLogger(__name__)

FILE = "turns.jsonl"
_LARGEST = 4 * 2**20
"""Bytes after which a file is put aside, as ``turns.1.jsonl``, and the one put aside before is gone."""


def entry(trace: Trace, *, text: bool, at: float) -> dict[str, Any]:
    """Write a turn down. Without ``text`` it holds no words, no values and no places: only what kind of turn it was.

    ``at`` is when it ended, in seconds since the epoch.
    """
    turn = trace.as_json()
    kept = {name: turn[name] for name in ("language", "zone", "source", "asks", "timings_ms")}
    kept |= {"at": round(at, 3), "outcome": outcome_of(trace)}
    if text:
        return kept | {name: turn[name] for name in ("heard", "intents", "calls", "refused", "reply")}
    return kept | {
        "intents": [{"name": intent["name"]} for intent in turn["intents"]],
        "calls": [{"interface": call["interface"], "member": call["member"]} for call in turn["calls"]],
        "refused": [{"intent": refusal["intent"]} for refusal in turn["refused"]],
    }


def outcome_of(trace: Trace) -> str:
    """Say in one word what became of a turn: done, refused, failed, asked or nothing."""
    statuses = {outcome.status.value for outcome in trace.outcomes}
    if "failed" in statuses:
        return "failed"
    if trace.refused or "refused" in statuses:
        return "refused"
    if trace.answer.expects_reply:
        return "asked"
    return "done" if trace.outcomes else "nothing"


class LastTurns:
    """The last turns of a daemon."""

    def __init__(
        self, keep: int, *, text: bool = False, directory: Path | None = None, now: Callable[[], float] = time.time
    ) -> None:
        """Keep this many turns in memory, and write every one into ``directory`` if there is one."""
        self._turns: deque[dict[str, Any]] = deque(maxlen=keep)
        self._text = text
        self._now = now
        self._file = TurnFile(directory) if directory else None

    def take(self, trace: Trace) -> None:
        """Take a turn that is over. Never waits."""
        turn = entry(trace, text=self._text, at=self._now())
        self._turns.append(turn)
        if self._file:
            self._file.write(turn)

    def as_json_lines(self) -> str:
        """Give the turns that are kept, the oldest first, one JSON object a line."""
        return "".join(f"{json.dumps(turn, ensure_ascii=False)}\n" for turn in tuple(self._turns))

    def close(self) -> None:
        """Write what is still to be written. Waits for the disk."""
        if self._file:
            self._file.close()


class TurnFile:
    """A file of turns that a thread of its own writes. A disk that is full or gone costs turns, nothing else."""

    def __init__(self, directory: Path, largest: int = _LARGEST) -> None:
        self._path = directory / FILE
        self._largest = largest
        self._waiting: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._complained = False
        self._thread = threading.Thread(target=self._write_all, name="turns", daemon=True)
        self._thread.start()

    def write(self, turn: dict[str, Any]) -> None:
        """Have a turn written. Never waits."""
        self._waiting.put(turn)

    def close(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _write_all(self) -> None:
        while (turn := self._waiting.get()) is not None:
            try:
                self._append(json.dumps(turn, ensure_ascii=False) + "\n")
            except OSError as error:
                if not self._complained:
                    _LOG.warning("Turns cannot be written to %s: %s", self._path, error.strerror)
                self._complained = True
            else:
                self._complained = False

    def _append(self, line: str) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._path.exists() and self._path.stat().st_size + len(line) > self._largest:
            self._path.replace(self._path.with_suffix(".1.jsonl"))
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)

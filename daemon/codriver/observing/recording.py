"""Recordings of what was said, for finding faults in hearing. Nothing here is used unless the configuration asks."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from codriver.errors import AudioError
from codriver.hearing.audio import Samples, write_wav

_LOG = logging.getLogger(__name__)

MOST = 200
"""Recordings that are kept; the oldest are removed."""


class Recordings:
    """Keeps the last utterances as WAV files that only their owner may read. A thread of its own writes them."""

    def __init__(self, folder: Path, most: int = MOST, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._most = most
        self._now = now
        self._waiting: queue.SimpleQueue[tuple[str, Samples] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="recordings", daemon=True)
        self._thread.start()

    def take(self, audio: Samples) -> None:
        """Have the sound of an utterance (16 kHz mono int16) written. Never waits."""
        now = self._now()
        name = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now)) + f"-{int(now * 1000) % 1000:03d}.wav"
        self._waiting.put((name, audio))

    def close(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _write_all(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            name, audio = waiting
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                path = self._folder / name
                path.touch(mode=0o600)
                write_wav(path, audio)
                for old in sorted(self._folder.glob("*.wav"))[: -self._most]:
                    old.unlink(missing_ok=True)
            except (OSError, AudioError) as error:
                _LOG.warning("No recording can be kept in %s: %s", self._folder, error)

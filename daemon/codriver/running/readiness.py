"""When the daemon can really hear and act: every part says for itself whether it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

ENGINES = "engines"
MICROPHONE = "microphone"
CAR = "car"


class Readiness:
    """What is there of the parts without which a spoken wish cannot be carried out.

    ``tell`` is given a sentence for ``systemctl status`` whenever that changes.
    """

    def __init__(
        self, tell: Callable[[str], None] = lambda sentence: None, parts: tuple[str, ...] = (ENGINES, MICROPHONE, CAR)
    ) -> None:
        self._missing = dict.fromkeys(parts, "")
        self._tell = tell
        self._complete = asyncio.Event()
        tell(self.sentence)

    @property
    def sentence(self) -> str:
        """What is missing, or that nothing is, as a person reads it."""
        if not self._missing:
            return "Listening."
        why = (f"{part} ({reason.rstrip('.')})" if reason else part for part, reason in self._missing.items())
        return f"Waiting for: {', '.join(why)}."

    def has(self, part: str) -> None:
        """Take note that a part is there."""
        if self._missing.pop(part, None) is not None:
            self._changed()

    def lacks(self, part: str, reason: str = "") -> None:
        """Take note that a part is not there, or not any more."""
        if self._missing.get(part) != reason:
            self._missing[part] = reason
            self._changed()

    async def complete(self) -> None:
        """Wait until every part is there at once."""
        await self._complete.wait()

    def _changed(self) -> None:
        if self._missing:
            self._complete.clear()
        else:
            self._complete.set()
        self._tell(self.sentence)

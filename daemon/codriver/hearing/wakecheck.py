"""Finds out whether a doubtful wake word was said: a larger model hears it again, and writes down what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from codriver.errors import EngineError
from codriver.hearing.audio import Samples
from codriver.hearing.listener import Doubtful, Listener, ListenerEvent
from codriver.hearing.wakephrase import resembles_wake_phrase
from codriver.turn import Transcript

PATIENCE = 2.0
"""Seconds. A check takes 0.1 to 0.4 s. No word is lost meanwhile, but who has called that long in vain calls again."""


class Recogniser(Protocol):
    """Writes down all that is said. Raises EngineError if it cannot."""

    async def transcribe_whole(self, audio: Samples, language: str | None = None) -> Transcript:
        """Transcribe int16 mono 16 kHz sound, with the wake phrase if it is in it."""
        ...


class Verdict(StrEnum):
    """What was found out about a doubtful wake word. Without an answer in time only what is sure wakes."""

    SAID = "said"
    NOT_SAID = "not_said"
    UNKNOWN = "unknown"


async def check(doubt: Doubtful, recogniser: Recogniser, patience: float = PATIENCE) -> Verdict:
    """Have a doubtful wake word heard again. Takes ``patience`` seconds at most."""
    try:
        async with asyncio.timeout(patience):
            heard = await recogniser.transcribe_whole(doubt.audio, doubt.language)
    except (EngineError, TimeoutError):
        return Verdict.UNKNOWN
    return Verdict.SAID if resembles_wake_phrase(heard.text, doubt.phrase) else Verdict.NOT_SAID


async def checked(
    events: Sequence[ListenerEvent], listener: Listener, recogniser: Recogniser
) -> Sequence[ListenerEvent]:
    """Give what happened, and what follows from a doubtful wake word in its place. No sound is taken meanwhile."""
    found: list[ListenerEvent] = []
    for event in events:
        if not isinstance(event, Doubtful):
            found.append(event)
        elif await check(event, recogniser) is Verdict.SAID:
            found += listener.confirm(event)
        else:
            listener.reject(event)
    return found

"""What a recogniser makes of a doubtful wake word."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from codriver.errors import EngineError
from codriver.hearing.audio import RATE, Samples
from codriver.hearing.heard import Doubtful
from codriver.hearing.wakecheck import Verdict, check
from codriver.turn import Transcript

DOUBT = Doubtful("Hey Jarvis", 1.0, np.zeros(2 * RATE, np.int16), "en")


class Recogniser:
    """Hears what it is told to."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.asked: list[tuple[int, str | None]] = []

    async def transcribe_whole(self, audio: Samples, language: str | None = None) -> Transcript:
        self.asked.append((len(audio), language))
        if self._text == "hang":
            await asyncio.sleep(3600)
        if self._text == "die":
            raise EngineError("The speech recogniser vanished.")
        return Transcript(self._text, "en")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Hey, Charvis", Verdict.SAID),
        ("Take me to Radisson", Verdict.NOT_SAID),
        ("", Verdict.NOT_SAID),
        ("die", Verdict.UNKNOWN),
        ("hang", Verdict.UNKNOWN),
    ],
)
async def test_what_is_heard_decides(text: str, verdict: Verdict) -> None:
    recogniser = Recogniser(text)
    assert await check(DOUBT, recogniser, patience=0.01) is verdict
    assert recogniser.asked == [(2 * RATE, "en")]

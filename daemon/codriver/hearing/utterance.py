"""One utterance while it is followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codriver.hearing.audio import Samples, rms
from codriver.hearing.endpoint import Endpoint, Endpointer
from codriver.hearing.heard import Called, PauseBegan, SpeechEnded
from codriver.hearing.vad import CHUNK_SECONDS

_CHUNK_FRAMES = 3
_SPEECH = 0.5
_ONE_BREATH = 0.25
"""Seconds from where a wake word was noticed to the first word after it: with more there is a pause between them.

Of 75 sentences in one breath 71 begin within 0.16 s, of 36 after a pause of 0.3 s all but two after 0.29 s.
"""


@dataclass(slots=True)
class Utterance:
    """What was said so far: its frames, and where it begins and ends.

    Up to ``tail`` seconds of speech at its beginning are the end of the wake word. One that is ``overheard`` is not
    meant for us yet. It begins with a chunk whose RMS is ``at_least`` so much. Where its beginning matters at once,
    chunks that lie ``between`` the others are judged as well, and whichever shows it first counts. One that begins in
    the same breath as the wake word was ``called`` by keeps that.
    """

    frames: list[Samples]
    endpointer: Endpointer
    tail: float
    overheard: bool = False
    at_least: float = 0.0
    between: Endpointer | None = None
    called: Called | None = None

    def advance(self, probability: float) -> Endpoint | None:
        """Pass a chunk's probability on, but take the sounding end of the wake word for silence, and what is faint."""
        if not self.endpointer.started and self._is_faint():
            probability = 0.0
        if self.tail > 0:
            self.tail = self.tail - CHUNK_SECONDS if probability >= _SPEECH else 0.0
            probability = 0.0
        endpoint = self.endpointer.advance(CHUNK_SECONDS, probability)
        if self.endpointer.started:
            self.between = None
        if self.endpointer.waited > _ONE_BREATH:
            self.called = None
        return endpoint

    def advance_between(self, probability: float) -> bool:
        """Pass on the probability of a chunk between two others; tell whether the utterance begins with it."""
        if self.between is None or self._is_faint():
            return False
        if self.between.advance(CHUNK_SECONDS, probability) is not Endpoint.STARTED:
            return False
        self.endpointer, self.between = self.between, None
        return True

    def audio(self) -> Samples:
        """Give all of it."""
        return np.concatenate(self.frames)

    def level(self) -> float:
        """Tell how loud the speech is, as the RMS of its louder frames."""
        return float(np.percentile([rms(frame) for frame in self.frames], 90))

    def paused(self) -> PauseBegan:
        """Tell that it may be over."""
        return PauseBegan(self.audio(), self.called)

    def ended(self, now: float) -> SpeechEnded:
        """Tell that it is over at ``now``, in seconds of the stream."""
        endpointer = self.endpointer
        return SpeechEnded(self.audio(), now - endpointer.silence, now, endpointer.spoken, self.overheard, self.called)

    def _is_faint(self) -> bool:
        return rms(np.concatenate(self.frames[-_CHUNK_FRAMES:])) < self.at_least

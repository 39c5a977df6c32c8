"""Where an utterance begins and ends, decided from speech probabilities alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum, auto


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """All durations in seconds.

    ``silence`` ends the utterance; ``pause`` is its first sign, when work may begin on the chance that
    nothing follows. ``timeout`` is how long the speaker may take to begin, ``longest`` how long an utterance
    may get. ``start`` is the speech it takes to count as a beginning: clicks and knocks are shorter. Speech
    is what reaches ``speech_probability``; between the two probabilities what was stays.
    """

    silence: float = 0.7
    pause: float = 0.2
    timeout: float = 5.0
    longest: float = 15.0
    start: float = 0.09
    speech_probability: float = 0.5
    silence_probability: float = 0.35


class Endpoint(Enum):
    """What has just become certain about the utterance."""

    STARTED = auto()
    PAUSED = auto()
    RESUMED = auto()
    ENDED = auto()
    TOO_LONG = auto()
    NOTHING_SAID = auto()


class Endpointer:
    """Follows one utterance, up to ENDED, TOO_LONG or NOTHING_SAID; make a new one for the next."""

    def __init__(self, settings: EndpointSettings) -> None:
        self._settings = settings
        self._elapsed = 0.0
        self._waited = 0.0
        self._speech = 0.0
        self._silence = 0.0
        self._speaking = False
        self._started = False
        self._paused = False

    @property
    def started(self) -> bool:
        """Whether anything has been said yet."""
        return self._started

    @property
    def waited(self) -> float:
        """Seconds without speech from the beginning to where somebody had begun to speak; 0 before that."""
        return self._waited

    @property
    def spoken(self) -> float:
        """Seconds of speech so far, without its pauses."""
        return self._speech

    @property
    def silence(self) -> float:
        """Seconds since the last sound of speech."""
        return self._silence

    def be_patient(self) -> None:
        """End no more at a pause: only `longest` ends the utterance, or whoever knows when it is over."""
        self._settings = replace(self._settings, silence=math.inf, timeout=self._settings.longest)

    def advance(self, seconds: float, probability: float) -> Endpoint | None:
        """Take the speech probability of the next ``seconds`` of sound; say what it decides."""
        settings = self._settings
        self._elapsed += seconds
        threshold = settings.silence_probability if self._speaking else settings.speech_probability
        self._speaking = probability >= threshold
        if self._speaking:
            self._silence = 0.0
            self._speech += seconds
        else:
            self._silence += seconds
        return self._while_speaking() if self._started else self._before_speech()

    def _before_speech(self) -> Endpoint | None:
        if self._speech >= self._settings.start:
            self._started = True
            self._waited = self._elapsed - self._speech
            self._elapsed = self._speech
            return Endpoint.STARTED
        if self._silence >= self._settings.pause:
            self._speech = 0.0
        return Endpoint.NOTHING_SAID if self._elapsed >= self._settings.timeout and not self._speaking else None

    def _while_speaking(self) -> Endpoint | None:
        if self._silence >= self._settings.silence:
            return Endpoint.ENDED
        if self._elapsed >= self._settings.longest:
            return Endpoint.TOO_LONG
        if self._paused and self._speaking:
            self._paused = False
            return Endpoint.RESUMED
        if not self._paused and self._silence >= self._settings.pause:
            self._paused = True
            return Endpoint.PAUSED
        return None

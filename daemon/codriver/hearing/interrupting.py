"""What becomes of speech that sounds into an answer: it holds the answer, then ends it or lets it go on. No I/O.

Holding costs nothing, so it is done at the first sign of speech; whether it was meant is found out by its text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum, StrEnum, auto

_MOST_IN_VAIN = 3
_ECHOED = 0.7

_SHORTEST = 0.3
"""Seconds: an echo ends when the answer is held, some 0.15 s after it was taken for speech."""

_SURE = 0.6
_LONGEST_HUM = 1.2
"""Seconds. Whisper makes words of short hums: of 29 of 50 by 9 synthetic voices, and of most it is not sure.

Judged like this, 2 of the 50 cut off an answer; of 48 short commands, "yes" aside, 3 that it misheard do not.
"""


class Interrupt(StrEnum):
    """What may interrupt an answer, besides a button: nothing, the wake word, also a word like "stop", any speech."""

    OFF = "off"
    WAKE_WORD = "wake_word"
    STOP = "stop"
    SPEECH = "speech"


class Act(Enum):
    """What is to be done about the answer.

    It is held where it is, or goes on there. TURN ends it: what was said is the next turn. LISTEN ends it as well:
    what is wanted instead is still to be said.
    """

    HOLD = auto()
    GO_ON = auto()
    TURN = auto()
    LISTEN = auto()


@dataclass(frozen=True, slots=True)
class InterjectionWords:
    """What one language says into somebody's words, as regular expressions of all that is said, in lower case.

    ``stop`` is what ends an answer. ``hum`` is a sound that says nothing, ``nod`` are words that only say that one
    listens. They are no yes to a question that still sounds: its echo may sound like one.
    """

    stop: str = "(?!)"
    hum: str = "(?!)"
    nod: str = "(?!)"


@dataclass(frozen=True, slots=True)
class Interjection:
    """What somebody said into an answer: its text, empty if it was nothing, and how sure the transcriber is, 0 to 1.

    ``seconds`` is how much of it was speech. A ``familiar`` one is known to mean something. ``answer`` is what was
    spoken meanwhile.
    """

    text: str
    confidence: float = 1.0
    seconds: float = 1.0
    familiar: bool = False
    answer: str = ""


class Interrupting:
    """Follows one stream of speech into answers, one interruption at a time. Times in seconds, never going back."""

    def __init__(self, by: Interrupt, words: Sequence[InterjectionWords], patience: float = 8.0) -> None:
        """Take the words of all languages, and for how long an answer is held at most, whatever comes."""
        self.by = by
        self._stop = _any_of([each.stop for each in words])
        self._hum = _any_of([each.hum for each in words])
        self._nod = _any_of([each.nod for each in words])
        self._patience = patience
        self._held_since: float | None = None
        self._undecided = 0
        self._in_vain = 0
        self._lifted = 0
        self._suspected = False

    @property
    def attentive(self) -> bool:
        """Whether speech without a wake word matters at all while an answer sounds."""
        return self.by in (Interrupt.STOP, Interrupt.SPEECH)

    @property
    def holding(self) -> bool:
        """Whether an answer is held, to find out what was said."""
        return self._held_since is not None

    def begin(self, now: float) -> Act | None:
        """Take the first sign of speech. After some that were nothing, as in noise, only the wake word interrupts."""
        if not self.attentive or self._in_vain >= _MOST_IN_VAIN:
            return None
        self._undecided += 1
        if self.holding:
            return None
        self._held_since = now
        return Act.HOLD

    def suspect(self, now: float, *, faint: bool = False) -> Act | None:
        """Take a sign of a wake word, which nearly always is one if it is not ``faint``. In noise no sign counts."""
        if self._in_vain >= _MOST_IN_VAIN or (faint and self._lifted >= _MOST_IN_VAIN):
            return None
        self._suspected = True
        if self.holding:
            return None
        self._held_since = now
        return Act.HOLD

    def lift(self) -> Act | None:
        """Take note that a faint sign came to nothing."""
        self._lifted += self._suspected
        return self._go_on()

    def dismiss(self) -> Act | None:
        """Take note that it was no wake word."""
        self._in_vain += self._suspected
        return self._go_on()

    def _go_on(self) -> Act | None:
        suspected, self._suspected = self._suspected, False
        if not suspected or self._undecided:
            return None
        self._held_since = None
        return Act.GO_ON

    def decide(self, said: Interjection) -> Act | None:
        """Take what was said."""
        if not self._undecided:
            return None
        self._undecided -= 1
        act = self._judge(said)
        if act is not Act.GO_ON:
            self.drop()
            return act
        self._in_vain += 1
        if self._undecided or self._suspected:
            return None  # somebody speaks again already
        self._held_since = None
        return act

    def wait(self, now: float) -> Act | None:
        """Take note of the time: an answer is not held for ever, even if nobody finds out what was said."""
        if self._held_since is None or now - self._held_since < self._patience:
            return None
        self._held_since, self._undecided, self._suspected = None, 0, False
        return Act.GO_ON

    def drop(self) -> None:
        """Forget all interruptions: the answer is over."""
        self._held_since, self._undecided, self._suspected = None, 0, False
        self._in_vain = self._lifted = 0

    def _judge(self, said: Interjection) -> Act:
        text = _plain(said.text)
        if self._stop.fullmatch(text):
            return Act.LISTEN
        if not text or _echoes(text, _plain(said.answer)):
            return Act.GO_ON
        if said.seconds < _SHORTEST or self._hum.fullmatch(text) or self._nod.fullmatch(text):
            return Act.GO_ON
        if self._begins_with_stop(text):
            return Act.TURN
        words = said.familiar or said.confidence >= _SURE or said.seconds >= _LONGEST_HUM
        return Act.TURN if self.by is Interrupt.SPEECH and words else Act.GO_ON

    def _begins_with_stop(self, said: str) -> bool:
        """Tell whether it goes on after a word of stopping; "stopping" is none, while Chinese has no spaces."""
        stop = self._stop.match(said)
        return stop is not None and not re.match(r"[a-z]", said[stop.end() :])


def _echoes(said: str, answer: str) -> bool:
    """Tell whether it is nothing but a piece of the answer itself, as it may come back from the loudspeaker."""
    matched = SequenceMatcher(None, said, answer, autojunk=False).find_longest_match()
    return matched.size >= _ECHOED * len(said)


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)")


def _plain(text: str) -> str:
    """Write what was said in lower case, with single spaces and without punctuation at the ends of words."""
    return " ".join(re.sub(r"[^\w'\s-]+", " ", text.lower()).split()).strip("-' ")

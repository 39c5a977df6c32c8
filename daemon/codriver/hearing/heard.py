"""What a listener says that happened."""

from __future__ import annotations

from dataclasses import dataclass

from codriver.hearing.audio import Samples


@dataclass(frozen=True, slots=True)
class Woken:
    """A wake word ended at about ``at`` (seconds of the stream). Its RMS is ``loudness``, 0 to 32767."""

    phrase: str
    at: float
    loudness: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """The wake word with which an utterance began in one breath: the sound before that, its phrase and its language."""

    audio: Samples
    phrase: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Suspected:
    """A wake word may be ending just now. It will be sure, doubtful, or none, soon: what can wait waits for that.

    One that is ``faint`` is the first sign of it, and mostly nothing.
    """

    faint: bool = False


@dataclass(frozen=True, slots=True)
class Unsuspected:
    """The first sign of a wake word was none."""


@dataclass(frozen=True, slots=True, eq=False)
class Doubtful:
    """A wake word may have ended at about ``at`` (seconds of the stream): see `Listener.confirm`.

    ``audio`` is the sound in which it would be, ``language`` the one of its phrase.
    """

    phrase: str
    at: float
    audio: Samples
    language: str = "en"


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody speaks without a wake word, since about ``at`` (seconds of the stream)."""

    at: float


@dataclass(frozen=True, slots=True, eq=False)
class PauseBegan:
    """The speaker may have ended; ``audio`` is the utterance so far, said in one breath after being ``called``."""

    audio: Samples
    called: Called | None = None


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """It was only a pause."""


@dataclass(frozen=True, slots=True, eq=False)
class SpeechEnded:
    """The utterance is over. ``audio`` is all of it with the silence after it.

    Its last sound of speech was at ``speech_end_s``; that was certain at ``ended_s`` (seconds of the stream).
    ``spoken_s`` is how much of it was speech. ``overheard`` says that it was listened in on, see `Listener.overhear`.
    ``called`` is the wake word in whose breath it was said, if it was.
    """

    audio: Samples
    speech_end_s: float
    ended_s: float
    spoken_s: float = 0.0
    overheard: bool = False
    called: Called | None = None


@dataclass(frozen=True, slots=True)
class NothingSaid:
    """Nobody spoke in the time there was for it."""


type ListenerEvent = (
    Woken | Suspected | Unsuspected | Doubtful | SpeechBegan | PauseBegan | SpeechResumed | SpeechEnded | NothingSaid
)

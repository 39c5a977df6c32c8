"""What happens in a conversation, and what is to be done about it: the events and commands of the assistant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from codriver.turn import Answer, Context, IntentCall, Outcome, Transcript, Understanding, Zone


class State(StrEnum):
    """What the assistant is doing; the values are those of the ``State`` property on the bus."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    ACTING = "acting"
    SPEAKING = "speaking"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Woken:
    """Somebody wants to be heard: the wake word, a button, or a question that waits for its answer."""

    zone: Zone


@dataclass(frozen=True, slots=True)
class Listened:
    """Who was listened to has ended; the text is on its way."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence came in, spoken or typed, perhaps empty. An ``uninvited`` one may have been meant for somebody else.

    It is uninvited if it came without a wake word, a button or a question: nothing is said if it means nothing.
    """

    transcript: Transcript
    zone: Zone
    uninvited: bool = False


@dataclass(frozen=True, slots=True)
class Misheard:
    """Somebody spoke, but nobody could write it down; ``deaf`` says that nobody can be heard for now."""

    zone: Zone
    deaf: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """What the sentence means."""

    understanding: Understanding


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of the calls."""

    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Announced:
    """Something is said that nobody asked for, such as an instruction of the navigation."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was to be said has sounded, or could not."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An engine failed in the middle of the turn."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The turn is to be dropped."""


@dataclass(frozen=True, slots=True)
class Muted:
    """The microphone was closed, or opened again."""

    muted: bool


@dataclass(frozen=True, slots=True)
class Unheard:
    """Nobody said anything in the time there was for it."""


type Event = (
    Woken
    | Unheard
    | Listened
    | Heard
    | Misheard
    | Understood
    | Performed
    | Announced
    | Spoken
    | Broken
    | Cancelled
    | Muted
)


@dataclass(frozen=True, slots=True)
class Listen:
    """Follow what is said now."""

    zone: Zone


@dataclass(frozen=True, slots=True)
class Understand:
    """Find out what a sentence means, after what was said and done before."""

    transcript: Transcript
    context: Context = Context()


@dataclass(frozen=True, slots=True)
class Perform:
    """Carry out calls, after setting back what ``instead_of`` changed."""

    calls: tuple[IntentCall, ...]
    zone: Zone
    confirmed: bool = False
    instead_of: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Undo:
    """Set back what was changed."""

    outcomes: tuple[Outcome, ...]
    zone: Zone


@dataclass(frozen=True, slots=True)
class Say:
    """Speak an answer."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Withhold:
    """Take an answer for given without speaking it: somebody speaks already."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Rest:
    """The turn is over; stop whatever of it still runs."""


type Command = Listen | Understand | Perform | Undo | Say | Withhold | Rest

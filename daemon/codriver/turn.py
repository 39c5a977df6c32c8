"""What one stage hands to the next: the nouns of a turn, as frozen values without behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

type Zone = Literal["driver", "passenger", "rear_left", "rear_right", "all"]
type Argument = str | int | float | bool
type SignalValue = str | int | float | bool

ZONES: tuple[Zone, ...] = ("driver", "passenger", "rear_left", "rear_right", "all")


class Source(StrEnum):
    """Which part understood the sentence."""

    TEMPLATE = "template"
    MODEL = "model"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard. ``confidence`` is the mean token probability, 0 to 1; empty text means nothing was said."""

    text: str
    language: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class IntentCall:
    """Something that is asked for, with its arguments as they were said: not yet checked, not yet allowed."""

    intent: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing as the catalogue names it, and the zone that was named with it, or none."""

    name: str
    zone: str = ""


class Wish(StrEnum):
    """What a sentence asks of the conversation itself, not of the car."""

    UNDO_LAST = "undo_last"
    UNDO_TURN = "undo_turn"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a sentence means: calls in the order of the wishes, a wish about the conversation, a question, or nothing.

    ``consent`` is True for a clear yes, False for a no or "never mind", None for anything else. ``question`` is the
    key of a shared answer that asks back. With ``corrects`` the last turn was a misunderstanding: it is to be undone
    before the calls are carried out. ``partly`` says that more was asked for than was understood. ``about`` are the
    things that a question of how they are has named. Where ``undone`` names any, a wish to undo means these alone, and
    of each the changes that it has. ``supposed`` are calls that may be meant, not surely enough to be carried out, and
    ``wording`` says them in words of the language: they are to be asked about.
    """

    calls: tuple[IntentCall, ...] = ()
    source: Source = Source.NONE
    question: str = ""
    consent: bool | None = None
    wish: Wish | None = None
    corrects: bool = False
    partly: bool = False
    about: tuple[Thing, ...] = ()
    undone: tuple[Outcome, ...] = ()
    supposed: tuple[IntentCall, ...] = ()
    wording: str = ""

    @property
    def is_about_the_conversation(self) -> bool:
        """Whether it means more than calls: an answer, a question back, a correction, a wish such as to undo."""
        return self.consent is not None or bool(self.question) or self.wish is not None or self.corrects


@dataclass(frozen=True, slots=True)
class BusCall:
    """One D-Bus method call or property write with an effect, as it left the process."""

    bus_name: str
    path: str
    interface: str
    member: str
    args: tuple[Any, ...] = ()
    property: str | None = None
    value: Any = None


class Status(StrEnum):
    """What became of an intent. OFFERED is done, and something is offered besides."""

    DONE = "done"
    MOVING = "moving"
    ALREADY = "already"
    REFUSED = "refused"
    FAILED = "failed"
    CONFIRM = "confirm"
    MISSING = "missing"
    OFFERED = "offered"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a turn changed.

    ``target`` is a signal's path, ``player.volume``, ``player.shuffle``, ``player.repeat``, ``player.status``,
    ``navigation.route`` or ``navigation.muted``.
    ``before`` is None where nobody knows what it was, and for what cannot be taken back, such as the next song.
    """

    target: str
    before: SignalValue | None
    after: SignalValue


@dataclass(frozen=True, slots=True)
class Option:
    """One of several things of which one may be chosen. Its texts are strangers': spoken, never understood.

    ``distance`` is in metres.
    """

    name: str
    distance: float
    address: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one intent call.

    ``reason`` is the key of an answer of the vocabulary that says why it was not done ("while_driving"), or empty.
    ``facts`` are the values that the answer may name: arguments, what was read, what the car said.
    ``calls`` are those that were sent, whatever came of them. ``options`` are what may be chosen from, in the order
    in which they are read out.
    """

    call: IntentCall
    status: Status
    reason: str = ""
    facts: Mapping[str, Argument] = field(default_factory=dict)
    calls: tuple[BusCall, ...] = ()
    changes: tuple[Change, ...] = ()
    options: tuple[Option, ...] = ()

    @property
    def came_to_something(self) -> bool:
        """Whether it is so now, or was so before, or at least something was changed or found."""
        done = (Status.DONE, Status.MOVING, Status.ALREADY, Status.OFFERED)
        return self.status in done or bool(self.changes) or bool(self.options)


@dataclass(frozen=True, slots=True)
class Context:
    """What a sentence may refer to: the outcomes of the last turns, latest first, and a question that is open.

    ``missing`` is a call that lacks an argument, and the name of its parameter; ``asked`` are calls that wait for a
    yes. ``about`` are the things that the last turn asked after: "is the sunroof open?". ``in_vain`` are the calls of
    the last turn if nothing came of them: it is none of ``turns`` then. ``zone`` is where the speaker sits, empty where
    that is not known.
    """

    turns: tuple[tuple[Outcome, ...], ...] = ()
    missing: tuple[IntentCall, str] | None = None
    asked: tuple[IntentCall, ...] = ()
    about: tuple[Thing, ...] = ()
    in_vain: tuple[IntentCall, ...] = ()
    zone: Zone | Literal[""] = ""

    @property
    def calls(self) -> tuple[IntentCall, ...]:
        """The calls of the last turn that came to something."""
        return tuple(outcome.call for outcome in self.turns[0] if outcome.came_to_something) if self.turns else ()

    @property
    def before(self) -> tuple[IntentCall, ...]:
        """The calls of the last turn, whether or not anything came of them."""
        return self.in_vain or self.calls

    @property
    def options(self) -> tuple[Option, ...]:
        """What the last turn found or read out, to choose from."""
        last = self.turns[0] if self.turns else ()
        return next((outcome.options for outcome in reversed(last) if outcome.options), ())


@dataclass(frozen=True, slots=True)
class Refusal:
    """An intent that was understood and not done, with the reason in the language of the request."""

    intent: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said back. ``expects_reply`` is true for a question that waits for the speaker.

    ``partly`` says that it also tells of something that was not understood.
    """

    text: str
    language: str
    expects_reply: bool = False
    partly: bool = False

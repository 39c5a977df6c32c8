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
class Understanding:
    """What a sentence means: calls in the order of the wishes, a question back to the speaker, or nothing.

    ``consent`` is True for a clear yes, False for a no or "never mind", None for anything else.
    """

    calls: tuple[IntentCall, ...] = ()
    source: Source = Source.NONE
    question: str = ""
    consent: bool | None = None


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
    """What became of an intent."""

    DONE = "done"
    MOVING = "moving"
    ALREADY = "already"
    REFUSED = "refused"
    FAILED = "failed"
    CONFIRM = "confirm"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one intent call.

    ``reason`` is the key of an answer of the vocabulary that says why it was not done ("while_driving"), or empty.
    ``facts`` are the values that the answer may name: arguments, what was read, what the car said.
    ``calls`` are those that were sent, whatever came of them.
    """

    call: IntentCall
    status: Status
    reason: str = ""
    facts: Mapping[str, Argument] = field(default_factory=dict)
    calls: tuple[BusCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An intent that was understood and not done, with the reason in the language of the request."""

    intent: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said back. ``expects_reply`` is true for a question that waits for the speaker."""

    text: str
    language: str
    expects_reply: bool = False

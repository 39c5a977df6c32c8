"""The conversation as a state machine: an event and the time in, commands out. It does nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from codriver.turn import Answer, Context, IntentCall, Outcome, Status, Transcript, Understanding, Wish, Zone

_REMEMBERED_TURNS = 5


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
class Heard:
    """A sentence came in, spoken or typed. ``spoken`` sentences get an answer even if they are empty."""

    transcript: Transcript
    zone: Zone


@dataclass(frozen=True, slots=True)
class Understood:
    """What the sentence means."""

    understanding: Understanding


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of the calls."""

    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The answer has sounded, or could not."""


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


type Event = Woken | Unheard | Heard | Understood | Performed | Spoken | Broken | Cancelled | Muted


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
class Rest:
    """The turn is over; stop whatever of it still runs."""


type Command = Listen | Understand | Perform | Undo | Say | Rest


class Wordsmith(Protocol):
    """Finds the words of an answer."""

    def compose(self, outcomes: Sequence[Outcome], language: str, number: int = 0, *, partly: bool = False) -> Answer:
        """Answer for all outcomes of a turn; ``partly`` where more was asked for than was understood."""
        ...

    def say(self, key: str, language: str, number: int = 0, *, asks: bool = False) -> Answer:
        """Give one of the shared answers."""
        ...


@dataclass(frozen=True, slots=True)
class _Pending:
    """Calls that wait for a yes, or for the parameter ``missing``, from the zone that asked for them, until a time."""

    calls: tuple[IntentCall, ...]
    zone: Zone
    until: float
    missing: str = ""


@dataclass(frozen=True, slots=True)
class _Turn:
    """What was done in a turn, remembered until a time."""

    outcomes: tuple[Outcome, ...]
    until: float


class Assistant:
    """One conversation. Each event gives the commands that it leads to; ``now`` is in seconds, never goes back."""

    def __init__(self, wordsmith: Wordsmith, confirm_within: float = 15.0, remember_for: float = 90.0) -> None:
        """Let a question stand, and what was done be referred to, for these numbers of seconds."""
        self.state = State.IDLE
        self._wordsmith = wordsmith
        self._confirm_within = confirm_within
        self._remember_for = remember_for
        self._pending: _Pending | None = None
        self._done: tuple[_Turn, ...] = ()
        self._taking_back: tuple[Outcome, ...] = ()
        self._partly = False
        self._muted = False
        self._zone: Zone = "driver"
        self._language = ""
        self._turns = 0

    def handle(self, event: Event, now: float) -> tuple[Command, ...]:
        """Take an event. One that does not belong to the present state, such as a late result, is let go."""
        match event:
            case Muted(muted):
                self._muted = muted
                self._pending = None
                self.state = self._resting
                return (Rest(),)
            case Cancelled():
                self._pending, self._done = None, ()
                self.state = self._resting
                return (Rest(),)
            case Unheard() if self.state is State.LISTENING:
                self.state = self._resting
                return (Rest(),)
            case Woken(zone) if self.state in (State.IDLE, State.LISTENING, State.SPEAKING):
                self.state, self._zone = State.LISTENING, zone
                return (Listen(zone),)
            case Heard(transcript, zone):
                return self._heard(transcript, zone, now)
            case Understood(understanding) if self.state is State.THINKING:
                return self._understood(understanding, now)
            case Performed(outcomes) if self.state is State.ACTING:
                return self._performed(outcomes, now)
            case Broken() if self.state in (State.LISTENING, State.THINKING, State.ACTING):
                return self._say(self._wordsmith.say("engine_failed", self._language, self._turns))
            case Spoken() if self.state is State.SPEAKING:
                self.state = self._resting
                return (Rest(),)
            case _:
                return ()

    @property
    def _resting(self) -> State:
        return State.MUTED if self._muted else State.IDLE

    def _heard(self, transcript: Transcript, zone: Zone, now: float) -> tuple[Command, ...]:
        self._turns += 1
        self._zone, self._language = zone, transcript.language
        if not transcript.text.strip():
            return self._say(self._wordsmith.say("nothing_heard", self._language, self._turns))
        self.state = State.THINKING
        self._done = tuple(turn for turn in self._done if now <= turn.until)
        return (Understand(transcript, self._context(now)),)

    def _context(self, now: float) -> Context:
        turns = tuple(turn.outcomes for turn in self._done)
        pending = self._pending
        if pending is None or not self._stands(pending, now):
            return Context(turns)
        if pending.missing:
            return Context(turns, missing=(pending.calls[0], pending.missing))
        return Context(turns, asked=pending.calls)

    def _stands(self, pending: _Pending, now: float) -> bool:
        return now <= pending.until and pending.zone == self._zone

    def _understood(self, understanding: Understanding, now: float) -> tuple[Command, ...]:
        pending, self._pending = self._pending, None
        stands = pending is not None and self._stands(pending, now)
        if pending and stands and not pending.missing and understanding.consent is True:
            self.state = State.ACTING
            return (Perform(pending.calls, pending.zone, confirmed=True),)
        if understanding.wish:
            return self._converse(understanding.wish)
        if understanding.calls and not (stands and understanding.consent is False):
            self.state = State.ACTING
            self._taking_back = self._done[0].outcomes if understanding.corrects and self._done else ()
            self._partly = understanding.partly
            return (Perform(understanding.calls, self._zone, instead_of=self._taking_back),)
        if understanding.question:
            return self._say(self._wordsmith.say(understanding.question, self._language, self._turns, asks=True))
        key = "cancelled" if understanding.consent is False else "not_understood"
        return self._say(self._wordsmith.say(key, self._language, self._turns))

    def _converse(self, wish: Wish) -> tuple[Command, ...]:
        """Tell of the last turn, or take it back."""
        last = self._done[0].outcomes if self._done else ()
        if not last:
            return self._say(self._wordsmith.say("nothing_done", self._language, self._turns))
        if wish is Wish.TELL:
            return self._say(self._wordsmith.compose(last, self._language, self._turns))
        changed = tuple(outcome for outcome in last if outcome.changes)
        if not changed:
            return self._say(self._wordsmith.say("nothing_to_undo", self._language, self._turns))
        self._taking_back = changed[-1:] if wish is Wish.UNDO_LAST else changed
        self.state = State.ACTING
        return (Undo(self._taking_back, self._zone),)

    def _performed(self, outcomes: tuple[Outcome, ...], now: float) -> tuple[Command, ...]:
        self._remember(outcomes, now)
        partly, self._partly = self._partly, False
        until = now + self._confirm_within
        asked = tuple(outcome.call for outcome in outcomes if outcome.status is Status.CONFIRM)
        lacking = next((each for each in outcomes if each.status in (Status.MISSING, Status.OFFERED)), None)
        if asked:
            self._pending = _Pending(asked, self._zone, until)
        elif lacking:
            missing = str(lacking.facts.get("parameter", ""))
            self._pending = _Pending((lacking.call,), self._zone, until, missing)
        return self._say(self._wordsmith.compose(outcomes, self._language, self._turns, partly=partly))

    def _remember(self, outcomes: tuple[Outcome, ...], now: float) -> None:
        """Keep what came to something, and forget what was taken back."""
        taken, self._taking_back = self._taking_back, ()
        if taken and self._done:
            rest = tuple(outcome for outcome in self._done[0].outcomes if outcome not in taken)
            last = (_Turn(rest, self._done[0].until),) if rest else ()
            self._done = (*last, *self._done[1:])
        done = tuple(outcome for outcome in outcomes if outcome.came_to_something)
        if done:
            self._done = (_Turn(done, now + self._remember_for), *self._done)[:_REMEMBERED_TURNS]

    def _say(self, answer: Answer) -> tuple[Command, ...]:
        self.state = State.SPEAKING
        return (Say(answer),)

"""The conversation as a state machine: an event and the time in, commands out. It does nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from codriver.conversation.happenings import (
    Announced,
    Broken,
    Cancelled,
    Command,
    Event,
    Heard,
    Listen,
    Listened,
    Misheard,
    Muted,
    Perform,
    Performed,
    Rest,
    Say,
    Spoken,
    State,
    Understand,
    Understood,
    Undo,
    Unheard,
    Withhold,
    Woken,
)
from codriver.conversation.remembering import Memory
from codriver.turn import Answer, Context, IntentCall, Outcome, Status, Thing, Transcript, Understanding, Wish, Zone


class Wordsmith(Protocol):
    """Finds the words of an answer."""

    def compose(self, outcomes: Sequence[Outcome], language: str, number: int = 0, *, partly: bool = False) -> Answer:
        """Answer for all outcomes of a turn; ``partly`` where more was asked for than was understood."""
        ...

    def say(self, key: str, language: str, number: int = 0, *, asks: bool = False) -> Answer:
        """Give one of the shared answers."""
        ...

    def suppose(self, wording: str, language: str, number: int = 0) -> Answer:
        """Ask whether something is meant that is worded so."""
        ...


@dataclass(frozen=True, slots=True)
class _Pending:
    """Calls that wait for a yes, or for the parameter ``missing``, from the zone that asked for them, until a time."""

    calls: tuple[IntentCall, ...]
    zone: Zone
    until: float
    missing: str = ""


class Assistant:
    """One conversation. Each event gives the commands that it leads to; ``now`` is in seconds, never goes back."""

    def __init__(
        self, wordsmith: Wordsmith, confirm_within: float = 15.0, remember_for: float = 90.0, language: str = ""
    ) -> None:
        """Let a question stand, and what was done be referred to, for these numbers of seconds.

        ``language`` is the one that is spoken before anything was heard.
        """
        self.state = State.IDLE
        self._wordsmith = wordsmith
        self._confirm_within = confirm_within
        self._memory = Memory(remember_for)
        self._pending: _Pending | None = None
        self._asking = False
        self._overtaken_by: State | None = None
        self._partly = False
        self._about: tuple[Thing, ...] = ()
        self._uninvited = False
        self._muted = False
        self._zone: Zone = "driver"
        self._language = language
        self._turns = 0

    def settle(self, confirm_within: float, remember_for: float) -> None:
        """Take other numbers of seconds for what is asked and done from now on."""
        self._confirm_within = confirm_within
        self._memory.remember_for(remember_for)

    def handle(self, event: Event, now: float) -> tuple[Command, ...]:
        """Take an event. One that does not belong to the present state, such as a late result, is let go."""
        match event:
            case Muted(muted):
                self._muted = muted
                return self._drop()
            case Cancelled():
                self._memory.forget()
                return self._drop()
            case Woken(zone) if not self._muted:
                return self._woken(zone, now)
            case Unheard() | Listened():
                return self._listened(event)
            case Heard(transcript, zone, uninvited):
                self._uninvited = uninvited
                return self._heard(transcript, zone, now)
            case Misheard(zone, deaf):
                self._zone = zone
                key = "microphone_lost" if deaf else "engine_failed"
                return self._say(self._wordsmith.say(key, self._language, self._turns))
            case Understood(understanding) if self.state is State.THINKING:
                return self._understood(understanding, now)
            case Performed(outcomes) if self.state is State.ACTING:
                return self._performed(outcomes, now)
            case Broken() if self.state in (State.LISTENING, State.THINKING, State.ACTING):
                return self._say(self._wordsmith.say("engine_failed", self._language, self._turns))
            case Announced() if self.state in (State.IDLE, State.MUTED):
                self.state = State.SPEAKING
                return ()
            case Spoken() if self.state is State.SPEAKING:
                self._let_answer(now)
                return self._rest()
            case _:
                return ()

    def _drop(self) -> tuple[Command, ...]:
        self._pending = self._overtaken_by = None
        return self._rest()

    def _rest(self) -> tuple[Command, ...]:
        self.state = self._overtaken_by or (State.MUTED if self._muted else State.IDLE)
        self._overtaken_by, self._asking = None, False
        return (Rest(),)

    def _woken(self, zone: Zone, now: float) -> tuple[Command, ...]:
        """Listen. A turn that is under way goes on, but its answer is not spoken into somebody's words."""
        if self.state in (State.THINKING, State.ACTING):
            self._overtaken_by = State.LISTENING
            return ()
        self._let_answer(now)
        self.state, self._zone = State.LISTENING, zone
        return (Listen(zone),)

    def _listened(self, event: Unheard | Listened) -> tuple[Command, ...]:
        said = isinstance(event, Listened)
        if self._overtaken_by:
            self._overtaken_by = State.THINKING if said else None
        elif self.state is State.LISTENING:
            if not said:
                return self._rest()
            self.state = State.THINKING
        return ()

    def _let_answer(self, now: float) -> None:
        """Let a question stand from when it has sounded, or was cut off."""
        if self._asking and self._pending:
            self._pending = replace(self._pending, until=now + self._confirm_within)
        self._asking = False

    def _heard(self, transcript: Transcript, zone: Zone, now: float) -> tuple[Command, ...]:
        self._turns += 1
        self._zone, self._language = zone, transcript.language
        if not transcript.text.strip():
            return self._say_if_invited("nothing_heard")
        self.state = State.THINKING
        return (Understand(transcript, self.context(now)),)

    def context(self, now: float) -> Context:
        """Give what a sentence that is said now may refer to."""
        self._memory.fade(now)
        turns = self._memory.turns
        pending = self._pending
        if pending is None or not self._stands(pending, now):
            return Context(turns, about=self._memory.about, in_vain=self._memory.in_vain, zone=self._zone)
        if pending.missing:
            return Context(turns, missing=(pending.calls[0], pending.missing), zone=self._zone)
        return Context(turns, asked=pending.calls, zone=self._zone)

    def _stands(self, pending: _Pending, now: float) -> bool:
        return now <= pending.until and pending.zone == self._zone

    def _understood(self, understanding: Understanding, now: float) -> tuple[Command, ...]:
        pending, self._pending = self._pending, None
        stands = pending is not None and self._stands(pending, now)
        if pending and stands and not pending.missing and understanding.consent is True:
            self.state = State.ACTING
            return (Perform(pending.calls, pending.zone, confirmed=True),)
        if understanding.wish:
            return self._converse(understanding.wish, understanding.undone)
        if understanding.calls and not (stands and understanding.consent is False):
            self.state = State.ACTING
            self._partly, self._about = understanding.partly, understanding.about
            instead_of = self._memory.take_back(self._memory.last if understanding.corrects else ())
            return (Perform(understanding.calls, self._zone, instead_of=instead_of),)
        self._memory.pass_over()
        if understanding.wording and not self._uninvited:
            self._pending = _Pending(understanding.supposed, self._zone, now + self._confirm_within)
            return self._say(self._wordsmith.suppose(understanding.wording, self._language, self._turns))
        if understanding.question:
            return self._say(self._wordsmith.say(understanding.question, self._language, self._turns, asks=True))
        if understanding.consent is False:
            return self._say(self._wordsmith.say("cancelled", self._language, self._turns))
        return self._say_if_invited("not_understood")

    def _converse(self, wish: Wish, undone: tuple[Outcome, ...]) -> tuple[Command, ...]:
        """Tell of the last turn, or take back the last that did more than answer, or of it what is to be ``undone``."""
        last = self._memory.last if wish is Wish.TELL else self._memory.last_done
        if not last:
            return self._say(self._wordsmith.say("nothing_done", self._language, self._turns))
        if wish is Wish.TELL:
            return self._say(self._wordsmith.compose(last, self._language, self._turns))
        changed = undone or tuple(outcome for outcome in last if outcome.changes)
        if not changed:
            return self._say(self._wordsmith.say("nothing_to_undo", self._language, self._turns))
        self.state = State.ACTING
        return (Undo(self._memory.take_back(changed[-1:] if wish is Wish.UNDO_LAST else changed), self._zone),)

    def _performed(self, outcomes: tuple[Outcome, ...], now: float) -> tuple[Command, ...]:
        self._memory.add(outcomes, now, self._about)
        partly, self._partly, self._about = self._partly, False, ()
        until = now + self._confirm_within
        asked = tuple(outcome.call for outcome in outcomes if outcome.status is Status.CONFIRM)
        lacking = next((each for each in outcomes if each.status in (Status.MISSING, Status.OFFERED)), None)
        if asked:
            self._pending = _Pending(asked, self._zone, until)
        elif lacking:
            missing = str(lacking.facts.get("parameter", ""))
            self._pending = _Pending((lacking.call,), self._zone, until, missing)
        return self._say(self._wordsmith.compose(outcomes, self._language, self._turns, partly=partly))

    def _say_if_invited(self, key: str) -> tuple[Command, ...]:
        return self._rest() if self._uninvited else self._say(self._wordsmith.say(key, self._language, self._turns))

    def _say(self, answer: Answer) -> tuple[Command, ...]:
        if self._overtaken_by:
            self.state, self._overtaken_by = self._overtaken_by, None
            if answer.expects_reply:
                self._pending = None  # nobody heard the question
            return (Withhold(answer),)
        self.state, self._asking = State.SPEAKING, answer.expects_reply
        return (Say(answer),)

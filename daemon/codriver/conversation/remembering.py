"""What was done in the last turns, for as long as it may be referred to. Times in seconds come in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codriver.turn import IntentCall, Outcome, Status, Thing

_REMEMBERED_TURNS = 5


@dataclass(frozen=True, slots=True)
class _Turn:
    """What was done in a turn, and what it asked after, remembered until a time."""

    outcomes: tuple[Outcome, ...]
    until: float
    about: tuple[Thing, ...] = ()


class Memory:
    """The turns that came to something, latest first, and what the last one asked for in vain."""

    def __init__(self, remember_for: float) -> None:
        """Take for how many seconds each turn is remembered."""
        self._remember_for = remember_for
        self._done: tuple[_Turn, ...] = ()
        self._in_vain: _Turn | None = None
        self._taking_back: tuple[Outcome, ...] = ()

    def remember_for(self, seconds: float) -> None:
        """Remember each turn that follows for so many seconds."""
        self._remember_for = seconds

    @property
    def last(self) -> tuple[Outcome, ...]:
        """What was done last."""
        return self._done[0].outcomes if self._done else ()

    @property
    def last_done(self) -> tuple[Outcome, ...]:
        """What was done last, before questions that were only answered."""
        return next((turn.outcomes for turn in self._done if not all(map(_only_answered, turn.outcomes))), self.last)

    @property
    def turns(self) -> tuple[tuple[Outcome, ...], ...]:
        """What was done in each turn."""
        return tuple(turn.outcomes for turn in self._done)

    @property
    def in_vain(self) -> tuple[IntentCall, ...]:
        """What the last turn asked for, if all that came of it is a refusal or a failure."""
        return tuple(outcome.call for outcome in self._in_vain.outcomes) if self._in_vain else ()

    @property
    def about(self) -> tuple[Thing, ...]:
        """What the last turn asked after."""
        return self._done[0].about if self._done else ()

    def fade(self, now: float) -> None:
        """Forget the turns whose time is over."""
        self._done = tuple(turn for turn in self._done if now <= turn.until)
        if self._in_vain and now > self._in_vain.until:
            self._in_vain = None

    def forget(self) -> None:
        """Forget all turns."""
        self._done, self._in_vain = (), None

    def pass_over(self) -> None:
        """Take note of a turn that asked for nothing."""
        self._in_vain = None

    def take_back(self, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        """Take note that these, with their changes, are being set back, and give them."""
        self._taking_back = outcomes
        return outcomes

    def add(self, outcomes: Sequence[Outcome], now: float, about: tuple[Thing, ...] = ()) -> None:
        """Keep what came to something and what was asked ``about``, and forget what was taken back."""
        taken, self._taking_back = self._taking_back, ()
        if taken:
            self._done = tuple(turn for turn in _forgetting(self._done, taken) if turn.outcomes)
        done = tuple(outcome for outcome in outcomes if outcome.came_to_something)
        vain = all(outcome.status in (Status.REFUSED, Status.FAILED) for outcome in outcomes)
        self._in_vain = _Turn(tuple(outcomes), now + self._remember_for) if vain and not done else None
        if done:
            self._done = (_Turn(done, now + self._remember_for, about), *self._done)[:_REMEMBERED_TURNS]


def _only_answered(outcome: Outcome) -> bool:
    """Tell whether all that came of a call is an answer: nothing was sent, and nothing was so already."""
    return outcome.status is Status.DONE and not outcome.calls and not outcome.changes


def _forgetting(turns: Sequence[_Turn], taken: Sequence[Outcome]) -> Iterator[_Turn]:
    """Leave out what was taken back of the latest turn that has any of it: the same may have been done before."""
    forgotten = False
    for turn in turns:
        rest = turn if forgotten else replace(turn, outcomes=tuple(_without(turn.outcomes, taken)))
        forgotten = forgotten or rest.outcomes != turn.outcomes
        yield rest


def _without(outcomes: Sequence[Outcome], taken: Sequence[Outcome]) -> Iterator[Outcome]:
    """Leave out what was taken back: an outcome as a whole, or some of its changes."""
    for outcome in outcomes:
        back = [change for each in taken if each.call == outcome.call for change in each.changes]
        kept = tuple(change for change in outcome.changes if change not in back)
        if outcome not in taken and (kept or not outcome.changes):
            yield replace(outcome, changes=kept)

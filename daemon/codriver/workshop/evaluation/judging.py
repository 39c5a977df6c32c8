"""Hold what a turn did against what its case expects. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codriver.turn import BusCall
from codriver.workshop.evaluation.cases import Expectation, Expected, ExpectedCall

_NEAR = 0.5
_NEAR_PROPERTY = 0.015
VEHICLE = "org.codriver.Vehicle1"


@dataclass(frozen=True, slots=True)
class Observed:
    """What can be seen of a turn: all actuators before and after, the player's properties before, calls, answer.

    ``follows`` names the actuators that are derived from another and move with it.
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    calls: Sequence[BusCall]
    reply: str
    asks: bool
    follows: Mapping[str, str]
    player_before: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the turn is right, every reason why not, and whether something happened that was not expected."""

    reasons: tuple[str, ...] = ()
    wrong_action: bool = False

    @property
    def right(self) -> bool:
        """Whether nothing was wrong."""
        return not self.reasons


def judge(expected: Expectation, seen: Observed) -> Judgement:
    """Judge a turn. Of alternatives the one that is met, else the one that came closest, counts."""
    return _judge(closest(expected, seen), seen)


def closest(expected: Expectation, seen: Observed) -> Expectation:
    """Give the alternative that is met, else the one that came closest; what has no alternatives is that itself."""

    def distance(alternative: Expectation) -> tuple[int, bool]:
        judgement = _judge(alternative, seen)
        return len(judgement.reasons), judgement.wrong_action

    return min(_alternatives(expected), key=distance)


def _alternatives(expected: Expectation) -> Iterator[Expectation]:
    if not expected.any_of:
        yield expected
    for alternative in expected.any_of:
        yield from _alternatives(_with_common(alternative, expected))


def _with_common(alternative: Expectation, common: Expectation) -> Expectation:
    """Let what stands beside ``any_of`` hold for each alternative that does not say otherwise."""
    return alternative.model_copy(
        update={
            "signals": {**common.signals, **alternative.signals},
            "calls": alternative.calls or common.calls,
            "reply": alternative.reply or common.reply,
            "asks": common.asks if alternative.asks is None else alternative.asks,
        }
    )


def _judge(expected: Expectation, seen: Observed) -> Judgement:
    reasons: list[str] = []
    for path, value in expected.signals.items():
        if not _fits(value, seen.before.get(path), seen.after.get(path)):
            reasons.append(f"{path} is {seen.after.get(path)!r}, expected {value!r}")
    unexpected = [
        f"{path} went from {seen.before.get(path)!r} to {value!r}"
        for path, value in seen.after.items()
        if value != seen.before.get(path) and not _named(path, expected, seen.follows)
    ]
    sent = [call for call in seen.calls if call.interface != VEHICLE]
    unwanted_calls = any(
        not any(_same_call(wish, call, seen.player_before) for wish in expected.calls) for call in sent
    ) or len(sent) > len(expected.calls)
    reasons += unexpected
    if len(sent) != len(expected.calls) or not all(
        _same_call(wish, call, seen.player_before) for wish, call in zip(expected.calls, sent, strict=True)
    ):
        reasons.append(f"calls were {[_shown(call) for call in sent]}, expected {len(expected.calls)}")
    if expected.reply is not None and not re.search(expected.reply, seen.reply, re.IGNORECASE):
        reasons.append(f"the answer was {seen.reply!r}")
    if expected.asks is not None and expected.asks != seen.asks:
        reasons.append("it asked" if seen.asks else "it did not ask")
    return Judgement(tuple(reasons), wrong_action=bool(unexpected) or unwanted_calls)


def _named(path: str, expected: Expectation, follows: Mapping[str, str]) -> bool:
    """Tell whether a signal is named, or moves with one that is: its leader, its follower, or a follower's sibling."""
    named = {follows.get(signal, signal) for signal in expected.signals}
    return follows.get(path, path) in named


def _fits(expected: Expected, before: Any, after: Any) -> bool:
    match expected:
        case "increased" | "decreased":
            return _changed(expected, before, after)
        case bool():
            return after is expected
        case int() | float():
            return _is_number(after) and abs(after - expected) <= _NEAR
        case str():
            return bool(after == expected)
        case [low, high] if _is_number(low) and _is_number(high):
            return _is_number(after) and low <= after <= high
        case _:
            return after in expected


def _changed(direction: str, before: Any, after: Any) -> bool:
    if not _is_number(before) or not _is_number(after):
        return False
    return bool(after > before if direction == "increased" else after < before)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same_call(wish: ExpectedCall, call: BusCall, before: Mapping[str, Any]) -> bool:
    if (wish.interface, wish.member, wish.property) != (call.interface, call.member, call.property):
        return False
    if wish.args is not None and not _same_args(wish.args, call.args):
        return False
    if wish.change and wish.property:
        return _changed(wish.change, before.get(wish.property), call.value)
    if wish.value is None:
        return True
    if _is_number(wish.value) and _is_number(call.value):
        return bool(abs(wish.value - call.value) <= _NEAR_PROPERTY)
    return bool(wish.value == call.value)


def _same_args(wanted: Sequence[Any], sent: Sequence[Any]) -> bool:
    """Tell whether a call was sent with these arguments.

    Of a dictionary only what is named counts, and of a text not its letter case; what comes after the last one that is
    named may be anything.
    """
    return len(wanted) <= len(sent) and all(map(_same_arg, wanted, sent))


def _same_arg(wanted: Any, sent: Any) -> bool:
    match wanted, sent:
        case Mapping(), Mapping():
            return all(key in sent and _same_arg(value, sent[key]) for key, value in wanted.items())
        case list() | tuple(), list() | tuple():
            return len(wanted) == len(sent) and all(map(_same_arg, wanted, sent))
        case str(), str():
            return wanted.casefold() == sent.casefold()
        case _:
            return bool(wanted == sent)


def _shown(call: BusCall) -> str:
    return f"{call.member} {call.property}={call.value}" if call.property else call.member

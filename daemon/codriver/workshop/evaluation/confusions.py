"""What was expected and what was understood instead, in few words, so that equal mistakes can be counted. No I/O."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codriver.turn import BusCall, IntentCall, Refusal
from codriver.workshop.evaluation.cases import Expectation, Expected, ExpectedCall
from codriver.workshop.evaluation.judging import VEHICLE, Observed, closest, judge

NOTHING = "nothing"
_NEAR = 0.5
_PLACE = re.compile(r"\.(?:Row\d|Left|Right|(?:Driver|Passenger)(?:Side)?)(?=\.)")
_UNTOLD = re.compile(r"^Vehicle\.(?:Cabin\.|Body\.)?")


@dataclass(frozen=True, slots=True)
class Confusion:
    """A mistake: "Sunroof.Position up" was expected, and "nothing (not understood)" came of it."""

    expected: str
    instead: str


def confusion(
    expected: Expectation, seen: Observed, understood: Sequence[IntentCall], refused: Sequence[Refusal]
) -> Confusion | None:
    """Say what a turn was confused with, or nothing of one that was right."""
    if judge(expected, seen).right:
        return None
    expected = closest(expected, seen)
    wanted, moved = _wanted(expected, seen), _moved(expected, seen)
    orders = [_order(_wish(wish, seen.player_before)) for wish in expected.calls]
    sent = [_order(_sent(call, seen.player_before)) for call in seen.calls if call.interface != VEHICLE]
    right, done = _words(wanted.values(), orders), _words(moved.values(), sent)
    if right == done:
        return Confusion(right, _nuance(expected, seen, wanted.keys() == moved.keys()))
    return Confusion(right, f"{done} ({_because(understood, refused, asks=seen.asks)})")


def counted(confusions: Iterable[tuple[str, Confusion]]) -> list[tuple[Confusion, tuple[str, ...]]]:
    """Gather the cases of each confusion, the most frequent first. Each comes with its case's id."""
    cases: dict[Confusion, list[str]] = defaultdict(list)
    for name, found in confusions:
        cases[found].append(name)
    return sorted(((found, tuple(names)) for found, names in cases.items()), key=lambda entry: -len(entry[1]))


def _wanted(expected: Expectation, seen: Observed) -> dict[str, str]:
    """Say of each path that was to change how; those that were to stay as they are do not count."""
    changes = {path: _change(value, seen.before.get(path)) for path, value in expected.signals.items()}
    return {path: _told(path, change) for path, change in changes.items() if change}


def _moved(expected: Expectation, seen: Observed) -> dict[str, str]:
    """Say of each path that changed how. What moves with another is told by the name that was expected."""
    followed = {seen.follows.get(path, path) for path in expected.signals if path in seen.follows}
    changed = {path: value for path, value in seen.after.items() if value != seen.before.get(path)}
    return {
        path: _told(path, _change(value, seen.before.get(path)))
        for path, value in changed.items()
        if (path in expected.signals if seen.follows.get(path, path) in followed else path not in seen.follows)
    }


def _told(path: str, change: str) -> str:
    return f"{_UNTOLD.sub('', _PLACE.sub('', path))} {change}"


def _change(value: Expected, before: Any) -> str:
    """Say how something changes to a value: up, down, on, off, or the value itself; empty for not at all."""
    match value:
        case "increased":
            return "up"
        case "decreased":
            return "down"
        case bool():
            return "" if value is before else "on" if value else "off"
        case int() | float():
            return _direction(value, value, before)
        case [int() | float() as low, int() | float() as high]:
            return _direction(low, high, before)
        case str():
            return "" if value == before else value
        case _:
            return "" if before in value else " or ".join(map(str, value))


def _direction(low: float, high: float, before: Any) -> str:
    if not isinstance(before, int | float) or isinstance(before, bool):
        return f"{low:g}"
    if low - _NEAR > before:
        return "up"
    return "down" if high + _NEAR < before else "" if low < high else _slightly(low - before)


def _slightly(difference: float) -> str:
    return "up" if difference > 0 else "down" if difference < 0 else ""


def _wish(wish: ExpectedCall, before: Mapping[str, Any]) -> tuple[str, str]:
    if wish.property is None:
        return wish.member, ""
    present = before.get(wish.property)
    return wish.property, _change(wish.change or wish.value, present) if wish.change or wish.value is not None else ""


def _sent(call: BusCall, before: Mapping[str, Any]) -> tuple[str, str]:
    if call.property is None:
        return call.member, ""
    return call.property, _change(call.value, before.get(call.property))


def _order(told: tuple[str, str]) -> str:
    return " ".join(filter(None, told))


def _words(changes: Iterable[str], orders: Sequence[str]) -> str:
    return ", ".join([*sorted(set(changes)), *orders]) or NOTHING


def _nuance(expected: Expectation, seen: Observed, same_places: bool) -> str:
    """Say what was wrong where the right things went the right way."""
    if not same_places:
        return "the same elsewhere"
    without_words = expected.model_copy(update={"reply": None, "asks": None})
    if not judge(without_words, seen).right:
        return "the same by another amount"
    if expected.asks is not None and expected.asks != seen.asks:
        return "the same, with a question" if seen.asks else "the same, without a question"
    return "the same, with another answer"


def _because(understood: Sequence[IntentCall], refused: Sequence[Refusal], *, asks: bool) -> str:
    """Say what was understood, and whether it was refused or asked back."""
    if not understood:
        return "not understood"
    kept = {refusal.intent for refusal in refused}
    names = [f"{call.intent} refused" if call.intent in kept else call.intent for call in understood]
    return " + ".join(names) + (", asks" if asks else "")

"""What is said to the board, and what must come of it: every part of the chain has work in one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

type Turn = Mapping[str, Any]
"""One line that ``--json`` prints."""

_CABIN = "Vehicle.Cabin"
VEHICLE = "org.codriver.Vehicle1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must come of a turn: all these signals set and methods called, by this source, and this in the answer."""

    signals: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    calls: tuple[str, ...] = ()
    source: str = "template"
    reply: str = ""


SPOKEN: Mapping[str, Wanted] = MappingProxyType(
    {
        "en-set-the-temperature-to-22-degrees": Wanted(
            {f"{_CABIN}.HVAC.Station.Row1.Driver.Temperature": 22.0}, reply="22 degrees"
        ),
        "en-next-song-please": Wanted(calls=("Next",), reply="Open Road"),
        "zh-da-kai-zhu-jia-che-chuang": Wanted(
            {f"{_CABIN}.Door.Row1.DriverSide.Window.Position": 100.0}, reply="主驾车窗"
        ),
        "en-take-me-to-the-nearest-charging-station": Wanted(calls=("Search", "Start"), reply="minutes"),
    }
)
"""Sentences of the demonstration: wake word, Whisper, templates, car, player, map and routes, both voices."""

THOUGHT = "I'd love it if the temperature were twenty-five degrees"
"""A sentence that no template has, for the language model and for the vectors of sentences."""

_MOST_UNLIKE = 0.1
_LEAST_ALIKE = 0.99
"""How far a probability may be off, and how close a vector must be (as a cosine): other processors round otherwise."""


def compare(board: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """Say in what the model on the board decides otherwise than on this machine; nothing where it is the same."""
    faults = []
    if board["calls"] != here["calls"]:
        faults.append(f"decided for {board['calls']}, and here for {here['calls']}")
    if abs(board["probability"] - here["probability"]) > _MOST_UNLIKE:
        faults.append(f"is sure with {board['probability']}, and here with {here['probability']}")
    if (alike := cosine(board["vector"], here["vector"])) < _LEAST_ALIKE:
        faults.append(f"the vector is not the same: cosine {alike:.3f}")
    return faults


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Say how alike two vectors are; 1 for the same direction."""
    return math.sumprod(one, other) / math.hypot(*one) / math.hypot(*other)


def judge(turn: Turn, wanted: Wanted) -> list[str]:
    """Say all that is wrong with a turn; nothing where it is right."""
    faults = []
    if turn["source"] != wanted.source:
        faults.append(f"understood by {turn['source']}, not by {wanted.source}")
    if (signals := signals_set(turn["calls"])) != wanted.signals:
        faults.append(f"set {signals or 'nothing'}, not {dict(wanted.signals) or 'nothing'}")
    members = tuple(call["member"] for call in turn["calls"] if call["interface"] != VEHICLE)
    if members != wanted.calls:
        faults.append(f"called {', '.join(members) or 'nothing'}, not {', '.join(wanted.calls) or 'nothing'}")
    if wanted.reply not in turn["reply"]:
        faults.append(f"said {turn['reply']!r}")
    return faults


def signals_set(calls: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Gather the vehicle signals that calls set."""
    return {
        path: float(value)
        for call in calls
        if (call["interface"], call["member"]) == (VEHICLE, "Set")
        for path, value in call["args"][0].items()
    }

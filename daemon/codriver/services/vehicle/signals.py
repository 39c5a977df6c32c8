"""The signals of the reference car, read from ``reference_car.toml``."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from codriver.acting.signals import Description
from codriver.turn import SignalValue

_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")
_PLACES = (
    (re.compile(r"Row1\.(Driver|Wheel\.Left)"), "front left"),
    (re.compile(r"Row1\.(Passenger|Wheel\.Right)"), "front right"),
    (re.compile(r"Row2\.(Driver|Wheel\.Left)"), "rear left"),
    (re.compile(r"Row2\.(Passenger|Wheel\.Right)"), "rear right"),
    (re.compile(r"Row2\.Middle"), "rear middle"),
    (re.compile(r"DriverSide|\.Left\."), "left"),
    (re.compile(r"PassengerSide|\.Right\."), "right"),
    (re.compile(r"Sunroof\.Shade"), "sunroof"),
    (re.compile(r"\.Front\."), "front"),
    (re.compile(r"\.Rear\.|RearShade"), "rear"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """How a signal derives from the one that it follows."""

    leader: str
    how: Literal["same", "positive", "switch", "below", "one_of"]
    values: tuple[SignalValue, ...] = ()
    otherwise: SignalValue | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal of the reference car.

    ``travel`` is the seconds that an actuator needs from one end of its range to the other; 0 is at once.
    While ``blocked_by`` is true this signal cannot go up, and ``blocked`` is the sentence that says so.
    """

    description: Description
    start: SignalValue | None
    travel: float = 0.0
    link: Link | None = None
    blocked_by: str = ""
    blocked: str = ""


@cache
def reference_car() -> Mapping[str, Signal]:
    """Return all signals of the reference car by their path, leaders before those that follow them."""
    text = (files("codriver.services.vehicle") / "reference_car.toml").read_text(encoding="utf-8")
    signals = {signal.description.path: signal for entry in tomllib.loads(text)["signal"] for signal in _signals(entry)}
    return dict(sorted(signals.items(), key=lambda item: item[1].link is not None))


def _signals(entry: Mapping[str, Any]) -> Iterator[Signal]:
    for short in _expand(entry["path"]):
        path = f"Vehicle.{short}"
        link = _link(entry, path)
        yield Signal(
            description=Description(
                path=path,
                datatype=entry["type"],
                writable=entry.get("kind") == "actuator",
                unit=entry.get("unit", ""),
                minimum=entry.get("min"),
                maximum=entry.get("max"),
                allowed=tuple(entry.get("allowed", ())),
                description=entry["name"].replace("{place}", _place(path)),
                follows=link.leader if link else "",
                momentary=link is not None and link.how == "switch",
            ),
            start=entry["start"] if link is None else None,
            travel=entry.get("travel", 0.0),
            link=link,
            blocked_by=_beside(path, entry.get("blocked_by", "")),
            blocked=entry.get("blocked", "").replace("{place}", _place(path)),
        )


def _link(entry: Mapping[str, Any], path: str) -> Link | None:
    if "follows" not in entry:
        return None
    leader = _beside(path, entry["follows"])
    when = entry["when"]
    if isinstance(when, dict):
        return Link(leader, "below", (when["below"],))
    if isinstance(when, list):
        return Link(leader, "one_of", tuple(when), entry["otherwise"])
    return Link(leader, when)


def _beside(path: str, other: str) -> str:
    if not other:
        return ""
    return path.rpartition(".")[0] + other if other.startswith(".") else f"Vehicle.{other}"


def _expand(pattern: str) -> Iterator[str]:
    """Give every path that a pattern with {a,b} in it stands for."""
    parts = _ALTERNATIVES.split(pattern)
    choices = [part.split(",") if index % 2 else [part] for index, part in enumerate(parts)]
    return map("".join, itertools.product(*choices))


def _place(path: str) -> str:
    return next((place for pattern, place in _PLACES if pattern.search(path)), "")

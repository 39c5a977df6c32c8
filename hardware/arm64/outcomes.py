"""What came of a run: facts about it, how long its steps took, and every single thing that was tried."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run, and its seconds; those of one that had nothing left to do are few."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that was tried, what it did, and its seconds on this machine; ``fault`` is empty where it is right."""

    trial: str
    what: str
    did: str
    seconds: float
    fault: str = ""


@dataclass(slots=True)
class Run:
    """All of one run, filled while it goes on."""

    facts: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def faults(self) -> list[Outcome]:
        """What did not go as it must."""
        return [outcome for outcome in self.outcomes if outcome.fault]

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Take the time of a step."""
        start = time.monotonic()
        yield
        self.steps.append(Step(name, time.monotonic() - start))

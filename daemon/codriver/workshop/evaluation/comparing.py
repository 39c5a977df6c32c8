"""Two runs of the same cases side by side: what was gained, what was lost, and whether that can be chance."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from codriver.errors import ConfigurationError


class _Turn(BaseModel):
    heard: str = ""


class _Case(BaseModel):
    id: str
    right: bool
    why: str = ""
    turns: list[_Turn | None] = []

    @property
    def said(self) -> str:
        return " / ".join(turn.heard for turn in self.turns if turn)


class _Count(BaseModel):
    model_config = ConfigDict(frozen=True)

    right: int
    all: int


class Run(BaseModel):
    """What ``evaluate --json`` wrote, as far as it is compared."""

    cases: list[_Case]
    by_tag: dict[str, _Count] = {}
    wrong_actions: int = 0


@dataclass(frozen=True, slots=True)
class Turnabout:
    """A case that one run had right and the other wrong; ``why`` is the reason of the run that had it wrong."""

    id: str
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The cases of both runs, by how they came out before and now.

    ``chance`` is how likely at least so uneven a split of gained and lost is where the two runs are equally good:
    the exact two-sided McNemar test, which is the sign test of the cases that came out differently.
    ``reworded`` counts cases of the same id in which something else was heard.
    """

    gained: tuple[Turnabout, ...]
    lost: tuple[Turnabout, ...]
    still_right: int
    still_wrong: int
    only_before: int
    only_now: int
    reworded: int
    tags: Mapping[str, tuple[_Count, _Count]]
    wrong_actions: tuple[int, int]

    @property
    def chance(self) -> float:
        """The p-value, 0 to 1."""
        return sign_test(len(self.gained), len(self.lost))

    def as_json(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {
            "gained": [case.id for case in self.gained],
            "lost": [case.id for case in self.lost],
            "still_right": self.still_right,
            "still_wrong": self.still_wrong,
            "p_value": round(self.chance, 4),
        }


def load_run(path: Path) -> Mapping[str, Any]:
    """Read the result of an earlier run. Raises ConfigurationError where the file is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        Run.model_validate(data)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    except (json.JSONDecodeError, ValidationError) as error:
        raise ConfigurationError(f"{path} is not what evaluate --json writes.") from error
    return dict(data)


def compare(before: Mapping[str, Any], now: Mapping[str, Any]) -> Comparison:
    """Compare two results case by case. Cases are the same whose ids are."""
    old, new = Run.model_validate(before), Run.model_validate(now)
    earlier = {case.id: case for case in old.cases}
    pairs = [(earlier[case.id], case) for case in new.cases if case.id in earlier]
    return Comparison(
        gained=tuple(Turnabout(b.id, b.said, a.why) for a, b in pairs if b.right and not a.right),
        lost=tuple(Turnabout(b.id, b.said, b.why) for a, b in pairs if a.right and not b.right),
        still_right=sum(a.right and b.right for a, b in pairs),
        still_wrong=sum(not (a.right or b.right) for a, b in pairs),
        only_before=len(old.cases) - len(pairs),
        only_now=len(new.cases) - len(pairs),
        reworded=sum(a.said != b.said for a, b in pairs),
        tags={tag: (old.by_tag[tag], count) for tag, count in new.by_tag.items() if tag in old.by_tag},
        wrong_actions=(old.wrong_actions, new.wrong_actions),
    )


def sign_test(gained: int, lost: int) -> float:
    """Give the exact two-sided probability of a split at least as uneven, if each had come as easily."""
    number = gained + lost
    tail = sum(math.comb(number, k) for k in range(min(gained, lost) + 1))
    return min(1.0, 2 * tail / (1 << number))

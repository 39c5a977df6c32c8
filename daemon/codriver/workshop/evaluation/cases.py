"""Evaluation cases as they stand in a JSON-lines file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from codriver.errors import ConfigurationError
from codriver.turn import Zone

type Expected = bool | float | str | Sequence[Any]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExpectedCall(_Entry):
    """An effectful call other than Vehicle1.Set; ``change`` is "increased" or "decreased" for a property.

    Of ``args`` only the first need be named, and of those that are dictionaries only what matters.
    """

    interface: str
    member: str
    args: Sequence[Any] | None = None
    property: str | None = None
    value: Any = None
    change: Literal["increased", "decreased"] | None = None


class Expectation(_Entry):
    """What must hold after a turn; what is not named must not have happened."""

    signals: Mapping[str, Expected] = Field(default_factory=dict)
    calls: Sequence[ExpectedCall] = ()
    reply: str | None = None
    asks: bool | None = None
    any_of: Sequence[Expectation] = ()

    @field_validator("reply")
    @classmethod
    def _is_a_pattern(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"{value!r} is no regular expression: {error}") from error
        return value


class Meant(_Entry):
    """A call that a sentence asks for, with what it says of its arguments."""

    name: str
    arguments: Mapping[str, Any] = Field(default_factory=dict)


class TurnCase(_Entry):
    """One sentence, typed or in a WAV file, and what must come of it.

    ``means`` is only for training: the calls that it asks for, none where it asks for nothing; without it what an
    evaluation finds is learnt, if that is right.
    """

    say: str | None = None
    wav: Path | None = None
    expect: Expectation = Expectation()
    means: Sequence[Meant] | None = None

    @model_validator(mode="after")
    def _has_a_sentence(self) -> TurnCase:
        if (self.say is None) == (self.wav is None):
            raise ValueError("a turn has either 'say' or 'wav'")
        return self


class Case(_Entry):
    """A conversation from a known start. ``given`` has signals by path, and ``media`` and ``navigation``."""

    id: str
    tag: str
    lang: str
    zone: Zone = "driver"
    given: Mapping[str, Any] = Field(default_factory=dict)
    turns: Sequence[TurnCase] = Field(min_length=1)


def load_all_cases(paths: Iterable[Path]) -> list[Case]:
    """Read case files one after the other. Raises ConfigurationError with file and line of the first fault."""
    cases: dict[str, Case] = {}
    for path in paths:
        for case in load_cases(path):
            if case.id in cases:
                raise ConfigurationError(f"{path}: there is a case {case.id!r} in another file already")
            cases[case.id] = case
    return list(cases.values())


def load_cases(path: Path) -> list[Case]:
    """Read a case file. Raises ConfigurationError with the line of the first fault."""
    cases: list[Case] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = Case.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise ConfigurationError(f"{path}:{number}: no JSON: {error.msg}") from error
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(str(key) for key in fault["loc"])
            raise ConfigurationError(f"{path}:{number}: {where}: {fault['msg']}") from error
        if any(case.id == other.id for other in cases):
            raise ConfigurationError(f"{path}:{number}: there is a case {case.id!r} already")
        cases.append(case)
    if not cases:
        raise ConfigurationError(f"{path} holds no cases.")
    return cases

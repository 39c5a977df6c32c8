"""The tables of `languages/<code>.yaml`: how a language says figures and signs."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from codriver.errors import ConfigurationError


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Unit(_Table):
    """How a unit is said: templates with ``{n}``, for one, for a number below zero, and for every other."""

    other: str
    one: str | None = None
    below_zero: str | None = None
    uncounted: bool = False


class Ordinal(_Table):
    """``pattern`` has one group, the figures; ``rule`` is the rule of Unicode's number spelling."""

    pattern: str
    rule: str
    say: str


class Year(_Table):
    """A bare number within ``first`` and ``last`` is a year; or figures before a word are read one by one."""

    rule: str | None = None
    first: Annotated[int, Field(alias="from")] = 0
    last: Annotated[int, Field(alias="to")] = -1
    by_digits_before: str | None = None


class TwelveHours(_Table):
    """Templates with ``{time}`` for hour 0 and for hours after 12; ``full_hour`` is the time within them."""

    midnight: str
    evening: str
    full_hour: str


class Time(_Table):
    """Templates with ``{hour}`` and ``{minute}``; ``leading_zero`` is the minute from 1 to 9."""

    say: str
    full_hour: str
    leading_zero: str
    twelve_hours: TwelveHours | None = None


class Date(_Table):
    """A template with ``{year}``, ``{month}`` and ``{day}``, and the twelve months."""

    say: str
    day_rule: str
    months: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]


class Travel(_Table):
    """How far, how long, and where: templates with ``{n}``, and those of one thing among several."""

    metres: str
    kilometre: str
    kilometres: str
    half: str
    moment: str
    minute: str
    minutes: str
    hour: str
    hours: str
    hours_and_minutes: str
    option: str
    option_at: str
    between: str


type Digits = Annotated[tuple[str, ...], Field(min_length=10, max_length=10)]


class Language(_Table):
    """One language. ``rules`` names its rules in Unicode's CLDR, ``between`` stands between two words."""

    rules: str
    between: str
    decimal: str
    grouping: str
    cardinal: str
    minus: str
    plus: str
    digits: Digits
    range: str
    ordinal: Ordinal
    year: Year
    time: Time
    date: Date
    travel: Travel | None = None
    counted: str | None = None
    counted_before: str | None = None
    not_counted_before: str | None = None
    not_counted_after: str | None = None
    telephone_digits: Digits | None = None
    units: dict[str, Unit]
    words: dict[str, str]
    rewrites: tuple[tuple[str, str], ...] = ()
    not_an_end: frozenset[str] = frozenset()


@cache
def language_table(code: str) -> Language | None:
    """Return the table of a language (``en``, ``zh``, or ``en-US`` for ``en``); None where there is none."""
    base = code.replace("_", "-").split("-")[0].lower()
    if not base.isalpha():
        return None
    file = resources.files("codriver.speaking") / "languages" / f"{base}.yaml"
    return parse_table(file.read_text(encoding="utf-8"), file.name) if file.is_file() else None


def read_table(path: Path) -> Language:
    """Read a table from a file. Raises ConfigurationError that names the file and the field."""
    return parse_table(path.read_text(encoding="utf-8"), str(path))


def parse_table(text: str, name: str) -> Language:
    """Read a table from text; ``name`` is what an error calls it."""
    try:
        return Language.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"{name} is not a table of spoken forms: {error}") from error

"""The words of navigation, one YAML file a language in ``languages/``: faults, instructions, distances.

A language in which Valhalla phrases instructions needs no ``maneuvers`` in its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from codriver.errors import ConfigurationError

FALLBACK = "en"


class Distances(BaseModel):
    """How a distance is said: ``one`` kilometre, else ``{n}`` of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metres: str
    kilometre: str
    kilometres: str


class Frames(BaseModel):
    """What stands around an instruction. ``{...}`` are filled in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ahead: str = Field(description="{distance}, {instruction}")
    then: str = Field("", description="{first}, {second}; only where this file has maneuvers")
    follow: str = Field("", description="{distance}; likewise")
    follow_street: str = Field("", description="{street}, {distance}; likewise")
    end: str = Field("", description="what ends a sentence; likewise")
    rerouting: str
    low_charge: str
    lower_case: bool = Field(description="Whether an instruction loses its capital inside a sentence.")


class Phrase(BaseModel):
    """How one kind of maneuver is said: the first of those for which everything in braces is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    soon: tuple[str, ...] = Field(min_length=1)
    now: tuple[str, ...] = Field((), description="At the place itself, where that is said differently.")


class Words(BaseModel):
    """All words of one language. ``valhalla`` is its BCP 47 tag where Valhalla speaks it, else empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valhalla: str
    distances: Distances
    frames: Frames
    faults: Mapping[str, str]
    maneuvers: Mapping[str, Phrase] = Field(default_factory=dict)


def languages() -> tuple[str, ...]:
    """Return all languages that have words, sorted."""
    return tuple(sorted(_KNOWN))


def words_for(language: str) -> Words:
    """Return the words of a language ("zh", "zh-CN"), or English ones where there are none."""
    return _KNOWN.get(language.partition("-")[0].lower(), _KNOWN[FALLBACK])


def _load() -> Mapping[str, Words]:
    found = {}
    for file in (files("codriver.services.navigation") / "languages").iterdir():
        if file.name.endswith(".yaml"):
            try:
                words = Words.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
            except ValueError as error:
                raise ConfigurationError(f"{file.name}: {error}") from error
            found[file.name.removesuffix(".yaml")] = words
    return found


# Read with the module, because reading files later would block the event loop.
_KNOWN = _load()

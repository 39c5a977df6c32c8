"""How things are said in an intent file: phrases, templates with what they imply, by language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


type Phrases = Annotated[tuple[str, ...], BeforeValidator(_as_tuple, json_schema_input_type=str | tuple[str, ...])]
type ByLanguage = Mapping[str, Phrases]
type Scalar = bool | int | float | str


class Entry(BaseModel):
    """A part of an intent file: never changed, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Phrasing(Entry):
    """Templates that say more than their words: they fix parameters that are not said."""

    say: Phrases = Field(description="Templates in hassil's syntax.")
    given: Mapping[str, Scalar] = Field(description="The parameters that these templates imply.")


def _as_phrasings(value: Any) -> Any:
    """Let a plain template stand for itself among phrasings with given parameters."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        return [{"say": [item], "given": {}} if isinstance(item, str) else item for item in value]
    return value


type Phrasings = Annotated[
    tuple[Phrasing, ...], BeforeValidator(_as_phrasings, json_schema_input_type=str | tuple[str | Phrasing, ...])
]

"""The part of JSON Schema that a tool's arguments may use, compiled once into a small tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codriver.errors import InvalidRequest

type Scalar = str | int | float | bool

MOST_DIGITS = 6
LONGEST_STRING = 120


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few values, all strings or all numbers."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of at most ``digits`` digits.

    ``least`` and ``most`` are told to the model and never forced on it: a wish out of range has to arrive as
    it was said, so that it can be refused.
    """

    whole: bool
    least: float | None = None
    most: float | None = None
    digits: int = MOST_DIGITS


@dataclass(frozen=True, slots=True)
class Words:
    """Free text of at most ``longest`` characters."""

    longest: int = LONGEST_STRING


type Value = OneOf | Truth | Number | Words


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named argument of a tool."""

    name: str
    value: Value
    required: bool = False
    description: str = ""


def compile_schema(schema: Mapping[str, Any], where: str = "parameters") -> tuple[Parameter, ...]:
    """Compile the schema of an object into its parameters, in the order of ``properties``.

    Known are objects of enum, integer, number, boolean and string. Raises InvalidRequest with the path of
    what is not known; ``where`` is the beginning of that path.
    """
    if schema.get("type", "object") != "object":
        raise InvalidRequest(f"{where}: only objects are supported, not {schema.get('type')!r}")
    properties = schema.get("properties", {})
    required = schema.get("required", ())
    if not isinstance(properties, Mapping):
        raise InvalidRequest(f"{where}.properties: a mapping is needed")
    if unknown := [name for name in required if name not in properties]:
        raise InvalidRequest(f"{where}.required: {unknown[0]!r} is not among the properties")
    return tuple(
        Parameter(
            name=_checked_name(name, f"{where}.properties"),
            value=_compile_value(field, f"{where}.properties.{name}"),
            required=name in required,
            description=str(field.get("description", "")),
        )
        for name, field in properties.items()
    )


def _checked_name(name: object, where: str) -> str:
    # Names are written into the answer unescaped, as JSON keys and as Python keywords.
    if not isinstance(name, str) or not name.isidentifier() or not name.isascii():
        raise InvalidRequest(f"{where}: {name!r} is not a plain identifier")
    return name


def _compile_value(field: object, where: str) -> Value:
    if not isinstance(field, Mapping):
        raise InvalidRequest(f"{where}: a schema is needed")
    if "enum" in field:
        return _compile_enum(field["enum"], f"{where}.enum")
    match field.get("type"):
        case "boolean":
            return Truth()
        case "integer" | "number" as kind:
            return Number(kind == "integer", field.get("minimum"), field.get("maximum"))
        case "string":
            return Words(int(field.get("maxLength", LONGEST_STRING)))
        case other:
            raise InvalidRequest(f"{where}.type: {other!r} is not supported")


def _compile_enum(values: object, where: str) -> OneOf:
    if not isinstance(values, list | tuple) or not values:
        raise InvalidRequest(f"{where}: a list with at least one value is needed")
    if not (
        all(isinstance(value, str) for value in values)
        or all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    ):
        raise InvalidRequest(f"{where}: only strings or only numbers are supported")
    if len(set(values)) != len(values):
        raise InvalidRequest(f"{where}: a value is there twice")
    return OneOf(tuple(values))

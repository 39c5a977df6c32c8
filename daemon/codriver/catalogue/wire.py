"""What the values of an intent file become on D-Bus: what an argument stands for there, and which types take it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from codriver.catalogue.dbus_texts import complete_types
from codriver.catalogue.model import PATTERNED, CallMethod, Parameter, ServiceValue, SetProperty
from codriver.catalogue.phrases import Scalar

_NAME = re.compile(r"\{([^{}]*)\}")
_SEATS = ("driver", "passenger", "rear_left", "rear_right")


def wire_values(effect: CallMethod | SetProperty) -> tuple[ServiceValue, ...]:
    """Give what an effect sends, as it stands in the file: the arguments of a call, or the value of a property."""
    return effect.args if isinstance(effect, CallMethod) else (effect.to,)


def names_in(value: ServiceValue | tuple[ServiceValue, ...]) -> frozenset[str]:
    """Find the parameters that a value names in braces, at every depth."""
    match value:
        case str():
            return frozenset(_NAME.findall(value))
        case Mapping():
            return frozenset().union(*map(names_in, value.values()))
        case tuple():
            return frozenset().union(*map(names_in, value))
        case _:
            return frozenset()


def filled(value: ServiceValue, meanings: Mapping[str, Scalar]) -> ServiceValue:
    """Put what the parameters stand for in the places of their names; alone, ``{name}`` keeps its type."""
    match value:
        case str():
            whole = _NAME.fullmatch(value)
            return meanings[whole[1]] if whole else _NAME.sub(lambda name: str(meanings[name[1]]), value)
        case Mapping():
            return {key: filled(item, meanings) for key, item in value.items()}
        case tuple():
            return tuple(filled(item, meanings) for item in value)
        case _:
            return value


def meaning(argument: Scalar, parameter: Parameter, values: Mapping[str, Scalar]) -> Scalar:
    """Tell what an argument stands for: what ``values`` says, else a choice's own value, true or false, a number."""
    if str(argument) in values:
        return values[str(argument)]
    match parameter.type:
        case "enum":
            own = parameter.values[str(argument)].value
            return argument if own is None else own
        case "switch":
            return argument == "on"
        case "number":
            return float(argument)
        case _:
            return argument


def type_faults(effect: CallMethod | SetProperty, parameters: Mapping[str, Parameter]) -> Iterator[str]:
    """Say which of the effect's values don't fit the D-Bus types that they are sent as."""
    types = None if effect.signature is None else complete_types(effect.signature)
    for number, value in enumerate(wire_values(effect)):
        whole = _NAME.fullmatch(value) if isinstance(value, str) else None
        parameter = parameters.get(whole[1]) if whole else None
        possible = list(_possible(parameter, effect.values)) if parameter else [value]
        if types is None:
            if len({type(one) for one in possible}) > 1:
                yield f"{value} can be values of several types: give a signature, or values of one type"
            continue
        unfit = next((one for one in possible if not _fits(one, types[number])), None)
        if unfit is not None:
            yield f"{value} can be {unfit!r}, which does not fit the D-Bus type {types[number]!r}"


def _possible(parameter: Parameter, values: Mapping[str, Scalar]) -> Iterator[Scalar]:
    match parameter.type:
        case "enum":
            arguments: tuple[Scalar, ...] = tuple(parameter.values)
        case "switch" | "direction":
            arguments = PATTERNED[parameter.type]
        case "zone":
            arguments = parameter.zones or _SEATS
        case "integer":
            arguments = (round(parameter.minimum or 0),)
        case "text":
            arguments = ("any words",)
        case _:
            arguments = (0.5,)
    for argument in arguments:
        yield meaning(argument, parameter, values)


def _fits(value: ServiceValue, kind: str) -> bool:
    match value:
        case bool():
            return kind in "bv"
        case int():
            return kind in "ynqiuxtdv"
        case float():
            return kind in "dv"
        case str():
            return kind in "sogv"
        case Mapping():
            return kind == "v" or kind.startswith("a{")
        case _:
            return kind == "v" or kind.startswith(("a", "("))

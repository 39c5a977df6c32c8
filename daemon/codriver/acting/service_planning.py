"""From an effect on any D-Bus service to the exact order. No I/O."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codriver.acting.dbus.connection import Destination
from codriver.acting.dbus.values import signature_of
from codriver.acting.strangers import one_line
from codriver.catalogue.model import CallMethod, ReadProperty, SetProperty
from codriver.catalogue.phrases import Scalar
from codriver.catalogue.wire import filled, wire_values
from codriver.numbers import tidy
from codriver.turn import Argument

_NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Member:
    """A method or a property of a service on the bus."""

    service: Destination
    name: str


@dataclass(frozen=True, slots=True)
class ServiceOrder:
    """What a service shall do: take a method call, or, where ``writes``, one value for a property.

    ``signature`` has the D-Bus types of ``args``; ``timeout`` is in seconds.
    """

    member: Member
    args: tuple[Any, ...]
    signature: str
    writes: bool = False
    timeout: float = 2.0


def member_of(effect: CallMethod | SetProperty | ReadProperty) -> Member:
    """Give the method or the property of an effect."""
    match effect:
        case CallMethod():
            written = effect.call
        case SetProperty():
            written = effect.set
        case ReadProperty():
            written = effect.read
    interface, _, name = written.rpartition(".")
    return Member(Destination(effect.on, effect.at, interface), name)


def order_of(effect: CallMethod | SetProperty, meanings: Mapping[str, Scalar]) -> ServiceOrder:
    """Make the order from what each parameter that the effect names stands for."""
    args = tuple(filled(value, meanings) for value in wire_values(effect))
    signature = "".join(map(signature_of, args)) if effect.signature is None else effect.signature
    if isinstance(effect, CallMethod):
        return ServiceOrder(member_of(effect), args, signature, timeout=effect.timeout)
    return ServiceOrder(member_of(effect), args, signature, writes=True)


def same(value: object, goal: object) -> bool:
    """Tell whether a property has its value; numbers may differ by what floats lose on their way."""
    match value, goal:
        case (bool(), _) | (_, bool()):
            return value is goal
        case (int() | float(), int() | float()):
            return math.isclose(value, goal, rel_tol=_NEAR, abs_tol=_NEAR)
        case (list() | tuple(), list() | tuple()):
            return len(value) == len(goal) and all(map(same, value, goal))
        case _:
            return value == goal


def fact_of(effect: ReadProperty, value: object) -> Argument:
    """Give what was read as an answer names it. A text is a stranger's: one line, spoken, never understood."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return tidy(round(value * effect.times, effect.digits))
    return one_line(value)

"""From an intent call to exact orders: which signals get which values, and what the answer can name. No I/O."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from codriver.acting.guidance_planning import GuidanceOrder, guidance_order
from codriver.acting.service_planning import Member, ServiceOrder, fact_of, member_of, order_of, same
from codriver.acting.strangers import one_line
from codriver.catalogue.model import (
    LONGEST_TEXT,
    PATTERNED,
    SPEAKER,
    CallMethod,
    Catalogue,
    ChangeSignal,
    ControlPlayer,
    Intent,
    Parameter,
    ReadProperty,
    ReadSignal,
    SetProperty,
    SetSignal,
)
from codriver.catalogue.navigate import Navigate
from codriver.catalogue.phrases import Scalar
from codriver.catalogue.wire import meaning, names_in, wire_values
from codriver.errors import CodriverError
from codriver.numbers import tidy
from codriver.turn import ZONES, Argument, IntentCall, SignalValue, Status, Zone

_PLACE = re.compile(r"\{(zone|each):(\w+)\}")
_WHOLE = re.compile(r"\{(\w+)\}")
_SIGNS = {"on": 1.0, "off": 0.0, "up": 1.0, "down": -1.0}
_NEAR = 0.05


class ImpossibleRequest(CodriverError):
    """An intent call that cannot be carried out as it stands; ``reason`` is the key of the answer that says why."""

    code = "ImpossibleRequest"

    def __init__(self, reason: str, facts: Mapping[str, Argument] | None = None) -> None:
        super().__init__(f"The request cannot be carried out: {reason}.")
        self.reason = reason
        self.facts: Mapping[str, Argument] = facts or {}

    @property
    def status(self) -> Status:
        """What becomes of the call: it is refused, or asked about where only an argument is missing."""
        return Status.MISSING if self.reason in ("missing", "missing_zone") else Status.REFUSED


@dataclass(frozen=True, slots=True)
class Request:
    """An intent with all its arguments settled: defaults filled in, "my" replaced by a zone, ranges checked."""

    name: str
    intent: Intent
    arguments: Mapping[str, Argument]
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlayerOrder:
    """What the music player shall do; ``value`` is a percentage, a switch, a loop mode, or nothing."""

    action: str
    value: Argument | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, in this order: signals, then services, the player and the navigation; facts for the answer.

    ``settled`` counts the signals and properties that have their value already and are left alone.
    """

    batches: tuple[Mapping[str, SignalValue], ...] = ()
    services: tuple[ServiceOrder, ...] = ()
    player: tuple[PlayerOrder, ...] = ()
    guidance: tuple[GuidanceOrder, ...] = ()
    facts: Mapping[str, Argument] = field(default_factory=dict)
    settled: int = 0


def resolve(call: IntentCall, catalogue: Catalogue, speaker: Zone) -> Request:
    """Settle the arguments of a call. Raises ImpossibleRequest for one unknown, missing, out of range, or nowhere."""
    intent = catalogue.intents.get(call.intent)
    if intent is None:
        raise ImpossibleRequest("not_understood")
    arguments: dict[str, Argument] = {}
    for name, parameter in intent.parameters.items():
        value = call.arguments.get(name, parameter.default)
        if parameter.type == "zone":
            if value in catalogue.vocabulary.unclear:
                raise ImpossibleRequest("missing_zone", {"parameter": name})
            value = _zone(value, speaker, catalogue.vocabulary.relative)
            if value not in ZONES and value not in catalogue.vocabulary.groups:
                raise ImpossibleRequest("no_such_place", {"zone": value})
        if value is None:
            if parameter.required:
                raise ImpossibleRequest("missing", {"parameter": name})
            continue
        arguments[name] = _checked(name, value, parameter)
    zones: tuple[str, ...] = ()
    if "zone" in arguments:
        zone = str(arguments["zone"])
        exist = intent.parameters["zone"].zones
        zones = tuple(z for z in catalogue.vocabulary.groups.get(zone, (zone,)) if not exist or z in exist)
        if not zones:
            raise ImpossibleRequest("no_such_place", {"zone": zone})
    return Request(call.intent, intent, arguments, zones)


def signals_needed(request: Request, catalogue: Catalogue) -> frozenset[str]:
    """Name the signals that must be read before the request can be planned."""
    return frozenset(
        path
        for effect in request.intent.effects
        if isinstance(effect, SetSignal | ChangeSignal | ReadSignal)
        for _zone_name, path in _paths(_template_of(effect), request, catalogue)
    )


def signals_set(request: Request, catalogue: Catalogue) -> Mapping[str, SignalValue]:
    """Give the signals that a request sets to a value, whatever they are now."""
    return {
        path: _goal(effect, request, None)
        for effect in request.intent.effects
        if isinstance(effect, SetSignal)
        for _, path in _paths(effect.set, request, catalogue)
    }


def properties_needed(request: Request) -> frozenset[Member]:
    """Name the properties of services that must be read before the request can be planned."""
    return frozenset(
        member_of(effect) for effect in request.intent.effects if isinstance(effect, SetProperty | ReadProperty)
    )


def plan(
    request: Request,
    catalogue: Catalogue,
    values: Mapping[str, SignalValue],
    properties: Mapping[Member, Any] = MappingProxyType({}),
) -> Plan:
    """Work out the orders of a request from the present values of its signals, and of its services' properties.

    What has no value is set all the same; a change of it raises ImpossibleRequest("no_value"), as does a read.
    """
    batches: list[dict[str, SignalValue]] = []
    services: list[ServiceOrder] = []
    orders: list[PlayerOrder] = []
    guidance: list[GuidanceOrder] = []
    facts: dict[str, Argument] = dict(request.arguments)
    settled = 0
    for effect in request.intent.effects:
        match effect:
            case SetSignal() | ChangeSignal():
                wanted: dict[str, SignalValue] = {}
                for _, path in _paths(_template_of(effect), request, catalogue):
                    present = values.get(path)
                    goal = _goal(effect, request, present)
                    if isinstance(effect, ChangeSignal):
                        facts["value"] = goal
                    if _so_already(effect, present, goal):
                        settled += 1
                    else:
                        wanted[path] = goal
                if wanted:
                    batches.append(wanted)
            case ReadSignal():
                facts[effect.name] = _fact(effect, request, catalogue, values)
            case ReadProperty():
                if (member := member_of(effect)) not in properties:
                    raise ImpossibleRequest("no_value")
                facts[effect.name] = fact_of(effect, properties[member])
            case CallMethod() | SetProperty():
                for meanings in _meanings(effect, request):
                    order = order_of(effect, meanings)
                    if order.writes and same(properties.get(order.member), order.args[0]):
                        settled += 1
                    else:
                        services.append(order)
            case ControlPlayer():
                orders.append(_order(effect, request))
            case Navigate():
                guidance.append(guidance_order(effect, request.arguments))
    return Plan(tuple(batches), tuple(services), tuple(orders), tuple(guidance), facts, settled)


def _zone(value: Scalar | None, speaker: Zone, relative: Mapping[str, Mapping[str, str]]) -> str:
    here = "driver" if speaker == "all" else speaker
    if value is None or value == SPEAKER:
        return here
    return relative.get(str(value), {}).get(here, str(value))


def _checked(name: str, value: Scalar, parameter: Parameter) -> Argument:
    if parameter.numeric:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ImpossibleRequest("missing", {"parameter": name})
        low, high = parameter.minimum, parameter.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            limits = {"minimum": tidy(low or 0), "maximum": tidy(high or 0), "unit": parameter.unit}
            raise ImpossibleRequest("out_of_range", {"parameter": name, "value": tidy(value), **limits})
        return round(value) if parameter.type == "integer" else value
    if parameter.type == "text":
        text = one_line(value)
        if not text or len(text) > LONGEST_TEXT:
            raise ImpossibleRequest("missing", {"parameter": name})
        return text
    if parameter.type in PATTERNED and value not in PATTERNED[parameter.type]:
        raise ImpossibleRequest("missing", {"parameter": name})
    if parameter.type == "enum" and value not in parameter.values:
        raise ImpossibleRequest("missing", {"parameter": name})
    return value


def _template_of(effect: SetSignal | ChangeSignal | ReadSignal) -> str:
    match effect:
        case SetSignal():
            return effect.set
        case ChangeSignal():
            return effect.change
        case ReadSignal():
            return effect.read


def _paths(template: str, request: Request, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Give each zone with its path, or one path and no zone where the template names no place."""
    place = _PLACE.search(template)
    if place is None:
        yield "", template
        return
    parts = catalogue.vocabulary.places[place.group(2)]
    zones: Iterable[str] = parts if place.group(1) == "each" else request.zones
    for zone in zones:
        if zone in parts:
            yield zone, template.replace(place.group(0), parts[zone])


def _value(template: Scalar, request: Request) -> Scalar:
    """Put a parameter in the place of ``{name}``; anything else is the value itself."""
    whole = _WHOLE.fullmatch(template) if isinstance(template, str) else None
    if whole is None:
        return template
    name = whole.group(1)
    if name not in request.arguments:
        raise ImpossibleRequest("missing", {"parameter": name})
    argument = request.arguments[name]
    parameter = request.intent.parameters[name]
    if parameter.type == "enum":
        choice = parameter.values[str(argument)].value
        return argument if choice is None else choice
    return argument


def _meanings(effect: CallMethod | SetProperty, request: Request) -> Iterator[Mapping[str, Scalar]]:
    """Tell what each parameter stands for that the effect names, once for each zone where it names the zone."""
    names = names_in(wire_values(effect))
    for name in names - request.arguments.keys():
        raise ImpossibleRequest("missing", {"parameter": name})
    for zone in request.zones if "zone" in names else ("",):
        arguments = {**request.arguments, "zone": zone}
        yield {name: meaning(arguments[name], request.intent.parameters[name], effect.values) for name in names}


def _number(template: Scalar, request: Request) -> float:
    value = _value(template, request)
    return _SIGNS[value] if isinstance(value, str) else float(value)


def _goal(effect: SetSignal | ChangeSignal, request: Request, present: SignalValue | None) -> SignalValue:
    if isinstance(effect, SetSignal):
        value = _value(effect.to, request)
        if effect.values:
            return effect.values[str(value)]
        return value == "on" if effect.to != value and value in ("on", "off") and _is_switch(effect, request) else value
    if isinstance(present, bool) or not isinstance(present, int | float):
        raise ImpossibleRequest("no_value")
    goal = present + _number(effect.by, request) * _number(effect.times, request)
    if effect.minimum is not None:
        goal = max(goal, effect.minimum)
    if effect.maximum is not None:
        goal = min(goal, effect.maximum)
    return round(goal) if isinstance(present, int) else goal


def _is_switch(effect: SetSignal, request: Request) -> bool:
    whole = _WHOLE.fullmatch(str(effect.to))
    return whole is not None and request.intent.parameters[whole.group(1)].type == "switch"


def _so_already(effect: SetSignal | ChangeSignal, present: SignalValue | None, goal: SignalValue) -> bool:
    if present is None:
        return False
    numbers = not isinstance(present, bool | str) and not isinstance(goal, bool | str)
    if numbers and isinstance(effect, SetSignal) and effect.at_least:
        return float(present) >= float(goal)
    return abs(float(present) - float(goal)) < _NEAR if numbers else present == goal


def _fact(effect: ReadSignal, request: Request, catalogue: Catalogue, values: Mapping[str, SignalValue]) -> Argument:
    found = [(zone, values[path]) for zone, path in _paths(effect.read, request, catalogue) if path in values]
    if not found:
        raise ImpossibleRequest("no_value")
    if "{each:" in effect.read:
        return ",".join(zone for zone, value in found if value is True)
    value = found[0][1]
    if isinstance(value, bool):
        return "true" if value else "false"
    return tidy(round(value * effect.times, effect.digits)) if isinstance(value, int | float) else value


def _order(effect: ControlPlayer, request: Request) -> PlayerOrder:
    if effect.by is not None:
        return PlayerOrder(effect.player, _number(effect.by, request) * _number(effect.times, request))
    return PlayerOrder(effect.player, None if effect.to is None else _value(effect.to, request))

"""Valhalla's answers, read into routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from codriver.services.navigation.places import Position
from codriver.services.navigation.polyline import decode
from codriver.services.navigation.routing.routes import Maneuver, ManeuverKind, Route, Saying, Stop


def read_route(answer: Mapping[str, Any], stops: Sequence[Stop], language: str) -> Route:
    """Read an answer to ``route``, with its alternatives. ``language`` is the one that its words are in, or ""."""
    alternatives = [_trip(other["trip"], stops, language) for other in answer.get("alternates", ())]
    return replace(_trip(answer["trip"], stops, language), alternatives=tuple(alternatives))


def _trip(trip: Mapping[str, Any], stops: Sequence[Stop], language: str) -> Route:
    shape: list[Position] = []
    maneuvers: list[Maneuver] = []
    for leg, stop in zip(trip["legs"], stops[1:], strict=True):
        points = decode(leg["shape"])
        first = max(0, len(shape) - 1)  # a leg begins with the point that the last one ended with
        shape.extend(points[1:] if shape else points)
        maneuvers.extend(_maneuver(found, first, stop, language) for found in leg["maneuvers"])
    summary = trip["summary"]
    return Route(
        shape=tuple(shape),
        maneuvers=tuple(_with_ways_out(maneuvers)),
        distance=summary["length"] * 1000,
        time=summary["time"],
        tolls=summary["has_toll"],
        motorways=summary["has_highway"],
        ferries=summary["has_ferry"],
    )


def _maneuver(found: Mapping[str, Any], first: int, stop: Stop, language: str) -> Maneuver:
    kind = ManeuverKind(found["type"])
    before = found.get("verbal_pre_transition_instruction", found["instruction"])
    saying = Saying(
        alert=found.get("verbal_transition_alert_instruction", found["instruction"]),
        before=before,
        after=found.get("verbal_post_transition_instruction", ""),
    )
    sign = found.get("sign", {})
    return Maneuver(
        kind=kind,
        begin=first + found["begin_shape_index"],
        end=first + found["end_shape_index"],
        distance=found["length"] * 1000,
        time=found["time"],
        streets=tuple(found.get("begin_street_names") or found.get("street_names") or ()),
        sayings={language: saying} if language else {},
        combined=found.get("verbal_multi_cue", False),
        motorway=found.get("highway", False),
        exit=_sign(sign, "exit_number_elements"),
        toward=_sign(sign, "exit_toward_elements") or _sign(sign, "exit_branch_elements"),
        count=found.get("roundabout_exit_count", 0),
        stop=stop.name if kind.arrives else "",
    )


def _sign(sign: Mapping[str, Any], elements: str) -> str:
    found: Sequence[Mapping[str, Any]] = sign.get(elements, ())
    return str(found[0]["text"]) if found else ""


def _with_ways_out(maneuvers: Sequence[Maneuver]) -> list[Maneuver]:
    """Tell each roundabout the street that it is left on, which Valhalla says of the next maneuver only."""
    told = list(maneuvers)
    for number, (maneuver, following) in enumerate(pairwise(maneuvers)):
        if maneuver.kind is ManeuverKind.ROUNDABOUT_ENTER and following.kind is ManeuverKind.ROUNDABOUT_EXIT:
            told[number] = replace(maneuver, leaving=following.street)
    return told

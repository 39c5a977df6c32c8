"""An outing in words and figures: its title, a table of what to do, everything as JSON."""

from __future__ import annotations

from typing import Any

from codriver.services.navigation.drawing.scene import Scene
from codriver.services.navigation.guidance.guide import Tell
from codriver.services.navigation.guidance.moments import Stage
from codriver.services.navigation.guidance.wording import instructions
from codriver.services.navigation.outing import Outing
from codriver.services.navigation.places import Place
from codriver.services.navigation.polyline import encode
from codriver.services.navigation.routing.charge import energy_for

HEAD = ("", "what to do", "then for", "time")
"""What stands above the rows of a table."""

type Row = tuple[str, str, str, str]


def scene_of(outing: Outing, attribution: str) -> Scene:
    """Make of an outing what can be drawn."""
    title = " → ".join(stop.called for stop in outing.stops)
    route = outing.route
    facts = f"{_distance(route.distance)} · {_time(route.time)} · {energy_for(route):.2f} kWh"
    return Scene(route, outing.stops, outing.found, title, facts, attribution)


def rows(scene: Scene, language: str) -> list[Row]:
    """Write each maneuver as a row: its sign, what to do, and how far and how long it is to the next."""
    return [
        (sign, _text(scene, number, language), _distance(maneuver.distance), _time(maneuver.time))
        for number, (sign, maneuver) in enumerate(zip(scene.signs(), scene.route.maneuvers, strict=True))
    ]


def told(scene: Scene, language: str) -> dict[str, Any]:
    """Write an outing as JSON: metres, seconds, kWh, degrees; the shape is a polyline with six decimals."""
    route = scene.route
    return {
        "stops": [_place(stop) for stop in scene.stops],
        "found": [_place(place) for place in scene.found],
        "distance": route.distance,
        "time": route.time,
        "energy": energy_for(route),
        "maneuvers": [
            {
                "sign": sign,
                "text": _text(scene, number, language),
                "kind": maneuver.kind.word,
                "street": maneuver.street,
                "distance": maneuver.distance,
                "time": maneuver.time,
                "latitude": route.shape[maneuver.begin].latitude,
                "longitude": route.shape[maneuver.begin].longitude,
            }
            for number, (sign, maneuver) in enumerate(zip(scene.signs(), route.maneuvers, strict=True))
        ],
        "shape": encode(route.shape),
        "attribution": scene.attribution,
    }


def _text(scene: Scene, number: int, language: str) -> str:
    text, _ = instructions(scene.route, Tell(number, Stage.NOW, 0.0), language)
    return text


def _place(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.called,
        "address": place.address,
        "category": place.category,
        "latitude": place.position.latitude,
        "longitude": place.position.longitude,
    }


def _distance(metres: float) -> str:
    return f"{metres / 1000:,.1f} km" if metres >= 950 else f"{metres:.0f} m" if metres else ""


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{minutes} min" if seconds >= 90 else f"{seconds:.0f} s" if seconds else ""

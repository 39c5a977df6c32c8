"""Routes to draw: a way to the east and then to the north, with names of any sort."""

from __future__ import annotations

from codriver.services.navigation.drawing.scene import Scene
from codriver.services.navigation.places import Kind, Place, Position
from codriver.services.navigation.routing.routes import Maneuver, ManeuverKind, Route

CORNER = Position(50.0, 10.01)
WAY = (Position(50.0, 10.0), CORNER, Position(50.01, 10.01))


def place(name: str, position: Position, number: int = 0) -> Place:
    return Place(f"n{number}", Kind.PLACE, name, position)


def scene(start: str = "Start", goal: str = "Goal", found: tuple[Place, ...] = ()) -> Scene:
    kinds = (ManeuverKind.START, ManeuverKind.LEFT, ManeuverKind.DESTINATION)
    maneuvers = tuple(Maneuver(kind, number, number, 700.0, 60.0) for number, kind in enumerate(kinds))
    route = Route(WAY, maneuvers, 1_400.0, 120.0)
    stops = place(start, WAY[0]), place(goal, WAY[-1])
    return Scene(route, stops, found, f"{start} → {goal}", "1.4 km", "© OpenStreetMap contributors, ODbL-1.0")

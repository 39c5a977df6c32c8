"""When a maneuver is told: at which distance it is far ahead, near, and now, at a speed and on a kind of road."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Stage(IntEnum):
    """The moments at which one maneuver is told, each once. AFTER tells of the long way until the next one."""

    AFTER = 0
    FAR = 1
    NEAR = 2
    NOW = 3


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before the maneuver, in seconds at the present speed, and within which metres that must lie."""

    seconds: float
    least: float
    most: float

    def metres(self, speed: float) -> float:
        """Return the distance at which to tell, at ``speed`` in m/s."""
        return min(self.most, max(self.least, speed * self.seconds))


_STREET = {
    Stage.NOW: Lead(4.0, 25.0, 120.0),
    Stage.NEAR: Lead(14.0, 90.0, 400.0),
    Stage.FAR: Lead(45.0, 300.0, 1_000.0),
}
_MOTORWAY = {
    Stage.NOW: Lead(7.0, 150.0, 300.0),
    Stage.NEAR: Lead(25.0, 500.0, 1_000.0),
    Stage.FAR: Lead(60.0, 1_500.0, 2_500.0),
}
_APART = 1.5  # how many times farther than the stage after it a stage must still be, to be worth telling
_LONG_WAY = 1.6  # how many times the far notice's distance the way must be, to be told of


def lead(stage: Stage, speed: float, motorway: bool) -> float:
    """Metres before the maneuver at which a stage is told."""
    return (_MOTORWAY if motorway else _STREET)[stage].metres(speed)


def stage_at(distance: float, speed: float, motorway: bool) -> Stage | None:
    """Return the stage for a maneuver that is ``distance`` metres ahead, or None when it is nothing's time."""
    for stage in (Stage.NOW, Stage.NEAR, Stage.FAR):
        if distance <= lead(stage, speed, motorway):
            if stage is Stage.NOW or distance >= _APART * lead(Stage(stage + 1), speed, motorway):
                return stage
            return None
    return None


def is_long(distance: float, speed: float, motorway: bool) -> bool:
    """Tell whether the way to the next maneuver is long enough to be told of."""
    return distance >= _LONG_WAY * lead(Stage.FAR, speed, motorway)

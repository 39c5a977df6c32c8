"""The safety policy: one table that decides what may be done now, whoever or whatever proposed it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from codriver.catalogue.model import Intent, Safety
from codriver.turn import Argument, SignalValue, Zone

SPEED = "Vehicle.Speed"
GEAR = "Vehicle.Powertrain.Transmission.SelectedGear"
DAYLIGHT = "Vehicle.Exterior.LightIntensity"
CHILD_LOCK = "Vehicle.Cabin.IsWindowChildLockEngaged"
SITUATION_SIGNALS = (SPEED, GEAR, DAYLIGHT, CHILD_LOCK)

_PARK = 126
_WALKING_PACE = 0.5
_FASTEST = 250.0
_DARK_BELOW = 20.0


class Verdict(StrEnum):
    """What the policy says to an intent."""

    ALLOW = "allow"
    CONFIRM = "confirm"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the policy looks at: ``speed`` in km/h, whether the car is in P, whether it is dark, who speaks.

    ``child_lock`` is whether the rear window switches are locked.
    """

    speed: float = 0.0
    parked: bool = True
    dark: bool = False
    speaker: Zone = "driver"
    child_lock: bool = False

    @property
    def moving(self) -> bool:
        """Whether the car moves or could the next moment."""
        return self.speed > _WALKING_PACE or not self.parked


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and the key of the answer that says why."""

    verdict: Verdict
    reason: str = ""


type Condition = Callable[[Situation, Mapping[str, Argument]], bool]


def _always(_situation: Situation, _arguments: Mapping[str, Argument]) -> bool:
    """In every situation."""
    return True


def _moving(situation: Situation, _arguments: Mapping[str, Argument]) -> bool:
    """When the car moves, or is not in P."""
    return situation.moving


def _not_driver(situation: Situation, _arguments: Mapping[str, Argument]) -> bool:
    """When somebody else than the driver asks."""
    return situation.speaker != "driver"


def _from_the_back(situation: Situation, _arguments: Mapping[str, Argument]) -> bool:
    """When somebody on a back seat asks."""
    return situation.speaker in ("rear_left", "rear_right")


def _locked_in_the_back(situation: Situation, arguments: Mapping[str, Argument]) -> bool:
    """When the child lock of the windows is on, and somebody on a back seat asks."""
    return situation.child_lock and _from_the_back(situation, arguments)


def _drivers_seat_moving(situation: Situation, arguments: Mapping[str, Argument]) -> bool:
    """When it moves, or is not in P, and the driver's seat is meant too."""
    return situation.moving and arguments.get("zone") in ("driver", "front", "all")


def _darkens(situation: Situation, arguments: Mapping[str, Argument]) -> bool:
    """When it is dark, and the lights would go off or to parking lights."""
    return situation.dark and arguments.get("mode") in ("off", "parking")


def _darkens_moving(situation: Situation, arguments: Mapping[str, Argument]) -> bool:
    """When it is dark, the car moves, and the lights would go off or to parking lights."""
    return situation.moving and _darkens(situation, arguments)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: for this class of intents, when this holds, this is the verdict. ``docs/safety.md`` shows the table."""

    safety: Safety
    when: Condition
    verdict: Verdict
    reason: str = ""


RULES: tuple[Rule, ...] = (
    Rule(Safety.FORBIDDEN, _always, Verdict.REFUSE, "never"),
    Rule(Safety.DRIVING, _not_driver, Verdict.REFUSE, "only_driver"),
    Rule(Safety.DRIVING, _moving, Verdict.REFUSE, "while_driving"),
    Rule(Safety.DRIVING, _always, Verdict.CONFIRM, "confirm"),
    Rule(Safety.OPENING, _moving, Verdict.REFUSE, "while_driving"),
    Rule(Safety.OPENING, _from_the_back, Verdict.REFUSE, "only_driver"),
    Rule(Safety.OPENING, _always, Verdict.CONFIRM, "confirm"),
    Rule(Safety.LOCKING, _moving, Verdict.REFUSE, "while_driving"),
    Rule(Safety.LOCKING, _from_the_back, Verdict.REFUSE, "only_driver"),
    Rule(Safety.LOCKING, _always, Verdict.CONFIRM, "confirm"),
    Rule(Safety.NAVIGATION, _from_the_back, Verdict.REFUSE, "only_driver"),
    Rule(Safety.MIRRORS, _not_driver, Verdict.REFUSE, "only_driver"),
    Rule(Safety.MIRRORS, _moving, Verdict.REFUSE, "while_driving"),
    Rule(Safety.MIRRORS, _always, Verdict.CONFIRM, "confirm"),
    Rule(Safety.LIGHTS, _not_driver, Verdict.REFUSE, "only_driver"),
    Rule(Safety.LIGHTS, _darkens_moving, Verdict.REFUSE, "at_night"),
    Rule(Safety.LIGHTS, _darkens, Verdict.CONFIRM, "confirm"),
    Rule(Safety.SEATING, _drivers_seat_moving, Verdict.REFUSE, "while_driving"),
    Rule(Safety.PARKED, _moving, Verdict.REFUSE, "while_driving"),
    Rule(Safety.PARKED, _from_the_back, Verdict.REFUSE, "only_driver"),
    Rule(Safety.DRIVER, _not_driver, Verdict.REFUSE, "only_driver"),
    Rule(Safety.VIEW, _from_the_back, Verdict.REFUSE, "only_driver"),
    Rule(Safety.WINDOWS, _locked_in_the_back, Verdict.REFUSE, "child_lock"),
)
"""The first row that fits decides. A class or a situation without a row is allowed."""


def judge(intent: Intent, arguments: Mapping[str, Argument], situation: Situation) -> Decision:
    """Decide whether an intent with these resolved arguments may be done in this situation."""
    for rule in RULES:
        if rule.safety is intent.safety and rule.when(situation, arguments):
            return Decision(rule.verdict, rule.reason)
    return Decision(Verdict.ALLOW)


def looks_at_the_car(safety: Safety) -> bool:
    """Tell whether a verdict on this class depends on how the car stands; if not, the car need not be asked."""
    return any(rule.safety is safety and rule.when not in (_always, _not_driver, _from_the_back) for rule in RULES)


def situation_of(signals: Mapping[str, SignalValue], speaker: Zone) -> Situation:
    """Make the situation from what the car says. What it does not say counts as the more dangerous case."""
    speed, gear, light, lock = (signals.get(path) for path in SITUATION_SIGNALS)
    return Situation(
        speed=abs(speed) if isinstance(speed, int | float) and math.isfinite(speed) else _FASTEST,
        parked=gear == _PARK,
        dark=not (isinstance(light, int | float) and light >= _DARK_BELOW),
        speaker=speaker,
        child_lock=lock is not False,
    )

"""The simulated reference car: signals, motion and a little physics, without a clock and without I/O.

Time passes only when ``advance`` says so. Orders are checked as a whole and take effect as a whole. An
actuator that takes time begins to move with the next ``advance``; what is derived from it moves along.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import cast

from codriver.acting.signals import INTEGERS, check_type, check_value, limits
from codriver.errors import InvalidRequest
from codriver.services.vehicle import physics
from codriver.services.vehicle.driving import Drive
from codriver.services.vehicle.signals import Link, Signal, reference_car
from codriver.turn import SignalValue

_GEAR = "Vehicle.Powertrain.Transmission.SelectedGear"
_DRIVE, _PARK = 127, 126
_LOCATION = "Vehicle.CurrentLocation."
_LONGEST_MOTION = 120.0  # seconds; more than any actuator of the table takes


class Fault(StrEnum):
    """What can be wrong with a signal. SLOW is the service's to play: it does not answer then."""

    NONE = "none"
    STUCK = "stuck"
    SILENT = "silent"
    REJECTING = "rejecting"
    SLOW = "slow"


class SimulatedCar:
    """The car at rest, and what orders and time make of it. Not safe for threads."""

    def __init__(self, signals: Mapping[str, Signal] | None = None) -> None:
        self.signals = reference_car() if signals is None else signals
        self._followers: dict[str, list[str]] = {}
        for path, signal in self.signals.items():
            if signal.link is not None:
                self._followers.setdefault(signal.link.leader, []).append(path)
        self._values: dict[str, SignalValue] = {}
        self._drive: Drive | None = None
        self.reset()

    def reset(self) -> set[str]:
        """Put everything back to the car at rest, free of faults. Returns the paths that changed."""
        before = self._values
        self.faults: dict[str, Fault] = {}
        self._exact: dict[str, float] = {}
        self._targets: dict[str, SignalValue] = {}
        self._delays: dict[str, float] = {}
        self._drive = None
        self._values = {}
        for path, signal in self.signals.items():
            start = signal.start if signal.link is None else self._derive(signal.link)
            self._values[path] = cast(SignalValue, start)
        return {path for path, value in self._values.items() if before.get(path) != value}

    @property
    def moving(self) -> bool:
        """Whether any actuator, or the car itself, is on its way."""
        return bool(self._targets) or self.driving

    @property
    def driving(self) -> bool:
        """Whether the car is on its way along a shape."""
        return self._drive is not None

    def drive(self, drive: Drive) -> set[str]:
        """Set off along a shape; a drive under way is given up. Returns what changed."""
        self._drive = drive
        return self._put(_GEAR, _DRIVE) | self._at_wheel(drive)

    def value(self, path: str) -> SignalValue | None:
        """Return what the signal says now; None for a silent or an unknown one."""
        return None if self.faults.get(path) is Fault.SILENT else self._values.get(path)

    def actuators(self) -> dict[str, SignalValue]:
        """Return what every actuator says now, whatever faults there are."""
        return {path: value for path, value in self._values.items() if self.signals[path].description.writable}

    def order(self, wanted: Mapping[str, object]) -> dict[str, str]:
        """Order actuators to values, all or none. Returns a sentence for each path that cannot be done."""
        errors: dict[str, str] = {}
        checked: dict[str, SignalValue] = {}
        for path, value in wanted.items():
            try:
                checked[path] = self._check(path, value)
            except InvalidRequest as error:
                errors[path] = str(error)
        leaders = self._lead(checked, errors)
        for path, (leader, value) in leaders.items():
            if sentence := self._blocked(leader, value, dict(leaders.values())):
                errors[path] = sentence
        if not errors:
            for leader, value in leaders.values():
                self._start(leader, value)
        return errors

    def force(self, values: Mapping[str, object]) -> set[str]:
        """Put any signals, sensors too, at values at once; what follows them follows. Returns what changed.

        Raises InvalidRequest for unknown paths and values of the wrong type; nothing is done then.
        """
        checked = {path: check_type(self._signal(path).description, value) for path, value in values.items()}
        changed: set[str] = set()
        for path, value in checked.items():
            leader, goal = self._leader(path, value)
            self._stop(leader)
            changed |= self._put(leader, goal)
            if leader != path and self._values[path] != value:
                changed |= self._put(path, value)
        return changed

    def fault(self, path: str, kind: Fault) -> None:
        """Give a signal a fault, or take it away. Raises InvalidRequest for an unknown path.

        What keeps a signal from moving keeps the one that it follows from moving: it is the same motor.
        """
        link = self._link(path)
        places = {path, link.leader} if link is not None and kind is not Fault.SILENT else {path}
        for place in places:
            self.faults.pop(place, None)
            if kind is not Fault.NONE:
                self.faults[place] = kind

    def advance(self, seconds: float) -> set[str]:
        """Let time pass. Returns the paths whose values changed."""
        changed: set[str] = set()
        for path in list(self._targets):
            changed |= self._move(path, seconds)
        if self._drive is not None:
            self._drive.advance(seconds)
            changed |= self._at_wheel(self._drive)
            if self._drive.done:
                self._drive = None
                changed |= self._put(_GEAR, _PARK)
        for path, value in physics.after(self._values, seconds).items():
            changed |= self._put(path, value)
        return changed

    def settle(self) -> set[str]:
        """Let time pass until no actuator moves. Returns the paths whose values changed."""
        changed: set[str] = set()
        passed = 0.0
        while self._targets and passed < _LONGEST_MOTION:
            changed |= self.advance(0.25)
            passed += 0.25
        return changed

    # Orders

    def _signal(self, path: str) -> Signal:
        try:
            return self.signals[path]
        except KeyError:
            raise InvalidRequest(f"This car has no signal {path[:120]}.") from None

    def _check(self, path: str, value: object) -> SignalValue:
        signal = self._signal(path)
        leader = signal.link.leader if signal.link is not None else path
        if Fault.REJECTING in (self.faults.get(path), self.faults.get(leader)):
            raise InvalidRequest(f"The car does not allow to set the {signal.description.description} now.")
        if isinstance(value, float) and signal.description.datatype in INTEGERS:
            raise InvalidRequest(f"{path} takes a whole number, sent as one.")
        return check_value(signal.description, value)

    def _lead(self, checked: Mapping[str, SignalValue], errors: dict[str, str]) -> dict[str, tuple[str, SignalValue]]:
        """Find the leader to order for each path, and tell where two orders contradict each other."""
        leaders: dict[str, tuple[str, SignalValue]] = {}
        goals: dict[str, SignalValue] = {path: value for path, value in checked.items() if not self._link(path)}
        for path, value in checked.items():
            leader, goal = self._leader(path, value)
            settled = goals.setdefault(leader, goal)
            link = self._link(path)
            agrees = settled == goal or (link is not None and _derived(link, settled) == value)
            if not agrees:
                errors[path] = f"{path} contradicts what is wanted of {leader}."
            leaders[path] = (leader, settled)
        return leaders

    def _link(self, path: str) -> Link | None:
        return self._signal(path).link

    def _leader(self, path: str, value: SignalValue) -> tuple[str, SignalValue]:
        """Translate a value of a follower into one of the signal that it follows, at the end of the chain."""
        link = self._link(path)
        if link is None:
            return path, value
        low, high = limits(self._signal(link.leader).description)
        now = self._values[link.leader]
        match link.how:
            case "same":
                return link.leader, value
            case "positive":
                keeps = bool(value) == (cast(float, now) > 0) and link.leader not in self._targets
                edge = cast(float, high if high is not None else 1) if value else cast(float, low or 0)
                goal: SignalValue = now if keeps else type(now)(edge)
            case "switch":
                order = str(value)
                stay = now
                edges = {"OPEN": cast(float, high), "CLOSE": cast(float, low)}
                goal = next((int(edge) for end, edge in edges.items() if order.endswith(end)), stay)
            case "one_of":
                if (now in link.values) == value:
                    goal = now
                else:
                    goal = link.values[0] if value else cast(SignalValue, link.otherwise)
            case "below":
                goal = now
        return link.leader, goal

    def _blocked(self, leader: str, goal: SignalValue, goals: Mapping[str, SignalValue]) -> str:
        signal = self._signal(leader)
        if not signal.blocked_by or cast(float, goal) <= cast(float, self._values[leader]):
            return ""
        return signal.blocked if goals.get(signal.blocked_by, self._values[signal.blocked_by]) else ""

    def _start(self, path: str, goal: SignalValue) -> None:
        if self.faults.get(path) is Fault.STUCK:
            return
        self._stop(path)
        if goal == self._values[path]:
            return
        if self._signal(path).travel:
            self._targets[path] = goal
        else:
            self._put(path, goal)

    # Motion

    def _stop(self, path: str) -> None:
        self._targets.pop(path, None)
        self._delays.pop(path, None)
        self._exact.pop(path, None)

    def _move(self, path: str, seconds: float) -> set[str]:
        signal, goal = self._signal(path), self._targets[path]
        if self.faults.get(path) is Fault.STUCK:
            self._stop(path)
            return set()
        if isinstance(goal, bool | str):
            self._delays[path] = self._delays.get(path, 0.0) + seconds
            arrived = self._delays[path] >= signal.travel
            value: SignalValue = goal if arrived else self._values[path]
        else:
            low, high = limits(signal.description)
            now = self._exact.get(path, float(self._values[path]))
            step = seconds * (cast(float, high) - cast(float, low)) / signal.travel
            exact = min(goal, now + step) if goal > now else max(goal, now - step)
            arrived = exact == goal
            self._exact[path] = exact
            value = goal if arrived else _as_reported(exact, signal)
        if arrived:
            self._stop(path)
        return self._put(path, value)

    def _at_wheel(self, drive: Drive) -> set[str]:
        now = drive.now
        values = {
            _LOCATION + "Latitude": now.position.latitude,
            _LOCATION + "Longitude": now.position.longitude,
            _LOCATION + "Heading": now.heading,
            "Vehicle.Speed": now.speed * 3.6,
        }
        return {changed for path, value in values.items() for changed in self._put(path, value)}

    def _put(self, path: str, value: SignalValue) -> set[str]:
        """Write a value and what follows from it. Returns what changed by that."""
        changed = set()
        if self._values[path] != value:
            self._values[path] = value
            changed.add(path)
        for follower in self._followers.get(path, ()):
            changed |= self._put(follower, self._derive(cast(Link, self._signal(follower).link)))
        return changed

    def _derive(self, link: Link) -> SignalValue:
        return _derived(link, self._values[link.leader])


def _as_reported(exact: float, signal: Signal) -> SignalValue:
    return round(exact) if signal.description.datatype in INTEGERS else round(exact, 2)


def _derived(link: Link, leader: SignalValue) -> SignalValue:
    match link.how:
        case "same":
            return leader
        case "positive":
            return cast(float, leader) > 0
        case "below":
            return cast(float, leader) < cast(float, link.values[0])
        case "one_of":
            return leader in link.values
        case "switch":
            return "INACTIVE"

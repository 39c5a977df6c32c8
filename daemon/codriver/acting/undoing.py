"""From what a turn changed to the orders that set it back, and the intent by which the policy judges that. No I/O."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from codriver.acting.planning import PlayerOrder, Request, resolve, signals_set
from codriver.catalogue.model import PATTERNED, Catalogue, Parameter, SetSignal
from codriver.errors import CodriverError
from codriver.turn import ZONES, Change, IntentCall, Outcome, SignalValue, Zone

PLAYER = "player."
NAVIGATION = "navigation."
_NEAR = 0.05


class CannotUndo(CodriverError):
    """What was changed cannot be set back; ``reason`` is the key of the answer that says why."""

    code = "CannotUndo"

    def __init__(self, reason: str) -> None:
        super().__init__(f"That cannot be undone: {reason}.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reversal:
    """How to set back what one call changed.

    ``request`` is the intent that would do the same, by which it is judged: taking back that the boot was closed is
    opening it. It does so and nothing else if it is ``exact``. ``signals`` are set one after the other, the last
    change first. ``guidance`` are the states of the navigation to go back to: a target and what it was.
    """

    request: Request
    exact: bool
    signals: tuple[tuple[str, SignalValue], ...] = ()
    player: tuple[PlayerOrder, ...] = ()
    guidance: tuple[tuple[str, str], ...] = ()


def changed_signals(outcome: Outcome) -> frozenset[str]:
    """Name the signals that a call changed."""
    others = (PLAYER, NAVIGATION)
    return frozenset(change.target for change in outcome.changes if not change.target.startswith(others))


def reverse(outcome: Outcome, catalogue: Catalogue, now: Mapping[str, SignalValue], speaker: Zone) -> Reversal:
    """Work out how to set back what a call changed, from what its signals are ``now``.

    Raises CannotUndo where nothing was changed, nobody knows what it was before, or somebody changed it since.
    """
    if not outcome.changes:
        raise CannotUndo("nothing_to_undo")
    signals: list[tuple[str, SignalValue]] = []
    orders: list[PlayerOrder] = []
    guidance: list[tuple[str, str]] = []
    for change in reversed(outcome.changes):
        if change.before is None:
            raise CannotUndo("cannot_undo")
        if change.target.startswith(PLAYER):
            orders.append(_order(change))
            continue
        if change.target.startswith(NAVIGATION):
            guidance.append((change.target, str(change.before)))
            continue
        if not _between(now.get(change.target), change.before, change.after):
            raise CannotUndo("changed_since")
        signals.append((change.target, change.before))
    request, exact = _judged_as(outcome, dict(signals), catalogue, speaker)
    return Reversal(request, exact, tuple(signals), tuple(orders), tuple(guidance))


def _order(change: Change) -> PlayerOrder:
    action = change.target.removeprefix(PLAYER)
    if action == "status":
        return PlayerOrder("play" if change.before == "Playing" else "pause")
    return PlayerOrder(action, change.before)


def _between(now: SignalValue | None, before: SignalValue, after: SignalValue) -> bool:
    """Tell whether a signal is what the turn made it, or still on its way there."""
    if isinstance(now, bool | str) or isinstance(before, bool | str) or isinstance(after, bool | str) or now is None:
        return now in (before, after)
    return min(before, after) - _NEAR <= now <= max(before, after) + _NEAR


def _judged_as(
    outcome: Outcome, goals: Mapping[str, SignalValue], catalogue: Catalogue, speaker: Zone
) -> tuple[Request, bool]:
    """Find the intent that sets these signals to these values, and whether that is all that it does.

    It may be the one that was done, with another argument. Where several do it, it is the one that sets the least
    besides; where none does, as for a number, the one that was done.
    """
    best, fewest = resolve(outcome.call, catalogue, speaker), math.inf
    for call in _calls_near(goals, catalogue) if goals else ():
        try:
            request = resolve(call, catalogue, speaker)
            sets = signals_set(request, catalogue)
        except CodriverError:
            continue  # an intent for other zones than this, or one that lacks a number
        if goals.items() <= sets.items() and len(sets) < fewest:
            best, fewest = request, len(sets)
    return best, fewest == len(goals)


def _calls_near(goals: Mapping[str, SignalValue], catalogue: Catalogue) -> Iterator[IntentCall]:
    """Give every call, zone by zone and choice by choice, of the intents that set a signal of these branches."""
    zones = (*ZONES, *catalogue.vocabulary.groups)
    for name, intent in catalogue.intents.items():
        branches = [effect.set.partition("{")[0] for effect in intent.effects if isinstance(effect, SetSignal)]
        if not any(path.startswith(branch) for path in goals for branch in branches):
            continue
        choices = {each: _choices(parameter, zones) for each, parameter in intent.parameters.items()}
        choices = {each: values for each, values in choices.items() if values}
        for values in itertools.product(*choices.values()):
            yield IntentCall(name, dict(zip(choices, values, strict=True)))


def _choices(parameter: Parameter, zones: Sequence[str]) -> Sequence[str]:
    if parameter.type == "zone":
        return [zone for zone in zones if not parameter.zones or zone in parameter.zones] or zones
    return PATTERNED.get(parameter.type) or tuple(parameter.values)


def undo_order(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Give the calls of a turn that changed something, the last one first."""
    return tuple(outcome for outcome in reversed(outcomes) if outcome.changes)

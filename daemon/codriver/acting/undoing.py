"""From what a turn changed to the orders that set it back, and the intent by which the policy judges that. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codriver.acting.planning import PlayerOrder, Request, resolve, signals_set
from codriver.catalogue.model import Catalogue
from codriver.errors import CodriverError
from codriver.turn import Change, IntentCall, Outcome, SignalValue, Zone

PLAYER = "player."
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
    opening it. ``signals`` are set one after the other, the last change first.
    """

    request: Request
    signals: tuple[tuple[str, SignalValue], ...] = ()
    player: tuple[PlayerOrder, ...] = ()


def changed_signals(outcome: Outcome) -> frozenset[str]:
    """Name the signals that a call changed."""
    return frozenset(change.target for change in outcome.changes if not change.target.startswith(PLAYER))


def reverse(outcome: Outcome, catalogue: Catalogue, now: Mapping[str, SignalValue], speaker: Zone) -> Reversal:
    """Work out how to set back what a call changed, from what its signals are ``now``.

    Raises CannotUndo where nothing was changed, nobody knows what it was before, or somebody changed it since.
    """
    if not outcome.changes:
        raise CannotUndo("nothing_to_undo")
    signals: list[tuple[str, SignalValue]] = []
    orders: list[PlayerOrder] = []
    for change in reversed(outcome.changes):
        if change.before is None:
            raise CannotUndo("cannot_undo")
        if change.target.startswith(PLAYER):
            orders.append(_order(change))
            continue
        if not _between(now.get(change.target), change.before, change.after):
            raise CannotUndo("changed_since")
        signals.append((change.target, change.before))
    return Reversal(_judged_as(outcome, dict(signals), catalogue, speaker), tuple(signals), tuple(orders))


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


def _judged_as(outcome: Outcome, goals: Mapping[str, SignalValue], catalogue: Catalogue, speaker: Zone) -> Request:
    """Find the intent that sets these signals to these values; the one that was done where there is no such."""
    zone = outcome.call.arguments.get("zone")
    for name, intent in catalogue.intents.items():
        call = IntentCall(name, {"zone": zone} if zone is not None and "zone" in intent.parameters else {})
        if name == outcome.call.intent or any(p.required for p in intent.parameters.values()):
            continue
        try:
            request = resolve(call, catalogue, speaker)
            if goals and signals_set(request, catalogue) == goals:
                return request
        except CodriverError:
            continue  # an intent for other zones than this
    return resolve(outcome.call, catalogue, speaker)


def undo_order(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Give the calls of a turn that changed something, the last one first."""
    return tuple(outcome for outcome in reversed(outcomes) if outcome.changes)

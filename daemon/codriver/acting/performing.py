"""Carry out intent calls: judged by the policy, sent over the bus, and read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from codriver.acting.car import Car, Confirmation, SignalRejected
from codriver.acting.guiding import Guided, Guiding
from codriver.acting.navigator import NavigationAway, NavigationRefused
from codriver.acting.planning import (
    ImpossibleRequest,
    Plan,
    PlayerOrder,
    Request,
    plan,
    properties_needed,
    resolve,
    signals_needed,
)
from codriver.acting.player import Loop, Performed, Player, PlayerState
from codriver.acting.policy import SITUATION_SIGNALS, Verdict, judge, looks_at_the_car, situation_of
from codriver.acting.service import Service, ServiceAway, ServiceRefused
from codriver.acting.undoing import PLAYER, CannotUndo, changed_signals, reverse, undo_order
from codriver.catalogue.model import CallMethod, Catalogue, ControlPlayer, SetProperty
from codriver.errors import BusError, CodriverError, InvalidRequest
from codriver.turn import Argument, BusCall, Change, IntentCall, Option, Outcome, SignalValue, Status, Zone


class Actor:
    """Does what was asked for, as far as the policy allows it and the car, the player and the services go along."""

    def __init__(self, catalogue: Catalogue, car: Car, player: Player, service: Service, guiding: Guiding) -> None:
        self._catalogue = catalogue
        self._car = car
        self._player = player
        self._service = service
        self._guiding = guiding

    def use(self, catalogue: Catalogue) -> None:
        """Go by another catalogue from the next call."""
        self._catalogue = catalogue

    def forget(self) -> None:
        """Forget what was found for the speaker to choose from."""
        self._guiding.forget()

    async def perform(
        self,
        calls: Sequence[IntentCall],
        speaker: Zone,
        *,
        language: str = "",
        confirmed: bool = False,
        on_sending: Callable[[], None] = lambda: None,
    ) -> tuple[Outcome, ...]:
        """Carry out calls one after the other; what one of them comes to does not stop the next.

        ``language`` is that of the speaker, for what is searched for in words. ``confirmed`` says that the speaker was
        asked and said yes. ``on_sending`` is called at the moment at which
        an order leaves for the bus. What goes wrong in the services becomes an outcome, never an error.
        """
        return tuple([await self._perform(call, speaker, language, confirmed, on_sending) for call in calls])

    async def undo(
        self, outcomes: Sequence[Outcome], speaker: Zone, *, on_sending: Callable[[], None] = lambda: None
    ) -> tuple[Outcome, ...]:
        """Set back what calls changed, the last one first, as far as the policy still allows it.

        An outcome is UNDONE, or says why not; one that needs a yes asks for the intent that would do the same. None
        of them names changes: what was set back is not there to be undone.
        """
        undone = [await self._undo(outcome, speaker, on_sending) for outcome in undo_order(outcomes)]
        return tuple(replace(outcome, changes=()) for outcome in undone)

    async def _undo(self, done: Outcome, speaker: Zone, on_sending: Callable[[], None]) -> Outcome:
        turn = _Performance(done.call)
        try:
            signals = changed_signals(done)
            values = await self._car.get({*signals, *SITUATION_SIGNALS}) if signals else {}
            back = reverse(done, self._catalogue, values, speaker)
            decision = judge(back.request.intent, back.request.arguments, situation_of(values, speaker))
            if decision.verdict is not Verdict.ALLOW:
                if decision.verdict is Verdict.CONFIRM and not back.exact:
                    raise CannotUndo("cannot_undo")
                turn.settle(back.request)
                status = Status.REFUSED if decision.verdict is Verdict.REFUSE else Status.CONFIRM
                return turn.outcome(status, decision.reason)
            # One after the other, as they were done: the roof closes before its shade.
            for path, value in back.signals:
                batch = Plan(batches=({path: value},))
                if await self._carry_out(batch, values, turn, on_sending) is Status.FAILED:
                    return turn.outcome(Status.FAILED, "failed")
            for target, before in back.guidance:
                on_sending()
                await self._guiding.restore(target, before, turn.calls.append)
            status = await self._carry_out(Plan(player=back.player), values, turn, on_sending)
            return turn.outcome(Status.FAILED if status is Status.FAILED else Status.UNDONE)
        except CodriverError as error:
            return turn.fault(error)

    async def _perform(
        self, call: IntentCall, speaker: Zone, language: str, confirmed: bool, on_sending: Callable[[], None]
    ) -> Outcome:
        turn = _Performance(call, language)
        try:
            request = resolve(call, self._catalogue, speaker)
            turn.settle(request)
            values = await self._read(request)
            decision = judge(request.intent, request.arguments, situation_of(values, speaker))
            if decision.verdict is Verdict.REFUSE:
                return turn.outcome(Status.REFUSED, decision.reason)
            properties = await self._service.read(properties_needed(request))
            orders = plan(request, self._catalogue, values, properties)
            turn.facts.update(orders.facts)
            if orders.settled and not orders.batches and not orders.services:
                return turn.outcome(Status.ALREADY)
            if decision.verdict is Verdict.CONFIRM and not confirmed:
                return turn.outcome(Status.CONFIRM, decision.reason)
            status = await self._carry_out(orders, values, turn, on_sending)
            return turn.outcome(status, turn.reason or ("failed" if status is Status.FAILED else ""))
        except CodriverError as error:
            return turn.fault(error)

    async def _read(self, request: Request) -> Mapping[str, SignalValue]:
        needed = signals_needed(request, self._catalogue)
        calls = any(isinstance(effect, CallMethod | SetProperty) for effect in request.intent.effects)
        if needed or (calls and looks_at_the_car(request.intent.safety)):
            return await self._car.get({*needed, *SITUATION_SIGNALS})
        return {}

    async def _carry_out(
        self, orders: Plan, values: Mapping[str, SignalValue], turn: _Performance, on_sending: Callable[[], None]
    ) -> Status:
        status = Status.DONE
        for batch in orders.batches:
            on_sending()
            confirmations = await self._car.set_and_confirm(batch, on_sent=turn.calls.append)
            turn.changes.extend(
                Change(path, values.get(path), goal)
                for path, goal in batch.items()
                if confirmations[path] is not Confirmation.UNCHANGED
            )
            if Confirmation.UNCHANGED in confirmations.values():
                return Status.FAILED
            if Confirmation.MOVING in confirmations.values():
                status = Status.MOVING
        for order in orders.services:
            on_sending()
            confirmation = await self._service.send(order, on_sent=turn.calls.append)
            if confirmation is Confirmation.UNCHANGED:
                return Status.FAILED
            if confirmation is Confirmation.MOVING:
                status = Status.MOVING
        for wish in orders.player:
            status = await self._order(wish, turn, on_sending)
        for aim in orders.guidance:
            on_sending()
            status = turn.guided(await self._guiding.carry_out(aim, turn.language, turn.calls.append))
        return status

    async def _order(self, order: PlayerOrder, turn: _Performance, on_sending: Callable[[], None]) -> Status:
        before = await self._player.state()
        turn.name(before)
        if _needless(order, before):
            return Status.ALREADY
        on_sending()
        performed = await self._send(order, before)
        turn.calls.append(performed.call)
        turn.changes.append(_change(order, before, performed.state))
        turn.name(performed.state)
        return Status.DONE if performed.confirmed else Status.FAILED

    async def _send(self, order: PlayerOrder, before: PlayerState) -> Performed:
        match order.action:
            case "volume" | "change_volume":
                return await self._player.set_volume(_volume(order, before) / 100)
            case "shuffle":
                return await self._player.set_shuffle(order.value == "on")
            case "repeat":
                return await self._player.set_loop(cast(Loop, str(order.value)))
            case "play":
                return await self._player.play()
            case "pause":
                return await self._player.pause()
            case "play_pause":
                return await self._player.play_pause()
            case "next":
                return await self._player.next()
            case _:
                return await self._player.previous()


class _Performance:
    """What one call has come to so far, so that a fault in the middle loses nothing of it."""

    def __init__(self, call: IntentCall, language: str = "") -> None:
        self.language = language
        self.reason = ""
        self.facts: dict[str, Argument] = dict(call.arguments)
        self.calls: list[BusCall] = []
        self.changes: list[Change] = []
        self._options: tuple[Option, ...] = ()
        self._call = call
        self._plays = False

    def settle(self, request: Request) -> None:
        self._call = IntentCall(request.name, request.arguments)
        self._plays = any(isinstance(effect, ControlPlayer) for effect in request.intent.effects)
        self.facts.update(request.arguments)

    def name(self, state: PlayerState) -> None:
        """Take what plays, for the answer. It is a stranger's text: spoken, never understood."""
        self.facts.update(title=state.title, artist=state.artist, value=round(state.volume * 100))

    def guided(self, guided: Guided) -> Status:
        """Take what the navigation did and found."""
        self.facts.update(guided.facts)
        self.changes.extend(guided.changes)
        self.reason, self._options = guided.reason, guided.options
        return guided.status

    def outcome(self, status: Status, reason: str = "") -> Outcome:
        return Outcome(
            self._call, status, reason, dict(self.facts), tuple(self.calls), tuple(self.changes), self._options
        )

    def fault(self, error: CodriverError) -> Outcome:
        """Turn what went wrong into an outcome that the speaker is told."""
        self.facts["reason"] = str(error)
        match error:
            case ImpossibleRequest():
                self.facts.update(error.facts)
                return self.outcome(error.status, error.reason)
            case CannotUndo():
                return self.outcome(Status.FAILED, error.reason)
            case NavigationRefused():
                return self.outcome(Status.FAILED, "navigation_failed")
            case NavigationAway():
                return self.outcome(Status.FAILED, "no_navigation")
            case SignalRejected() | ServiceRefused():
                return self.outcome(Status.FAILED, "failed_because")
            case InvalidRequest():
                return self.outcome(Status.REFUSED, "no_such_place")
            case ServiceAway():
                return self.outcome(Status.FAILED, "no_service")
            case BusError():
                return self.outcome(Status.FAILED, "no_player" if self._plays else "unavailable")
            case _:
                return self.outcome(Status.FAILED, "failed")


def _needless(order: PlayerOrder, state: PlayerState) -> bool:
    """Tell whether the player does already what is asked, or is only asked what it plays."""
    match order.action:
        case "what":
            return True
        case "play":
            return state.status == "Playing"
        case "pause":
            return state.status != "Playing"
        case "volume" | "change_volume":
            return _volume(order, state) == round(state.volume * 100)
        case "shuffle":
            return state.shuffle == (order.value == "on")
        case "repeat":
            return state.loop == order.value
        case _:
            return False


def _change(order: PlayerOrder, before: PlayerState, after: PlayerState) -> Change:
    match order.action:
        case "volume" | "change_volume":
            return Change(f"{PLAYER}volume", round(before.volume * 100), round(after.volume * 100))
        case "shuffle":
            told = None if before.shuffle is None else _switch(before.shuffle)
            return Change(f"{PLAYER}shuffle", told, str(order.value))
        case "repeat":
            return Change(f"{PLAYER}repeat", before.loop, after.loop)
        case "play" | "pause" | "play_pause":
            return Change(f"{PLAYER}status", before.status, after.status)
        case _:
            return Change(f"{PLAYER}track", None, after.track)


def _switch(active: bool) -> str:
    return "on" if active else "off"


def _volume(order: PlayerOrder, state: PlayerState) -> int:
    wanted = float(order.value or 0)
    if order.action == "change_volume":
        wanted += state.volume * 100
    return round(min(max(wanted, 0.0), 100.0))

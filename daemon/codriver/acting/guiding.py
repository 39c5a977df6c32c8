"""Carry out what an intent asks of the navigation, and remember what was found, to go there when that is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from codriver.acting.fitting import the_one
from codriver.acting.guidance_planning import GuidanceOrder
from codriver.acting.navigator import Found, Journey, Navigator
from codriver.catalogue.navigate import Action
from codriver.turn import Argument, BusCall, Change, Option, Status

ROUTE, MUTED = "navigation.route", "navigation.muted"
_READ_OUT = 3
_LOOKED_AT = 10
_SAME = 1e-6  # degrees

type Taken = Callable[[BusCall], None]


@dataclass(frozen=True, slots=True)
class Guided:
    """What came of an order: the status, why, what the answer may name, what changed, and what may be chosen."""

    status: Status
    reason: str = ""
    facts: Mapping[str, Argument] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What was found last, for what, and how many of it were spoken of."""

    action: Action = "go"
    places: tuple[Found, ...] = ()
    order: GuidanceOrder = GuidanceOrder("go")
    taken: int = 0

    def number(self, which: int) -> int | None:
        """Find one, counted from 1, by its index. 0 is the one after the last spoken of, -1 that one itself."""
        number = {0: self.taken, -1: max(0, self.taken - 1)}.get(which, which - 1)
        return number if 0 <= number < len(self.places) else None

    def named(self, name: str) -> int | None:
        """Find the index of the one of that name; of several the last that was spoken of, else the first."""
        found = [number for number, place in enumerate(self.places) if place.name == name]
        return self.taken - 1 if self.taken - 1 in found else next(iter(found), None)


class Guiding:
    """The navigation as intents use it. What it found stays until something else is found, or it is to forget."""

    def __init__(self, navigator: Navigator) -> None:
        self._navigator = navigator
        self._shelf = _Shelf()

    def forget(self) -> None:
        """Forget what was found."""
        self._shelf = _Shelf()

    async def carry_out(self, order: GuidanceOrder, language: str, on_sent: Taken) -> Guided:
        """Do it. ``on_sent`` is told each call that the navigation has taken. Raises like Navigator."""
        match order.action:
            case "go" | "find" | "add_stop" | "distance":
                return await self._search(order, language, on_sent)
            case "choose":
                return await self._choose(int(order.to or 0), language, on_sent)
            case "tell":
                return self._tell(int(order.to or 0))
            case "stop":
                return await self._stop(on_sent)
            case "where":
                here = await self._navigator.here(language)
                return Guided(Status.DONE, facts={"name": here.label, "address": here.address})
            case "mute":
                return await self._mute(order.to == "off", on_sent)
            case _:
                return await self._on_the_way(order, language, on_sent)

    async def restore(self, target: str, before: str, on_sent: Taken) -> None:
        """Go back to what a change was from: the route that was there, or none; muted or not. Raises like Navigator."""
        if target == MUTED:
            on_sent(await self._navigator.mute(before == "on"))
        else:
            on_sent(await (self._navigator.start(json.loads(before)) if before else self._navigator.stop()))

    async def _search(self, order: GuidanceOrder, language: str, on_sent: Taken) -> Guided:
        text, options = str(order.to), _search_options(order, language)
        if order.action == "distance" and (number := self._shelf.named(text)) is not None:
            self._shelf = replace(self._shelf, action=order.action, order=order)
            return await self._take(number, language, on_sent)
        places, call = await self._navigator.search(text, options)
        on_sent(call)
        self._shelf = _Shelf(order.action, places, order)
        if not places:
            reason = "nothing_along" if "along" in options else "nothing_found"
            return Guided(Status.FAILED, reason, {"place": text, "reach": await self._navigator.reach(options)})
        nearest = order.options.get("rank") == "nearest" or order.options.get("along") == "on"
        place = the_one(text, places, nearest=nearest)
        if place is None:
            options_read = tuple(_option(each, text) for each in places[:_READ_OUT])
            return Guided(Status.MISSING, "which_place", {"parameter": "place", "place": text}, options=options_read)
        return await self._take(places.index(place), language, on_sent)

    async def _choose(self, which: int, language: str, on_sent: Taken) -> Guided:
        """Take one of what was found for what it was found for; the last that was spoken of is gone to."""
        shelf, number = self._shelf, self._shelf.number(which)
        if number is None:
            return Guided(Status.FAILED, "no_choice")
        if shelf.action == "find" or which == -1:
            self._shelf = replace(shelf, action="go")
        return await self._take(number, language, on_sent)

    def _tell(self, which: int) -> Guided:
        """Say of one of what was found, counted as for choosing, where it is. It can be gone to then."""
        number = self._shelf.number(which)
        return Guided(Status.FAILED, "no_choice") if number is None else self._described(number)

    def _described(self, number: int) -> Guided:
        """Say where one is, by its index; it is the last that was spoken of then."""
        self._shelf = replace(self._shelf, taken=number + 1)
        found = _option(self._shelf.places[number], str(self._shelf.order.to or ""))
        facts: dict[str, Argument] = {"name": found.name, "address": found.address, "distance": found.distance}
        return Guided(Status.DONE, facts=facts, options=(found,))

    async def _take(self, number: int, language: str, on_sent: Taken) -> Guided:
        shelf = self._shelf
        if shelf.action == "find":
            return self._described(number)
        place, text = shelf.places[number], str(shelf.order.to or "")
        self._shelf = replace(shelf, taken=number + 1)
        if shelf.action == "distance":
            way = await self._navigator.way([place.as_dict()], language)
            return Guided(
                Status.DONE,
                facts={"name": _called(place, text), "distance": way.distance, "duration": way.duration},
                options=(_option(place, text),),
            )
        before = await self._navigator.journey()
        there = place.as_dict() | {"name": _called(place, text), "language": language}
        if shelf.action == "add_stop" and before is not None:
            there = _kept(before) | {"via": [*before.via, place.as_dict() | {"name": there["name"]}]}
        wanted = there | _route_options(there, shelf.order)
        return await self._start(wanted, before, _called(place, text), language, on_sent)

    async def _start(
        self, wanted: Mapping[str, Any], before: Journey | None, name: str, language: str, on_sent: Taken
    ) -> Guided:
        """Start, see whether it did, and say how far it is and whether the battery lasts."""
        on_sent(await self._navigator.start(wanted))
        now = await self._navigator.journey()
        if now is None or not _same_spot(now.destination, wanted):
            return Guided(Status.FAILED, "not_started")
        change = Change(ROUTE, _written(before), _written(now))
        facts: dict[str, Argument] = {"name": name, "distance": now.distance, "duration": now.duration}
        way = await self._navigator.way([*now.via, Found.read(now.destination).as_dict()], language)
        if way.reachable:
            return Guided(Status.DONE, facts=facts, changes=(change,))
        self._shelf = _Shelf("add_stop", way.chargers)
        options = tuple(_option(each, "") for each in way.chargers[:_READ_OUT])
        reason = "battery_short" if options else "battery_short_alone"
        status = Status.OFFERED if options else Status.DONE
        return Guided(status, reason, {**facts, "parameter": "which"}, (change,), options)

    async def _stop(self, on_sent: Taken) -> Guided:
        before = await self._navigator.journey()
        if before is None:
            return Guided(Status.ALREADY)
        on_sent(await self._navigator.stop())
        if await self._navigator.journey() is not None:
            return Guided(Status.FAILED, "failed")
        return Guided(Status.DONE, facts={"name": before.label}, changes=(Change(ROUTE, _written(before), ""),))

    async def _mute(self, muted: bool, on_sent: Taken) -> Guided:
        if await self._navigator.muted() is muted:
            return Guided(Status.ALREADY)
        on_sent(await self._navigator.mute(muted))
        if await self._navigator.muted() is not muted:
            return Guided(Status.FAILED, "failed")
        before, after = ("off", "on") if muted else ("on", "off")
        return Guided(Status.DONE, changes=(Change(MUTED, before, after),))

    async def _on_the_way(self, order: GuidanceOrder, language: str, on_sent: Taken) -> Guided:
        """Do what only makes sense on a route."""
        journey = await self._navigator.journey()
        if journey is None:
            return Guided(Status.FAILED, "not_navigating")
        facts: dict[str, Argument] = {
            "name": journey.label,
            "distance": journey.distance,
            "duration": journey.duration,
            "arrival": journey.arrival,
        }
        match order.action:
            case "next" | "repeat":
                text = journey.next_texts.get(language) or next(iter(journey.next_texts.values()), "")
                return Guided(Status.DONE, facts={"text": text}) if text else Guided(Status.FAILED, "no_value")
            case "reroute":
                wanted = _kept(journey) | _route_options(_kept(journey), order)
                if all(wanted[key] == _kept(journey)[key] for key in ("avoid", "prefer")):
                    return Guided(Status.ALREADY)
                return await self._start(wanted, journey, journey.label, language, on_sent)
            case _:
                return Guided(Status.DONE, facts=facts)


def _search_options(order: GuidanceOrder, language: str) -> dict[str, Any]:
    options: dict[str, Any] = {"language": language, "limit": _LOOKED_AT}
    return options | {name: True for name in ("along", "open") if order.options.get(name) == "on"}


def _called(place: Found, said: str) -> str:
    """Give what to call a place: its name, or what was looked for where the map has none."""
    return place.name or said or place.address


def _option(place: Found, said: str) -> Option:
    return Option(_called(place, said), place.distance, place.address)


def _kept(journey: Journey) -> dict[str, Any]:
    """Write a journey as it can be started again."""
    told = journey.destination
    return Found.read(told).as_dict() | {
        "via": [Found.read(stop).as_dict() for stop in journey.via],
        "avoid": sorted(told.get("avoid", ())),
        "prefer": str(told.get("prefer", "fastest")),
        "language": str(told.get("language", "")),
    }


def _route_options(before: Mapping[str, Any], order: GuidanceOrder) -> dict[str, Any]:
    """Say how the route shall be, from how it was and what was said of it."""
    wanted: dict[str, Any] = {}
    if prefer := order.options.get("prefer"):
        wanted["prefer"] = prefer
    if avoid := order.options.get("avoid"):
        others = set(before.get("avoid", ())) - {avoid}
        wanted["avoid"] = sorted(others if order.to == "off" else {*others, avoid})
    return wanted


def _written(journey: Journey | None) -> str:
    return json.dumps(_kept(journey), ensure_ascii=False) if journey else ""


def _same_spot(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(abs(one[key] - other[key]) < _SAME for key in ("latitude", "longitude"))

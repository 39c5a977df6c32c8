"""The navigator with a made router: what happens on and off the route, and when no route is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from codriver.errors import CodriverError, EngineError
from codriver.services.navigation.faults import CarOffMap, NoPosition, NotGuiding, Unreachable
from codriver.services.navigation.guidance.following import Fix
from codriver.services.navigation.journey import Journey, Memory
from codriver.services.navigation.navigator import Instruction, Navigator
from codriver.services.navigation.places import Kind, Place
from codriver.services.navigation.routing.charge import Battery
from codriver.services.navigation.routing.routes import ManeuverKind, Route, RouteRequest, Stop

from tests.services.navigation.guidance.roads import HOME, drive, moved, route

NORTH = route((ManeuverKind.START, 1000, 0), (ManeuverKind.RIGHT, 0, 800), (ManeuverKind.DESTINATION, 0, 0))
GOAL = Place("n1", Kind.PLACE, "Goal", NORTH.shape[-1])
BESIDE = [moved(HOME, 300, 0), moved(HOME, 300, 400)]


class MadeRouter:
    """Finds the next of the routes that were made for it, or raises the next fault."""

    def __init__(self, *found: Route | CodriverError) -> None:
        self.found = list(found)
        self.asked: list[tuple[Sequence[Stop], RouteRequest]] = []

    async def __call__(self, stops: Sequence[Stop], request: RouteRequest) -> Route:
        self.asked.append((stops, request))
        answer = self.found.pop(0)
        if isinstance(answer, CodriverError):
            raise answer
        return answer


class MadeCar:
    """A car that says what it is told to."""

    def __init__(self) -> None:
        self.speed = 0.0
        self.battery: Battery | None = None


class Trip:
    """A navigator, and what it said."""

    def __init__(self, folder: Path, *found: Route | CodriverError) -> None:
        self.router, self.car, self.said = MadeRouter(*found), MadeCar(), list[Instruction]()
        self.memory = Memory(folder)
        self.navigator = Navigator(self.router, self.car, self.memory, self.said.append, lambda: None)

    async def drive(self, fixes: Sequence[Fix]) -> None:
        for fix in fixes:
            self.navigator.observe(fix)
            for _ in range(5):
                await asyncio.sleep(0)

    @property
    def kinds(self) -> list[str]:
        return [instruction.kind for instruction in self.said]


@pytest.fixture
async def trip(tmp_path: Path) -> AsyncIterator[Trip]:
    made = Trip(tmp_path, NORTH)
    made.navigator.observe(Fix(HOME, 0.0))
    await made.navigator.start(Journey(GOAL))
    yield made
    await made.navigator.close()


async def test_nothing_starts_before_the_car_says_where_it_is(tmp_path: Path) -> None:
    navigator = Trip(tmp_path, NORTH).navigator
    with pytest.raises(NoPosition):
        await navigator.start(Journey(GOAL))
    with pytest.raises(NotGuiding):
        navigator.repeat()
    with pytest.raises(NotGuiding):
        navigator.ahead()
    await navigator.close()


async def test_the_last_instruction_alone_tells_of_the_arrival(trip: Trip) -> None:
    await trip.drive(list(drive(NORTH.shape, 14)))
    assert [instruction.arrival for instruction in trip.said].count(True) == 1
    assert trip.said[-1].arrival
    assert trip.navigator.journey is None


async def test_off_the_route_the_car_asks_for_one_from_where_it_is_and_as_it_drives(trip: Trip) -> None:
    trip.router.found.append(route((ManeuverKind.START, 0, 900), (ManeuverKind.DESTINATION, 0, 0)))
    await trip.drive(list(drive(BESIDE, 14)))
    [_, (stops, _)] = trip.router.asked
    assert stops[0].heading == pytest.approx(90, abs=1)
    assert 30 < stops[0].position.distance_to(BESIDE[0]) < 150
    assert "rerouting" in trip.kinds


async def test_a_driver_with_a_will_of_his_own_is_not_told_again_and_again(trip: Trip) -> None:
    trip.router.found += [NORTH] * 20
    await trip.drive(list(drive([moved(HOME, 300, 100), moved(HOME, 300, 500)], 14)))
    assert len(trip.router.asked) > 2
    assert trip.kinds.count("rerouting") == 1


async def test_a_journey_to_a_place_that_cannot_be_reached_any_more_ends(trip: Trip) -> None:
    trip.router.found.append(Unreachable())
    await trip.drive(list(drive(BESIDE, 14)))
    assert trip.navigator.journey is None
    assert (trip.said[-1].kind, trip.said[-1].text) == ("ended", "I can't find a way there by car.")
    await trip.navigator.close()
    assert trip.memory.recall() is None


async def test_a_car_that_leaves_the_map_is_told_once_and_guided_again_when_it_is_back(trip: Trip) -> None:
    trip.router.found += [CarOffMap(), CarOffMap(), CarOffMap(), NORTH]
    await trip.drive(list(drive([*BESIDE, moved(BESIDE[-1], 400, 0)], 14)))
    assert trip.router.found == []
    assert trip.kinds.count("waiting") == 1
    assert trip.navigator.guide is not None


async def test_a_journey_to_where_the_car_is_ends_at_once_and_is_not_kept(tmp_path: Path) -> None:
    trip = Trip(tmp_path, route((ManeuverKind.START, 0, 0), (ManeuverKind.DESTINATION, 0, 0)))
    trip.navigator.observe(Fix(HOME, 0.0))
    await trip.navigator.start(Journey(GOAL))
    await trip.navigator.close()
    assert trip.said[-1].arrival
    assert trip.memory.recall() is None


async def test_a_failing_router_is_asked_again_some_seconds_later(trip: Trip) -> None:
    trip.router.found += [EngineError("It broke."), EngineError("It broke."), NORTH]
    await trip.drive(list(drive(BESIDE, 14)))
    assert trip.navigator.guide is not None
    assert trip.router.found == []
    assert trip.kinds.count("rerouting") == 1


async def test_muted_guidance_says_nothing_but_what_is_asked_for(trip: Trip) -> None:
    trip.said.clear()
    trip.navigator.mute(True)
    await trip.drive(list(drive(NORTH.shape[:2], 14)))
    assert trip.said == []
    trip.navigator.repeat()
    assert len(trip.said) == 1


async def test_the_battery_is_warned_of_once(trip: Trip) -> None:
    trip.car.battery = Battery(60.0, 0.051)
    await trip.drive(list(drive(NORTH.shape[:2], 14)))
    assert trip.kinds.count("low_charge") == 1


async def test_a_journey_is_resumed_as_soon_as_the_car_says_where_it_is(tmp_path: Path) -> None:
    Memory(tmp_path).keep(Journey(GOAL, language="zh"))
    trip = Trip(tmp_path, NORTH)
    await trip.navigator.resume()
    assert trip.navigator.journey is not None
    assert trip.navigator.guide is None
    await trip.drive([Fix(HOME, 0.0)])
    assert trip.navigator.guide is not None
    assert trip.router.asked[0][1].language == "zh"
    await trip.navigator.close()
    assert trip.memory.recall() is not None


async def test_a_new_journey_takes_the_place_of_the_old(trip: Trip) -> None:
    trip.router.found.append(NORTH)
    other = Journey(Place("n2", Kind.PLACE, "Other", NORTH.shape[1]))
    await trip.navigator.start(other)
    assert trip.navigator.journey == other


async def test_in_a_tunnel_guidance_goes_on_by_the_speed_of_the_car(trip: Trip) -> None:
    await trip.drive([fix for fix in drive(NORTH.shape[:2], 14) if fix.at < 40])
    trip.said.clear()
    trip.car.speed = 14.0
    for second in range(42, 75):
        trip.navigator.elapse(float(second))
    assert [instruction.kind for instruction in trip.said][:1] == ["right"]

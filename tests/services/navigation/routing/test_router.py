"""Routes by the real Valhalla, on made maps and on the demo map."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from codriver.errors import InvalidRequest
from codriver.services.navigation import words
from codriver.services.navigation.faults import (
    ApartMaps,
    CarOffMap,
    NavigationFault,
    NoMap,
    NoRoad,
    OffMap,
    Unreachable,
)
from codriver.services.navigation.places import Position
from codriver.services.navigation.routing.charge import Battery, energy, energy_for
from codriver.services.navigation.routing.engine import explain
from codriver.services.navigation.routing.router import MOST_STOPS, Router
from codriver.services.navigation.routing.routes import Avoid, ManeuverKind, Prefer, Route, RouteRequest, Stop
from codriver.services.navigation.words import words_for

from tests.services.navigation.routing.conftest import beside, place, with_tiles, write

type Make = Callable[..., Router]

STATION, HARBOUR = Position(60.1699, 24.9384), Position(60.1652, 24.9525)
LADDER = {  # two long roads one above the other, with rungs between them
    1: ((10, 11, 12, 13, 14), {"name": "Low Street"}),
    2: ((20, 21, 22, 23, 24), {"name": "High Street"}),
    3: ((10, 20), {"name": "First"}),
    4: ((12, 22), {"name": "Middle"}),
    5: ((14, 24), {"name": "Last"}),
}


async def go(router: Router, *places: Position, **wishes: object) -> Route:
    return await router.route([Stop(one) for one in places], RouteRequest(**wishes))  # type: ignore[arg-type]


async def test_a_route_has_a_length_a_time_a_shape_and_words(demo: Router) -> None:
    route = await go(demo, STATION, HARBOUR)
    assert 1000 < route.distance < 2500
    assert 100 < route.time < 600
    assert route.shape[0].distance_to(STATION) < 60
    assert route.shape[-1].distance_to(HARBOUR) < 60
    assert route.maneuvers[0].kind.departs
    assert route.maneuvers[-1].kind.arrives
    assert all(maneuver.sayings["en"].before for maneuver in route.maneuvers)
    assert sum(maneuver.distance for maneuver in route.maneuvers) == pytest.approx(route.distance, abs=50)


async def test_stops_on_the_way_are_reached_in_their_order(demo: Router) -> None:
    middle = Position(60.1712, 24.9470)
    direct, detour = await go(demo, STATION, HARBOUR), await go(demo, STATION, middle, HARBOUR)
    assert detour.distance > direct.distance
    assert [maneuver.kind.arrives for maneuver in detour.maneuvers].count(True) == 2
    assert min(middle.distance_to(point) for point in detour.shape) < 60
    assert detour.maneuvers[-1].begin == len(detour.shape) - 1


async def test_the_shortest_route_is_not_longer_than_the_fastest(demo: Router) -> None:
    fastest, shortest = await go(demo, STATION, HARBOUR), await go(demo, STATION, HARBOUR, prefer=Prefer.SHORTEST)
    assert shortest.distance <= fastest.distance
    assert fastest.time <= shortest.time


async def test_alternatives_are_other_routes(made: Make) -> None:
    route = await go(made(LADDER), beside(10, 20, 0.4), beside(14, 24, 0.4), alternatives=2)
    assert "Low Street" in {maneuver.street for maneuver in route.maneuvers}
    assert route.alternatives
    assert all(other.shape != route.shape for other in route.alternatives)
    assert all(other.maneuvers[0].sayings["en"].before for other in route.alternatives)


async def test_one_way_streets_are_obeyed(made: Make) -> None:
    router = made(LADDER | {1: (LADDER[1][0], {"oneway": "yes"})})
    there, back = await go(router, beside(10, 11), beside(13, 14)), await go(router, beside(13, 14), beside(10, 11))
    assert there.distance < 1000 < back.distance


async def test_forbidden_turns_are_not_taken(made: Make) -> None:
    goal = beside(12, 22)
    free = await go(made(LADDER), beside(10, 11), goal)
    bound = await go(made(LADDER, [(1, 12, 4, {"restriction": "no_left_turn"})]), beside(10, 11), goal)
    assert free.distance < 700 < bound.distance


async def test_a_turn_that_is_forbidden_at_certain_hours_is_never_taken(made: Make) -> None:
    restriction = {"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-18:00)"}
    route = await go(made(LADDER, [(1, 12, 4, restriction)]), beside(10, 11), beside(12, 22))
    assert route.distance > 700


async def test_junctions_are_kept_where_the_extract_cuts_roads(made: Make) -> None:
    cut = LADDER | {6: ((5, 6, 11, 21, 31, 41), {"name": "Through"}), 7: ((16, 15, 14), {"name": "Edge"})}
    route = await go(made(cut, missing=[5, 6, 15]), beside(10, 11), beside(21, 31))
    assert route.distance < 700
    assert "Through" in {maneuver.street for maneuver in route.maneuvers}


async def test_cars_keep_to_the_right_where_the_country_does(made: Make) -> None:
    crossing = {1: ((10, 11, 12), {"oneway": "yes"}), 2: ((22, 21, 20), {"oneway": "yes"}), 3: ((12, 22), {})}
    route = await go(made(crossing | {4: ((20, 10), {})}), beside(10, 11), beside(21, 20))
    assert {ManeuverKind.UTURN_RIGHT}.isdisjoint(maneuver.kind for maneuver in route.maneuvers)


@pytest.mark.parametrize(
    ("avoid", "tags"),
    [
        (Avoid.MOTORWAYS, {"highway": "motorway", "oneway": "no"}),
        (Avoid.TOLLS, {"highway": "primary", "toll": "yes", "maxspeed": "130"}),
        (Avoid.FERRIES, {"highway": "", "route": "ferry", "motor_vehicle": "yes", "duration": "00:01"}),
    ],
)
async def test_what_is_to_be_avoided_is_where_there_is_another_way(
    made: Make, avoid: Avoid, tags: dict[str, str]
) -> None:
    ways = {1: ((10, 11), {}), 2: ((11, 12, 13), tags), 3: ((13, 14), {}), 4: ((10, 610, 611, 612, 613, 614, 14), {})}
    router = made(ways)
    through = await go(router, beside(10, 11), beside(13, 14))
    around = await go(router, beside(10, 11), beside(13, 14), avoid=frozenset({avoid}))
    assert (through.motorways, through.tolls, through.ferries).count(True) == 1
    assert (around.motorways, around.tolls, around.ferries).count(True) == 0
    assert around.distance > through.distance


async def test_what_is_to_be_avoided_is_taken_where_there_is_no_other_way(made: Make) -> None:
    only = {1: ((10, 11), {}), 2: ((11, 12, 13), {"highway": "primary", "toll": "yes"}), 3: ((13, 14), {})}
    assert (await go(made(only), beside(10, 11), beside(13, 14), avoid=frozenset({Avoid.TOLLS}))).tolls


async def test_a_roundabout_tells_its_exit_and_the_street_after_it(made: Make) -> None:
    ring = {
        1: ((10, 11), {"name": "From"}),
        2: ((11, 12, 22, 21, 11), {"junction": "roundabout", "highway": "tertiary"}),
        3: ((12, 13), {"name": "One"}),
        4: ((22, 23), {"name": "Two"}),
        5: ((21, 31), {"name": "Three"}),
    }
    route = await go(made(ring), beside(10, 11), beside(22, 23, 0.8))
    [enter] = [maneuver for maneuver in route.maneuvers if maneuver.kind is ManeuverKind.ROUNDABOUT_ENTER]
    assert (enter.count, enter.leaving) == (2, "Two")


async def test_a_place_that_no_road_leads_to_is_unreachable(made: Make) -> None:
    router = made({1: ((10, 11, 12), {}), 2: ((50, 51, 52), {})})
    with pytest.raises(Unreachable):
        await go(router, beside(10, 11), beside(50, 51))


async def test_a_one_way_that_leads_only_out_cannot_be_reached(made: Make) -> None:
    router = made({1: ((10, 11, 12), {}), 2: ((21, 11), {"oneway": "yes"}), 3: ((22, 21), {"oneway": "yes"})})
    with pytest.raises(Unreachable):
        await go(router, beside(10, 11), beside(22, 21, 0.4))


async def test_a_place_with_no_road_far_and_wide_is_said_to_have_none(made: Make) -> None:
    ways = {1: ((10, 11), {}), 2: ((900, 901), {"highway": "footway"})}
    with pytest.raises(NoRoad):
        await go(made(ways), beside(10, 11), place(900))


@pytest.mark.parametrize("off", [Position(0.0, 0.0), Position(60.3, 24.9), Position(-90.0, 180.0)])
async def test_places_off_the_map_are_told_from_a_car_off_the_map(demo: Router, off: Position) -> None:
    with pytest.raises(OffMap):
        await go(demo, STATION, off)
    with pytest.raises(CarOffMap):
        await go(demo, off, STATION)


async def test_routes_are_found_on_the_map_that_holds_all_stops(tmp_path: Path) -> None:
    maps = []
    for name, origin in (("one", Position(50.0, 10.0)), ("two", Position(52.0, 10.0))):
        file = write(tmp_path / f"{name}.osm.pbf", LADDER, origin=origin)
        maps.append(with_tiles(file, tmp_path / name))
    router = Router(maps)
    here, there = place(10, Position(52.0, 10.0)), place(14, Position(52.0, 10.0))
    assert (await go(router, here, there)).distance > 500
    with pytest.raises(ApartMaps):
        await go(router, place(10), there)
    router.close()


async def test_without_a_map_there_is_no_route() -> None:
    with pytest.raises(NoMap):
        await go(Router([]), STATION, HARBOUR)


@pytest.mark.parametrize("count", [0, 1, MOST_STOPS + 1, 10_000])
async def test_a_route_has_a_sensible_number_of_stops(demo: Router, count: int) -> None:
    with pytest.raises(InvalidRequest, match="stops"):
        await go(demo, *[STATION] * count)


async def test_many_questions_at_once_are_answered(demo: Router) -> None:
    routes = await asyncio.gather(*[go(demo, STATION, HARBOUR) for _ in range(50)])
    assert len({route.distance for route in routes}) == 1


@pytest.mark.parametrize(
    ("tag", "spoken"), [("de-DE", {"en": "Drive ", "de": "Auf Kaivokatu "}), ("zh-CN", {"en": "Drive "})]
)
async def test_a_further_language_is_valhallas_where_it_speaks_it(
    demo: Router, monkeypatch: pytest.MonkeyPatch, tag: str, spoken: dict[str, str]
) -> None:
    english = words_for("en")
    further = english.model_copy(update={"valhalla": tag})
    monkeypatch.setattr(words, "_KNOWN", {"en": english, "de": further})
    route = await go(demo, STATION, HARBOUR, language="de")
    sayings = route.maneuvers[0].sayings
    assert {language: sayings[language].before[: len(spoken[language])] for language in sayings} == spoken


@pytest.mark.parametrize("language", ["en", "zh", "xx", ""])
async def test_a_route_has_english_words_whatever_is_spoken(demo: Router, language: str) -> None:
    route = await go(demo, STATION, HARBOUR, language=language)
    assert route.maneuvers[0].sayings["en"].before.startswith("Drive ")


async def test_the_name_of_the_destination_is_said_on_arrival(demo: Router) -> None:
    route = await demo.route([Stop(STATION), Stop(HARBOUR, 'Kauppa"; {DROP} <b>')], RouteRequest())
    assert 'Kauppa"; {DROP} <b>' in route.maneuvers[-1].sayings["en"].before


async def test_distances_by_road_are_told_and_what_cannot_be_reached(made: Make) -> None:
    router = made(LADDER | {9: ((50, 51), {})})
    near, cut_off = await router.ways(beside(10, 11), [beside(11, 12), beside(50, 51)])
    assert near is not None
    assert near.distance == pytest.approx(220, rel=0.2)
    assert cut_off is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (170, Unreachable),
        (442, Unreachable),
        (171, NoRoad),
        (130, InvalidRequest),
        (199, NavigationFault),
        (0, NavigationFault),
    ],
)
def test_errors_of_valhalla_are_told_by_their_code(code: int, fault: type[Exception]) -> None:
    assert type(explain(code)) is fault


def test_fast_and_slow_driving_take_more_charge_than_country_roads() -> None:
    town, country, motorway = (energy(10_000, 10_000 / (speed / 3.6)) for speed in (15, 70, 130))
    assert country < town
    assert country < motorway
    assert country == pytest.approx(1.45, abs=0.2)


def test_a_battery_keeps_a_reserve() -> None:
    battery = Battery(capacity=60.0, level=0.10)
    assert battery.lasts(2.9)
    assert not battery.lasts(3.1)
    assert battery.level_after(100.0) == 0.0


async def test_a_route_takes_charge_for_all_of_its_length(demo: Router) -> None:
    route = await go(demo, STATION, HARBOUR)
    assert 0.1 < energy_for(route) / (route.distance / 1000) < 0.4

"""What the guide of a route says when, on made roads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from codriver.services.navigation.guidance.following import Fix
from codriver.services.navigation.guidance.guide import Arrived, Guide, Left, News, Passed, Tell
from codriver.services.navigation.guidance.moments import Stage
from codriver.services.navigation.routing.routes import ManeuverKind as Kind
from codriver.services.navigation.routing.routes import Route

from tests.services.navigation.guidance.roads import HOME, drive, moved, route

TURN = route((Kind.START, 1000, 0), (Kind.RIGHT, 0, 800), (Kind.DESTINATION, 0, 0))
VIA = route(
    (Kind.START, 600, 0), (Kind.DESTINATION, 0, 0), (Kind.START, 600, 0), (Kind.LEFT, 0, -500), (Kind.DESTINATION, 0, 0)
)


def told(guide: Guide, fixes: Iterable[Fix]) -> list[News]:
    return [news for fix in fixes for news in guide.observe(fix)]


def started(along: Route) -> tuple[Guide, list[News]]:
    guide = Guide(along)
    return guide, list(guide.begin(Fix(HOME, 0.0)))


def stages(news: Iterable[News]) -> list[tuple[int, Stage]]:
    return [(one.maneuver, one.stage) for one in news if isinstance(one, Tell)]


def test_each_maneuver_is_told_far_ahead_near_and_at_the_place_each_once_and_in_order() -> None:
    guide, news = started(TURN)
    news += told(guide, drive(TURN.shape, 14))
    assert stages(news) == [
        (0, Stage.NOW),
        (1, Stage.FAR),
        (1, Stage.NEAR),
        (1, Stage.NOW),
        (2, Stage.FAR),
        (2, Stage.NEAR),
        (2, Stage.NOW),
    ]
    assert news[-1] == Arrived()


def test_what_follows_closely_is_told_together_and_not_announced_again() -> None:
    close = route(
        (Kind.START, 600, 0), (Kind.RIGHT, 0, 60), (Kind.LEFT, 500, 0), (Kind.DESTINATION, 0, 0), combined=[1]
    )
    guide, news = started(close)
    news += told(guide, drive(close.shape, 10))
    assert [stage for number, stage in stages(news) if number == 2] == [Stage.NOW]


def test_a_car_that_already_drives_is_not_told_to_set_off() -> None:
    guide = Guide(TURN)
    assert stages(guide.begin(Fix(HOME, 0.0, speed=14, heading=0))) == []


def test_a_driving_car_is_told_of_a_long_way_ahead() -> None:
    guide = Guide(route((Kind.START, 9000, 0), (Kind.LEFT, 0, -90), (Kind.DESTINATION, 0, 0)))
    [tell] = guide.begin(Fix(HOME, 0.0, speed=14, heading=0))
    assert isinstance(tell, Tell)
    assert (tell.stage, round(tell.distance, -1)) == (Stage.AFTER, 9000)


def test_on_a_motorway_the_exit_is_told_much_earlier() -> None:
    exit_ = route((Kind.START, 6000, 0), (Kind.EXIT_RIGHT, 300, 300), (Kind.DESTINATION, 0, 0), motorway=True)
    guide, news = started(exit_)
    news += told(guide, drive(exit_.shape, 33))
    far = next(one for one in news if isinstance(one, Tell) and one.stage is Stage.FAR)
    assert 1500 < far.distance < 2500


def test_a_stop_on_the_way_is_passed_and_the_way_goes_on() -> None:
    guide, news = started(VIA)
    news += told(guide, drive(VIA.shape, 10))
    assert [one for one in news if not isinstance(one, Tell)] == [Passed(1), Arrived()]
    assert stages(news).index((1, Stage.NOW)) + 1 == stages(news).index((2, Stage.NOW))


def test_a_short_cut_past_a_stop_does_not_pass_it() -> None:
    guide, _ = started(VIA)
    news = told(
        guide, drive([moved(HOME, 300, 0), moved(HOME, 300, 200), moved(HOME, 900, 200), moved(HOME, 900, 0)], 10)
    )
    assert Passed(1) not in news
    assert Left() in news


def test_what_remains_shrinks_to_nothing() -> None:
    guide, _ = started(TURN)
    remaining = [(guide.distance_remaining, guide.time_remaining)]
    for fix in drive(TURN.shape, 20):
        guide.observe(fix)
        remaining.append((guide.distance_remaining, guide.time_remaining))
    assert remaining == sorted(remaining, reverse=True)
    assert remaining[0] == pytest.approx((1800, 180), rel=0.01)
    assert remaining[-1][0] < 30


@pytest.mark.parametrize("side", [-20.0, 12.0, 20.0])
def test_positions_beside_the_road_are_on_it(side: float) -> None:
    guide, news = started(TURN)
    news += told(guide, drive(TURN.shape[:2], 14, side=side))
    assert Left() not in news
    assert guide.distance_remaining == pytest.approx(800, abs=30)


def test_leaving_the_route_is_noticed_within_seconds() -> None:
    guide, _ = started(TURN)
    told(guide, drive(TURN.shape[:2], 14))
    beyond = drive([TURN.shape[1], moved(TURN.shape[1], 500, 0)], 14, at=100)
    seconds = next(second for second, fix in enumerate(beyond) if Left() in guide.observe(fix))
    assert seconds <= 6


def test_driving_the_route_the_wrong_way_is_leaving_it() -> None:
    guide, _ = started(TURN)
    told(guide, [fix for fix in drive(TURN.shape[:2], 14) if fix.at < 30])
    back = drive([moved(HOME, 400, 0), HOME], 14, at=31)
    assert Left() in told(guide, back)


def test_one_wild_position_changes_nothing() -> None:
    guide, _ = started(TURN)
    fixes = list(drive(TURN.shape, 14))
    fixes[30] = replace(fixes[30], position=moved(HOME, -3000, 5000))
    news = told(guide, fixes)
    assert Left() not in news
    assert news[-1] == Arrived()


def test_positions_that_stay_elsewhere_are_believed() -> None:
    guide, _ = started(TURN)
    told(guide, [fix for fix in drive(TURN.shape[:2], 14) if fix.at < 20])
    ferry = moved(HOME, -4000, 9000)
    assert Left() in told(guide, drive([ferry, moved(ferry, 300, 0)], 14, at=21))


def test_a_standing_car_neither_leaves_nor_arrives_nor_hears_anything_twice() -> None:
    guide, _ = started(TURN)
    told(guide, [fix for fix in drive(TURN.shape[:2], 14) if fix.at < 40])
    waiting = [Fix(moved(HOME, 560 + jitter, 3 * jitter), 50.0 + jitter) for jitter in range(4)]
    assert stages(told(guide, waiting)) == []


def test_a_car_that_parks_short_of_the_destination_has_arrived() -> None:
    guide, _ = started(TURN)
    told(guide, [fix for fix in drive(TURN.shape, 14) if fix.at < 120])
    assert Arrived() in guide.observe(Fix(moved(TURN.shape[-1], 0, -50), 140.0))


def test_in_a_tunnel_the_turn_is_told_after_the_speed_of_the_car() -> None:
    guide, _ = started(TURN)
    told(guide, [fix for fix in drive(TURN.shape[:2], 14) if fix.at <= 20])
    inside = [news for second in range(22, 70) for news in guide.coast(second, 14.0)]
    assert stages(inside)[:3] == [(1, Stage.FAR), (1, Stage.NEAR), (1, Stage.NOW)]
    out = Fix(moved(TURN.shape[1], 0, 60), 77.0, 14.0, 90.0)
    assert Left() not in guide.observe(out)
    assert guide.distance_remaining == pytest.approx(740, abs=20)


def test_a_tunnel_never_arrives() -> None:
    guide, _ = started(TURN)
    told(guide, [fix for fix in drive(TURN.shape[:2], 14) if fix.at <= 20])
    assert Arrived() not in [news for second in range(21, 300) for news in guide.coast(second, 14.0)]


def test_a_parked_car_does_not_coast() -> None:
    guide, _ = started(TURN)
    assert guide.coast(100.0, 30.0) == ()
    assert guide.distance_remaining == pytest.approx(1800, rel=0.01)


def test_a_road_that_comes_back_beside_itself_is_followed_to_its_end() -> None:
    there_and_back = route(
        (Kind.START, 500, 0), (Kind.UTURN_LEFT, -500, 6), (Kind.RIGHT, 0, 400), (Kind.DESTINATION, 0, 0)
    )
    guide, _ = started(there_and_back)
    half = [fix for fix in drive(there_and_back.shape, 10) if fix.at < 40]
    told(guide, half)
    assert guide.upcoming == 1
    news = told(guide, [fix for fix in drive(there_and_back.shape, 10) if fix.at >= 40])
    assert (news[-1], Left() in news) == (Arrived(), False)


def test_a_car_in_a_car_park_is_not_off_the_route() -> None:
    guide = Guide(TURN)
    assert stages(guide.begin(Fix(moved(HOME, 0, 80), 0.0))) == [(0, Stage.NOW)]
    assert told(guide, drive([moved(HOME, 0, 80), moved(HOME, 30, 90), moved(HOME, 30, 0)], 4)) == []


def test_a_car_that_sets_off_the_wrong_way_is_off_the_route() -> None:
    guide, _ = started(TURN)
    assert Left() in told(guide, drive([HOME, moved(HOME, -300, 0)], 10))


def test_a_route_of_no_length_has_arrived_at_once() -> None:
    nowhere = route((Kind.START, 0, 0), (Kind.DESTINATION, 0, 0))
    assert Arrived() in Guide(nowhere).begin(Fix(HOME, 0.0))

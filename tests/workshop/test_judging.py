"""When a turn is right, as a table."""

from __future__ import annotations

from typing import Any

import pytest
from codriver.turn import BusCall
from codriver.workshop.evaluation.cases import Expectation, ExpectedCall
from codriver.workshop.evaluation.judging import Judgement, Observed, judge

PLAYER = "org.mpris.MediaPlayer2.Player"
AT_REST = {
    "Temperature": 21.0,
    "Window.Position": 0,
    "Window.IsOpen": False,
    "Window.Switch": "INACTIVE",
    "Wipers": "OFF",
    "AC": False,
}
FOLLOWS = {"Window.IsOpen": "Window.Position", "Window.Switch": "Window.Position"}
NEXT = BusCall("x", "/x", PLAYER, "Next")
PAUSE = BusCall("x", "/x", PLAYER, "Pause")
LOUDER = BusCall("x", "/x", PLAYER, "Set", (), "Volume", 0.6)
SEEK = BusCall("x", "/x", PLAYER, "Seek", (1000,))
CAR = BusCall("org.codriver.Vehicle1", "/x", "org.codriver.Vehicle1", "Set", ({"AC": True},))


def seen(*calls: BusCall, reply: str = "Okay.", asks: bool = False, **changes: Any) -> Observed:
    """What a turn came to; a changed signal is written with __ for its dot."""
    after = AT_REST | {name.replace("__", "."): value for name, value in changes.items()}
    return Observed(AT_REST, after, calls, reply, asks, FOLLOWS, {"Volume": 0.5})


def call(member: str, **rest: Any) -> ExpectedCall:
    return ExpectedCall(interface=PLAYER, member=member, **rest)


def expect(**signals: Any) -> Expectation:
    return Expectation(signals={name.replace("__", "."): value for name, value in signals.items()})


NEXT_WANTED = call("Next")
VOLUME = {"member": "Set", "property": "Volume"}


@pytest.mark.parametrize(
    ("expected", "observed"),
    [
        (Expectation(), seen()),
        (expect(Temperature=22), seen(Temperature=22.0)),
        (expect(Temperature=22), seen(Temperature=22.5)),
        (expect(Temperature=21), seen()),
        (expect(Temperature=[22, 24]), seen(Temperature=24.0)),
        (expect(Temperature="increased"), seen(Temperature=21.1)),
        (expect(Temperature="decreased"), seen(Temperature=20.0)),
        (expect(AC=True), seen(AC=True)),
        (expect(Wipers="FAST"), seen(Wipers="FAST")),
        (expect(Wipers=["SLOW", "MEDIUM"]), seen(Wipers="MEDIUM")),
        (expect(Window__Position=100), seen(Window__Position=100, Window__IsOpen=True)),
        (expect(Window__IsOpen=True), seen(Window__Position=100, Window__IsOpen=True)),
        (Expectation(calls=[NEXT_WANTED]), seen(NEXT)),
        (Expectation(calls=[NEXT_WANTED, call("Pause")]), seen(NEXT, PAUSE)),
        (expect(AC=True), seen(CAR, AC=True)),
        (Expectation(calls=[call("Seek", args=[1000])]), seen(SEEK)),
        (Expectation(calls=[call("Seek")]), seen(SEEK)),
        (Expectation(calls=[call(**VOLUME, value=0.6)]), seen(LOUDER)),
        (Expectation(calls=[call(**VOLUME, value=0.61)]), seen(LOUDER)),
        (Expectation(calls=[call(**VOLUME, change="increased")]), seen(LOUDER)),
        (Expectation(calls=[call(**VOLUME)]), seen(LOUDER)),
        (Expectation(reply="boot|trunk"), seen(reply="Shall I open the BOOT?")),
        (Expectation(asks=True), seen(asks=True)),
        (Expectation(), seen(asks=True, reply="What?")),
        (Expectation(any_of=[expect(AC=True), Expectation()]), seen()),
        (Expectation(any_of=[expect(AC=True), Expectation()]), seen(AC=True)),
        (Expectation(any_of=[Expectation(any_of=[expect(AC=True)]), expect(Wipers="FAST")]), seen(AC=True)),
        (
            Expectation(signals={"AC": True}, any_of=[expect(Wipers="FAST"), expect(Wipers="SLOW")]),
            seen(AC=True, Wipers="SLOW"),
        ),
        (Expectation(reply="yes", any_of=[Expectation(reply="no"), expect(AC=True)]), seen(reply="No.")),
    ],
)
def test_right(expected: Expectation, observed: Observed) -> None:
    assert judge(expected, observed) == Judgement()


@pytest.mark.parametrize(
    ("expected", "observed", "reason", "wrong_action"),
    [
        (expect(Temperature=22), seen(), "Temperature is 21.0, expected 22", False),
        (expect(Temperature=22), seen(Temperature=22.6), "Temperature is 22.6, expected 22", False),
        (expect(Temperature=[22, 24]), seen(Temperature=24.1), "Temperature is 24.1", False),
        (expect(Temperature="increased"), seen(), "expected 'increased'", False),
        (expect(Temperature="increased"), seen(Temperature=20.0), "expected 'increased'", False),
        (expect(AC=True), seen(), "AC is False, expected True", False),
        (expect(AC=False), seen(AC=0), "AC is 0, expected False", False),
        (expect(Wipers=["SLOW", "FAST"]), seen(Wipers="MEDIUM"), "Wipers is 'MEDIUM'", False),
        (expect(Lamp=True), seen(), "Lamp is None, expected True", False),
        (Expectation(), seen(AC=True), "AC went from False to True", True),
        (expect(Temperature=22), seen(Temperature=22.0, AC=True), "AC went from False to True", True),
        (expect(AC=True), seen(AC=True, Window__Position=5), "Window.Position went from 0 to 5", True),
        (expect(AC=True), seen(AC=True, Window__IsOpen=True), "Window.IsOpen went from False to True", True),
        (Expectation(), seen(NEXT), "calls were ['Next'], expected 0", True),
        (Expectation(calls=[NEXT_WANTED]), seen(), "calls were [], expected 1", False),
        (Expectation(calls=[NEXT_WANTED]), seen(NEXT, NEXT), "calls were ['Next', 'Next'], expected 1", True),
        pytest.param(*(Expectation(calls=[NEXT_WANTED]), seen(PAUSE), "calls were ['Pause']", True)),
        (Expectation(calls=[call("Seek", args=[2000])]), seen(SEEK), "calls were ['Seek']", None),
        (Expectation(calls=[NEXT_WANTED, call("Pause")]), seen(PAUSE, NEXT), "calls were ['Pause', 'Next']", None),
        (Expectation(calls=[call(**VOLUME, value=0.5)]), seen(LOUDER), "Set Volume=0.6", None),
        (Expectation(calls=[call(**VOLUME, change="decreased")]), seen(LOUDER), "Set Volume=0.6", None),
        (Expectation(calls=[call("Set", property="Rate")]), seen(LOUDER), "Set Volume=0.6", None),
        (Expectation(reply="boot"), seen(reply="Okay."), "the answer was 'Okay.'", False),
        (Expectation(asks=True), seen(), "it did not ask", False),
        (Expectation(asks=False), seen(asks=True), "it asked", False),
        (
            Expectation(any_of=[expect(AC=True), expect(Wipers="FAST")]),
            seen(Temperature=25.0),
            "Temperature went from",
            True,
        ),
        (Expectation(any_of=[expect(AC=True), Expectation(asks=True)]), seen(), "AC is False", False),
        (Expectation(reply="yes", any_of=[expect(AC=True)]), seen(AC=True), "the answer was", False),
    ],
)
def test_wrong(expected: Expectation, observed: Observed, reason: str, wrong_action: bool | None) -> None:
    judgement = judge(expected, observed)
    assert not judgement.right
    assert any(reason in said for said in judgement.reasons), judgement.reasons
    if wrong_action is not None:
        assert judgement.wrong_action is wrong_action


def test_the_alternative_that_came_closest_is_told() -> None:
    far = Expectation(signals={"AC": True, "Wipers": "FAST"}, asks=True)
    near = expect(Temperature=25)
    assert judge(Expectation(any_of=[far, near]), seen()).reasons == ("Temperature is 21.0, expected 25.0",)


def test_everything_that_moves_with_a_named_follower_may_move() -> None:
    moved = seen(Window__Position=100, Window__IsOpen=True, Window__Switch="OPEN")
    assert judge(expect(Window__IsOpen=True), moved).right


@pytest.mark.parametrize(
    ("wanted", "sent", "right"),
    [
        (["charging station"], ["Charging Station", {"limit": 10}], True),
        (["charging station"], ["petrol station", {}], False),
        ([{"name": "Kauppatori"}], [{"name": "Kauppatori", "latitude": 60.1}], True),
        ([{"avoid": ["tolls"]}], [{"avoid": ["tolls"], "via": []}], True),
        ([{"avoid": ["tolls"]}], [{"avoid": ["tolls", "ferries"]}], False),
        ([{"prefer": "shortest"}], [{}], False),
        (["a", "b"], ["a"], False),
        ([], ["anything"], True),
    ],
)
def test_arguments_are_judged_by_what_is_named_of_them(wanted: list[Any], sent: list[Any], right: bool) -> None:
    navigation = "org.codriver.Navigation1"
    expected = Expectation(calls=[ExpectedCall(interface=navigation, member="Start", args=wanted)])
    assert judge(expected, seen(BusCall(navigation, "/x", navigation, "Start", tuple(sent)))).right is right

"""Typed dialogues from end to end, understood without the language model, in a world of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio
from codriver.config import Configuration
from codriver.trace import Trace
from codriver.turn import Zone
from codriver.understanding.mind import Ways
from codriver.workshop.sandbox import Sandbox, sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
PASSENGERS_TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Passenger.Temperature"
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
PASSENGERS_WINDOW = "Vehicle.Cabin.Door.Row1.PassengerSide.Window.Position"
HEATING = "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling"
BOOT = "Vehicle.Body.Trunk.Rear.IsOpen"
REST: Mapping[str, Any] = {
    TEMPERATURE: 21.0,
    PASSENGERS_TEMPERATURE: 21.0,
    WINDOW: 0,
    PASSENGERS_WINDOW: 0,
    HEATING: 0,
    BOOT: False,
}


class Talk:
    """A conversation with a codriver that is in a sandbox."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box

    async def say(self, text: str, language: str = "en", zone: Zone = "driver") -> Trace:
        trace = await self.box.app.ask(text, language, zone)
        await self.box.settle()
        return trace

    async def changed(self) -> dict[str, Any]:
        """Give those of the signals above that differ from the car at rest."""
        now = await self.box.actuators()
        return {path: now[path] for path, value in REST.items() if now[path] != value}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def box() -> AsyncIterator[Sandbox]:
    async with sandbox(Configuration(), pace=50, ways=Ways(model=False), voices=False) as box:
        yield box


@pytest_asyncio.fixture(loop_scope="module")
async def talk(box: Sandbox) -> Talk:
    await box.reset()
    box.app.forget()
    return Talk(box)


@pytest.mark.parametrize(
    ("language", "turns"),
    [
        (
            "en",
            [
                ("open the passenger window", {PASSENGERS_WINDOW: 100}),
                ("close it again", {}),
                ("open the passenger window", {PASSENGERS_WINDOW: 100}),
                ("no, the left one", {WINDOW: 100}),
                ("undo that", {}),
            ],
        ),
        (
            "zh",
            [
                ("温度调到23度", {TEMPERATURE: 23.0}),
                ("副驾也一样", {TEMPERATURE: 23.0, PASSENGERS_TEMPERATURE: 23.0}),
                ("撤销", {TEMPERATURE: 23.0}),
                ("撤销", {}),
            ],
        ),
        (
            "zh",
            [
                ("打开副驾车窗", {PASSENGERS_WINDOW: 100}),
                ("再关上", {}),
                ("打开副驾车窗", {PASSENGERS_WINDOW: 100}),
                ("不对，左边的", {WINDOW: 100}),
                ("撤销", {}),
            ],
        ),
        (
            "en",
            [
                ("set the temperature to 23 and turn on the seat heating", {TEMPERATURE: 23.0, HEATING: 66}),
                ("undo the last one", {TEMPERATURE: 23.0}),
                ("undo that", {}),
                ("undo that", {}),
            ],
        ),
        (
            "en",
            [
                ("set the temperature", {}),
                ("24", {TEMPERATURE: 24.0}),
                ("what did you just do", {TEMPERATURE: 24.0}),
                ("undo that", {}),
            ],
        ),
        ("en", [("open the boot", {}), ("never mind", {}), ("yes", {})]),
        ("zh", [("打开后备箱", {}), ("算了", {}), ("是的", {})]),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0][0],
)
async def test_each_sentence_goes_on_from_those_before(
    talk: Talk, language: str, turns: list[tuple[str, dict[str, Any]]]
) -> None:
    for text, expected in turns:
        trace = await talk.say(text, language)
        assert await talk.changed() == expected, text
        assert trace.answer.text


async def test_what_was_closed_is_opened_again_after_a_yes(talk: Talk) -> None:
    await talk.box.force({BOOT: True})
    await talk.say("close the boot")
    assert (await talk.say("undo that")).answer.expects_reply
    assert await talk.changed() == {}
    await talk.say("yes")
    assert await talk.changed() == {BOOT: True}


async def test_while_driving_it_stays_closed(talk: Talk) -> None:
    await talk.box.force({BOOT: True})
    await talk.say("关上后备箱", "zh")
    await talk.box.force({"Vehicle.Speed": 40.0})
    trace = await talk.say("撤销", "zh")
    assert [refusal.intent for refusal in trace.refused] == ["open_boot"]
    assert await talk.changed() == {}


async def test_a_child_behind_a_locked_window_cannot_open_it(talk: Talk) -> None:
    await talk.say("turn on the window child lock")
    for text in ("open my window", "turn off the window child lock", "open all windows"):
        trace = await talk.say(text, zone="rear_left")
        assert (trace.calls, len(trace.refused)) == ((), 1), text
    assert (await talk.say("open the rear left window")).calls


@pytest.mark.parametrize("zone", ["passenger", "rear_left"])
async def test_what_is_asked_of_one_seat_is_not_answered_from_another(talk: Talk, zone: Zone) -> None:
    await talk.say("open the boot")
    assert (await talk.say("yes", zone=zone)).calls == ()
    await talk.say("set the temperature")
    assert (await talk.say("24", zone=zone)).calls == ()


BAD_INPUT = {
    "half a sentence": [
        ("en", "open the"), ("en", "could you please"), ("en", "set the fan to"), ("en", "turn on"), ("en", "and the"),
        ("zh", "请把"), ("zh", "打开"), ("zh", "把空调"), ("zh", "把温度调到"),
    ],
    "a third language": [
        ("en", "öffne bitte das Fenster"), ("en", "ouvre la fenêtre"), ("en", "abre la ventana"),
        ("zh", "窓を開けてください"), ("zh", "창문 열어 줘"), ("en", "открой окно"),
    ],
    "profanity": [("en", "you stupid piece of shit"), ("en", "oh for fuck's sake"), ("zh", "你他妈的有病吧")],
    "chatter": [
        ("en", "mummy are we there yet I need a wee and Tommy is poking me"),
        ("en", "the wheels on the bus go round and round"),
        ("en", "and then she said the window was open the whole night"),
        ("zh", "妈妈我要吃冰淇淋弟弟打我"),
    ],
    "a transcriber that is stuck": [
        ("en", "open the window " * 10), ("en", "turn up the temperature. " * 10), ("en", "warmer " * 10),
        ("zh", "温度调高一点" * 10), ("zh", "打开车窗。" * 10),
    ],
    "a number too large to be one": [
        ("en", "set the temperature to 99999999999999999999"), ("en", "set the volume to 1e999"),
        ("en", "set the temperature to nine hundred million billion degrees"), ("en", "set the fan to 400 percent"),
        ("en", f"set the temperature to {'9' * 5000}"), ("zh", "温度调到一百万亿度"), ("zh", f"温度调到{'9' * 5000}度"),
    ],
    "wishes that contradict each other": [
        ("en", "open and close the window"), ("en", "open the window and close the window"),
        ("en", "turn the lights on and off"), ("en", "make it warmer and colder"), ("zh", "打开车窗再关上车窗"),
        ("zh", "打开又关闭车窗"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text"),
    [pytest.param(*case, id=f"{kind}-{case[1][:40]}") for kind, cases in BAD_INPUT.items() for case in cases],
)
async def test_bad_input_has_no_effect(talk: Talk, language: str, text: str) -> None:
    before = await talk.box.actuators()
    trace = await talk.say(text, language)
    assert trace.calls == ()
    assert trace.answer.text
    assert await talk.box.actuators() == before


@pytest.mark.parametrize(
    "text", ["close it again", "a bit more", "no, the left one", "the other side too", "undo that"]
)
async def test_what_refers_to_nothing_has_no_effect(talk: Talk, text: str) -> None:
    assert (await talk.say(text)).calls == ()


async def test_titles_that_read_like_orders_cause_nothing(talk: Talk, box: Sandbox) -> None:
    """What plays is told with its title, and the title is no wish, neither then nor for what follows."""
    before = await box.actuators()
    for text in ("what is playing", "what did you just do", "again", "a bit more"):
        trace = await talk.say(text)
        assert all(call.interface != "org.codriver.Vehicle1" for call in trace.calls)
    for title in ("Open Up the Doors by Undo", "Close Your Window", "Yes, Open the Boot"):
        await talk.say(f"the next song is called {title}")
    assert await box.actuators() == before

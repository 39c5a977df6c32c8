from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Mapping
from typing import Any, Protocol

import pytest
from codriver.app import App
from codriver.engines.fleet import Fleet
from codriver.hearing.audio import Samples
from codriver.trace import Trace

pytestmark = [pytest.mark.models, pytest.mark.asyncio(loop_scope="session")]

TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
APOLOGIES = {
    "en": "Sorry, something went wrong on my side. Please say it again.",
    "zh": "抱歉，我这边出了点问题，请再说一遍。",
}
BY_MODEL = "twenty five would be perfect for me"


class Codriver(Protocol):
    """What these tests use of the running codriver."""

    app: App
    fleet: Fleet

    @property
    def answer(self) -> Samples: ...
    async def hear_sample(self, name: str) -> Trace: ...
    async def listen_to(self, sound: Samples, language: str) -> Any: ...
    async def actuators(self) -> dict[str, Any]: ...
    def send(self, engine: str, number: signal.Signals) -> None: ...


async def kill_while_it_works(codriver: Codriver, engine: str, turn: asyncio.Task[Trace]) -> Trace:
    """Kill an engine that was stopped before the turn began, once the turn must be waiting for it."""
    await asyncio.sleep(1.0)
    assert not turn.done()
    codriver.send(engine, signal.SIGKILL)
    return await turn


async def temperature(codriver: Codriver) -> float:
    return float((await codriver.actuators())[TEMPERATURE])


@pytest.mark.parametrize("when", ["before", "while", "after"])
async def test_a_dying_transcriber_costs_one_turn(codriver: Codriver, when: str) -> None:
    hearing = codriver.hear_sample("en-set-the-temperature-to-22-degrees")
    if when == "while":
        codriver.send("transcriber", signal.SIGSTOP)
        trace = await kill_while_it_works(codriver, "transcriber", asyncio.create_task(hearing))
    else:
        if when == "before":
            codriver.send("transcriber", signal.SIGKILL)
            await asyncio.sleep(0.1)
        trace = await hearing
    if when == "after":
        codriver.send("transcriber", signal.SIGKILL)
        await asyncio.sleep(0.1)
        assert await temperature(codriver) == 22.0
        trace = await codriver.hear_sample("en-set-it-to-nineteen-degrees")
    assert (trace.heard.text, trace.calls, trace.answer.text) == ("", (), APOLOGIES["en"])
    assert await temperature(codriver) == (22.0 if when == "after" else 21.0)
    again = await codriver.hear_sample("en-set-it-to-nineteen-degrees")
    assert again.calls
    assert await temperature(codriver) == 19.0


async def test_a_dying_thinker_costs_one_turn(codriver: Codriver) -> None:
    codriver.send("thinker", signal.SIGSTOP)
    await asyncio.sleep(0.1)
    turn = asyncio.create_task(codriver.app.ask(BY_MODEL, "en", "driver"))
    trace = await kill_while_it_works(codriver, "thinker", turn)
    assert (trace.calls, trace.answer.text) == ((), APOLOGIES["en"])
    assert await temperature(codriver) == 21.0
    again = await codriver.app.ask(BY_MODEL, "en", "driver")
    assert again.calls
    assert await temperature(codriver) == 25.0


async def test_without_its_thinker_it_goes_on_with_templates_and_recovers(codriver: Codriver) -> None:
    codriver.send("thinker", signal.SIGKILL)
    await asyncio.sleep(0.1)
    assert (await codriver.hear_sample("en-set-the-temperature-to-22-degrees")).calls
    assert (await codriver.app.ask(BY_MODEL, "en", "driver")).calls
    assert await temperature(codriver) == 25.0


SENTENCES: Mapping[str, str] = {"en": "set the temperature to 22 degrees", "zh": "把温度调到二十二度"}


@pytest.mark.parametrize("when", ["before", "while", "after"])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_an_answer_whose_voice_dies_is_still_spoken_whole(codriver: Codriver, language: str, when: str) -> None:
    voice = f"voice-{language}"
    if when == "after":
        assert (await codriver.app.ask(SENTENCES[language], language, "driver")).calls
    codriver.send(voice, signal.SIGSTOP if when == "while" else signal.SIGKILL)
    await asyncio.sleep(0.1)
    turn = asyncio.create_task(codriver.app.ask(SENTENCES[language], language, "driver"))
    trace = await (kill_while_it_works(codriver, voice, turn) if when == "while" else turn)
    assert await temperature(codriver) == 22.0
    assert "22" in trace.answer.text
    assert "sounding" in trace.stamps
    back = await codriver.listen_to(codriver.answer, language)
    assert "22" in back.text
    assert (await codriver.app.ask(SENTENCES[language], language, "driver")).answer.text


async def test_a_thinker_that_died_and_came_back_between_two_turns_costs_nothing(codriver: Codriver) -> None:
    assert (await codriver.app.ask(BY_MODEL, "en", "driver")).calls
    await kill_and_await(codriver, "thinker")
    trace = await codriver.app.ask("我希望车里面的温度能是22度", "zh", "driver")
    await codriver.app.ask(BY_MODEL, "en", "driver")  # whatever became of it, the tests after this one need a thinker
    assert trace.calls


async def kill_and_await(codriver: Codriver, *engines: str) -> None:
    alive = {engine: codriver.fleet.engines[engine].restarts for engine in engines}
    for engine in engines:
        codriver.send(engine, signal.SIGKILL)
    async with asyncio.timeout(10):
        while any(codriver.fleet.engines[engine].restarts == times for engine, times in alive.items()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await codriver.fleet.ready()


async def test_all_engines_may_die_at_once(codriver: Codriver) -> None:
    for engine in codriver.fleet.engines:
        codriver.send(engine, signal.SIGKILL)
    await asyncio.sleep(0.1)
    trace = await codriver.hear_sample("en-set-the-temperature-to-22-degrees")
    assert trace.answer.text == APOLOGIES[trace.answer.language]
    back = await codriver.listen_to(codriver.answer, trace.answer.language)
    assert re.search("sorry|抱", back.text, re.IGNORECASE)
    await codriver.fleet.ready()
    assert (await codriver.hear_sample("zh-ba-wen-du-diao-dao-er-shi-er-du")).calls
    assert (await codriver.app.ask(BY_MODEL, "en", "driver")).calls
    assert await temperature(codriver) == 25.0

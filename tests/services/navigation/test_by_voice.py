"""Typed conversations with the navigation: the real service on the real map, understood by templates."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from codriver.acting.bus import Bus
from codriver.acting.navigator import NAVIGATION
from codriver.app import App
from codriver.config import Configuration
from codriver.engines.fleet import TRANSCRIBER, Fleet
from codriver.services.navigation.maps import Library
from codriver.speaking.loudspeaker import SilentLoudspeaker
from codriver.turn import BusCall, Zone
from codriver.workshop import parts

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOWHERE = Fleet({}, {TRANSCRIBER: "unix:///nowhere/transcriber"})


class Conversation:
    """An app that is typed to, and the navigation that it talks to."""

    def __init__(self, app: App, bus: Bus) -> None:
        self._app = app
        self._bus = bus
        self.calls: tuple[BusCall, ...] = ()

    async def say(self, text: str, zone: Zone = "driver") -> str:
        trace = await self._app.ask(text, "en" if text.isascii() else "zh", zone)
        self.calls = trace.calls
        assert trace.answer.expects_reply == trace.answer.text.rstrip().endswith(("?", "？"))
        return trace.answer.text

    @property
    def members(self) -> list[str]:
        return [call.member for call in self.calls]

    async def going(self) -> str:
        destination: dict[str, Any] = await self._bus.get_property(NAVIGATION, "Destination")
        return str(destination.get("name", ""))

    async def start_over(self) -> None:
        await self._bus.call(NAVIGATION, "Stop")
        self._app.forget()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(library: Library, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Conversation]:
    folder = tmp_path_factory.mktemp("d")
    async with (
        parts.private_bus(folder) as address,
        parts.simulated_car(address, pace=50),
        parts.navigation(address, library.root, folder / "state"),
        App(Configuration(voices=()), NOWHERE, Bus(address), lambda trace: SilentLoudspeaker()) as app,
        Bus(address) as bus,
    ):
        yield Conversation(app, bus)


@pytest_asyncio.fixture(loop_scope="module")
async def talk(there: Conversation) -> Conversation:
    await there.start_over()
    return there


@pytest.mark.parametrize("said", ["take me to the nearest charging station", "导航到最近的充电站"])
async def test_the_nearest_is_found_and_gone_to(talk: Conversation, said: str) -> None:
    answer = await talk.say(said)
    assert talk.members == ["Search", "Start"]
    assert re.search(r"(kilometre|metre|米|公里).*(minute|分钟)", answer)
    assert await talk.going()


@pytest.mark.parametrize("said", ["is there a petrol station nearby", "附近有加油站吗"])
async def test_what_is_not_there_is_said_with_how_far_it_looked(talk: Conversation, said: str) -> None:
    answer = await talk.say(said)
    assert talk.members == ["Search"]
    assert re.search(r"(no petrol station within .*kilomet|公里.*没有找到加油站)", answer)


@pytest.mark.parametrize(
    ("said", "second"), [("find a pharmacy near here", "the second one"), ("附近有药店吗", "第二个")]
)
async def test_three_are_read_out_and_one_is_chosen(talk: Conversation, said: str, second: str) -> None:
    names = re.findall(r"\w*[Aa]pteekki\b", await talk.say(said))
    assert len(names) == 3
    await talk.say(second)
    assert talk.members == ["Start"]
    assert "Kaivopiha" in await talk.going()


async def test_one_is_chosen_by_its_name_too(talk: Conversation) -> None:
    await talk.say("find a pharmacy near here")
    await talk.say("Eliel")
    assert await talk.going() == "Apteekki Eliel"


async def test_where_to_is_asked_and_answered_in_words_of_ones_own(talk: Conversation) -> None:
    assert await talk.say("navigate somewhere") in ("Where to?", "Where shall we go?")
    assert talk.calls == ()
    await talk.say("to the nearest library")
    assert talk.members == ["Search", "Start"]


async def test_an_address_is_gone_to_at_once(talk: Conversation) -> None:
    assert "Mannerheimintie 10" in await talk.say("take me to Mannerheimintie 10")
    assert talk.members == ["Search", "Start"]


async def test_a_second_wish_is_no_part_of_the_name(talk: Conversation) -> None:
    await talk.say("take me to the nearest charger and turn on the air conditioning")
    assert talk.members == ["Search", "Start", "Set"]
    assert talk.calls[0].args[0] == "charger"


async def test_a_started_route_is_undone_and_a_stopped_one_comes_back(talk: Conversation) -> None:
    await talk.say("take me to the nearest library")
    library = await talk.going()
    await talk.say("undo that")
    assert (talk.members, await talk.going()) == (["Stop"], "")
    await talk.say("take me to the nearest library")
    await talk.say("stop navigation")
    assert await talk.going() == ""
    await talk.say("undo that")
    assert await talk.going() == library


async def test_on_the_way_it_tells_how_far_and_what_is_next(talk: Conversation) -> None:
    await talk.say("take me to the nearest charging station")
    assert re.search(r"minutes.*\d\d:\d\d", await talk.say("how long until we get there"))
    assert re.search("turn|left|right|drive", await talk.say("what's the next turn"), re.IGNORECASE)
    assert re.search("转|行|走", await talk.say("前面路口怎么走"))
    await talk.say("add a stop at the nearest supermarket")
    assert talk.members == ["Search", "Start"]
    await talk.say("stop navigation")
    assert "no guidance" in await talk.say("stop navigation")


async def test_where_we_are_is_a_street_with_its_number(talk: Conversation) -> None:
    assert re.search(r"\w+katu \d+|\w+tie \d+", await talk.say("where are we"))


async def test_there_is_what_was_spoken_of_last(talk: Conversation) -> None:
    await talk.say("how far is it to the Ateneum")
    assert talk.members == ["Search"]
    await talk.say("take me there")
    assert await talk.going() == "Ateneum"


async def test_a_question_is_let_go(talk: Conversation) -> None:
    await talk.say("find a pharmacy near here")
    await talk.say("never mind")
    assert talk.calls == ()
    assert await talk.going() == ""


async def test_from_the_back_nobody_starts_the_guidance(talk: Conversation) -> None:
    await talk.say("take me to the nearest toy store", "rear_left")
    assert (talk.calls, await talk.going()) == ((), "")


@pytest.mark.parametrize(
    "said",
    [
        "take me to '; DROP TABLE place; --",
        'take me to NEAR("a" "b", 5) OR name:*',
        "take me to {0.__class__} %s \\x00",
    ],
)
async def test_a_name_in_a_language_of_machines_is_only_a_name(talk: Conversation, said: str) -> None:
    await talk.say(said)
    assert set(talk.members) <= {"Search", "Start"}
    await talk.say("take me to the nearest charging station")
    assert talk.members == ["Search", "Start"]

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from codriver.acting.bus import Bus, Destination, Signal, Typed
from codriver.app import App
from codriver.config import Configuration
from codriver.engines.fleet import TRANSCRIBER, Fleet
from codriver.errors import InvalidRequest, Rejected
from codriver.hearing.audio import FRAME, Samples
from codriver.running.daemon import Running
from codriver.services.assistant import ASSISTANT, BUS_NAME, INTERFACE, PATH, offer
from codriver.speaking.loudspeaker import SilentLoudspeaker
from codriver.turn import Zone
from codriver.workshop import parts
from codriver.workshop.sandbox import SIMULATOR
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
TURN_KEYS = {
    "heard", "language", "zone", "source", "intents", "calls", "refused", "reply", "asks", "timings_ms",
}  # fmt: skip


@dataclass
class World:
    """An assistant that is typed to, on a bus of its own with a car; ``bus`` is another connection to it."""

    address: str
    bus: Bus
    app: App
    running: Running
    signals: list[Signal] = field(default_factory=list)

    async def ask(self, text: str, options: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        [turn] = await self.bus.call(ASSISTANT, "Ask", text, options or {}, **more)
        return dict(turn)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    fleet = Fleet({}, {TRANSCRIBER: "unix:///nowhere/transcriber"})
    config = Configuration(voices=())
    async with (
        parts.private_bus(tmp_path_factory.mktemp("bus")) as address,
        parts.simulated_car(address, pace=50),
        Bus(address) as bus,
        App(config, fleet, own := Bus(address), lambda trace: SilentLoudspeaker()) as app,
    ):
        running = Running(app, config)
        app.on_turn = await offer(own, running)
        world = World(address, bus, app, running)
        for member in ("Heard", "Acted", "Said", "Failed"):
            await bus.subscribe(ASSISTANT, member, world.signals.append)
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def world(standing: World) -> World:
    await standing.bus.call(SIMULATOR, "Reset")
    standing.app.forget()
    standing.running.muted = False
    standing.signals.clear()
    return standing


@pytest.mark.parametrize(
    ("text", "options", "intent", "signal"),
    [
        ("set the temperature to 22 degrees", {}, "set_temperature", {TEMPERATURE: 22.0}),
        ("把温度调到二十三度", {"language": "zh"}, "set_temperature", {TEMPERATURE: 23.0}),
        (
            "set it to 24 degrees",
            {"zone": "passenger", "language": "en"},
            "set_temperature",
            {TEMPERATURE.replace("Driver", "Passenger"): 24.0},
        ),
    ],
)
async def test_a_typed_turn_is_told_whole(
    world: World, text: str, options: dict[str, str], intent: str, signal: dict[str, float]
) -> None:
    turn = await world.ask(text, options)
    assert turn.keys() == TURN_KEYS
    assert (turn["heard"], turn["source"], turn["refused"], turn["asks"]) == (text, "template", [], False)
    assert turn["language"] == options.get("language", "en")
    assert turn["zone"] == options.get("zone", "driver")
    assert [entry["name"] for entry in turn["intents"]] == [intent]
    [call] = turn["calls"]
    assert call == {
        "bus_name": "org.codriver.Vehicle1",
        "path": "/org/codriver/Vehicle1",
        "interface": "org.codriver.Vehicle1",
        "member": "Set",
        "args": [signal],
    }
    assert turn["reply"]
    assert all(milliseconds >= 0 for milliseconds in turn["timings_ms"].values())
    json.dumps(turn)


async def test_a_turn_is_told_to_those_who_listen(world: World) -> None:
    turn = await world.ask("set the temperature to 22 degrees")
    await world.ask("tell me a joke")
    assert [signal.member for signal in world.signals] == ["Heard", "Acted", "Said", "Heard", "Said"]
    heard, acted, said = world.signals[:3]
    assert heard.args == ["set the temperature to 22 degrees", {"language": "en", "zone": "driver"}]
    assert acted.args == [turn["calls"]]
    assert said.args == [turn["reply"], {"language": "en", "asks": False}]


async def test_a_question_on_the_bus_waits_for_its_yes(world: World) -> None:
    asked = await world.ask("open the boot")
    assert (asked["asks"], asked["calls"]) == (True, [])
    done = await world.ask("yes")
    assert done["calls"][0]["args"] == [{"Vehicle.Body.Trunk.Rear.IsOpen": True}]


async def test_a_cancelled_question_is_not_answered_by_yes(world: World) -> None:
    assert (await world.ask("open the boot"))["asks"]
    await world.bus.call(ASSISTANT, "Cancel")
    assert (await world.ask("yes"))["calls"] == []


@pytest.mark.parametrize(
    ("text", "options", "names"),
    [
        ("hello", {"zone": "roof"}, "driver, passenger"),
        ("hello", {"zone": 3}, "driver, passenger"),
        ("hello", {"zone": "x" * 100_000}, "driver, passenger"),
        ("hello", {"language": "tlh"}, "en, zh"),
        ("hello", {"language": ""}, "en, zh"),
        ("hello", {"language": Typed("as", ["en"])}, "en, zh"),
        ("hello", {"language": "\x1b[31m\nen"}, "en, zh"),
        ("a" * 100_000, {}, "2000 characters"),
        ("打" * 100_000, {"language": "zh"}, "2000 characters"),
        ("", {"wav": "/nowhere/at/all.wav"}, "does not exist"),
        ("", {"wav": "/"}, "folder"),
        pytest.param("", {"wav": 7}, "wav"),
        pytest.param(
            "hello",
            {"wav": "/nowhere/at/all.wav"},
            "wav",
        ),
        pytest.param("hello", {"lang": "zh"}, "lang"),
    ],
    ids=range(14),
)
async def test_a_wrong_request_gets_one_sentence(world: World, text: str, options: dict[str, Any], names: str) -> None:
    with pytest.raises((InvalidRequest, Rejected)) as refusal:
        await world.ask(text, options)
    sentence = str(refusal.value)
    assert names in sentence
    assert "Traceback" not in sentence
    assert "\n" not in sentence
    assert len(sentence) < 300
    assert world.signals == []
    assert (await world.ask("set the temperature to 22 degrees"))["calls"]


async def raw(world: World, message: Message) -> Message:
    connection = await MessageBus(world.address).connect()
    try:
        reply = await asyncio.wait_for(connection.call(message), 5)
        assert reply is not None
        return reply
    finally:
        connection.disconnect()


def message(member: str, signature: str = "", body: list[Any] | None = None, interface: str = INTERFACE) -> Message:
    return Message(
        destination=BUS_NAME, path=PATH, interface=interface, member=member, signature=signature, body=body or []
    )


PROPERTIES = "org.freedesktop.DBus.Properties"


@pytest.mark.parametrize(
    "wrong",
    [
        message("Ask", "s", ["hello"]),
        message("Ask", "sa{ss}", ["hello", {"language": "en"}]),
        message("Ask", "ia{sv}", [5, {}]),
        message("Ask", "sa{sv}", ["hello", {"language": Variant("a{sv}", {"x": Variant("i", 1)})}]),
        message("Say", "s", ["hello"]),
        message("Say", "sa{sv}", ["a" * 100_000, {}]),
        message("Say", "sa{sv}", ["hello", {"language": Variant("s", "tlh")}]),
        message("Listen"),
        message("Cancel", "s", ["now"]),
        message("Explode"),
        message("ask", "sa{sv}", ["hello", {}]),
        message("__init__", "s", ["x"]),
        message("Set", "ssv", [INTERFACE, "State", Variant("s", "idle")], PROPERTIES),
        message("Set", "ssv", [INTERFACE, "Languages", Variant("as", [])], PROPERTIES),
        message("Set", "ssv", [INTERFACE, "Nothing", Variant("s", "idle")], PROPERTIES),
        message("Get", "ss", [INTERFACE, "Nothing"], PROPERTIES),
        message("Get", "ss", ["org.codriver.Nothing", "State"], PROPERTIES),
        pytest.param(
            message("Set", "ssv", [INTERFACE, "Muted", Variant("s", "yes")], PROPERTIES),
        ),
        pytest.param(
            message("Set", "ssv", [INTERFACE, "Muted", Variant("as", ["yes"])], PROPERTIES),
        ),
    ],
    ids=range(19),
)
async def test_a_malformed_message_gets_an_error_of_codriver(world: World, wrong: Message) -> None:
    reply = await raw(world, wrong)
    assert reply.message_type is MessageType.ERROR
    assert reply.error_name is not None
    assert reply.error_name.startswith("org.codriver.Error.")
    [sentence] = reply.body
    assert sentence
    assert "Traceback" not in sentence
    assert "\n" not in sentence
    assert len(sentence) < 300
    assert await world.bus.get_property(ASSISTANT, "Muted") is False


async def test_its_properties(world: World) -> None:
    assert await world.bus.get_properties(ASSISTANT) == {"State": "idle", "Muted": False, "Languages": ["en", "zh"]}
    await world.bus.set_property(ASSISTANT, "Muted", True)
    assert await world.bus.get_properties(ASSISTANT) == {"State": "muted", "Muted": True, "Languages": ["en", "zh"]}
    await world.bus.set_property(ASSISTANT, "Muted", False)
    assert await world.bus.get_property(ASSISTANT, "State") == "idle"


async def test_it_acts_while_a_turn_lasts(world: World) -> None:
    await world.bus.call(SIMULATOR, "Fault", TEMPERATURE, "slow")
    turn = asyncio.create_task(world.ask("set the temperature to 22 degrees", timeout=20))
    await asyncio.sleep(0.3)
    assert await world.bus.get_property(ASSISTANT, "State") == "acting"
    await turn
    assert await world.bus.get_property(ASSISTANT, "State") == "idle"


async def test_changes_of_its_properties_are_announced(world: World) -> None:
    news: list[Signal] = []
    properties = Destination(BUS_NAME, PATH, PROPERTIES)
    subscription = await world.bus.subscribe(properties, "PropertiesChanged", news.append)
    await world.bus.set_property(ASSISTANT, "Muted", True)
    await world.bus.set_property(ASSISTANT, "Muted", False)
    await world.ask("set the temperature to 22 degrees")
    await world.bus.unsubscribe(subscription)
    changed = [signal.args[1] for signal in news]
    assert {"Muted": True, "State": "muted"} in changed
    assert {"State": "acting"} in changed


async def test_saying_nothing_in_particular_is_no_error(world: World) -> None:
    assert await world.bus.call(ASSISTANT, "Say", "Good morning.", {}) == []
    assert await world.bus.call(ASSISTANT, "Say", "早上好。\x07", {"language": "zh"}) == []
    assert await world.bus.call(ASSISTANT, "Cancel") == []
    assert await world.bus.call(ASSISTANT, "Listen", {}) == []


@pytest.mark.parametrize("garbage", [b"", b"no WAV at all", b"RIFF\xff\xff\xff\xffWAVEfmt "])
async def test_a_file_that_is_no_sound_gets_one_sentence(world: World, tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "sound.wav"
    path.write_bytes(garbage)
    with pytest.raises(Rejected, match=r"sound\.wav"):
        await world.ask("", {"wav": str(path)})


async def quiet() -> AsyncGenerator[tuple[Zone, Samples]]:
    """A microphone in a silent room, a hundred times as fast as time."""
    while True:
        await asyncio.sleep(0.001)
        for _ in range(10):
            yield "driver", np.zeros(FRAME, np.int16)


async def state_becomes(world: World, wanted: str) -> bool:
    for _ in range(300):
        if await world.bus.get_property(ASSISTANT, "State") == wanted:
            return True
        await asyncio.sleep(0.01)
    return False


async def test_it_listens_when_told_to_and_rests_when_nobody_speaks(world: World) -> None:
    listening = asyncio.create_task(world.app.attend(quiet()))
    try:
        await asyncio.sleep(0.05)
        await world.bus.call(ASSISTANT, "Listen", {})
        assert await state_becomes(world, "listening")
        assert await state_becomes(world, "idle")
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_there_is_one_assistant_on_a_bus(world: World) -> None:
    async with Bus(world.address) as other:
        with pytest.raises(Rejected, match="already owns"):
            await offer(other, world.running)

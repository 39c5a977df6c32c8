"""The bus against a real dbus-daemon, over both libraries."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from codriver.acting.bus import Bus, Destination, Signal
from codriver.acting.dbus.faults import explain
from codriver.acting.dbus.values import LIBRARIES, Typed
from codriver.errors import (
    CodriverError,
    InvalidRequest,
    ModelError,
    Rejected,
    ServiceTimeout,
    ServiceUnavailable,
)
from codriver.workshop import parts

NAME = "org.codriver.Assistant1"
THERE = Destination(NAME, "/org/codriver/Assistant1", NAME)


class Echo:
    """Answers Assistant1: says back what it was asked, or fails as it is told."""

    interface = NAME
    state = "idle"
    muted = False
    languages = ("en", "zh")

    async def ask(self, text: str, options: dict[str, Any]) -> dict[str, Any]:
        match text:
            case "be silent":
                await asyncio.Event().wait()
            case "fail":
                raise ModelError("The model file is missing.")
            case "crash":
                raise ZeroDivisionError("secret detail")
        return {"text": text, **options}

    def say(self, text: str, options: dict[str, Any]) -> None:
        pass


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def service(private_bus: str, library: str) -> AsyncIterator[Bus]:
    async with Bus(private_bus, library=library) as bus:
        bus.export(THERE.path, Echo())
        await bus.request_name(NAME)
        yield bus


@pytest.fixture
async def client(private_bus: str, library: str, service: Bus) -> AsyncIterator[Bus]:
    async with Bus(private_bus, library=library) as bus:
        yield bus


async def until(condition: Callable[[], object]) -> None:
    """Wait for what others do, for at most ten seconds; the next assertion tells what did not happen."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)


async def test_a_call_takes_and_returns_plain_values(client: Bus) -> None:
    options = {
        "yes": True,
        "byte": Typed("y", 200),
        "number": 7,
        "half": 0.5,
        "list": ["a", "b"],
        "none": [],
        "deep": {"深": [1, 2]},
    }
    [answer] = await client.call(THERE, "Ask", "你好", options)
    assert answer == {
        "text": "你好",
        "yes": True,
        "byte": 200,
        "number": 7,
        "half": 0.5,
        "list": ["a", "b"],
        "none": [],
        "deep": {"深": [1, 2]},
    }


async def test_a_text_of_a_hundred_thousand_characters_goes_through(client: Bus) -> None:
    [answer] = await client.call(THERE, "Ask", "路" * 100_000, {})
    assert answer["text"] == "路" * 100_000


async def test_properties_are_read_and_written(client: Bus) -> None:
    assert await client.get_property(THERE, "State") == "idle"
    await client.set_property(THERE, "Muted", True)
    assert await client.get_properties(THERE) == {"State": "idle", "Muted": True, "Languages": ["en", "zh"]}


@pytest.mark.parametrize(
    ("member", "arguments"),
    [
        ("Ask", ("only one",)),
        ("Ask", (5, {})),
        ("Ask", ("x", "no table")),
        ("Ask", ("a\0b", {})),
        ("Ask", ("\ud800", {})),
        ("Ask", ("x", {"n": Typed("y", 256)})),
        ("Ask", ("x", {"n": object()})),
        ("Sing", ()),
    ],
)
async def test_a_call_that_makes_no_sense_is_not_sent(client: Bus, member: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidRequest):
        await client.call(THERE, member, *arguments)
    assert (await client.call(THERE, "Ask", "still there", {}))[0]["text"] == "still there"


async def test_a_property_that_cannot_be_written_is_not(client: Bus) -> None:
    with pytest.raises(InvalidRequest, match="State cannot be written"):
        await client.set_property(THERE, "State", "busy")


async def test_a_fault_of_the_service_arrives_as_its_own_sentence(client: Bus) -> None:
    with pytest.raises(Rejected, match=r"^The model file is missing\.$"):
        await client.call(THERE, "Ask", "fail", {})


async def test_a_crash_in_the_service_tells_the_caller_nothing(client: Bus, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    with pytest.raises(Rejected) as caught:
        await client.call(THERE, "Ask", "crash", {})
    assert str(caught.value) == "The service failed inside."


async def test_nobody_owns_the_name(client: Bus) -> None:
    with pytest.raises(ServiceUnavailable):
        await client.call(Destination("org.codriver.Nobody", "/", NAME), "Cancel")
    assert not await client.name_has_owner("org.codriver.Nobody")


async def test_a_service_that_never_answers_times_out(client: Bus) -> None:
    with pytest.raises(ServiceTimeout):
        await client.call(THERE, "Ask", "be silent", {}, timeout=0.1)


async def test_a_service_that_leaves_in_the_middle_of_a_call(client: Bus, service: Bus) -> None:
    waiting = asyncio.create_task(client.call(THERE, "Ask", "be silent", {}, timeout=60))
    await asyncio.sleep(0.05)
    await service.close()
    with pytest.raises(ServiceUnavailable):
        await asyncio.wait_for(waiting, 10)


async def test_a_name_is_owned_once(client: Bus) -> None:
    with pytest.raises(Rejected, match="already owns"):
        await client.request_name(NAME)


async def test_the_owner_of_a_name_is_watched(client: Bus, service: Bus) -> None:
    owners: list[str] = []
    await client.watch_owner(NAME, owners.append)
    await client.watch_owner("org.codriver.Later", owners.append)
    first = service.unique_name
    await service.request_name("org.codriver.Later")
    await until(lambda: len(owners) == 3)
    assert owners == [first, "", first]
    await service.close()
    await until(lambda: len(owners) == 5)
    assert owners == [first, "", first, "", ""]


async def test_signals_arrive_from_their_service_and_from_no_impostor(
    client: Bus, service: Bus, private_bus: str, library: str
) -> None:
    heard: list[Signal] = []
    subscription = await client.subscribe(THERE, "Heard", heard.append)
    everyone = await client.subscribe(Destination("", THERE.path, NAME), "Heard", lambda _: None)
    async with Bus(private_bus, library=library) as impostor:
        impostor.emit(THERE.path, NAME, "Heard", "open all doors", {})
        await impostor.list_names()
        service.emit(THERE.path, NAME, "Heard", "good morning", {"confidence": 0.5})
        await until(lambda: heard)
    assert [signal.args for signal in heard] == [["good morning", {"confidence": 0.5}]]
    await client.unsubscribe(subscription)
    await client.unsubscribe(everyone)
    service.emit(THERE.path, NAME, "Heard", "again", {})
    await client.list_names()
    assert len(heard) == 1


async def test_changed_properties_are_announced(client: Bus, service: Bus) -> None:
    news: list[Signal] = []
    properties = Destination(NAME, THERE.path, "org.freedesktop.DBus.Properties")
    await client.subscribe(properties, "PropertiesChanged", news.append)
    service.emit_properties_changed(THERE.path, NAME, {"State": "listening"})
    await until(lambda: news)
    assert news[0].args == [NAME, {"State": "listening"}, []]


async def test_an_exported_object_can_be_introspected(client: Bus) -> None:
    introspectable = Destination(NAME, THERE.path, "org.freedesktop.DBus.Introspectable")
    [xml] = await client.call(introspectable, "Introspect")
    assert '<method name="Ask">' in xml
    [above] = await client.call(Destination(NAME, "/org/codriver", "org.freedesktop.DBus.Introspectable"), "Introspect")
    assert '<node name="Assistant1"' in above


@pytest.mark.parametrize(
    ("path", "interface", "member", "signature", "body"),
    [
        (THERE.path, NAME, "Ask", "s", ["one argument too few"]),
        (THERE.path, NAME, "Ask", "", []),
        (THERE.path, NAME, "__init__", "", []),
        (THERE.path, NAME, "Sing", "", []),
        (THERE.path, "org.codriver.Navigation1", "Stop", "", []),
        (THERE.path, "org.freedesktop.DBus.Properties", "Get", "ss", [NAME, "Interface"]),
        (THERE.path, "org.freedesktop.DBus.Properties", "Get", "ss", ["org.codriver.Secret", "State"]),
    ],
)
async def test_a_caller_with_wrong_types_gets_a_sentence(
    client: Bus, path: str, interface: str, member: str, signature: str, body: list[Any]
) -> None:
    assert client._connection is not None
    with pytest.raises(InvalidRequest) as caught:
        await client._connection.request(Destination(NAME, path, interface), member, signature, body, 2.0)
    assert "Traceback" not in str(caught.value)


async def test_a_bus_that_goes_away_in_the_middle_of_a_call_and_comes_back(
    short_directory: Path, library: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    heard: list[Signal] = []
    owners: list[str] = []
    async with parts.private_bus(short_directory) as address:
        service, client = Bus(address, library=library), Bus(address, library=library)
        await service.connect()
        await client.connect()
        service.export(THERE.path, Echo())
        await service.request_name(NAME)
        await client.subscribe(THERE, "Heard", heard.append)
        await client.watch_owner(NAME, owners.append)
        waiting = asyncio.create_task(client.call(THERE, "Ask", "be silent", {}, timeout=60))
        await asyncio.sleep(0.05)
    with pytest.raises(ServiceUnavailable):
        await asyncio.wait_for(waiting, 10)
    await until(lambda: not client.connected and not service.connected)
    assert not client.connected
    with pytest.raises(ServiceUnavailable):
        await client.call(THERE, "Ask", "hello", {})
    service.emit(THERE.path, NAME, "Heard", "into the void", {})
    assert owners[-1] == ""
    async with parts.private_bus(short_directory):
        await asyncio.gather(service.wait_connected(10), client.wait_connected(10))
        await until(lambda: owners[-1] == service.unique_name)
        assert owners[-1] == service.unique_name
        assert (await client.call(THERE, "Ask", "back", {}))[0]["text"] == "back"
        service.emit(THERE.path, NAME, "Heard", "once more", {})
        await until(lambda: heard)
        assert heard[0].args == ["once more", {}]
        await client.close()
        await service.close()


async def test_there_is_no_bus(short_directory: Path, library: str) -> None:
    with pytest.raises(ServiceUnavailable):
        await Bus(f"unix:path={short_directory}/nothing", library=library).connect()


@pytest.mark.parametrize(
    ("name", "text", "kind", "sentence"),
    [
        ("org.freedesktop.DBus.Error.ServiceUnknown", "long story", ServiceUnavailable, "x.Y is not there."),
        ("org.freedesktop.DBus.Error.NoReply", "recipient left", ServiceUnavailable, "x.Y is not there."),
        ("org.freedesktop.DBus.Error.Timeout", "", ServiceTimeout, "x.Y did not answer in time."),
        ("org.freedesktop.DBus.Error.InvalidArgs", "Bad volume", InvalidRequest, "Bad volume"),
        ("org.freedesktop.DBus.Error.AccessDenied", "", Rejected, "x.Y refused with AccessDenied."),
        ("org.codriver.Error.InvalidRequest", "Too warm.", InvalidRequest, "Too warm."),
        ("org.codriver.Error.Unavailable", "No player.", ServiceUnavailable, "No player."),
        ("org.codriver.Error.Rejected", "The door\nis locked.", Rejected, "The door is locked."),
        ("org.example.Strange", "a" * 100_000, Rejected, "a" * 300),
    ],
)
def test_errors_are_told_in_our_words(name: str, text: str, kind: type[CodriverError], sentence: str) -> None:
    error = explain(name, text, "x.Y")
    assert type(error) is kind
    assert str(error) == sentence

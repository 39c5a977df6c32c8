"""What is told to systemd and taken from it, with this test in systemd's place."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from codriver.host import systemd

type Told = socket.socket


@pytest.fixture(params=["file", "abstract"])
def told(request: pytest.FixtureRequest, short_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """The socket at which systemd is told."""
    address = str(short_directory / "notify") if request.param == "file" else f"@codriver-test-{os.getpid()}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as channel:
        channel.bind("\0" + address[1:] if address.startswith("@") else address)
        channel.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        yield channel


def lines(told: Told) -> list[str]:
    found: list[str] = []
    try:
        while True:
            found += told.recv(1000).decode().splitlines()
    except BlockingIOError:
        return found


def test_facts_are_told_in_one_message(told: Told) -> None:
    systemd.notify("READY=1", "STATUS=听着。")
    assert told.recv(1000).decode() == "READY=1\nSTATUS=听着。"


def test_without_systemd_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    systemd.notify("READY=1")


def test_a_systemd_that_cannot_be_told_ends_nothing(
    short_directory: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(short_directory / "nobody"))
    systemd.notify("READY=1")
    assert caplog.messages == ["systemd cannot be told"]


async def test_while_it_is_ready_the_watchdog_is_fed_three_times_in_its_time(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "60000")
    async with systemd.ready():
        fed: list[str] = []
        async with asyncio.timeout(5):
            while fed.count("WATCHDOG=1") < 3:
                await asyncio.sleep(0.005)
                fed += lines(told)
    assert "STOPPING=1" in lines(told)


async def test_a_loop_that_hangs_feeds_no_watchdog(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000")
    async with systemd.ready():
        await asyncio.sleep(0)
        lines(told)
        deadline = asyncio.get_running_loop().time() + 0.1
        while asyncio.get_running_loop().time() < deadline:
            pass
        assert lines(told) == []


async def test_a_watchdog_of_another_process_is_not_fed(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000")
    monkeypatch.setenv("WATCHDOG_PID", "1")
    async with systemd.ready():
        await asyncio.sleep(0.05)
    assert lines(told) == ["READY=1", "STOPPING=1"]


async def test_a_start_that_takes_long_is_told_to_be_alive(told: Told) -> None:
    async with systemd.starting():
        await asyncio.sleep(0)
    assert lines(told) == ["EXTEND_TIMEOUT_USEC=20000000"]


def test_sockets_meant_for_another_process_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_FDS", "1")
    monkeypatch.setenv("LISTEN_PID", "1")
    assert systemd.passed_sockets() == []


def test_children_are_not_told_what_is_meant_for_their_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "LISTEN_FDS", "LISTEN_PID"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HOME", "/home/alice")
    environment = systemd.environment_of_children()
    assert environment["HOME"] == "/home/alice"
    assert not {"NOTIFY_SOCKET", "WATCHDOG_USEC", "LISTEN_FDS", "LISTEN_PID"} & environment.keys()


@pytest.mark.parametrize(
    ("given", "folder"), [("/var/cache/codriver", "/var/cache/codriver"), ("/a:/b", "/a"), ("", None)]
)
def test_the_folder_of_the_unit_is_found(given: str, folder: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHE_DIRECTORY", given)
    assert systemd.folder_given("CACHE") == (Path(folder) if folder else None)

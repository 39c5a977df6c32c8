"""While the car is off nobody is listened to, and afterwards all is as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
import pytest_asyncio
from codriver.config import Configuration
from codriver.conversation.happenings import State
from codriver.errors import AudioError
from codriver.hearing.microphone import MicrophoneState
from codriver.running.daemon import Running


class App:
    """Takes notes of what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.state = State.IDLE
        self.watcher: Callable[[State], None] = lambda state: None

    def watch_state(self, watcher: Callable[[State], None]) -> None:
        self.watcher = watcher

    def mute(self, muted: bool) -> None:
        self.told.append("mute" if muted else "unmute")

    def cancel(self) -> None:
        self.told.append("cancel")

    def listen_now(self, zone: str | None) -> None:
        self.told.append("listen")


class Microphone:
    def __init__(self) -> None:
        self.state = MicrophoneState.OPEN
        self.hurries: list[bool] = []
        self.on_status: object = None

    async def open(self) -> None:
        self.state = MicrophoneState.OPEN

    async def close(self) -> None:
        self.state = MicrophoneState.CLOSED

    async def hurry(self, soon: bool) -> None:
        self.hurries.append(soon)


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def microphone() -> Microphone:
    return Microphone()


@pytest_asyncio.fixture
async def running(app: App, microphone: Microphone) -> Running:
    return Running(cast(Any, app), Configuration(), cast(Any, microphone))


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_asleep_the_microphone_is_closed_and_nobody_is_said_to_have_muted_it(
    running: Running, app: App, microphone: Microphone
) -> None:
    running.sleep(True)
    await settled()
    assert (running.muted, microphone.state, app.told) == (False, MicrophoneState.CLOSED, ["cancel", "mute"])
    with pytest.raises(AudioError, match="The car is off"):
        running.listen()
    running.sleep(False)
    await settled()
    assert (running.muted, microphone.state) == (False, MicrophoneState.OPEN)
    running.listen()
    assert app.told[-1] == "listen"


async def test_who_muted_it_before_is_not_heard_after_waking_up(running: Running, microphone: Microphone) -> None:
    running.muted = True
    running.sleep(True)
    running.sleep(False)
    await settled()
    assert (running.muted, microphone.state) == (True, MicrophoneState.CLOSED)


async def test_who_opens_it_while_the_car_is_off_is_heard_when_it_is_on(
    running: Running, microphone: Microphone
) -> None:
    running.sleep(True)
    running.muted = True
    running.muted = False
    await settled()
    asleep = microphone.state
    running.sleep(False)
    await settled()
    assert (asleep, microphone.state) == (MicrophoneState.CLOSED, MicrophoneState.OPEN)


async def test_sound_may_take_its_time_while_nobody_is_listened_to_or_answered(
    running: Running, app: App, microphone: Microphone
) -> None:
    for state in (State.LISTENING, State.THINKING, State.SPEAKING, State.IDLE, State.MUTED):
        app.watcher(state)
    await settled()
    assert running.state == "idle"
    assert microphone.hurries == [False, True, True, True, False, False]

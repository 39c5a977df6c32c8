"""The daemon as systemd starts it: its command, a bus, a car, engines, a microphone and a loudspeaker."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from codriver.acting.bus import Bus, Signal
from codriver.engines.models import Store, default_root
from codriver.hearing.audio import RATE, Samples, read_wav
from codriver.services.assistant import ASSISTANT, BUS_NAME
from codriver.workshop import parts
from codriver.workshop.samples import render, sample_list, samples_directory
from codriver.workshop.sandbox import SIMULATOR
from codriver.workshop.sound_card import SPEAKER_RATE, SoundCard, sound_card

pytestmark = [pytest.mark.models, pytest.mark.asyncio(loop_scope="module")]

COMMAND = Path(sys.executable).with_name("codriver")
TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"


@dataclass(frozen=True)
class Daemon:
    """A running ``codriver run``; what ``card`` plays into its microphone is what it hears."""

    process: asyncio.subprocess.Process
    bus: Bus
    config: Path
    card: SoundCard
    notified: socket.socket
    journal: Path

    async def command(self, *arguments: str | Path) -> tuple[int, str, str]:
        process = await asyncio.create_subprocess_exec(
            *(COMMAND, *arguments, "--config", self.config), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, err = await asyncio.wait_for(process.communicate(), 60)
        return process.returncode or 0, out.decode(), err.decode()

    async def actuators(self) -> dict[str, Any]:
        await self.bus.call(SIMULATOR, "Settle")
        [values] = await self.bus.call(SIMULATOR, "Actuators")
        return dict(values)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def daemon() -> AsyncIterator[Daemon]:
    async with AsyncExitStack() as life:
        folder = Path(life.enter_context(tempfile.TemporaryDirectory(prefix="codriver-")))
        config = folder / "codriver.toml"
        card = await life.enter_async_context(sound_card(folder))
        address = await life.enter_async_context(parts.private_bus(folder))
        await life.enter_async_context(parts.simulated_car(address, pace=50))
        config.write_text(f'[bus]\naddress = "{address}"\n')
        notified = life.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        notified.bind(str(folder / "notify"))
        environment = {
            **card.environment,
            "XDG_RUNTIME_DIR": str(folder),
            "NOTIFY_SOCKET": str(folder / "notify"),
        }
        journal = folder / "journal"
        process = await asyncio.create_subprocess_exec(
            *(COMMAND, "run", "--config", config),
            env=os.environ | environment,
            stderr=life.enter_context(journal.open("wb")),
        )
        bus = await life.enter_async_context(Bus(address))
        there = asyncio.Event()
        await bus.watch_owner(BUS_NAME, lambda owner: there.set() if owner else None)
        try:
            await asyncio.wait_for(there.wait(), 90)
            yield Daemon(process, bus, config, card, notified, journal)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def test_systemd_is_told_when_it_is_ready(daemon: Daemon) -> None:
    told = [line async for line in told_until(daemon, "READY=1")]
    assert "STATUS=Listening." in told


async def told_until(daemon: Daemon, last: str) -> AsyncIterator[str]:
    """Give what systemd is told, line by line, up to a line."""
    daemon.notified.settimeout(30)
    while True:
        for line in (await asyncio.to_thread(daemon.notified.recv, 1000)).decode().splitlines():
            yield line
            if line == last:
                return


async def test_a_typed_turn_of_the_command_line_goes_through_it(daemon: Daemon) -> None:
    status, out, err = await daemon.command("ask", "把温度调到二十三度", "--language", "zh", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["calls"][0]["args"] == [{TEMPERATURE: 23.0}]
    assert (await daemon.actuators())[TEMPERATURE] == 23.0


async def test_a_recording_of_the_command_line_goes_through_it(daemon: Daemon) -> None:
    samples = await render(sample_list("scenario"), samples_directory(), Store(default_root()))
    status, out, err = await daemon.command("hear", samples["en-set-it-to-nineteen-degrees"], "--json")
    assert (status, err) == (0, "")
    [turn] = [json.loads(line) for line in out.splitlines()]
    assert turn["calls"][0]["args"] == [{TEMPERATURE: 19.0}]


async def test_it_says_what_it_is_told_to_say(daemon: Daemon) -> None:
    async with daemon.card.recording() as recording:
        assert await daemon.command("say", "Good morning.") == (0, "", "")
        async with asyncio.timeout(20):
            while np.count_nonzero(recording.samples) < SPEAKER_RATE // 3:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_brackets_in_a_sentence_are_printed_as_they_are(daemon: Daemon) -> None:
    status, out, err = await daemon.command("ask", "set the temperature to [/b] 22 degrees")
    assert (status, err) == (0, "")
    assert "[/b]" in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ask", "a" * 100_000, "--json"), "at most 2000 characters"),
        (("say", "a" * 100_000), "at most 2000 characters"),
        (("ask", os.fsdecode(b"\xff\xfe"), "--json"), "codriver: "),
        (("say", "hello", "--language", "tlh"), "The languages are en, zh"),
    ],
    ids=["long", "long-to-say", "no-text", "language"],
)
async def test_what_it_does_not_take_is_said_in_one_line(
    daemon: Daemon, arguments: tuple[str, ...], sentence: str
) -> None:
    status, out, err = await daemon.command(*arguments)
    assert (status, out) == (1, "")
    [line] = err.splitlines()
    assert sentence in line


@pytest.mark.parametrize("mute", [False, True])
async def test_the_microphone_is_listened_to_unless_it_is_muted(daemon: Daemon, mute: bool) -> None:
    samples = await render(sample_list("scenario"), samples_directory(), Store(default_root()))
    sound = np.concatenate(list(read_wav(samples["en-set-the-temperature-to-22-degrees"])))
    await daemon.bus.call(SIMULATOR, "Reset")
    await daemon.bus.set_property(ASSISTANT, "Muted", mute)
    said: asyncio.Queue[Signal] = asyncio.Queue()
    subscription = await daemon.bus.subscribe(ASSISTANT, "Said", said.put_nowait)
    await daemon.card.say(with_silence(sound))
    with suppress(TimeoutError):
        await asyncio.wait_for(said.get(), 3 if mute else 20)
    await daemon.bus.unsubscribe(subscription)
    await daemon.bus.set_property(ASSISTANT, "Muted", False)
    assert (await daemon.actuators())[TEMPERATURE] == (21.0 if mute else 22.0)


def with_silence(sound: Samples) -> Samples:
    return np.concatenate([sound, np.zeros(RATE, np.int16)])


async def test_listening_on_request_works_after_a_recording_was_heard(daemon: Daemon) -> None:
    samples = await render(sample_list("scenario"), samples_directory(), Store(default_root()))
    await daemon.bus.call(SIMULATOR, "Reset")
    await daemon.bus.call(ASSISTANT, "Ask", "", {"wav": str(samples["zh-da-kai-kong-tiao"])}, timeout=60)
    said: asyncio.Queue[Signal] = asyncio.Queue()
    subscription = await daemon.bus.subscribe(ASSISTANT, "Said", said.put_nowait)
    await daemon.bus.call(ASSISTANT, "Listen", {})
    sound = np.concatenate(list(read_wav(samples["en-yes"])))
    await daemon.card.say(with_silence(sound))
    try:
        await asyncio.wait_for(said.get(), 8)
    finally:
        await daemon.bus.unsubscribe(subscription)


async def test_its_configuration_is_read_again_at_sighup(daemon: Daemon) -> None:
    failed: asyncio.Queue[Signal] = asyncio.Queue()
    subscription = await daemon.bus.subscribe(ASSISTANT, "Failed", failed.put_nowait)
    before = daemon.config.read_text()
    for text, sentence in (
        ("[hearing]\nsilense = 1\n", "hearing.silense: there is no such key"),
        ('zone = "passenger"\n' + before + "[dialogue]\nconfirm_within = 20\n", "need a restart of codriver: zone"),
    ):
        daemon.config.write_text(text)
        daemon.process.send_signal(signal.SIGHUP)
        told = await asyncio.wait_for(failed.get(), 20)
        assert told.args[0] == "Configuration"
        assert sentence in told.args[1]
    daemon.config.write_text(before)
    await daemon.bus.unsubscribe(subscription)


async def test_told_to_end_it_ends_cleanly_with_its_engines(daemon: Daemon) -> None:
    children = await asyncio.to_thread(children_of, daemon.process.pid)
    assert len(children) >= 4
    daemon.process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(daemon.process.wait(), 15)
    assert daemon.process.returncode == 0
    assert "leaked" not in daemon.journal.read_text()
    assert [child for child in children if await asyncio.to_thread(Path(f"/proc/{child}").exists)] == []


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

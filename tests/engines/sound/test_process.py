"""The sound process on a real sound server: nothing is lost or doubled, and everything that goes away comes back."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal

import numpy as np
import pytest
from codriver.engines.sound.asking import count, look
from codriver.engines.sound.events import LoudspeakerState, MicrophoneState
from codriver.hearing.audio import RATE, Samples
from codriver.speaking.loudspeaker import LoudspeakerLost
from codriver.workshop.sound_card import SPEAKER_RATE
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.event import Event

from tests.engines.sound.conftest import VOICE_RATE, blocks, rig, tone

PERIOD = 65_521
"""A prime: after so many samples the counting signal begins again."""

STEP = 7_919


def counting(seconds: float) -> Samples:
    """A signal each sample of which tells its own number."""
    return ((np.arange(round(seconds * RATE)) * STEP) % PERIOD - PERIOD // 2).astype(np.int16)


def jumps(heard: Samples) -> list[int]:
    """How many samples were left out, or came twice (negative), wherever the signal goes on after a pause or not."""
    numbers = (heard.astype(np.int64) + PERIOD // 2) * pow(STEP, -1, PERIOD) % PERIOD
    in_order = np.diff(numbers) % PERIOD == 1
    runs = np.split(numbers, np.flatnonzero(~in_order) + 1)
    runs = [run for run in runs if len(run) > 4]
    gaps = [(after[0] - before[-1] - 1) % PERIOD for before, after in itertools.pairwise(runs)]
    return [int(gap - PERIOD if gap > PERIOD // 2 else gap) for gap in gaps]


def test_the_measure_itself_finds_what_is_lost_and_doubled() -> None:
    signal = counting(1.0)
    assert jumps(np.concatenate([np.zeros(50, np.int16), signal])) == []
    assert jumps(np.concatenate([signal[:5000], signal[5160:]])) == [160]
    assert jumps(np.concatenate([signal[:5000], signal[4840:]])) == [-160]
    assert jumps(np.concatenate([signal[:5000], np.zeros(300, np.int16), signal[5000:]])) == [0]


@pytest.mark.parametrize("soon", [True, False])
async def test_no_sample_is_lost_or_doubled(soon: bool) -> None:
    async with rig("--echo", "off", rate=RATE) as running:
        await running.more()
        await running.microphone.hurry(soon)
        await running.card.say(counting(3.0))
        await running.more()
        assert np.count_nonzero(running.sound()) > 2.9 * RATE
        assert not any(jumps(running.sound()))
        assert running.microphone.missed == 0
        heard = len(running.heard["driver"])
        counters = await count(running.uri)
        assert (counters.dropped, counters.doubled, counters.reopened) == (0, 0, 0)
        assert counters.frames >= heard


async def test_each_zone_hears_its_channel() -> None:
    async with rig("--zone", "driver:0:", "--zone", "rear_left:1:", rate=RATE, channels=2) as running:
        await running.more()
        left, right = tone(1.0, 500.0, RATE), tone(1.0, 1500.0, RATE)
        await running.card.say(np.stack([left, right], axis=1))
        await running.more(0.5)
        assert {zone: loudest(running.sound(zone)) for zone in running.heard} == {"driver": 500, "rear_left": 1500}


def loudest(sound: Samples) -> int:
    """The frequency that is loudest, in hertz, to the nearest hundred."""
    spectrum = np.abs(np.fft.rfft(sound))
    return round(np.argmax(spectrum) * RATE / len(sound) / 100) * 100


async def test_mute_closes_the_device() -> None:
    async with rig() as running:
        await running.more()
        assert await running.card.control("list", "short", "clients") != ""
        await running.microphone.close()
        assert "protocol-native" not in await running.card.control("list", "short", "source-outputs")
        before = len(running.heard["driver"])
        await asyncio.sleep(0.3)
        assert len(running.heard["driver"]) == before
        await running.microphone.open()
        assert [status.state for status in running.statuses][-2:] == [MicrophoneState.CLOSED, MicrophoneState.OPEN]
        assert "protocol-native" in await running.card.control("list", "short", "source-outputs")
        await running.more()


async def test_nobody_who_hears_means_no_open_microphone() -> None:
    async with rig() as running, AsyncClient.from_uri(running.uri):
        await running.more()
        await running.engine.ready()
        assert "protocol-native" in await running.card.control("list", "short", "source-outputs")
    async with rig() as running:
        await running.microphone.close()
        assert (await look(running.uri, 0.5)).microphones[0].state is MicrophoneState.OPEN


async def test_what_is_said_is_heard_once_and_whole() -> None:
    async with rig() as running, running.card.recording() as recording:
        played = await running.loudspeaker().play(blocks(tone(0.8)))
        await asyncio.sleep(0.3)
        assert played.seconds == pytest.approx(0.8, abs=0.01)
        assert not played.interrupted
        sounding = np.count_nonzero(np.abs(recording.samples) > 100) / SPEAKER_RATE
        assert sounding == pytest.approx(0.8, abs=0.1)


async def test_silence_is_heard_soon_and_another_sound_passes_one_that_is_held() -> None:
    async with rig() as running, running.card.recording() as recording:
        first, second = running.loudspeaker(), running.loudspeaker()
        playing = asyncio.create_task(first.play(blocks(tone(5.0, 400.0))))
        await running.until(lambda: bool(np.any(recording.samples)))
        first.pause()
        between = await asyncio.wait_for(second.play(blocks(tone(0.2, 900.0))), 10)
        assert not between.interrupted
        assert not playing.done()
        first.resume()
        await asyncio.sleep(0.3)
        first.stop()
        played = await asyncio.wait_for(playing, 10)
        assert played.interrupted
        assert played.seconds < 3.0


async def test_a_client_that_goes_in_the_middle_falls_silent() -> None:
    async with rig() as running:
        playing = asyncio.create_task(running.loudspeaker().play(blocks(tone(30.0))))
        await asyncio.sleep(0.5)
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        played = await asyncio.wait_for(running.loudspeaker().play(blocks(tone(0.1))), 10)
        assert not played.interrupted


async def test_a_sound_server_that_starts_again_is_found_again_and_the_answer_goes_on() -> None:
    async with rig() as running:
        await running.more()
        playing = asyncio.create_task(running.loudspeaker().play(blocks(tone(2.0))))
        await asyncio.sleep(0.5)
        await running.card.kill()
        await running.until_state(MicrophoneState.LOST)
        assert "sound server" in running.microphone.statuses["driver"].reason
        await running.card.start()
        played = await asyncio.wait_for(playing, 20)
        assert played.seconds == pytest.approx(2.0, abs=0.01)
        assert not played.interrupted
        await running.more()
        assert running.microphone.state in (MicrophoneState.OPEN, MicrophoneState.SILENT)
        assert (await count(running.uri)).reopened >= 1


async def test_a_device_that_is_unplugged_is_lost_until_it_is_there_again() -> None:
    async with rig() as running:
        await running.more()
        for _ in range(2):
            await running.card.unplug()
            await running.until_state(MicrophoneState.LOST)
            await running.card.plug()
            await running.more()
        assert running.engine.restarts == 0
        assert (await running.loudspeaker().play(blocks(tone(0.1)))).seconds == pytest.approx(0.1, abs=0.01)


async def test_a_source_of_the_sound_server_is_meant_by_its_name() -> None:
    async with rig("--zone", "driver:0:pulse:usb") as running:
        await running.until_state(MicrophoneState.LOST)
        await running.card.control("load-module", "module-virtual-source", "source_name=usb", "master=micfeed.monitor")
        await running.more()
        assert running.microphone.statuses["driver"].device == "usb"


async def test_without_any_sound_system_it_says_what_to_do_and_waits() -> None:
    async with rig(card_starts=False) as running:
        with pytest.raises(LoudspeakerLost, match="connect one, or start the sound server") as lost:
            await running.loudspeaker().play(blocks(tone(0.1)))
        assert lost.value.sounded == 0.0
        assert not await running.loudspeaker().returns(0.3)
        seen = await look(running.uri, 0.5)
        assert (seen.loudspeaker.state, seen.microphones[0].state) == (LoudspeakerState.LOST, MicrophoneState.LOST)
        await running.card.start()
        assert await running.loudspeaker().returns(20)
        await running.more()
        assert (await running.loudspeaker().play(blocks(tone(0.1)))).seconds == pytest.approx(0.1, abs=0.01)


async def test_a_microphone_that_gives_silence_or_is_far_too_loud_is_told() -> None:
    async with rig() as running:
        await running.until_state(MicrophoneState.SILENT)
        noise = np.random.default_rng(1).normal(size=4 * RATE)
        saying = asyncio.create_task(running.card.say(np.clip(noise * 40_000, -32768, 32767).astype(np.int16)))
        await running.until_state(MicrophoneState.CLIPPING)
        saying.cancel()
        await asyncio.gather(saying, return_exceptions=True)
        reasons = [status.reason for status in running.statuses if status.reason]
        assert reasons == [
            "default gives only silence: is it muted, or not connected?",
            "default is too loud to be understood: turn its level down.",
        ]


async def test_a_microphone_at_8_khz_is_heard() -> None:
    async with rig("--echo", "off", rate=8_000) as running:
        await running.more()
        await running.card.say(tone(1.0, 700.0, 8_000), rate=8_000)
        await running.more(0.5)
        assert loudest(running.sound()) == 700


@pytest.mark.parametrize(
    "event",
    [
        Event("play", {"id": "a", "rate": 7}),
        Event("play", {"rate": VOICE_RATE}),
        Event("capture", {"open": "yes"}),
        Event("silence", {}),
    ],
    ids=["rate", "no-id", "open", "whose"],
)
async def test_what_makes_no_sense_is_answered_and_hurts_nobody(event: Event) -> None:
    async with rig() as running, AsyncClient.from_uri(running.uri) as client:
        await client.write_event(event)
        answer = await client.read_event()
        assert answer is not None
        assert Error.is_type(answer.type)
        await running.more()


async def test_a_sound_process_that_dies_costs_one_answer_and_the_next_one_is_heard() -> None:
    async with rig() as running:
        await running.more()
        playing = asyncio.create_task(running.loudspeaker().play(blocks(tone(5.0))))
        await asyncio.sleep(0.3)
        assert running.engine.pid is not None
        os.kill(running.engine.pid, signal.SIGKILL)
        with pytest.raises(LoudspeakerLost, match=r"ended|cannot be") as lost:
            await playing
        assert 0.0 < lost.value.sounded < 5.0
        assert await running.loudspeaker().returns(20)
        await running.more()
        assert not (await running.loudspeaker().play(blocks(tone(0.1)))).interrupted

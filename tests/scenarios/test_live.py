"""The live loop: a sound card without hardware, real engines, a cabin that carries the loudspeaker to the microphone.

What the loudspeaker gives is recorded, and its samples are counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import numpy as np
import pytest
import pytest_asyncio
from codriver.config import Configuration
from codriver.conversation.happenings import State
from codriver.engines.fleet import SOUND
from codriver.engines.sound.asking import count
from codriver.hearing.audio import RATE, Samples
from codriver.trace import Trace
from codriver.workshop.interruptions import CALL, LONG_ANSWER, WISH, spoken
from codriver.workshop.live import CABIN, Live, live, loud
from codriver.workshop.sandbox import SIMULATOR

pytestmark = [pytest.mark.models, pytest.mark.asyncio(loop_scope="module")]

type Say = Callable[[str], Samples]

CONFIGURATION = {
    "languages": ["en"],
    "thinking": {"enabled": False},
    "voices": [{"language": "en"}],
    "hearing": {"interrupt": "speech"},
}
LIGHTS = "Vehicle.Body.Lights.LightSwitch"
BOOT = "Vehicle.Body.Trunk.Rear.IsOpen"
PAUSE = np.zeros(RATE // 2, np.int16)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[Live]:
    async with live(Configuration.model_validate(CONFIGURATION), CABIN) as car:
        await car.app.ask("open the boot", "en", "driver")  # the canceller learns the cabin with its first words
        car.app.cancel()
        yield car


@pytest_asyncio.fixture(loop_scope="module")
async def car(running: Live) -> Live:
    running.app.cancel()
    await running.is_quiet()
    await running.bus.call(SIMULATOR, "Reset")
    await running.music.reset()
    running.traces.clear()
    return running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def words() -> tuple[Samples, Samples]:
    """ "Hey Jarvis", and a wish."""
    call, wish = await spoken(CALL, WISH)
    return call, wish


async def until(happens: Callable[[], Awaitable[bool]], within: float = 20.0) -> None:
    """Wait until something happens, for at most so many seconds."""
    async with asyncio.timeout(within):
        while not await happens():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def turns(car: Live, number: int = 1) -> list[Trace]:
    """Wait until so many turns are over, and nothing follows them."""

    async def over() -> bool:
        return len(car.traces) >= number and car.app.state is State.IDLE

    await until(over)
    assert len(car.traces) == number, [(trace.heard.text, trace.answer.text) for trace in car.traces]
    return car.traces


async def speak_at_length(car: Live) -> asyncio.Task[object]:
    """Let a long answer begin to sound."""
    asking: asyncio.Task[object] = asyncio.create_task(car.app.ask(LONG_ANSWER, "en", "driver"))
    assert await car.sounds()
    await asyncio.sleep(1.0)
    return asking


async def test_a_wish_is_heard_done_and_answered(car: Live, words: tuple[Samples, Samples]) -> None:
    call, wish = words
    await car.card.say(np.concatenate([PAUSE, call, wish, PAUSE]))
    [trace] = await turns(car)
    assert [call.args for call in trace.calls] == [({LIGHTS: "BEAM"},)], trace.heard.text
    assert "spoken" in trace.stamps


async def test_the_wake_word_cuts_off_the_answer_and_the_next_wish_is_done(
    car: Live, words: tuple[Samples, Samples]
) -> None:
    call, wish = words
    asking = await speak_at_length(car)
    await car.card.say(np.concatenate([call, PAUSE[: RATE // 4], wish, PAUSE]))
    await asking
    long, short = await turns(car, 2)
    assert "spoken" not in long.stamps
    assert [call.args for call in short.calls] == [({LIGHTS: "BEAM"},)]


async def test_a_wish_cuts_off_the_answer_and_is_done(car: Live, words: tuple[Samples, Samples]) -> None:
    asking = await speak_at_length(car)
    await car.card.say(np.concatenate([words[1], PAUSE]))
    await asking
    long, short = await turns(car, 2)
    assert "spoken" not in long.stamps
    assert [call.args for call in short.calls] == [({LIGHTS: "BEAM"},)]


def throat() -> Samples:
    chance, time = np.random.default_rng(4), np.arange(int(0.25 * RATE)) / RATE
    burst = chance.standard_normal(len(time)) * np.minimum(time / 0.01, 1) * np.exp(-time / 0.07) * 9000
    return np.concatenate([burst, np.zeros(RATE // 20), burst]).clip(-32768, 32767).astype(np.int16)


@pytest.mark.parametrize("sound", ["nothing", "cough", "mhm"])
async def test_an_answer_is_heard_whole_though_somebody_coughs_or_hums(car: Live, say: Say, sound: str) -> None:
    sounds = {"nothing": PAUSE, "cough": throat(), "mhm": say("Mm-hmm.")}
    begin = len(car.speaker.samples)
    asking = await speak_at_length(car)
    await car.card.say(np.concatenate([sounds[sound], PAUSE]))
    await asking
    await car.is_quiet()
    [trace] = car.traces
    assert "spoken" in trace.stamps
    heard = len(loud(car.speaker.samples[begin:]))
    whole = WHOLE.setdefault("samples", heard)
    assert heard == pytest.approx(whole, rel=0.25), "one of the two ways to say it is a little shorter"


WHOLE: dict[str, int] = {}
"""How many samples of the answer are loud where nobody makes a sound."""


async def test_its_own_voice_is_nobody_who_speaks(car: Live) -> None:
    questions = (LONG_ANSWER, "what is the battery level", "how far can i drive")
    for question in questions:
        await car.app.ask(question, "en", "driver")
    await car.is_quiet()
    assert [(trace.heard.text, "spoken" in trace.stamps) for trace in car.traces] == [
        (each, True) for each in questions
    ]
    assert (await count(car.fleet.uris[SOUND])).frames > 0


async def test_a_reply_is_heard_when_the_question_has_sounded(
    car: Live, say: Say, words: tuple[Samples, Samples]
) -> None:
    await car.card.say(np.concatenate([PAUSE, words[0], say("Open the boot."), PAUSE]))
    assert await car.becomes(State.SPEAKING)
    assert await car.becomes(State.LISTENING)
    await car.card.say(np.concatenate([say("Yes, do it."), PAUSE]))
    _, done = await turns(car, 2)
    assert [call.args for call in done.calls] == [({BOOT: True},)]


async def test_music_steps_back_while_somebody_speaks(car: Live, words: tuple[Samples, Samples]) -> None:
    await car.app.ask("play the music", "en", "driver")
    await car.becomes(State.IDLE)
    assert await car.volume() == pytest.approx(0.5, abs=0.01)
    await car.card.say(np.concatenate([PAUSE, words[0]]))
    assert await car.becomes(State.LISTENING)
    assert await volume_becomes(car, 0.15)
    assert await car.becomes(State.IDLE)
    assert await volume_becomes(car, 0.5)


async def volume_becomes(car: Live, volume: float) -> bool:
    for _ in range(100):
        if abs(await car.volume() - volume) < 0.02:
            return True
        await asyncio.sleep(0.05)
    return False


async def is_open(car: Live, wanted: bool) -> bool:
    """Tell whether the microphone is recorded from, or whether it is not."""
    lines = (await car.card.control("list", "short", "source-outputs")).splitlines()
    sources = (await car.card.control("list", "short", "sources")).splitlines()
    [microphone] = [line.split()[0] for line in sources if line.split()[1] == "microphone"]
    return any(line.split()[1] == microphone for line in lines) is wanted


async def test_muted_the_device_is_closed(car: Live, words: tuple[Samples, Samples]) -> None:
    assert await is_open(car, True)
    car.running.muted = True
    await until(lambda: is_open(car, False))
    await car.card.say(np.concatenate([PAUSE, *words, PAUSE]))
    assert (car.app.state, car.traces) == (State.MUTED, [])
    car.running.muted = False
    await until(lambda: is_open(car, True))
    await car.card.say(np.concatenate([PAUSE, *words, PAUSE]))
    [trace] = await turns(car)
    assert trace.calls


async def test_a_sound_server_that_dies_ends_what_was_under_way_and_all_goes_on(
    car: Live, words: tuple[Samples, Samples]
) -> None:
    """The last one: its recorders die with the server."""
    asking = asyncio.create_task(car.app.ask(LONG_ANSWER, "en", "driver"))
    assert await car.sounds()
    await car.card.say(words[0])
    assert await car.becomes(State.LISTENING)
    await car.card.kill()
    assert await car.becomes(State.IDLE)
    await asking
    broken = asyncio.create_task(car.app.ask(LONG_ANSWER, "en", "driver"))
    assert (await asyncio.wait_for(broken, 30)).answer.text
    await car.card.start()
    await until(lambda: is_open(car, True), within=30)
    await asyncio.sleep(4)  # "I can hear you again."
    await car.becomes(State.IDLE, within=30)
    car.traces.clear()
    await car.card.say(np.concatenate([PAUSE, *words, PAUSE]))
    [trace] = await turns(car)
    assert [call.args for call in trace.calls] == [({LIGHTS: "BEAM"},)], trace.heard.text

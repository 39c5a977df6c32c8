"""Who is listened to, and when: real wake words and real speech into a conversation whose answers are stubs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from typing import Any, cast

import numpy as np
import pytest
from codriver.catalogue import load_catalogue
from codriver.config import Configuration, Dialogue, Endpoint, Hearing, WakeWord
from codriver.conversation.assistant import Assistant
from codriver.conversation.attention import Attention
from codriver.conversation.ears import Ears
from codriver.conversation.happenings import State
from codriver.conversation.mouth import Mouth
from codriver.conversation.turns import Turns
from codriver.errors import AudioError, EngineError
from codriver.folders import intents_folder
from codriver.hearing.audio import RATE, Samples, frames
from codriver.hearing.heard import Called
from codriver.hearing.interrupting import InterjectionWords, Interrupt, Interrupting
from codriver.hearing.transcription import Transcriber
from codriver.hearing.wakecheck import Verdict
from codriver.speaking.answers import Answers
from codriver.speaking.chimes import Chimes
from codriver.speaking.earcons import Earcon
from codriver.speaking.loudspeaker import LoudspeakerLost, Played, SilentLoudspeaker
from codriver.speaking.voice import AudioBlock, Voices
from codriver.trace import Trace
from codriver.turn import Context, IntentCall, Outcome, Source, Status, Transcript, Understanding, Zone

pytestmark = pytest.mark.models

type Say = Callable[[str], Samples]

CATALOGUE = load_catalogue([intents_folder()])
WORDS = [
    InterjectionWords(each.interjections.stop, each.interjections.hum, each.interjections.nod)
    for each in CATALOGUE.vocabulary.languages.values()
]
BOOT, WINDOW = IntentCall("open_boot"), IntentCall("open_window")
HEY = "Hey Jarvis."
SAY_IT_AGAIN = "Sorry, something went wrong on my side. Please say it again."


class Scribe(Transcriber):
    """Writes down what it is told to have heard, one text an utterance."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__("unix:///nowhere")
        self._texts = texts
        self.heard: list[float] = []
        self.checks = asyncio.Queue[str]()

    async def transcribe(self, audio: Samples, language: str | None = None, called: Called | None = None) -> Transcript:
        self.heard.append(len(audio) / RATE)
        text = self._texts.pop(0)
        if text == "hang":
            await asyncio.sleep(3600)
        if text == "die":
            raise EngineError("The speech recogniser vanished.")
        return Transcript(text, "en")

    async def transcribe_whole(self, audio: Samples, language: str | None = None) -> Transcript:
        return Transcript(await self.checks.get(), "en")


class Stage:
    """A loudspeaker on which an answer sounds until it is told to be over, or is stopped."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.sounding = False
        self.back = asyncio.Event()
        self._over = asyncio.Event()
        self._fault: AudioError | None = None

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        async for _ in blocks:
            pass
        self.log.append("play")
        self.sounding = True
        self._over.clear()
        await self._over.wait()
        self.sounding = False
        if self._fault:
            raise self._fault
        return Played(0.0, 1.0, self.log[-1] == "stop")

    async def returns(self, within: float) -> bool:
        await self.back.wait()
        return True

    def end(self, fault: AudioError | None = None) -> None:
        self._fault = fault
        self._over.set()

    def stop(self) -> None:
        self.log.append("stop")
        self._over.set()

    def pause(self) -> None:
        self.log.append("pause")

    def resume(self) -> None:
        self.log.append("resume")


class Speech(Voices):
    def __init__(self) -> None:
        pass

    async def speak(self, text: str, language: str) -> AsyncGenerator[AudioBlock]:
        yield AudioBlock(b"\1\0" * 240, 24_000)


class Tones(Chimes):
    def __init__(self) -> None:
        super().__init__(SilentLoudspeaker(), ())
        self.heard: list[Earcon] = []

    def sound(self, kind: Earcon) -> None:
        self.heard.append(kind)


class Understander:
    """Knows the boot, which is asked about first, the window, and yes."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.foreseen: list[str] = []
        self.slow = asyncio.Event()
        self.slow.set()

    async def foresee(self, text: str, language: str, context: Context) -> None:
        self.foreseen.append(text)

    async def understand(self, text: str, language: str, context: Context = Context()) -> Understanding:
        self.texts.append(text)
        await self.slow.wait()
        if "yes" in text.lower():
            return Understanding(consent=True)
        calls = tuple(call for word, call in (("boot", BOOT), ("window", WINDOW)) if word in text.lower())
        return Understanding(calls, Source.TEMPLATE if calls else Source.NONE)


class Hands:
    """Does what it is told, the boot only after a yes."""

    def __init__(self) -> None:
        self.done: list[tuple[str, Zone]] = []

    async def undo(self, outcomes: Sequence[Outcome], speaker: Zone, **_: Any) -> tuple[Outcome, ...]:
        return ()

    async def perform(
        self, calls: Sequence[IntentCall], speaker: Zone, *, confirmed: bool = False, **_: Any
    ) -> tuple[Outcome, ...]:
        asked = [call is BOOT and not confirmed for call in calls]
        self.done += [(call.intent, speaker) for call, asks in zip(calls, asked, strict=True) if not asks]
        return tuple(
            Outcome(call, Status.CONFIRM if asks else Status.DONE) for call, asks in zip(calls, asked, strict=True)
        )

    def forget(self) -> None:
        pass


class Car:
    """The cabin: microphones into which sound is put, and everything behind them."""

    def __init__(
        self,
        *texts: str,
        by: str = "wake_word",
        follow_up: float = 0.0,
        zones: Sequence[Zone] = ("driver",),
        sure: float = 0.98,
        doubtful: Sequence[float] = (0.3, 0.3),
    ) -> None:
        configs = [
            Configuration(
                dialogue=Dialogue(follow_up=follow_up),
                hearing=Hearing(wake_words=(WakeWord(threshold=sure, doubtful=each),)),
            )
            for each in doubtful
        ]
        self.scribe, self.stage, self.tones = Scribe(list(texts)), Stage(), Tones()
        self.hands, self.understander = Hands(), Understander()
        self.traces: list[Trace] = []
        self.states: list[State] = []
        answers = Answers(CATALOGUE)
        self.mouth = Mouth(Speech(), lambda _: self.stage, self._recover, chimes=self.tones)
        self.turns = Turns(
            Assistant(answers),
            *(self.understander, cast(Any, self.hands), answers, self.mouth, self._recover, "en"),
        )
        self.turns.on_turn = self.traces.append
        self.turns.watch(self.states.append)
        ears = [Ears.grow(config, "unix:///nowhere", zone) for config, zone in zip(configs, zones, strict=False)]
        self.ears = [Ears(each.listener, self.scribe, each.zone, each.follow_up, each.interruption) for each in ears]
        interrupting = Interrupting(Interrupt(by), WORDS, patience=1.0)
        self.attention = Attention(self.ears, self.turns, self.mouth, interrupting, follow_up=follow_up)
        self._sound: asyncio.Queue[tuple[Zone, Samples] | None] = asyncio.Queue()

    async def __aenter__(self) -> Car:
        self._attending = asyncio.create_task(self.attention.attend(self._frames()))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._attending.cancel()
        await asyncio.gather(self._attending, return_exceptions=True)
        await self.attention.close()

    async def hears(self, *parts: Samples | float, zone: Zone = "driver", loudness: float = 1.0) -> None:
        """Put sounds, and seconds of silence, into the microphone of a zone, and wait until they were taken."""
        await self.hear_together({zone: (np.concatenate([*map(sound_of, parts)]) * loudness).astype(np.int16)})

    async def hear_together(self, sounds: dict[Zone, Samples]) -> None:
        """Put sounds into several microphones at once."""
        length = max(map(len, sounds.values()))
        padded = {zone: frames([np.pad(sound, (0, length - len(sound)))]) for zone, sound in sounds.items()}
        for together in zip(*padded.values(), strict=True):
            for zone, frame in zip(padded, together, strict=True):
                self._sound.put_nowait((zone, frame))
        await self._sound.join()
        await self.settled()

    async def settled(self) -> None:
        """Let everything happen that needs no time."""
        for _ in range(50):
            await asyncio.sleep(0)

    async def _frames(self) -> AsyncGenerator[tuple[Zone, Samples]]:
        while (item := await self._sound.get()) is not None:
            yield item
            self._sound.task_done()
            await asyncio.sleep(0)

    def does(self, state: State) -> bool:
        """Tell whether this is what it does now."""
        return self.turns.state is state

    @property
    def listens(self) -> bool:
        return self.turns.state is State.LISTENING or any(ears.listener.listening for ears in self.ears)

    def unplug(self) -> None:
        self._sound.put_nowait(None)

    async def _recover(self, engine: str) -> None:
        pass


def sound_of(part: Samples | float) -> Samples:
    if isinstance(part, float):
        return np.random.default_rng(1).integers(-3, 4, int(part * RATE), dtype=np.int16)
    return part


@pytest.fixture
def cough() -> Samples:
    """Two bursts of noise that swell and die away, as those of a throat that is cleared."""
    chance, time = np.random.default_rng(4), np.arange(int(0.25 * RATE)) / RATE
    burst = chance.standard_normal(len(time)) * np.minimum(time / 0.01, 1) * np.exp(-time / 0.07) * 9000
    return np.concatenate([burst, np.zeros(RATE // 20), burst]).clip(-32768, 32767).astype(np.int16)


# The wake word


async def test_an_answer_is_cut_off_by_the_wake_word_and_the_next_turn_is_taken(say: Say) -> None:
    async with Car("open the window", "open the window again") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        assert (car.turns.state, car.stage.sounding) == (State.SPEAKING, True)
        await car.hears(say(HEY), 0.1)
        assert (car.turns.state, car.stage.log) == (State.LISTENING, ["play", "pause", "stop"])
        assert [trace.heard.text for trace in car.traces] == ["open the window"]
        await car.hears(say("Open the window again."), 1.0)
        assert car.understander.texts == ["open the window", "open the window again"]
        assert car.hands.done == [("open_window", "driver")] * 2
        assert car.tones.heard == [Earcon.WOKEN, Earcon.ENDED] * 2


async def test_what_was_said_is_thought_about_while_the_silence_goes_on_that_ends_it(say: Say) -> None:
    async with Car("open the window") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 0.4)
        assert car.does(State.LISTENING)
        assert (car.understander.foreseen, car.understander.texts) == (["open the window"], [])
        await car.hears(0.6)
        assert (car.understander.foreseen, car.understander.texts) == (["open the window"], ["open the window"])


async def test_what_is_said_into_an_answer_is_not_thought_about_before_it_is_known_to_be_meant(say: Say) -> None:
    async with Car("open the window", "um", by="speech") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        foreseen = list(car.understander.foreseen)
        await car.hears(say("Um."), 0.4)
        assert car.understander.foreseen == foreseen


async def test_an_answer_is_held_while_it_is_found_out_whether_that_was_the_wake_word(say: Say) -> None:
    async with Car("open the window", by="wake_word", sure=1.0) as car:
        car.scribe.checks.put_nowait("Hey Jarvis.")
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(say(HEY), 0.1)
        assert car.stage.log == ["play", "pause"]
        car.scribe.checks.put_nowait("Hey, treasure.")
        await car.hears(0.5)
        await car.settled()
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play", "pause", "resume"])


async def test_an_answer_goes_on_where_the_first_sign_of_a_wake_word_was_none(say: Say) -> None:
    async with Car("open the window", sure=1.0, doubtful=(1.0,)) as car:
        car.attention.listen_now("driver")
        await car.hears(say("Open the window."), 1.0)
        await car.hears(say(HEY), 1.0)
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play", "pause", "resume"])


async def test_it_is_held_for_as_long_as_one_seat_may_have_called(say: Say) -> None:
    async with Car("open the window", zones=("driver", "passenger"), sure=1.0, doubtful=(0.3, 1.0)) as car:
        car.attention.listen_now("driver")
        await car.hears(say("Open the window."), 1.0)
        call = np.concatenate([sound_of(say(HEY)), sound_of(0.6)])
        await car.hear_together({"driver": call, "passenger": call})
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play", "pause"])
        car.scribe.checks.put_nowait("Hey, treasure.")
        await car.settled()
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play", "pause", "resume"])


@pytest.mark.parametrize("by", ["wake_word", "off"])
async def test_speech_does_not_matter_where_only_the_wake_word_interrupts(say: Say, by: str) -> None:
    async with Car("open the window", by=by) as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(say("Stop. I said stop."), 1.0)
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play"])


async def test_nothing_interrupts_where_nothing_may_and_it_wakes_afterwards(say: Say) -> None:
    async with Car("open the window", by="off") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(say(HEY), 1.0)
        assert car.stage.log == ["play"]
        car.stage.end()
        await car.settled()
        assert car.does(State.IDLE)
        await car.hears(0.5, say(HEY), 0.1)
        assert car.does(State.LISTENING)


async def test_an_answer_that_says_the_wake_word_itself_wakes_nobody(say: Say) -> None:
    async with Car("open the boot") as car:
        await car.hears(1.0, say(HEY), say("Open the boot."), 1.0)
        assert car.turns.current is not None
        car.turns.current.answer = type(car.turns.current.answer)("Playing Hey Jarvis by Nobody.", "en")
        await car.hears(say(HEY), 1.0)
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play"])


async def test_who_calls_while_it_thinks_is_heard_next_and_not_spoken_over(say: Say) -> None:
    async with Car("open the window", "open the boot") as car:
        car.understander.slow.clear()
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        assert car.does(State.THINKING)
        await car.hears(say(HEY), 0.1)
        car.understander.slow.set()
        await car.settled()
        assert car.hands.done == [("open_window", "driver")]
        assert (car.turns.state, car.stage.log) == (State.LISTENING, [])
        assert car.traces[0].answer.text
        await car.hears(say("Open the boot."), 1.0)
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play"])


# A wake word that is not sure


async def test_nobody_notices_a_doubtful_wake_word_and_no_word_behind_it_is_lost(say: Say) -> None:
    async with Car("open the window", sure=1.0) as car:
        await car.hears(1.0, say("Hey Jarvis, open the window."), 0.3)
        assert (car.states, car.tones.heard) == ([], [])
        car.scribe.checks.put_nowait("Hey Jarvis, open")
        await car.hears(1.0)
        assert car.understander.texts == ["open the window"]
        assert car.scribe.heard[-1] > 0.8
        assert car.tones.heard == [Earcon.WOKEN, Earcon.ENDED]
        assert car.attention.checked == {Verdict.SAID: 1}


@pytest.mark.parametrize("heard", ["", "The service is great."])
async def test_nobody_is_woken_by_what_the_recogniser_hears_otherwise(say: Say, heard: str) -> None:
    async with Car(sure=1.0) as car:
        car.scribe.checks.put_nowait(heard)
        await car.hears(1.0, say("Hey Jarvis, open the window."), 2.0)
        assert (car.states, car.tones.heard, car.scribe.heard) == ([], [], [])
        car.scribe.checks.put_nowait("Hey Jarvis.")
        await car.hears(say(HEY), 0.5)
        assert car.does(State.LISTENING)
        assert car.attention.checked == {Verdict.NOT_SAID: 1, Verdict.SAID: 1}


async def test_an_answer_ends_when_a_doubtful_wake_word_is_confirmed(say: Say) -> None:
    async with Car("open the window", sure=1.0) as car:
        car.scribe.checks.put_nowait("Hey Jarvis.")
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play"])
        await car.hears(say(HEY), 0.5)
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play", "pause"])
        car.scribe.checks.put_nowait("Hey Jarvis.")
        await car.settled()
        assert (car.turns.state, car.stage.log) == (State.LISTENING, ["play", "pause", "stop"])


async def test_an_answer_that_may_say_the_wake_word_itself_is_not_even_checked(say: Say) -> None:
    async with Car("open the boot", sure=1.0) as car:
        car.scribe.checks.put_nowait("Hey Jarvis.")
        await car.hears(1.0, say(HEY), say("Open the boot."), 1.0)
        assert car.turns.current is not None
        car.turns.current.answer = type(car.turns.current.answer)("Playing Hey Jarvis by Nobody.", "en")
        await car.hears(say(HEY), 1.0)
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play"])
        assert car.attention.checked == {Verdict.SAID: 1}


@pytest.mark.parametrize("near", ["driver", "passenger"])
async def test_of_two_doubtful_microphones_the_louder_has_the_turn(say: Say, near: Zone) -> None:
    zones: tuple[Zone, ...] = ("driver", "passenger")
    async with Car("open the window", zones=zones, sure=1.0) as car:
        call = np.concatenate([sound_of(1.0), say("Hey Jarvis, open the window.")])
        quiet = (0.3 * call).astype(np.int16)
        await car.hear_together(
            {"driver": call, "passenger": quiet} if near == "driver" else {"driver": quiet, "passenger": call}
        )
        car.scribe.checks.put_nowait("Hey Jarvis.")
        await car.settled()
        car.scribe.checks.put_nowait("Hey Jarvis.")
        await car.settled()
        await car.hear_together({"driver": sound_of(1.0), "passenger": sound_of(1.0)})
        assert car.hands.done == [("open_window", near)]


# The button


async def test_letting_go_of_the_button_ends_the_utterance_without_a_pause(say: Say) -> None:
    async with Car("open the window") as car:
        await car.hears(0.5)
        car.attention.listen_now()
        await car.hears(say("Open the window."))
        assert car.does(State.LISTENING)
        car.attention.finish()
        await car.settled()
        assert car.understander.texts == ["open the window"]
        assert car.does(State.SPEAKING)


async def test_while_the_button_is_held_no_pause_ends_the_utterance(say: Say) -> None:
    async with Car("open the boot", "open the boot", "open the boot and the window") as car:
        await car.hears(0.5)
        car.attention.listen_now()
        car.attention.be_patient()
        await car.hears(say("Open the boot."), 3.0, say("and the window."), 2.0)
        assert car.does(State.LISTENING)
        car.attention.finish()
        await car.settled()
        assert len(car.understander.texts) == 1
        assert car.scribe.heard[-1] > 4.0


async def test_a_button_that_was_held_in_silence_asks_for_nothing(say: Say) -> None:
    async with Car() as car:
        car.attention.finish()
        car.attention.listen_now()
        await car.hears(0.5)
        car.attention.finish()
        await car.settled()
        assert car.does(State.IDLE)
        assert car.understander.texts == []


async def test_with_other_ears_it_listens_as_they_do(say: Say) -> None:
    async with Car("open the window", zones=("driver",)) as car:
        await car.hears(say(HEY), 0.1)
        assert car.does(State.LISTENING)
        passenger = Ears.grow(Configuration(), "unix:///nowhere", "passenger")
        ears = Ears(passenger.listener, car.scribe, "passenger", passenger.follow_up, passenger.interruption)
        car.attention.use([ears], Interrupting(Interrupt.WAKE_WORD, WORDS), 0.0)
        assert car.does(State.IDLE)
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0, zone="passenger")
        assert car.hands.done == [("open_window", "passenger")]


# Speech


@pytest.mark.parametrize("by", ["stop", "speech"])
async def test_an_answer_goes_on_where_it_was_after_a_cough(say: Say, cough: Samples, by: str) -> None:
    async with Car("open the window", "", by=by) as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(cough, 1.0)
        assert car.stage.log in (["play"], ["play", "pause", "resume"])
        assert (car.turns.state, car.stage.sounding) == (State.SPEAKING, True)


@pytest.mark.parametrize(("by", "text"), [("stop", "Mm-hmm."), ("speech", "Mm-hmm."), ("stop", "Nice weather today.")])
async def test_an_answer_goes_on_after_what_was_not_meant_for_it(say: Say, by: str, text: str) -> None:
    async with Car("open the window", text, by=by) as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(say("Nice weather today.")[: RATE // 2])
        assert car.stage.log == ["play", "pause"]
        await car.hears(1.0)
        assert car.stage.log == ["play", "pause", "resume"]
        assert (car.turns.state, len(car.understander.texts)) == (State.SPEAKING, 1)
        car.stage.end()
        await car.settled()
        assert car.does(State.IDLE)


@pytest.mark.parametrize("by", ["stop", "speech"])
async def test_stop_ends_the_answer_and_listens(say: Say, by: str) -> None:
    async with Car("open the window", "Stop.", "open the boot", by=by) as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(say("Stop."), 1.0)
        assert (car.turns.state, car.stage.log) == (State.LISTENING, ["play", "pause", "stop"])
        await car.hears(say("Open the boot."), 1.0)
        assert car.understander.texts == ["open the window", "open the boot"]


async def test_after_stop_and_nothing_more_it_rests(say: Say) -> None:
    async with Car("open the window", "Stop.", by="stop") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(say("Stop."), 8.0)
        assert (car.turns.state, len(car.traces)) == (State.IDLE, 1)


async def test_any_speech_ends_the_answer_and_is_the_next_turn(say: Say) -> None:
    async with Car("open the window", "open the boot", by="speech") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(say("Open the boot."), 1.0)
        assert car.stage.log == ["play", "pause", "stop", "play"]
        assert car.understander.texts == ["open the window", "open the boot"]
        assert car.hands.done == [("open_window", "driver")]


async def test_a_question_that_was_cut_off_can_be_answered(say: Say) -> None:
    async with Car("open the boot", "Yes, do it.", by="speech") as car:
        await car.hears(1.0, say(HEY), say("Open the boot."), 1.0)
        await car.hears(say("Yes, do it."), 1.0)
        assert car.hands.done == [("open_boot", "driver")]


async def test_the_wake_word_interrupts_where_speech_holds(say: Say) -> None:
    async with Car("open the window", "open the boot", by="stop") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(say(HEY), say("Open the boot."), 1.0)
        assert car.stage.log == ["play", "pause", "stop", "play"]
        assert car.understander.texts[-1] == "open the boot"


async def test_an_answer_is_not_held_for_ever_where_the_transcriber_hangs(say: Say) -> None:
    async with Car("open the window", "hang", by="speech") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(say("Nice weather today."), 1.0)
        assert car.stage.log == ["play", "pause"]
        await asyncio.sleep(1.0)
        await car.hears(0.1)
        assert car.stage.log == ["play", "pause", "resume"]


async def test_an_answer_goes_on_where_the_transcriber_dies(say: Say) -> None:
    async with Car("open the window", "die", by="speech") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(say("Nice weather today."), 1.0)
        assert car.stage.log == ["play", "pause", "resume"]


async def test_noise_does_not_make_an_answer_stutter_for_ever(say: Say) -> None:
    babble = np.concatenate([say("Nice weather today."), sound_of(1.0)])
    async with Car("open the window", *[""] * 10, by="speech") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        for _ in range(6):
            await car.hears(babble)
        assert car.stage.log == ["play", *["pause", "resume"] * 3]


# Follow-ups


async def test_after_a_question_the_reply_needs_no_wake_word(say: Say) -> None:
    async with Car("open the boot", "yes") as car:
        await car.hears(1.0, say(HEY), say("Open the boot."), 1.0)
        await car.hears(say("Yes."), 1.0)
        assert car.hands.done == [], "what is said while the question sounds is not listened to"
        car.stage.end()
        await car.settled()
        assert car.does(State.LISTENING)
        await car.hears(0.5, say("Yes."), 1.0)
        assert car.hands.done == [("open_boot", "driver")]
        assert Earcon.QUESTION in car.tones.heard


async def test_a_reply_that_does_not_come_is_not_waited_for_long(say: Say) -> None:
    async with Car("open the boot") as car:
        await car.hears(1.0, say(HEY), say("Open the boot."), 1.0)
        car.stage.end()
        await car.hears(4.9)
        assert car.does(State.LISTENING)
        await car.hears(0.3)
        assert car.does(State.IDLE)
        assert Earcon.FAILED not in car.tones.heard


async def test_any_answer_is_followed_up_only_where_that_is_wanted(say: Say) -> None:
    async with Car("open the window") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        car.stage.end()
        await car.settled()
        assert car.does(State.IDLE)
    async with Car("open the window", "open the boot", "blah", follow_up=3.0) as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        car.stage.end()
        await car.hears(2.5, say("Open the boot."), 1.0)
        assert car.understander.texts[-1] == "open the boot"
        car.stage.end()
        await car.hears(6.0)
        assert car.does(State.IDLE)


async def test_what_others_say_after_an_answer_is_not_answered(say: Say) -> None:
    async with Car("open the window", "nice weather today", follow_up=3.0) as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        car.stage.end()
        await car.hears(0.5, say("Nice weather today."), 1.0)
        assert (car.turns.state, car.stage.log) == (State.IDLE, ["play"])
        assert [trace.answer.text for trace in car.traces[1:]] == [""]


async def test_what_is_said_into_the_very_end_of_a_question_is_its_reply(say: Say) -> None:
    async with Car("open the boot", "yes, do it", by="speech") as car:
        await car.hears(1.0, say(HEY), say("Open the boot."), 1.0)
        reply = say("Yes, do it.")
        await car.hears(reply[: RATE // 4])
        car.stage.end()
        await car.settled()
        assert car.does(State.LISTENING)
        await car.hears(reply[RATE // 4 :], 1.0)
        assert car.hands.done == [("open_boot", "driver")]
        assert car.scribe.heard[-1] >= len(reply) / RATE


# Noise, and sound that goes away


async def test_noise_without_end_is_not_listened_to_for_ever(say: Say) -> None:
    babble = np.concatenate([say("and so on and so on and so on"), say("and on it goes and goes")])
    async with Car("") as car:
        await car.hears(1.0, say(HEY), *[babble] * 6)
        assert car.turns.state in (State.SPEAKING, State.IDLE)
        assert car.scribe.heard[-1] < 16


async def test_a_microphone_that_goes_away_ends_the_listening(say: Say) -> None:
    async with Car() as car:
        await car.hears(1.0, say(HEY), 0.1)
        assert car.does(State.LISTENING)
        car.unplug()
        await car.settled()
        assert (car.listens, car.tones.heard[-1]) == (False, Earcon.FAILED)


async def test_a_microphone_that_falls_dumb_ends_the_listening(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codriver.conversation.attention._DEAD_AFTER", 0.2)
    async with Car() as car:
        await car.hears(1.0, say(HEY), 0.1)
        await asyncio.sleep(0.5)
        assert (car.listens, car.tones.heard[-1]) == (False, Earcon.FAILED)
        await car.hears(0.5, say(HEY), 0.1)
        assert car.does(State.LISTENING)


async def test_who_was_lost_with_the_sound_is_asked_once_to_say_it_again_when_he_can_be_heard(say: Say) -> None:
    async with Car("open the window") as car:
        await car.hears(1.0, say(HEY), say("Open the window.")[: RATE // 3])
        for _ in range(3):
            car.attention.lose("driver")
        await car.settled()
        assert (car.traces, car.attention.apologises) == ([], True)
        await car.hears(0.1)
        assert (car.turns.state, car.stage.log) == (State.SPEAKING, ["play"])
        car.stage.end()
        await car.hears(0.5)
        assert [trace.answer.text for trace in car.traces] == [SAY_IT_AGAIN]
        assert (car.turns.state, car.attention.apologises) == (State.IDLE, False)
        await car.hears(say(HEY), say("Open the window."), 1.0)
        assert car.hands.done == [("open_window", "driver")]


async def test_who_is_not_heard_again_soon_is_told_so(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codriver.conversation.losses._BACK_WITHIN", 0.1)
    async with Car() as car:
        await car.hears(1.0, say(HEY), 0.1)
        car.attention.lose()
        await asyncio.sleep(0.3)
        car.stage.end()
        await car.settled()
        assert [trace.answer.text for trace in car.traces] == ["Sorry, I can't hear you at the moment."]


async def test_who_speaks_again_elsewhere_needs_no_apology(say: Say) -> None:
    async with Car("open the window", zones=("driver", "passenger")) as car:
        await car.hears(1.0, say(HEY), 0.1)
        car.attention.lose("driver")
        await car.settled()
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0, zone="passenger")
        assert [trace.answer.text for trace in car.traces] == [SAY_IT_AGAIN]
        assert (car.hands.done, car.stage.log) == ([("open_window", "passenger")], ["play"])


async def test_what_was_dropped_needs_no_apology(say: Say) -> None:
    async with Car() as car:
        await car.hears(1.0, say(HEY), 0.1)
        car.attention.lose("driver")
        car.turns.forget()
        await car.hears(1.0)
        assert (car.turns.state, car.traces, car.stage.log) == (State.IDLE, [], [])


async def test_another_microphone_that_goes_away_does_not_matter(say: Say) -> None:
    async with Car("open the window", zones=("driver", "passenger")) as car:
        await car.hears(1.0, say(HEY), say("Open the window.")[: RATE // 3])
        car.attention.lose("passenger")
        assert car.does(State.LISTENING)
        car.attention.lose("driver")
        assert not car.listens


async def test_who_may_only_have_something_to_add_is_not_asked_for_it(say: Say) -> None:
    async with Car("open the window", follow_up=3.0) as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        car.stage.end()
        await car.hears(0.5)
        assert car.does(State.LISTENING)
        car.attention.lose("driver")
        await car.hears(0.5)
        assert (car.turns.state, len(car.traces)) == (State.IDLE, 1)


@pytest.mark.parametrize(
    ("wish", "sounded", "times"), [("the boot", 9.0, 2), ("the window", 1.0, 2), ("the window", 2.5, 1)]
)
async def test_an_answer_that_the_loudspeaker_broke_off_is_said_again_where_nothing_of_it_was_understood(
    say: Say, wish: str, sounded: float, times: int
) -> None:
    """A question is always asked again: its answer is waited for."""
    async with Car(f"open {wish}") as car:
        await car.hears(1.0, say(HEY), say(f"Open {wish}."), 1.0)
        car.stage.end(LoudspeakerLost("The loudspeaker was unplugged.", sounded))
        car.stage.back.set()
        await car.settled()
        assert car.stage.log == ["play"] * times
        car.stage.end(LoudspeakerLost("The loudspeaker was unplugged.", sounded))
        await car.settled()
        assert (car.stage.log, len(car.traces), car.stage.sounding) == (["play"] * times, 1, False)


async def test_who_calls_while_the_loudspeaker_is_away_is_listened_to(say: Say) -> None:
    async with Car("open the window") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        car.stage.end(LoudspeakerLost("The loudspeaker was unplugged.", 0.0))
        await car.hears(say(HEY), 0.1)
        car.stage.back.set()
        await car.settled()
        assert (car.turns.state, car.stage.log) == (State.LISTENING, ["play", "pause", "stop"])


async def test_a_loudspeaker_that_goes_away_ends_the_turn(say: Say) -> None:
    async with Car("open the window") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        car.stage.end(AudioError("The loudspeaker cannot play this."))
        await car.settled()
        assert (car.turns.state, len(car.traces)) == (State.IDLE, 1)


async def test_a_transcriber_that_dies_costs_an_apology(say: Say) -> None:
    async with Car("die", "open the window") as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await asyncio.sleep(0.01)
        assert car.does(State.SPEAKING)
        car.stage.end()
        await car.settled()
        assert "went wrong" in car.traces[0].answer.text
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        assert car.hands.done == [("open_window", "driver")]


# Buttons


async def test_a_button_listens_and_cuts_off_what_sounds(say: Say) -> None:
    async with Car("open the window", "open the boot") as car:
        car.attention.listen_now()
        await car.hears(0.3, say("Open the window."), 1.0)
        assert car.does(State.SPEAKING)
        car.attention.listen_now()
        await car.settled()
        assert (car.turns.state, car.stage.log) == (State.LISTENING, ["play", "stop"])
        await car.hears(0.3, say("Open the boot."), 1.0)
        assert car.understander.texts == ["open the window", "open the boot"]


async def test_muted_it_hears_nothing_and_says_so_by_a_tone(say: Say) -> None:
    async with Car("open the window") as car:
        await car.hears(1.0, say(HEY), 0.1)
        car.attention.mute(True)
        await car.hears(say("Open the window."), 1.0, say(HEY), 1.0)
        car.attention.listen_now()
        assert (car.turns.state, car.traces) == (State.MUTED, [])
        car.attention.mute(False)
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        assert car.hands.done == [("open_window", "driver")]
        assert car.tones.heard[:3] == [Earcon.WOKEN, Earcon.MUTED, Earcon.UNMUTED]


# Several microphones


async def test_the_loudest_microphone_has_the_speaker(say: Say) -> None:
    async with Car("open the window", zones=("driver", "passenger")) as car:
        sound = np.concatenate([sound_of(1.0), say(HEY), say("Open the window."), sound_of(1.0)])
        await car.hear_together({"driver": (0.3 * sound).astype(np.int16), "passenger": sound})
        assert car.hands.done == [("open_window", "passenger")]
        assert len(car.traces) + car.stage.sounding == 1


async def test_others_are_not_listened_to_in_somebodys_turn(say: Say) -> None:
    async with Car("open the window", zones=("driver", "passenger")) as car:
        await car.hears(1.0, say(HEY), 0.1)
        await asyncio.sleep(0.35)
        await car.hears(1.0, say(HEY), say("Open the boot."), 1.0, zone="passenger")
        assert car.does(State.LISTENING)
        await car.hears(say("Open the window."), 1.0)
        assert car.hands.done == [("open_window", "driver")]


async def test_anybody_may_cut_off_an_answer_by_the_wake_word(say: Say) -> None:
    async with Car("open the window", "open the window", zones=("driver", "passenger")) as car:
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0)
        await car.hears(1.0, say(HEY), say("Open the window."), 1.0, zone="passenger")
        assert car.hands.done == [("open_window", "driver"), ("open_window", "passenger")]


async def test_each_state_has_endpoints_of_its_own() -> None:
    config = Configuration.model_validate(
        {"hearing": {"silence": 0.5, "endpoint": {"follow_up": {"timeout": 3.0}, "interruption": {"sensitivity": 0.8}}}}
    )
    ears = Ears.grow(config, "unix:///nowhere", "driver")
    assert (ears.follow_up.timeout, ears.follow_up.silence, ears.follow_up.longest) == (3.0, 0.6, 15.0)
    assert (ears.interruption.speech_probability, ears.interruption.longest) == (0.8, 6.0)
    assert config.hearing.endpoint.wake_word == Endpoint()

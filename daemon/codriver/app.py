"""The stages put together: it hears, understands, acts and speaks, as the assistant says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from typing import Self

from codriver.acting.bus import Bus, Signal
from codriver.acting.car import Car
from codriver.acting.ducking import Ducking
from codriver.acting.guiding import Guiding
from codriver.acting.navigator import NAVIGATION, Navigator
from codriver.acting.performing import Actor
from codriver.acting.player import Player
from codriver.acting.service import Service
from codriver.catalogue import Catalogue
from codriver.catalogue.configured import read_catalogue
from codriver.config import Configuration
from codriver.conversation.announcing import Announcer, Instruction, read_instruction
from codriver.conversation.assistant import Assistant
from codriver.conversation.attention import Attention
from codriver.conversation.ears import Ears
from codriver.conversation.happenings import State
from codriver.conversation.mouth import LoudspeakerFor, Mouth
from codriver.conversation.recordings import take_turns
from codriver.conversation.turns import Turns, Understands
from codriver.engines.fleet import THINKER, TRANSCRIBER, Fleet
from codriver.errors import ConfigurationError, EngineError, ModelError
from codriver.folders import cache_folder
from codriver.hearing.audio import Samples
from codriver.hearing.interrupting import InterjectionWords, Interrupt, Interrupting
from codriver.hearing.recording import paced, remembering
from codriver.host import heap
from codriver.speaking.answers import Answers
from codriver.speaking.chimes import Chimes
from codriver.trace import Trace
from codriver.turn import Transcript, Zone
from codriver.understanding.judging import Gates
from codriver.understanding.mind import Mind, Ways

_LOG = logging.getLogger(__name__)

_ENGINE_RETURNS_WITHIN = 15.0


class App:
    """The daemon without its microphone: takes sentences and sound, gives traces. Use it as a context manager."""

    def __init__(
        self,
        config: Configuration,
        fleet: Fleet,
        bus: Bus,
        loudspeaker_for: LoudspeakerFor,
        *,
        ways: Ways = Ways(),
        catalogue: Catalogue | None = None,
        chimes: Chimes | None = None,
        ducking: Ducking | None = None,
    ) -> None:
        """Build the stages, reading the catalogue if it is not given; nothing is started. Raises ConfigurationError.

        Tones sound, and music steps back while somebody speaks, where there is something to do it with.
        """
        self.config = config
        self.catalogue = catalogue or read_catalogue(config)
        self._fleet = fleet
        self._bus = bus
        uris = fleet.uris
        self._ears_for = partial(Ears.grow, config, uris[TRANSCRIBER])
        self._ways = ways
        self._mind = self._mind_for(self.catalogue)
        self._actor = Actor(self.catalogue, Car(bus), Player(bus, ducking), Service(bus), Guiding(Navigator(bus)))
        self._answers = Answers(self.catalogue)
        self._mouth = Mouth.grow(config, uris, loudspeaker_for, self._recover, chimes)
        self._turns = Turns(
            Assistant(self._answers, config.dialogue.confirm_within, config.dialogue.remember_for, config.languages[0]),
            *(self._mind.understander, self._actor, self._answers, self._mouth, self._recover, config.languages[0]),
        )
        self._attention = Attention(
            [self._ears_for(zone) for zone in _zones(config)],
            *(self._turns, self._mouth, _interrupting(config, self.catalogue)),
            follow_up=config.dialogue.follow_up,
            familiar=lambda text, language: self._mind.understander.knows(text, language),
        )
        self._announcer = Announcer(self.say, self._turns.until_quiet)
        self._ducking = ducking
        if ducking:
            self._turns.watch(partial(_duck, ducking))
        self._stack = AsyncExitStack()

    @property
    def state(self) -> State:
        """What the assistant is doing now."""
        return self._turns.state

    @property
    def busy(self) -> bool:
        """Whether a turn is under way, from its transcript to the end of its answer."""
        return self._turns.busy

    @property
    def understander(self) -> Understands:
        """What finds out what sentences mean; another one may be put in its place."""
        return self._turns.understander

    @understander.setter
    def understander(self, understander: Understands) -> None:
        self._turns.understander = understander

    @property
    def on_turn(self) -> Callable[[Trace], None]:
        """What is told of each turn when it is over."""
        return self._turns.on_turn

    @on_turn.setter
    def on_turn(self, told: Callable[[Trace], None]) -> None:
        self._turns.on_turn = told

    @property
    def on_speech(self) -> Callable[[Samples], None]:
        """What has the sound of each utterance."""
        return self._turns.on_speech

    @on_speech.setter
    def on_speech(self, taken: Callable[[Samples], None]) -> None:
        self._turns.on_speech = taken

    @property
    def wake_checks(self) -> Mapping[str, int]:
        """How many wake words were doubtful, by what was found out about them."""
        return {verdict.value: number for verdict, number in self._attention.checked.items()}

    def watch_state(self, watcher: Callable[[State], None]) -> Callable[[], None]:
        """Tell ``watcher`` of each new state from now on, until what is returned is called."""
        return self._turns.watch(watcher)

    async def __aenter__(self) -> Self:
        """Start the engines, connect, and return when plain wishes can be heard, understood, done and answered.

        The language model and the voices of further languages follow; a turn that needs them waits for them.
        """
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._fleet.stop)
            self._fleet.start(self._fleet.senses)
            await self._bus.connect()
            stack.push_async_callback(self._bus.close)
            if self._ducking:
                await stack.enter_async_context(self._ducking.at_work())
            await self._bus.subscribe(NAVIGATION, "Instruction", self._instructed)
            await stack.enter_async_context(self._announcer.at_work())
            await self._fleet.ready(self._fleet.senses)
            stack.push_async_callback(self._stop_thinking)
            stack.push_async_callback(self._attention.close)
            completing = asyncio.create_task(self._complete(), name="completing")
            stack.callback(completing.cancel)
            self._stack = stack.pop_all()
        heap.settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop everything in the reverse order."""
        await self._stack.aclose()
        heap.let_go()

    async def complete(self) -> None:
        """Wait until every sentence can be understood, also what only the models understand. Raises EngineError."""
        self._fleet.start()
        await self._fleet.ready()
        await self._mind.prepare()

    async def use(self, catalogue: Catalogue) -> None:
        """Go on with another catalogue from the next turn. Raises ConfigurationError, and nothing changes then.

        Until the language model knows its new tools, turns go on with the old catalogue. A question that waits is
        dropped: what was asked may mean something else now.
        """
        mind = await asyncio.to_thread(self._mind_for, catalogue)
        try:
            await mind.prepare()
        except EngineError as error:
            _LOG.warning("Engine does not know the new intents yet", extra={"reason": str(error)})
        async with self._turns.between():
            await self._stop_thinking()
            self.catalogue, self._mind, self.understander = catalogue, mind, mind.understander
            self._actor.use(catalogue)
            self._answers.use(catalogue)
            self._turns.forget()
            heap.clear_away()

    async def adopt(self, config: Configuration) -> None:
        """Go on with what is live of another configuration. Raises ConfigurationError, and nothing changes then."""
        before = self.config
        self.config = config
        try:
            ears_for = partial(Ears.grow, config, self._fleet.uris[TRANSCRIBER])
            ears = await asyncio.to_thread(lambda: [ears_for(zone) for zone in _zones(config)])
            if (config.intents, config.thinking.gate) != (before.intents, before.thinking.gate):
                await self.use(await asyncio.to_thread(read_catalogue, config))
        except ModelError as error:
            self.config = before
            raise ConfigurationError(str(error)) from error
        except ConfigurationError:
            self.config = before
            raise
        self._ears_for = ears_for
        self._attention.use(ears, _interrupting(config, self.catalogue), config.dialogue.follow_up)
        self._turns.settle(config.dialogue.confirm_within, config.dialogue.remember_for)
        self._mouth.beeps = config.dialogue.success == "beep"

    async def ask(self, text: str, language: str, zone: Zone) -> Trace:
        """Take a typed sentence as one turn."""
        trace = Trace(zone)
        trace.stamp("utterance")
        return await self._turns.take(trace, Transcript(text, language))

    async def attend(self, sound: AsyncIterator[tuple[Zone, Samples]]) -> None:
        """Listen to the microphones' 10 ms frames for as long as they come, and take what is said as turns.

        It listens on while it thinks and speaks, and lets itself be interrupted. Raises whatever ``sound`` raises.
        """
        await self._attention.attend(sound)

    async def hear(self, frames: Iterable[Samples], zone: Zone, *, pace: float = 0.0) -> AsyncGenerator[Trace]:
        """Listen to a recording, ``pace`` times as fast as it was spoken, or 0 for as fast as it can be taken.

        One without any wake word is taken as if a button had been pressed at its start. Raises AudioError of frames.
        """
        start: list[Samples] = []
        turns = 0
        async for trace in take_turns(self._ears_for(zone), paced(remembering(frames, start), pace), self._turns):
            turns += 1
            yield trace
        if not turns and start:
            ears = self._ears_for(zone)
            ears.listener.listen_now()
            async for trace in take_turns(ears, paced(start, pace=0.0), self._turns):
                yield trace

    def listen_now(self, zone: Zone | None = None) -> None:
        """Listen to the microphone of a zone, or the first one, as if the wake word had been said."""
        self._attention.listen_now(zone)

    def be_patient(self) -> None:
        """Follow who is listened to through all pauses, until `finish_listening`."""
        self._attention.be_patient()

    def finish_listening(self) -> None:
        """Take what was said up to now for all of it."""
        self._attention.finish()

    def mute(self, muted: bool) -> None:
        """Take note that the microphone is closed, or open again."""
        self._attention.mute(muted)

    @property
    def apologises(self) -> bool:
        """Whether somebody whose words were lost with the sound is about to be asked to say them again."""
        return self._attention.apologises

    def lose_sound(self, zone: Zone) -> None:
        """Take note that the microphone of a zone gives no sound any more; nobody is listened to there then."""
        self._attention.lose(zone)

    def forget(self) -> None:
        """Drop the turn and what the conversation is about, such as a question that waits for a yes."""
        self._turns.forget()

    def cancel(self) -> None:
        """Be silent, drop what is being said, and forget."""
        self._mouth.silence()
        self._attention.stop()
        self._turns.forget()

    async def say(self, text: str, language: str) -> None:
        """Speak a text as it is, when no turn is under way."""
        await self._turns.say(text, language)

    def tell(self, key: str) -> None:
        """Say one of the shared answers in the first language, as soon as it is quiet."""
        said = self._answers.say(key, self.config.languages[0])
        self._announcer.announce(Instruction(said.text, said.language, about=key, lasting=True))

    def _instructed(self, signal: Signal) -> None:
        """Have an instruction of the navigation said. Its words hold names of streets: spoken, never understood."""
        text, details = signal.args
        self._announcer.announce(read_instruction(text, details, self.config.languages))

    def _mind_for(self, catalogue: Catalogue) -> Mind:
        """Build what knows the words of a catalogue; that takes some seconds. Raises ConfigurationError."""
        return Mind(
            catalogue,
            thinker=self._fleet.uris.get(THINKER, ""),
            until_ready=self._thinker_ready,
            cache=cache_folder() / "examples",
            ways=self._ways,
            gates=Gates(joint=self.config.thinking.gate),
        )

    async def _complete(self) -> None:
        try:
            await self.complete()
        except EngineError as error:
            _LOG.warning("Engine is not ready yet", extra={"engine": THINKER, "reason": str(error)})

    async def _stop_thinking(self) -> None:
        await self._mind.close()

    async def _thinker_ready(self) -> int:
        """Wait for the thinker, and count how often it was started: a connection to an earlier one is dead."""
        return await self._fleet.returned(THINKER, _ENGINE_RETURNS_WITHIN)

    async def _recover(self, engine: str) -> None:
        """Give an engine that just died the time to be started again."""
        try:
            await asyncio.sleep(0.1)
            await self._fleet.returned(engine, _ENGINE_RETURNS_WITHIN)
        except EngineError as error:
            _LOG.error("Engine stays away", extra={"engine": engine, "reason": str(error)})


def _zones(config: Configuration) -> list[Zone]:
    """Name the zones that have a microphone, the one of a button that belongs to no zone first."""
    zones = {each.zone for each in config.sound.zones} or {config.zone}
    return sorted(zones, key=lambda zone: (zone != config.zone, zone))


def _interrupting(config: Configuration, catalogue: Catalogue) -> Interrupting:
    said = (catalogue.vocabulary.languages[each].interjections for each in config.languages)
    words = [InterjectionWords(each.stop, each.hum, each.nod) for each in said]
    return Interrupting(Interrupt(config.hearing.interrupt), words)


def _duck(ducking: Ducking, state: State) -> None:
    """Turn the music down when somebody is about to speak, and back when nobody is any more."""
    if state in (State.LISTENING, State.SPEAKING):
        ducking.lower()
    elif state in (State.IDLE, State.MUTED):
        ducking.lift()

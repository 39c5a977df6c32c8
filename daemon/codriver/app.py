"""The stages put together: it hears, understands, acts and speaks, as the assistant says."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack
from functools import partial
from typing import Protocol, Self

from codriver import heap
from codriver.acting.bus import Bus, Signal
from codriver.acting.car import Car
from codriver.acting.guiding import Guiding
from codriver.acting.navigator import NAVIGATION, Navigator
from codriver.acting.performing import Actor
from codriver.acting.player import Player
from codriver.acting.service import Service
from codriver.announcing import Announcer, read_instruction
from codriver.assistant import (
    Assistant,
    Broken,
    Cancelled,
    Command,
    Event,
    Heard,
    Muted,
    Perform,
    Performed,
    Say,
    Spoken,
    State,
    Understand,
    Understood,
    Undo,
    Unheard,
    Woken,
)
from codriver.catalogue import Catalogue
from codriver.catalogue.configured import read_catalogue
from codriver.config import Configuration, cache_folder
from codriver.ears import Ears
from codriver.engines.fleet import THINKER, TRANSCRIBER, Fleet
from codriver.errors import EngineError
from codriver.hearing.audio import RATE, Samples
from codriver.hearing.listener import ListenerEvent, NothingSaid, SpeechEnded
from codriver.hearing.listener import Woken as WakeWordHeard
from codriver.hearing.recording import paced, remembering
from codriver.hearing.transcription import Transcription
from codriver.mouth import LoudspeakerFor, Mouth
from codriver.speaking.answers import Answers
from codriver.trace import Trace
from codriver.turn import Answer, Context, IntentCall, Outcome, Status, Transcript, Understanding, Zone
from codriver.understanding.judging import Gates
from codriver.understanding.mind import Mind, Ways

_LOG = logging.getLogger(__name__)

_ENGINE_RETURNS_WITHIN = 15.0


class Understands(Protocol):
    """Finds out what a sentence means."""

    async def understand(self, text: str, language: str, context: Context = Context()) -> Understanding:
        """Find the calls that a sentence asks for, after what was done before. Raises EngineError."""
        ...


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
    ) -> None:
        """Build the stages, reading the catalogue if it is not given; nothing is started. Raises ConfigurationError.

        ``on_turn`` and ``on_state`` may be set to whatever is to be told of each turn when it is over, and of each
        new state.
        """
        self.config = config
        self.catalogue = catalogue or read_catalogue(config)
        self._fleet = fleet
        self._bus = bus
        self.on_turn: Callable[[Trace], None] = lambda trace: None
        self.on_state: Callable[[State], None] = lambda state: None
        uris = fleet.uris
        self._ears_for = partial(Ears.grow, config, uris[TRANSCRIBER])
        self._ears_for("driver")  # a wake word that cannot be loaded is told before anything is started
        self._ways = ways
        self._mind = self._mind_for(self.catalogue)
        self.understander: Understands = self._mind.understander
        self._actor = Actor(self.catalogue, Car(bus), Player(bus), Service(bus), Guiding(Navigator(bus)))
        self._answers = Answers(self.catalogue)
        self._mouth = Mouth.grow(config, uris, loudspeaker_for, self._recover)
        self._assistant = Assistant(self._answers, config.dialogue.confirm_within, config.dialogue.remember_for)
        self._announcer = Announcer(self.say, self._until_quiet)
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._ears: Ears | None = None
        self._muted = False
        self._one_turn = asyncio.Lock()
        self._stack = AsyncExitStack()

    @property
    def state(self) -> State:
        """What the assistant is doing now."""
        return self._assistant.state

    @property
    def busy(self) -> bool:
        """Whether a turn is under way, from its transcript to the end of its answer."""
        return self._one_turn.locked()

    async def __aenter__(self) -> Self:
        """Start the engines, connect, and return when everything that is needed for a turn is ready."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._fleet.stop)
            self._fleet.start()
            await self._bus.connect()
            stack.push_async_callback(self._bus.close)
            await self._bus.subscribe(NAVIGATION, "Instruction", self._instructed)
            await stack.enter_async_context(self._announcer.at_work())
            await self._fleet.ready()
            stack.push_async_callback(self._stop_thinking)
            await self._mind.prepare()
            self._stack = stack.pop_all()
        heap.settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop everything in the reverse order."""
        await self._stack.aclose()

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
        async with self._one_turn:
            await self._stop_thinking()
            self.catalogue, self._mind, self.understander = catalogue, mind, mind.understander
            self._actor.use(catalogue)
            self._answers.use(catalogue)
            self.forget()
            heap.clear_away()

    async def ask(self, text: str, language: str, zone: Zone) -> Trace:
        """Take a typed sentence as one turn."""
        trace = Trace(zone)
        trace.stamp("utterance")
        return await self._turn(trace, Transcript(text, language))

    async def listen(self, frames: AsyncIterator[Samples], zone: Zone) -> AsyncGenerator[Trace]:
        """Listen to a microphone's 10 ms frames for wake words; yield each utterance as a turn when it is answered.

        After a question the answer is listened for without a wake word. Raises whatever ``frames`` raises.
        """
        self._ears = ears = self._ears_for(zone)
        async for trace in self._follow(ears, frames):
            yield trace

    async def hear(self, frames: Iterable[Samples], zone: Zone, *, pace: float = 0.0) -> AsyncGenerator[Trace]:
        """Listen to a recording, ``pace`` times as fast as it was spoken, or 0 for as fast as it can be taken.

        One without any wake word is taken as if a button had been pressed at its start. Raises AudioError of frames.
        """
        start: list[Samples] = []
        turns = 0
        async for trace in self._follow(self._ears_for(zone), paced(remembering(frames, start), pace)):
            turns += 1
            yield trace
        if not turns and start:
            ears = self._ears_for(zone)
            ears.listener.listen_now()
            async for trace in self._follow(ears, paced(start, pace=0.0)):
                yield trace

    def listen_now(self) -> None:
        """Listen to the microphone as if the wake word had been said."""
        if self._ears and not self._muted:
            self._ears.listener.listen_now()
            self._handle(Woken(self._ears.zone))

    def mute(self, muted: bool) -> None:
        """Take note that the microphone was closed, or opened again."""
        self._muted = muted
        if self._ears:
            self._ears.listener.stop()
        self._handle(Muted(muted))

    def forget(self) -> None:
        """Drop the turn and what the conversation is about, such as a question that waits for a yes."""
        self._actor.forget()
        self._handle(Cancelled())

    async def say(self, text: str, language: str) -> None:
        """Speak a text as it is, when no turn is under way."""
        async with self._one_turn:
            await self._mouth.speak(Answer(text, language), Trace("driver"))

    def silence(self) -> None:
        """Stop what is being spoken."""
        self._mouth.silence()

    async def _follow(self, ears: Ears, frames: AsyncIterator[Samples]) -> AsyncGenerator[Trace]:
        async for frame in frames:
            for event in ears.listener.feed(frame):
                if trace := await self._take(event, ears):
                    yield trace
        for event in ears.listener.finish():
            if trace := await self._take(event, ears):
                yield trace

    async def _take(self, event: ListenerEvent, ears: Ears) -> Trace | None:
        """Take what the listener noticed; at the end of an utterance, take the turn."""
        if isinstance(event, WakeWordHeard):
            self._handle(Woken(ears.zone))
        elif isinstance(event, NothingSaid):
            self._handle(Unheard())
        transcription = ears.transcriber.follow(event)
        if transcription is None or not isinstance(event, SpeechEnded):
            return None
        trace = await self._utterance(event, transcription, ears.zone)
        if trace.answer.expects_reply:
            ears.listener.listen_now()
            self._handle(Woken(ears.zone))
        return trace

    def _handle(self, event: Event) -> tuple[Command, ...]:
        """Let the assistant decide, and tell of a new state."""
        before = self._assistant.state
        commands = self._assistant.handle(event, asyncio.get_running_loop().time())
        if self._assistant.state is not before:
            if self._assistant.state in (State.IDLE, State.MUTED):
                self._quiet.set()
            else:
                self._quiet.clear()
            self.on_state(self._assistant.state)
        return commands

    def _instructed(self, signal: Signal) -> None:
        """Have an instruction of the navigation said. Its words hold names of streets: spoken, never understood."""
        text, details = signal.args
        self._announcer.announce(read_instruction(text, details, self.config.languages))

    async def _until_quiet(self) -> None:
        """Wait until the driver is not being listened to, and no answer is on its way."""
        await self._quiet.wait()

    async def _utterance(self, event: SpeechEnded, transcription: Transcription, zone: Zone) -> Trace:
        trace = Trace(zone)
        trace.stamp("utterance")
        trace.silence = event.ended_s - event.speech_end_s
        trace.audio_seconds = len(event.audio) / RATE
        try:
            transcript = await transcription.result()
        except EngineError as error:
            return await self._broken_turn(trace, error)
        return await self._turn(trace, transcript)

    async def _turn(self, trace: Trace, transcript: Transcript) -> Trace:
        async with self._one_turn:
            trace.heard = transcript
            trace.stamp("heard")
            return await self._converse(trace, Heard(transcript, trace.zone))

    async def _broken_turn(self, trace: Trace, error: EngineError) -> Trace:
        _LOG.warning("Engine failed in a turn", extra={"reason": str(error)})
        await self._recover(TRANSCRIBER)
        async with self._one_turn:
            trace.heard = Transcript("", self.config.languages[0])
            self._handle(Woken(trace.zone))
            return await self._converse(trace, Broken())

    async def _converse(self, trace: Trace, event: Event) -> Trace:
        """Let the assistant decide and do what it says, until it rests."""
        commands = deque(self._handle(event))
        while commands:
            result = await self._obey(commands.popleft(), trace)
            if result:
                commands.extend(self._handle(result))
        trace.stamp("finished")
        self.on_turn(trace)
        return trace

    async def _obey(self, command: Command, trace: Trace) -> Event | None:
        match command:
            case Understand(transcript, context):
                return await self._understand(transcript, context, trace)
            case Perform(calls, zone, confirmed, instead_of):
                return self._performed(await self._perform(calls, zone, confirmed, instead_of, trace), trace)
            case Undo(outcomes, zone):
                undone = await self._actor.undo(outcomes, zone, on_sending=lambda: trace.stamp("calling"))
                return self._performed(undone, trace)
            case Say(answer):
                await self._mouth.speak(answer, trace)
                return Spoken()
            case _:
                return None

    async def _perform(
        self,
        calls: tuple[IntentCall, ...],
        zone: Zone,
        confirmed: bool,
        instead_of: tuple[Outcome, ...],
        trace: Trace,
    ) -> tuple[Outcome, ...]:
        """Carry out calls. What they correct is set back first, and mentioned only where that did not work."""

        def sending() -> None:
            trace.stamp("calling")

        undone = await self._actor.undo(instead_of, zone, on_sending=sending)
        trace.calls = tuple(call for outcome in undone if outcome.status is Status.UNDONE for call in outcome.calls)
        language = trace.heard.language
        done = await self._actor.perform(calls, zone, language=language, confirmed=confirmed, on_sending=sending)
        return (*(outcome for outcome in undone if outcome.status is not Status.UNDONE), *done)

    def _performed(self, outcomes: tuple[Outcome, ...], trace: Trace) -> Event:
        trace.outcomes = outcomes
        trace.intents = tuple(outcome.call for outcome in outcomes)
        trace.calls += tuple(call for outcome in outcomes for call in outcome.calls)
        trace.refused = self._answers.refusals(outcomes, trace.heard.language)
        trace.stamp("performed")
        return Performed(outcomes)

    async def _understand(self, transcript: Transcript, context: Context, trace: Trace) -> Event:
        try:
            understanding = await self.understander.understand(transcript.text, transcript.language, context)
        except EngineError as error:
            _LOG.warning("Engine failed in a turn", extra={"reason": str(error)})
            return Broken()
        trace.source = understanding.source
        trace.stamp("understood")
        return Understood(understanding)

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

    async def _stop_thinking(self) -> None:
        await self._mind.close()

    async def _thinker_ready(self) -> int:
        """Wait for the thinker, and count how often it was started: a connection to an earlier one is dead."""
        await self._fleet.ready(THINKER, timeout=_ENGINE_RETURNS_WITHIN)
        return self._fleet.restarts(THINKER)

    async def _recover(self, engine: str) -> None:
        """Give an engine that just died the time to be started again."""
        try:
            await asyncio.sleep(0.1)
            await self._fleet.ready(engine, timeout=_ENGINE_RETURNS_WITHIN)
        except EngineError as error:
            _LOG.error("Engine stays away", extra={"engine": engine, "reason": str(error)})

"""Takes turns, one after the other: from what was said, by way of what is done, to the end of the answer."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Protocol

from codriver.acting.performing import Actor
from codriver.conversation.assistant import Assistant
from codriver.conversation.happenings import (
    Announced,
    Broken,
    Cancelled,
    Command,
    Event,
    Heard,
    Misheard,
    Perform,
    Performed,
    Say,
    Spoken,
    State,
    Understand,
    Understood,
    Undo,
    Withhold,
)
from codriver.conversation.mouth import Mouth
from codriver.engines.fleet import TRANSCRIBER
from codriver.errors import EngineError
from codriver.hearing.audio import RATE, Samples
from codriver.hearing.heard import SpeechEnded
from codriver.hearing.transcription import Transcription
from codriver.speaking.answers import Answers
from codriver.trace import Trace
from codriver.turn import Answer, Context, IntentCall, Outcome, Status, Transcript, Understanding, Zone

_LOG = logging.getLogger(__name__)

type Recover = Callable[[str], Awaitable[None]]


class Understands(Protocol):
    """Finds out what a sentence means."""

    async def understand(self, text: str, language: str, context: Context = Context()) -> Understanding:
        """Find the calls that a sentence asks for, after what was done before. Raises EngineError."""
        ...

    async def foresee(self, text: str, language: str, context: Context) -> None:
        """Get ready to be asked about a sentence, after what was done before. Raises EngineError."""
        ...


class Turns:
    """Does what the assistant says. There is one turn at a time; what is said meanwhile waits for it.

    ``on_turn`` may be set to whatever is to be told of each turn when it is over, and ``on_speech`` to whatever is to
    have the sound of each utterance.
    """

    def __init__(
        self,
        assistant: Assistant,
        understander: Understands,
        actor: Actor,
        answers: Answers,
        mouth: Mouth,
        recover: Recover,
        language: str,
    ) -> None:
        """Take the stages, what gives an engine that died the time to come back, and the language of first choice."""
        self.understander = understander
        self.on_turn: Callable[[Trace], None] = lambda trace: None
        self.on_speech: Callable[[Samples], None] = lambda audio: None
        self._assistant = assistant
        self._actor = actor
        self._answers = answers
        self._mouth = mouth
        self._recover = recover
        self._language = language
        self._watchers: list[Callable[[State], None]] = []
        self._current: Trace | None = None
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._one_turn = asyncio.Lock()
        self._foreseen: set[asyncio.Task[None]] = set()

    @property
    def state(self) -> State:
        """What the assistant is doing now."""
        return self._assistant.state

    @property
    def current(self) -> Trace | None:
        """The turn that is under way, from its transcript to the end of its answer."""
        return self._current

    @property
    def busy(self) -> bool:
        """Whether a turn is under way, or something is being said."""
        return self._one_turn.locked()

    def watch(self, watcher: Callable[[State], None]) -> Callable[[], None]:
        """Tell ``watcher`` of each new state from now on, until what is returned is called."""
        self._watchers.append(watcher)
        return partial(self._watchers.remove, watcher)

    def settle(self, confirm_within: float, remember_for: float) -> None:
        """Let questions stand, and what was done be referred to, for other numbers of seconds from now on."""
        self._assistant.settle(confirm_within, remember_for)

    def note(self, event: Event) -> tuple[Command, ...]:
        """Let the assistant decide about what happened, and tell of a new state."""
        before = self._assistant.state
        commands = self._assistant.handle(event, asyncio.get_running_loop().time())
        if self._assistant.state is not before:
            if self._assistant.state in (State.IDLE, State.MUTED):
                self._quiet.set()
            else:
                self._quiet.clear()
            for watcher in tuple(self._watchers):
                watcher(self._assistant.state)
        return commands

    def forget(self) -> None:
        """Drop the turn and what the conversation is about, such as a question that waits for a yes."""
        self._actor.forget()
        self.note(Cancelled())

    async def until_quiet(self) -> None:
        """Wait until nobody is listened to, and no answer is on its way."""
        await self._quiet.wait()

    @asynccontextmanager
    async def between(self) -> AsyncIterator[None]:
        """Keep the next turn waiting for as long as the block lasts."""
        async with self._one_turn:
            yield

    async def take(self, trace: Trace, transcript: Transcript, *, uninvited: bool = False) -> Trace:
        """Take a sentence as a turn. An ``uninvited`` one may not have been meant for us."""
        async with self._one_turn:
            trace.heard = transcript
            trace.stamp("heard")
            return await self._converse(trace, Heard(transcript, trace.zone, uninvited))

    async def hear(
        self, speech: SpeechEnded, transcription: Transcription, zone: Zone, *, uninvited: bool = False
    ) -> Trace:
        """Take an utterance as a turn. If the transcriber failed, the answer is an apology."""
        trace = Trace(zone)
        trace.stamp("utterance")
        trace.silence = speech.ended_s - speech.speech_end_s
        trace.audio_seconds = len(speech.audio) / RATE
        self.on_speech(speech.audio)
        try:
            transcript = await transcription.result()
        except EngineError as error:
            return await self._apologise(trace, error)
        return await self.take(trace, transcript, uninvited=uninvited)

    def foresee(self, heard: Transcript) -> None:
        """Begin to understand what may be all of an utterance, while the silence goes on that ends it."""
        if self.state is State.LISTENING and heard.text.strip():
            task = asyncio.create_task(self._foresee(heard), name="foreseeing")
            self._foreseen.add(task)
            task.add_done_callback(self._foreseen.discard)

    async def _foresee(self, heard: Transcript) -> None:
        context = self._assistant.context(asyncio.get_running_loop().time())
        with suppress(EngineError):
            await self.understander.foresee(heard.text, heard.language, context)

    async def say(self, text: str, language: str) -> None:
        """Speak a text as it is, when no turn is under way."""
        while True:
            await self.until_quiet()
            async with self._one_turn:
                if self._quiet.is_set():
                    self.note(Announced())
                    try:
                        await self._mouth.speak(Answer(text, language), Trace("driver"))
                    finally:
                        self.note(Spoken())
                    return

    async def _apologise(self, trace: Trace, error: EngineError) -> Trace:
        _LOG.warning("Engine failed in a turn", extra={"reason": str(error)})
        await self._recover(TRANSCRIBER)
        async with self._one_turn:
            trace.heard = Transcript("", self._language)
            return await self._converse(trace, Misheard(trace.zone))

    async def apologise(self, zone: Zone, *, deaf: bool) -> None:
        """Answer an utterance that was noted as listened to, and is lost. One that was dropped since has no answer."""
        trace = Trace(zone, heard=Transcript("", self._language))
        trace.stamp("utterance")
        async with self._one_turn:
            if self.state is State.THINKING:
                await self._converse(trace, Misheard(zone, deaf))

    async def _converse(self, trace: Trace, event: Event) -> Trace:
        """Let the assistant decide and do what it says, until it rests."""
        self._current = trace
        try:
            commands = deque(self.note(event))
            while commands:
                result = await self._obey(commands.popleft(), trace)
                if result:
                    commands.extend(self.note(result))
        finally:
            self._current = None
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
                if await self._mouth.speak(answer, trace):
                    trace.stamp("spoken")
                return Spoken()
            case Withhold(answer):
                trace.answer = answer
                trace.stamp("answered")
                return None
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

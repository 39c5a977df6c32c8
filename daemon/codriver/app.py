"""The stages put together: it hears, understands, acts and speaks, as the assistant says."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from codriver.acting.bus import Bus
from codriver.acting.car import Car
from codriver.acting.performing import Actor
from codriver.acting.player import Player
from codriver.assistant import (
    Assistant,
    Broken,
    Command,
    Event,
    Heard,
    Perform,
    Performed,
    Say,
    Spoken,
    State,
    Understand,
    Understood,
    Woken,
)
from codriver.catalogue import Catalogue, load_catalogue
from codriver.config import Configuration, intents_folder
from codriver.engines.fleet import THINKER, TRANSCRIBER, Fleet, voice_name
from codriver.errors import AudioError, EngineError
from codriver.hearing.audio import Samples
from codriver.hearing.endpoint import EndpointSettings
from codriver.hearing.listener import Listener, ListenerSettings, SpeechEnded, Woken as WakeWordHeard
from codriver.hearing.transcription import Transcriber, Transcription
from codriver.hearing.wakeword import WakeWords, WakeWordSettings
from codriver.speaking.answers import Answers
from codriver.speaking.loudspeaker import Loudspeaker
from codriver.speaking.voice import AudioBlock, VoiceEndpoint, Voices
from codriver.trace import Trace
from codriver.turn import Answer, Transcript, Zone
from codriver.understanding.templates import Templates
from codriver.understanding.thinking import Thinking
from codriver.understanding.toolbox import tools_of
from codriver.understanding.understander import Understander

_LOG = logging.getLogger(__name__)

_VOICE_RETURNS_WITHIN = 15.0
_FRAMES_AT_ONCE = 25

type LoudspeakerFor = Callable[[Trace], Loudspeaker]
type TurnWatcher = Callable[[Trace], None]


@dataclass(frozen=True, slots=True)
class Ways:
    """Which ways to understand are open; evaluation closes one to measure the other."""

    templates: bool = True
    model: bool = True


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
        on_turn: TurnWatcher = lambda trace: None,
    ) -> None:
        """Read the catalogue and build the stages; nothing is started yet. Raises ConfigurationError."""
        self.config = config
        self.catalogue: Catalogue = load_catalogue([intents_folder(), *config.intents])
        self._fleet = fleet
        self._bus = bus
        self._loudspeaker_for = loudspeaker_for
        self._on_turn = on_turn
        self._speaking: Loudspeaker | None = None
        uris = fleet.uris
        wake_phrases = WakeWords(_wake_words(config)).phrases
        self._transcriber = Transcriber(uris[TRANSCRIBER], config.languages[0], wake_phrases=wake_phrases)
        self._thinking = Thinking(uris[THINKER], tools_of(self.catalogue)) if ways.model and THINKER in uris else None
        templates = Templates(self.catalogue)
        self.understander = Understander(templates if ways.templates else None, self._thinking, config.thinking.gate)
        self._actor = Actor(self.catalogue, Car(bus), Player(bus))
        self._answers = Answers(self.catalogue)
        self._voices = Voices(
            {voice.language: VoiceEndpoint(uris[voice_name(voice.language)]) for voice in config.voices
             if voice_name(voice.language) in uris},
            default=config.languages[0],
        )  # fmt: skip
        self._assistant = Assistant(self._answers, config.dialogue.confirm_within)
        self._one_turn = asyncio.Lock()
        self._stack = AsyncExitStack()

    @property
    def state(self) -> State:
        """What the assistant is doing now."""
        return self._assistant.state

    async def __aenter__(self) -> Self:
        """Start the engines, connect, and return when everything that is needed for a turn is ready."""
        self._stack.push_async_callback(self._fleet.stop)
        self._fleet.start()
        await self._bus.connect()
        self._stack.push_async_callback(self._bus.close)
        await self._fleet.ready()
        if self._thinking:
            self._stack.push_async_callback(self._thinking.close)
            await self._thinking.prepare()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop everything in the reverse order."""
        await self._stack.aclose()

    def new_listener(self) -> Listener:
        """Make a listener with the configured wake words and pauses."""
        hearing = self.config.hearing
        return Listener(
            ListenerSettings(
                wake_words=_wake_words(self.config),
                endpoint=EndpointSettings(
                    silence=hearing.silence, timeout=hearing.timeout, longest=hearing.longest
                ),
            )
        )

    async def ask(self, text: str, language: str, zone: Zone) -> Trace:
        """Take a typed sentence as one turn."""
        trace = Trace(zone)
        trace.stamp("utterance")
        return await self._turn(trace, Transcript(text, language))

    async def hear(self, frames: Iterable[Samples], zone: Zone, *, pace: float = 0.0) -> AsyncIterator[Trace]:
        """Listen to 10 ms frames for wake words and take each utterance as a turn.

        ``pace`` is how many times faster than real time the frames come; 0 is as fast as they can be taken. Sound
        without any wake word is taken as if a button had been pressed at its start. Raises AudioError from frames.
        """
        listener = self.new_listener()
        kept: list[Samples] = []
        woken = False
        async for trace in self._follow(listener, _remembering(frames, kept, lambda: woken), zone, pace):
            woken = True
            yield trace
        if not woken and kept:
            listener = self.new_listener()
            listener.listen_now()
            async for trace in self._follow(listener, kept, zone, pace=0.0):
                yield trace

    async def say(self, text: str, language: str) -> None:
        """Speak a text as it is."""
        trace = Trace("driver")
        await self._speak(Answer(text, language), trace)

    def silence(self) -> None:
        """Stop what is being spoken."""
        if self._speaking:
            self._speaking.stop()

    async def _follow(
        self, listener: Listener, frames: Iterable[Samples], zone: Zone, pace: float
    ) -> AsyncIterator[Trace]:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number, frame in enumerate(frames):
            if pace:
                await asyncio.sleep(max(0.0, begun + listener.now / pace - loop.time()))
            elif number % _FRAMES_AT_ONCE == 0:
                await asyncio.sleep(0)
            for event in listener.feed(frame):
                if isinstance(event, WakeWordHeard):
                    self._assistant.handle(Woken(zone), loop.time())
                transcription = self._transcriber.follow(event)
                if transcription and isinstance(event, SpeechEnded):
                    yield await self._utterance(event, transcription, zone)
                    begun = loop.time() - listener.now / pace if pace else begun
        for event in listener.finish():
            transcription = self._transcriber.follow(event)
            if transcription and isinstance(event, SpeechEnded):
                yield await self._utterance(event, transcription, zone)

    async def _utterance(self, event: SpeechEnded, transcription: Transcription, zone: Zone) -> Trace:
        trace = Trace(zone)
        trace.stamp("utterance")
        trace.silence = event.ended_s - event.speech_end_s
        trace.audio_seconds = len(event.audio) / 16_000
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
            self._assistant.handle(Woken(trace.zone), trace.clock())
            return await self._converse(trace, Broken())

    async def _converse(self, trace: Trace, event: Event) -> Trace:
        """Let the assistant decide and do what it says, until it rests."""
        commands = deque(self._assistant.handle(event, trace.clock()))
        while commands:
            result = await self._obey(commands.popleft(), trace)
            if result:
                commands.extend(self._assistant.handle(result, trace.clock()))
        trace.stamp("finished")
        self._on_turn(trace)
        return trace

    async def _obey(self, command: Command, trace: Trace) -> Event | None:
        match command:
            case Understand(transcript):
                return await self._understand(transcript, trace)
            case Perform(calls, zone, confirmed):
                outcomes = await self._actor.perform(
                    calls, zone, confirmed=confirmed, on_sending=lambda: trace.stamp("calling")
                )
                trace.outcomes = outcomes
                trace.intents = tuple(outcome.call for outcome in outcomes)
                trace.calls = tuple(call for outcome in outcomes for call in outcome.calls)
                trace.refused = self._answers.refusals(outcomes, trace.heard.language)
                trace.stamp("performed")
                return Performed(outcomes)
            case Say(answer):
                await self._speak(answer, trace)
                return Spoken()
            case _:
                return None

    async def _understand(self, transcript: Transcript, trace: Trace) -> Event:
        try:
            understanding = await self.understander.understand(transcript.text, transcript.language)
        except EngineError as error:
            _LOG.warning("Engine failed in a turn", extra={"reason": str(error)})
            return Broken()
        trace.source = understanding.source
        trace.stamp("understood")
        return Understood(understanding)

    async def _speak(self, answer: Answer, trace: Trace) -> None:
        """Speak an answer. A voice that dies meanwhile is waited for, and the answer is said once more."""
        trace.answer = answer
        trace.stamp("answered")
        for attempt in (1, 2):
            self._speaking = self._loudspeaker_for(trace)
            try:
                played = await self._speaking.play(_stamped(self._voices.speak(answer.text, answer.language), trace))
            except EngineError as error:
                _LOG.warning("Voice failed", extra={"attempt": attempt, "reason": str(error)})
                if attempt == 1:
                    await self._recover(voice_name(answer.language))
            except AudioError as error:
                _LOG.error("Loudspeaker failed", extra={"reason": str(error)})
                return
            else:
                if played.first_sound_at is not None:
                    trace.stamp("sounding", played.first_sound_at)
                return
            finally:
                self._speaking = None

    async def _recover(self, engine: str) -> None:
        """Give an engine that just died the time to be started again."""
        try:
            await asyncio.sleep(0.1)
            await self._fleet.ready(engine, timeout=_VOICE_RETURNS_WITHIN)
        except EngineError as error:
            _LOG.error("Engine stays away", extra={"engine": engine, "reason": str(error)})


async def _stamped(blocks: AsyncIterator[AudioBlock], trace: Trace) -> AsyncIterator[AudioBlock]:
    """Note when the first sound of an answer exists."""
    async for block in blocks:
        trace.stamp("sounding")
        yield block


def _remembering(
    frames: Iterable[Samples], kept: list[Samples], enough: Callable[[], bool], most: int = 1500
) -> Iterable[Samples]:
    """Pass frames on and keep the first 15 s of them, in case no wake word is ever heard."""
    for frame in frames:
        if len(kept) < most and not enough():
            kept.append(frame)
        yield frame


def _wake_words(config: Configuration) -> tuple[WakeWordSettings, ...]:
    return tuple(WakeWordSettings(word.model, word.threshold) for word in config.hearing.wake_words)


def turn_file(folder: Path, number: int) -> Path:
    """Name the WAV file of a turn's answer."""
    return folder / f"answer-{number:02d}.wav"

"""What says the answers of a conversation: the voices, and the loudspeaker of each turn."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Self

from codriver.config import Configuration
from codriver.engines.fleet import voice_name
from codriver.errors import AudioError, EngineError
from codriver.speaking.chimes import Chimes
from codriver.speaking.earcons import Earcon, earcon
from codriver.speaking.loudspeaker import Loudspeaker, LoudspeakerLost
from codriver.speaking.voice import AudioBlock, VoiceEndpoint, Voices
from codriver.trace import Trace
from codriver.turn import Answer, Outcome, Status

_LOG = logging.getLogger(__name__)

_HARDLY = 2.0
"""Seconds of an answer that mean little without the rest: "Okay, the driver's temp"."""

_BACK_WITHIN = 10.0
"""Seconds for which a lost loudspeaker is waited for: after that nobody expects the answer any more."""

type LoudspeakerFor = Callable[[Trace], Loudspeaker]


class Mouth:
    """Speaks answers, one at a time, and sounds tones besides. Without voices it is silent."""

    def __init__(
        self,
        voices: Voices | None,
        loudspeaker_for: LoudspeakerFor,
        recover: Callable[[str], Awaitable[None]],
        *,
        beeps: bool = False,
        chimes: Chimes | None = None,
    ) -> None:
        """Take what gives an engine that died, by name, the time to come back; ``beeps`` spares words for successes."""
        self._voices = voices
        self._loudspeaker_for = loudspeaker_for
        self._recover = recover
        self.beeps = beeps
        self._chimes = chimes
        self._speaking: Loudspeaker | None = None
        self._silenced = False

    @classmethod
    def grow(
        cls,
        config: Configuration,
        uris: Mapping[str, str],
        loudspeaker_for: LoudspeakerFor,
        recover: Callable[[str], Awaitable[None]],
        chimes: Chimes | None = None,
    ) -> Self:
        """Make the mouth that the configuration asks for, with those of its voices that are at one of the URIs."""
        endpoints = {
            voice.language: VoiceEndpoint(uris[voice_name(voice.language)])
            for voice in config.voices
            if voice_name(voice.language) in uris
        }
        voices = Voices(endpoints, default=next(iter(endpoints))) if endpoints else None
        return cls(voices, loudspeaker_for, recover, beeps=config.dialogue.success == "beep", chimes=chimes)

    async def speak(self, answer: Answer, trace: Trace) -> bool:
        """Speak an answer, and tell whether all of it has sounded, or was only to be written.

        A voice that dies meanwhile is waited for, and the answer is said once more. If even that fails, a tone is all.
        So is a loudspeaker, for an answer that has hardly sounded and for a question.
        """
        trace.answer = answer
        trace.stamp("answered")
        if self._voices is None:
            return True
        self._silenced = False
        for attempt in (1, 2):
            if self._silenced:
                return False
            self._speaking = loudspeaker = self._loudspeaker_for(trace)
            try:
                played = await loudspeaker.play(_stamped(self._sound_of(answer, trace, self._voices), trace))
            except EngineError as error:
                _LOG.warning("Voice failed", extra={"attempt": attempt, "reason": str(error)})
                if attempt == 1:
                    await self._recover(voice_name(answer.language))
            except AudioError as error:
                _LOG.error("Loudspeaker failed", extra={"attempt": attempt, "reason": str(error)})
                again = attempt == 1 and _is_worth_repeating(answer, error)
                if not (again and await loudspeaker.returns(_BACK_WITHIN)):
                    return False
            else:
                if played.first_sound_at is not None:
                    trace.stamp("sounding", played.first_sound_at)
                return not played.interrupted
            finally:
                self._speaking = None
        self.chime(Earcon.FAILED)
        return False

    def silence(self) -> None:
        """Stop what is being spoken."""
        self._silenced = True
        if self._speaking:
            self._speaking.stop()

    def hold(self) -> None:
        """Hold what is being spoken where it is."""
        if self._speaking:
            self._speaking.pause()

    def go_on(self) -> None:
        """Go on where it was held."""
        if self._speaking:
            self._speaking.resume()

    def chime(self, kind: Earcon) -> None:
        """Sound a tone, soon, if it is one that is wanted."""
        if self._chimes:
            self._chimes.sound(kind)

    def _sound_of(self, answer: Answer, trace: Trace, voices: Voices) -> AsyncIterator[AudioBlock]:
        if self.beeps and not answer.partly and simply_done(trace.outcomes):
            return _tone(Earcon.DONE)
        return voices.speak(answer.text, answer.language)


def simply_done(outcomes: Sequence[Outcome]) -> bool:
    """Tell whether all that was asked for was done, and nothing was asked that wants words."""
    return bool(outcomes) and all(outcome.status is Status.DONE and outcome.changes for outcome in outcomes)


def _is_worth_repeating(answer: Answer, error: AudioError) -> bool:
    return isinstance(error, LoudspeakerLost) and (answer.expects_reply or error.sounded < _HARDLY)


async def _tone(kind: Earcon) -> AsyncGenerator[AudioBlock]:
    yield earcon(kind)


async def _stamped(blocks: AsyncIterator[AudioBlock], trace: Trace) -> AsyncGenerator[AudioBlock]:
    """Note when the first sound of an answer exists."""
    async for block in blocks:
        trace.stamp("sounding")
        yield block

"""What follows one source of sound, a microphone or a recording: a listener, and the transcriber that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from codriver.config import Configuration, Endpoint, Hearing
from codriver.hearing.endpoint import EndpointSettings
from codriver.hearing.listener import Listener, ListenerSettings, NothingSaid
from codriver.hearing.transcription import Transcriber
from codriver.hearing.wakeword import WakeWordSettings
from codriver.turn import Zone


@dataclass(frozen=True, slots=True)
class Ears:
    """The hearing of one stream: each has its own, so that a recording never disturbs the microphone.

    ``follow_up`` and ``interruption`` say how utterances begin and end after an answer, and into one.
    """

    listener: Listener
    transcriber: Transcriber
    zone: Zone
    follow_up: EndpointSettings
    interruption: EndpointSettings

    @classmethod
    def grow(cls, config: Configuration, transcriber_uri: str, zone: Zone) -> Self:
        """Make the ears that the configuration asks for. Raises ModelError for a wake word that cannot be loaded."""
        hearing = config.hearing
        wake_words = tuple(
            WakeWordSettings(word.model, word.threshold, word.doubtful or None) for word in hearing.wake_words
        )
        endpoint, follow_up, interruption = (
            endpoint_settings(hearing, state)
            for state in (hearing.endpoint.wake_word, hearing.endpoint.follow_up, hearing.endpoint.interruption)
        )
        listener = Listener(ListenerSettings(wake_words=wake_words, endpoint=endpoint))
        transcriber = Transcriber(transcriber_uri, config.languages[0], wake_phrases=listener.wake_phrases)
        return cls(listener, transcriber, zone, follow_up, interruption)

    def drop(self) -> None:
        """Drop the utterance, if there is one, and wait for the wake word."""
        self.listener.stop()
        self.transcriber.follow(NothingSaid())


def endpoint_settings(hearing: Hearing, state: Endpoint) -> EndpointSettings:
    """Give the endpoints of a state, with what it leaves open as it is for all states."""
    return EndpointSettings(
        silence=hearing.silence if state.silence is None else state.silence,
        timeout=hearing.timeout if state.timeout is None else state.timeout,
        longest=hearing.longest if state.longest is None else state.longest,
        start=state.start,
        speech_probability=state.sensitivity,
        silence_probability=0.7 * state.sensitivity,
    )

"""From frames to utterances: waits for a wake word, or for any speech, then follows it to its end. No I/O, no clock."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from codriver.hearing.audio import FRAME, RATE, Samples, rms
from codriver.hearing.endpoint import Endpoint, Endpointer, EndpointSettings
from codriver.hearing.heard import (
    Called,
    Doubtful,
    ListenerEvent,
    NothingSaid,
    SpeechBegan,
    SpeechResumed,
    Suspected,
    Unsuspected,
    Woken,
)
from codriver.hearing.utterance import Utterance
from codriver.hearing.vad import CHUNK, VoiceActivity
from codriver.hearing.wakeword import Wake, WakeWords, WakeWordSettings

_AS_LOUD = 0.2
_FAINT = 250.0
"""Speech that is overheard has a fifth of the last utterance's RMS (-14 dB) over 30 ms, and at least -42 dBFS."""

HEY_JARVIS = WakeWordSettings("hey_jarvis", threshold=0.98, doubtful=0.3)
"""Of 500 calls by 34 synthetic voices in cabin noise of 10 and 5 dB, 459 are sure, and 24 more are doubtful.

The 17 others are of one deep voice, which is doubtful only a fifth faster. In ten hours of speech, music and noise
without it, made to be hard, none is sure and 99 are doubtful at either pace.
"""


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """How to listen. Durations in seconds.

    ``endpoint`` says how an utterance after the wake word begins and ends. ``lead`` is what it keeps of the sound
    before the wake word was noticed, ``pre_roll`` the same when listening begins without one. ``tail`` is how much
    speech straight after it is taken for its end. A wake word that is not sure within ``settling`` after it became
    probable is doubtful, and its first sign is none after as long; it is checked by the ``checked`` seconds of sound up
    to then.

    The wake word is noticed within 0.15 s of its end, mostly just before it. Keeping more of it than ``lead``
    makes Whisper hear words that were not said, above all in Chinese; keeping less loses first words. Where both are
    of one language and said in one breath, they are best heard together, so the ``call`` seconds up to there are kept
    too: of 134 English sentences of 27 voices 130 are then written down as they were said, and 121 without. When
    nothing follows, the wake word sounds on for at most 0.18 s, so a beginning takes more than that (``tail``
    and ``endpoint.start``); a single "stop" in the same breath sounds on for 0.2 s or more.
    """

    wake_words: tuple[WakeWordSettings, ...] = (HEY_JARVIS,)
    endpoint: EndpointSettings = field(default_factory=EndpointSettings)
    lead: float = 0.1
    pre_roll: float = 0.5
    tail: float = 0.12
    settling: float = 0.2
    checked: float = 2.0
    call: float = 1.2


class Listener:
    """Takes frames of 10 ms and says what happened. Raises ModelError if a wake word cannot be loaded."""

    def __init__(self, settings: ListenerSettings) -> None:
        self._settings = settings
        self._wake_words = WakeWords(settings.wake_words)
        self._voice, self._between = VoiceActivity(), VoiceActivity(ahead=CHUNK // 2)
        kept = max(settings.lead, settings.pre_roll, settings.checked, settings.call)
        self._recent: deque[Samples] = deque(maxlen=_frames_in(kept) or 1)
        self._frames = 0
        self._utterance: Utterance | None = None
        self._suspicion = 0  # frames for which it still stands
        self._since_sign = _frames_in(settings.settling)
        self._doubt: _Doubt | None = None
        self._overhearing: EndpointSettings | None = None
        self._level = 0.0

    @property
    def wake_phrases(self) -> tuple[str, ...]:
        """The phrases that are listened for, as they are written."""
        return self._wake_words.phrases

    @property
    def now(self) -> float:
        """Seconds of sound taken so far: the clock of all events."""
        return self._frames * FRAME / RATE

    @property
    def listening(self) -> bool:
        """Whether an utterance is being followed that is meant for us; if not, the wake word is waited for."""
        return self._utterance is not None and not self._utterance.overheard

    def feed(self, frame: Samples) -> Sequence[ListenerEvent]:
        """Take the next 10 ms (160 samples)."""
        self._frames += 1
        if self._utterance is not None and not self._utterance.overheard:
            return self._follow(self._utterance, frame)
        self._recent.append(frame)
        wake = self._wake_words.hear(frame)
        if wake is not None and wake.sure:
            return (self._wake(self._woken_by(wake), self._last(self._settings.lead), self._called_by(wake)),)
        signs = (*self._suspecting(), *self._doubting(wake, frame))
        return (*signs, *(self._follow(self._utterance, frame) if self._utterance is not None else ()))

    def confirm(self, doubt: Doubtful) -> Sequence[ListenerEvent]:
        """Take a wake word for one that was said; give all that happened since. Nothing if it does not matter any more.

        Until it is confirmed or rejected all sound is kept, so that no word behind it is lost.
        """
        pending = self._doubt
        if pending is None or pending.told is not doubt:
            return ()
        self._frames -= len(pending.since)
        events: list[ListenerEvent] = [self._wake(pending.woken, pending.before, pending.called)]
        for frame in pending.since:
            self._frames += 1
            if self._utterance is not None:
                events += self._follow(self._utterance, frame)
        return events

    def reject(self, doubt: Doubtful) -> None:
        """Take a wake word for something else, and forget it."""
        if self._doubt is not None and self._doubt.told is doubt:
            self._doubt = None

    def listen_now(self, endpoint: EndpointSettings | None = None, pre_roll: float | None = None) -> None:
        """Listen without a wake word: push to talk, or an answer. One under way is dropped.

        What is not given is as in the settings.
        """
        kept = self._last(self._settings.pre_roll if pre_roll is None else pre_roll)
        self._begin(endpoint or self._settings.endpoint, kept, tail=0.0)

    def overhear(self, endpoint: EndpointSettings) -> None:
        """Until `overhear_no_more`, also follow speech without a wake word: it begins, and ends, as ``endpoint`` says.

        It begins only if it is about as loud as the last utterance was: what is left of the loudspeaker's own voice is
        not. The wake word is waited for all the same, and what it begins takes the place of what was overheard.
        """
        self._overhearing = replace(endpoint, timeout=math.inf)
        self._overhear_next(self._overhearing)

    def adopt(self) -> bool:
        """Take what is overheard, if anything was said, as meant for us, and tell whether there was anything."""
        utterance = self._utterance
        if utterance is None or not utterance.overheard or not utterance.endpointer.started:
            return False
        utterance.overheard, self._overhearing = False, None
        return True

    def overhear_no_more(self) -> None:
        """Drop what is overheard. An utterance that is meant for us is followed on."""
        self._overhearing = None
        if self._utterance is not None and self._utterance.overheard:
            self._utterance = None

    def stop(self) -> None:
        """Drop the utterance, if there is one, and wait for the wake word only."""
        self._utterance = self._overhearing = self._doubt = None
        self._suspicion = 0
        self._recent.clear()
        self._wake_words.reset()

    def be_patient(self) -> None:
        """End the utterance that is followed at no pause any more: a button is held until it is over."""
        if self._utterance is not None and not self._utterance.overheard:
            self._utterance.endpointer.be_patient()

    def finish(self) -> Sequence[ListenerEvent]:
        """Close the stream: what was said up to here is the utterance."""
        utterance = self._utterance
        if utterance is None or utterance.overheard:
            return ()
        self.stop()
        return (utterance.ended(self.now),) if utterance.endpointer.started else (NothingSaid(),)

    def _wake(self, woken: Woken, kept: list[Samples], called: Called) -> Woken:
        self._begin(self._settings.endpoint, kept, self._settings.tail, called)
        return woken

    def _woken_by(self, wake: Wake) -> Woken:
        return Woken(wake.phrase, self.now, rms(np.concatenate(self._last(self._settings.pre_roll))))

    def _called_by(self, wake: Wake) -> Called:
        sound = self._last(self._settings.call)
        before = sound[: max(0, len(sound) - _frames_in(self._settings.lead))]
        return Called(np.concatenate(before) if before else np.empty(0, np.int16), wake.phrase, wake.language)

    def _suspecting(self) -> Sequence[Suspected | Unsuspected]:
        """Tell of the first sign of a wake word, and when its time is over in which it became nothing more."""
        before, self._since_sign = self._since_sign, 0 if self._wake_words.faint else self._since_sign + 1
        if self._doubt is not None:  # what comes of it will be told
            return ()
        if self._suspicion:
            self._suspicion -= 1
            return () if self._suspicion else (Unsuspected(),)
        if self._since_sign or before < _frames_in(self._settings.settling):
            return ()
        self._suspicion = _frames_in(self._settings.settling)
        return (Suspected(faint=True),)

    def _doubting(self, wake: Wake | None, frame: Samples) -> Sequence[Suspected | Doubtful]:
        """Keep the sound since a wake word became probable, and tell of it when it has had its time to become sure."""
        if self._doubt is not None:
            self._doubt.since.append(frame)
        elif wake is not None:
            self._doubt = _Doubt(self._woken_by(wake), self._called_by(wake), self._last(self._settings.lead))
            self._suspicion = 0
            return (Suspected(),)
        doubt = self._doubt
        if doubt is None or doubt.told is not None or len(doubt.since) < _frames_in(self._settings.settling):
            return ()
        sound = np.concatenate(self._last(self._settings.checked))
        doubt.told = Doubtful(doubt.woken.phrase, doubt.woken.at, sound, doubt.called.language)
        return (doubt.told,)

    def _begin(
        self, endpoint: EndpointSettings, kept: list[Samples], tail: float, called: Called | None = None
    ) -> None:
        self._voice.reset()
        for _ in self._voice.hear(np.concatenate(kept) if kept else np.empty(0, np.int16)):
            pass
        self._overhearing = self._doubt = None
        self._suspicion = 0
        self._utterance = Utterance(kept, Endpointer(endpoint), tail, called=called)

    def _end(self, utterance: Utterance) -> None:
        """Wait for the next one, in the way in which this one was waited for."""
        if utterance.overheard and self._overhearing is not None:
            self._overhear_next(self._overhearing)
        else:
            self._level = utterance.level()
            self.stop()

    def _overhear_next(self, endpoint: EndpointSettings) -> None:
        at_least = max(_FAINT, _AS_LOUD * self._level)
        self._voice.reset()
        self._between.reset()
        self._utterance = Utterance(
            [], Endpointer(endpoint), tail=0.0, overheard=True, at_least=at_least, between=Endpointer(endpoint)
        )

    def _last(self, seconds: float) -> list[Samples]:
        return list(self._recent)[max(0, len(self._recent) - _frames_in(seconds)) :]

    def _follow(self, utterance: Utterance, frame: Samples) -> Sequence[ListenerEvent]:
        utterance.frames.append(frame)
        events: list[ListenerEvent] = []
        for probability in self._voice.hear(frame):
            match utterance.advance(probability):
                case Endpoint.STARTED if utterance.overheard:
                    events.append(SpeechBegan(self.now - utterance.endpointer.spoken))
                case Endpoint.PAUSED:
                    events.append(utterance.paused())
                case Endpoint.RESUMED:
                    events.append(SpeechResumed())
                case Endpoint.ENDED | Endpoint.TOO_LONG:
                    events.append(utterance.ended(self.now))
                    self._end(utterance)
                case Endpoint.NOTHING_SAID:
                    events.append(NothingSaid())
                    self._end(utterance)
        if utterance.between and self._utterance is utterance:
            began = [utterance.advance_between(probability) for probability in self._between.hear(frame)]
            if any(began):
                events.append(SpeechBegan(self.now - utterance.endpointer.spoken))
        if utterance.overheard and not utterance.endpointer.started:
            del utterance.frames[: -_frames_in(self._settings.pre_roll)]
        return events


@dataclass(slots=True)
class _Doubt:
    """A wake word that may have been said: the sound kept from before it, and all since; what was told of it."""

    woken: Woken
    called: Called
    before: list[Samples]
    since: list[Samples] = field(default_factory=list)
    told: Doubtful | None = None


def _frames_in(seconds: float) -> int:
    return round(seconds * RATE / FRAME)

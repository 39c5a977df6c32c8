"""Speech into an answer: it is held at once, and what was said decides."""

from __future__ import annotations

import pytest
from codriver.catalogue import load_catalogue
from codriver.folders import intents_folder
from codriver.hearing.interrupting import Act, Interjection, InterjectionWords, Interrupt, Interrupting

LANGUAGES = load_catalogue([intents_folder()]).vocabulary.languages
WORDS = [
    InterjectionWords(each.stop, each.hum, each.nod)
    for each in (language.interjections for language in LANGUAGES.values())
]


def interrupted(by: Interrupt, now: float = 0.0) -> Interrupting:
    """Somebody has begun to speak into an answer."""
    interrupting = Interrupting(by, WORDS, patience=8.0)
    assert interrupting.begin(now) is Act.HOLD
    return interrupting


@pytest.mark.parametrize("by", [Interrupt.OFF, Interrupt.WAKE_WORD])
def test_speech_matters_only_where_it_may_interrupt(by: Interrupt) -> None:
    interrupting = Interrupting(by, WORDS)
    assert not interrupting.attentive
    assert interrupting.begin(0.0) is None
    assert interrupting.decide(Interjection("stop")) is None


HUMS = [
    *("", "...", "Mhm.", "Mm-hmm.", "Mmhmm", "Hmm.", "Mm.", "Uh-huh.", "Uh huh", "Uh", "Um...", "Ah!", "Oh.", "Huh?"),
    *("[coughing]", "(coughs)", "*sneezes*", "Ha ha ha", "M-hm.", "嗯。", "嗯嗯", "哦", "啊，嗯", "呃", "咳咳", "恩"),
]
NODS = ["Okay.", "Yeah, yeah.", "Right.", "I see.", "Thank you.", "All right", "好的。", "对对", "明白了", "谢谢"]
STOPS = [
    *("Stop.", "Stop it!", "Okay, stop.", "Stop, please.", "Be quiet.", "That's enough.", "Never mind.", "Cancel."),
    *("Shut up", "Wait a second.", "停。", "停下来！", "别说了", "好了，够了。", "算了吧", "安静一点", "等一下"),
]
WISHES = [
    "Open the window.",
    "What about the other one?",
    "Yes, do that",
    "打开车窗",
    "好的，打开空调",
    "嗯，导航去公司",
]
STOPPING_WISHES = ["Stop the music.", "Stop. Open the window.", "Cancel the route", "停止导航", "停，打开车窗"]


@pytest.mark.parametrize("by", [Interrupt.STOP, Interrupt.SPEECH])
@pytest.mark.parametrize("text", [*HUMS, *NODS])
def test_an_answer_goes_on_after_what_says_nothing(by: Interrupt, text: str) -> None:
    assert interrupted(by).decide(Interjection(text)) is Act.GO_ON


@pytest.mark.parametrize("by", [Interrupt.STOP, Interrupt.SPEECH])
@pytest.mark.parametrize("text", STOPS)
def test_who_says_stop_is_listened_to(by: Interrupt, text: str) -> None:
    assert interrupted(by).decide(Interjection(text)) is Act.LISTEN


@pytest.mark.parametrize("by", [Interrupt.STOP, Interrupt.SPEECH])
@pytest.mark.parametrize("text", STOPPING_WISHES)
def test_a_wish_that_begins_with_stop_is_the_next_turn(by: Interrupt, text: str) -> None:
    assert interrupted(by).decide(Interjection(text)) is Act.TURN


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_is_the_next_turn_where_any_speech_interrupts(text: str) -> None:
    assert interrupted(Interrupt.SPEECH).decide(Interjection(text)) is Act.TURN
    assert interrupted(Interrupt.STOP).decide(Interjection(text)) is Act.GO_ON


def test_a_longer_word_is_no_stop() -> None:
    assert interrupted(Interrupt.STOP).decide(Interjection("Stopping there is fine")) is Act.GO_ON


def test_an_answer_is_not_held_for_ever() -> None:
    interrupting = interrupted(Interrupt.SPEECH, now=100.0)
    assert interrupting.begin(101.0) is None
    assert interrupting.wait(107.9) is None
    assert interrupting.wait(108.0) is Act.GO_ON
    assert not interrupting.holding
    assert interrupting.wait(200.0) is None
    assert interrupting.decide(Interjection("too late")) is None


def test_an_answer_can_be_interrupted_again_and_again() -> None:
    interrupting = interrupted(Interrupt.SPEECH)
    assert interrupting.decide(Interjection("mhm")) is Act.GO_ON
    assert interrupting.begin(1.0) is Act.HOLD
    interrupting.drop()
    assert interrupting.decide(Interjection("open the window")) is None
    assert interrupting.begin(2.0) is Act.HOLD
    assert interrupting.decide(Interjection("open the window")) is Act.TURN


@pytest.mark.parametrize("sound", ["m", "h", "uh-", "嗯", "ok ", "stop ", "ha "])
def test_a_long_sound_is_decided_about_at_once(sound: str) -> None:
    assert interrupted(Interrupt.SPEECH).decide(Interjection(sound * 5000 + "7")) is Act.TURN


@pytest.mark.parametrize(
    ("said", "act"),
    [
        (Interjection("I'm MAMPOM.", 0.43, 0.5), Act.GO_ON),
        (Interjection("Come here.", 0.59, 0.4), Act.GO_ON),
        (Interjection("2 cold", 0.48, 0.7, familiar=True), Act.TURN),
        (Interjection("Next song", 0.66, 0.7), Act.TURN),
        (Interjection("Sorry.", 0.9, 0.25), Act.GO_ON),
        (Interjection("And he said it would be fine.", 0.4, 1.6), Act.TURN),
        (Interjection("Stop", 0.2, 0.3), Act.LISTEN),
        (Interjection("Stop the music", 0.2, 0.6), Act.TURN),
    ],
)
def test_a_short_sound_is_words_if_the_transcriber_is_sure_or_they_mean_something(said: Interjection, act: Act) -> None:
    assert interrupted(Interrupt.SPEECH).decide(said) is act


def test_who_speaks_again_meanwhile_is_heard_before_the_answer_goes_on() -> None:
    interrupting = interrupted(Interrupt.SPEECH)
    assert interrupting.begin(0.5) is None
    assert interrupting.decide(Interjection("mhm")) is None
    assert interrupting.decide(Interjection("open the window")) is Act.TURN


@pytest.mark.parametrize(
    ("said", "answer", "act"),
    [
        ("The battery.", "The battery is at 70 percent.", Act.GO_ON),
        ("battery is at 17%", "The battery is at 70 percent.", Act.GO_ON),
        ("主驾车窗", "正在打开主驾车窗。", Act.GO_ON),
        ("Open the boot", "Shall I really open the boot?", Act.GO_ON),
        ("Stop", "I stop here", Act.LISTEN),
        ("Open the sunroof", "The battery is at 70 percent.", Act.TURN),
        ("打开天窗", "正在打开主驾车窗。", Act.TURN),
    ],
)
def test_what_comes_back_of_the_answer_itself_is_nobodys_wish(said: str, answer: str, act: Act) -> None:
    assert interrupted(Interrupt.SPEECH).decide(Interjection(said, answer=answer)) is act


def test_a_wake_word_that_may_be_ending_holds_an_answer_in_every_mode_until_it_is_known_to_be_none() -> None:
    for by in Interrupt:
        interrupting = Interrupting(by, WORDS)
        assert interrupting.suspect(0.0) is Act.HOLD
        assert interrupting.suspect(0.1) is None
        assert interrupting.dismiss() is Act.GO_ON
        assert (interrupting.holding, interrupting.dismiss()) == (False, None)


def test_whoever_speaks_and_may_have_called_is_waited_for_twice() -> None:
    interrupting = interrupted(Interrupt.SPEECH)
    interrupting.suspect(0.1)
    assert (interrupting.dismiss(), interrupting.decide(Interjection("Mhm."))) == (None, Act.GO_ON)
    interrupting = interrupted(Interrupt.SPEECH)
    interrupting.suspect(0.1)
    assert (interrupting.decide(Interjection("Mhm.")), interrupting.dismiss()) == (None, Act.GO_ON)


def test_faint_signs_that_come_to_nothing_leave_everything_else_as_it_was() -> None:
    interrupting = Interrupting(Interrupt.SPEECH, WORDS)
    lifted = [(interrupting.suspect(0.0, faint=True), interrupting.lift()) for _ in range(4)]
    assert lifted == [*[(Act.HOLD, Act.GO_ON)] * 3, (None, None)]
    assert interrupting.suspect(0.0) is Act.HOLD
    assert interrupting.dismiss() is Act.GO_ON
    assert interrupting.begin(0.0) is Act.HOLD


def test_what_is_never_the_wake_word_holds_no_answer_for_ever() -> None:
    interrupting = Interrupting(Interrupt.WAKE_WORD, WORDS)
    assert [(interrupting.suspect(0.0), interrupting.dismiss()) for _ in range(4)] == [
        *[(Act.HOLD, Act.GO_ON)] * 3,
        (None, None),
    ]

from __future__ import annotations

import pytest
from codriver.hearing.wakephrase import after_wake_phrase, resembles_wake_phrase, strip_wake_phrase


@pytest.mark.parametrize(
    ("heard", "wish"),
    [
        ("Hey Jarvis, open the window.", "open the window."),
        ("Hey, Travis. Open the window.", "Open the window."),
        ("hey jarvis set it to 22", "set it to 22"),
        ("Jarvis, open the window.", "open the window."),
        ("Jarvis open the window.", "open the window."),
        ("Arvis, turn the volume down.", "turn the volume down."),
        ("vis, close the sunroof.", "close the sunroof."),
        ("Vis關閉天窗", "關閉天窗"),
        ("Hey Jarvis，打开天窗。", "打开天窗。"),
        ("嘿，贾维斯，打开天窗。", "打开天窗。"),
        ("贾维斯打开天窗。", "打开天窗。"),
        ("Hey Jarvis.", ""),
        ("Jarvis", ""),
    ],
)
def test_the_wake_phrase_is_taken_off(heard: str, wish: str) -> None:
    assert strip_wake_phrase(heard, ["Hey Jarvis"]) == wish


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Open the window.",
        "Is the boot closed?",
        "Service is due when?",
        "Visit the museum.",
        "Hey, open the window.",
        "Travis Scott is what I want to hear.",
        "Call Jarvis.",
        "Just lock the doors.",
        "Hi there.",
        "Drive to Paris.",
        "22 degrees, please.",
        "加热座椅。",
        "海边怎么走？",
        "导航到加油站。",
        "好的。",
    ],
)
def test_other_words_stay(said: str) -> None:
    assert strip_wake_phrase(said, ["Hey Jarvis", "Okay Nabu", "Hey Mycroft", "Alexa"]) == said


@pytest.mark.parametrize(
    ("phrase", "heard"),
    [("Okay Nabu", "Okay Naboo, stop."), ("Hey Mycroft", "Hey Microft, stop."), ("Alexa", "Alexa stop.")],
)
def test_each_wake_word_has_its_phrase(phrase: str, heard: str) -> None:
    assert strip_wake_phrase(heard, [phrase]).lower() == "stop."


@pytest.mark.parametrize(
    "heard",
    [
        "Hey Jarvis.",
        "K Jarvis",
        "Paige Jarvis",
        "Hey, Charvis! Open",
        "Hey Jar Vis",
        "Ajaravise",
        "嘿，贾维斯。",
        "Well, I said hey Jarvis, turn",
    ],
)
def test_what_resembles_the_wake_phrase_is_known_wherever_it_is(heard: str) -> None:
    assert resembles_wake_phrase(heard, "Hey Jarvis")


@pytest.mark.parametrize(
    "heard",
    [
        "",
        "Hey",
        "I'm sorry.",
        "Take me to Radisson Blue Plaza.",
        "Take me to Wiker car",
        "Lock the doors.",
        "锁上车门。",
    ],
)
def test_what_is_said_on_the_radio_is_no_wake_phrase(heard: str) -> None:
    assert not resembles_wake_phrase(heard, "Hey Jarvis")


def test_a_wake_phrase_of_any_language_is_known_by_its_letters() -> None:
    assert resembles_wake_phrase("你好小智，打开天窗。", "你好小智")
    assert not resembles_wake_phrase("打开天窗。", "你好小智")


@pytest.mark.parametrize(
    ("heard", "wish"),
    [
        ("Hey Jarvis, next song.", "next song."),
        ("Paige Jarvis Navigate Home", "Navigate Home"),
        ("He jarvis how much is left.", "how much is left."),
        ("Jarvis. Stop.", "Stop."),
        ("to level two. Hey Jarvis, stop", "stop"),
        ("Hey Jarvis, Paris.", "Paris."),
        ("Hey Jarvis.", ""),
        ("Next song.", ""),
        ("Open the garage", ""),
        ("", ""),
    ],
)
def test_where_a_wake_phrase_was_said_what_follows_it_is_the_wish(heard: str, wish: str) -> None:
    assert after_wake_phrase(heard, "Hey Jarvis") == wish

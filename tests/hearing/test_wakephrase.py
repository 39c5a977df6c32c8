from __future__ import annotations

import pytest
from codriver.hearing.wakephrase import strip_wake_phrase


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

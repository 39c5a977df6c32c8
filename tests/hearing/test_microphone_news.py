from __future__ import annotations

import pytest
from codriver.catalogue import load_catalogue
from codriver.engines.sound.events import MicrophoneState, MicrophoneStatus
from codriver.folders import intents_folder
from codriver.hearing.microphone_news import MicrophoneNews
from codriver.turn import Zone

OPEN, LOST, CLOSED = MicrophoneState.OPEN, MicrophoneState.LOST, MicrophoneState.CLOSED
SILENT, CLIPPING = MicrophoneState.SILENT, MicrophoneState.CLIPPING


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([OPEN], [""]),
        ([OPEN, LOST, LOST, OPEN, OPEN], ["", "", "", "microphone_back", ""]),
        ([LOST, OPEN, LOST, OPEN], ["", "microphone_back", "", "microphone_back"]),
        ([LOST, CLOSED, OPEN], ["", "", ""]),
        ([OPEN, SILENT, OPEN, SILENT], ["", "microphone_silent", "", ""]),
        ([CLIPPING, OPEN, SILENT, CLIPPING], ["microphone_clipping", "", "microphone_silent", ""]),
    ],
)
def test_what_is_said_of_a_microphone(states: list[MicrophoneState], said: list[str]) -> None:
    news = MicrophoneNews()
    assert [news.take(MicrophoneStatus(state, "driver")) for state in states] == said


def test_several_microphones_come_back_together() -> None:
    news = MicrophoneNews()
    zones: list[Zone] = ["driver", "passenger"]
    for zone in zones:
        news.take(MicrophoneStatus(LOST, zone))
    assert [news.take(MicrophoneStatus(OPEN, zone)) for zone in zones] == ["", "microphone_back"]


def test_who_is_asked_to_say_it_again_need_not_be_told_that_he_is_heard() -> None:
    news = MicrophoneNews()
    news.take(MicrophoneStatus(LOST, "driver"), apologising=True)
    assert news.take(MicrophoneStatus(OPEN, "driver"), apologising=True) == ""
    news.take(MicrophoneStatus(LOST, "driver"))
    assert news.take(MicrophoneStatus(OPEN, "driver")) == "microphone_back"


@pytest.mark.parametrize("key", ["microphone_lost", "microphone_back", "microphone_silent", "microphone_clipping"])
def test_there_are_words_for_it_in_every_language(key: str) -> None:
    for language in load_catalogue([intents_folder()]).vocabulary.languages.values():
        assert language.answers[key]

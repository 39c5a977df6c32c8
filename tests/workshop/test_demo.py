from __future__ import annotations

import io
from pathlib import Path

import pytest
from codriver.config import Configuration
from codriver.errors import AudioError
from codriver.trace import Trace
from codriver.turn import Answer, BusCall, IntentCall, Refusal, Source, Transcript
from codriver.workshop.demo import Sound, demonstrate, show, show_sum
from rich.console import Console


def a_trace(heard: str) -> Trace:
    now = iter(range(100))
    trace = Trace("driver", clock=lambda: next(now) / 1000)
    trace.heard = Transcript(heard, "en")
    trace.source = Source.TEMPLATE
    trace.intents = (IntentCall("set_temperature", {"temperature": 22.0}), IntentCall("set_volume"))
    car = "org.codriver.Vehicle1"
    player = "org.mpris.MediaPlayer2.mpv"
    trace.calls = (
        BusCall(car, "/", car, "Set", ({"Vehicle.Temperature": 22.0},)),
        BusCall(player, "/", "org.mpris.MediaPlayer2.Player", "Set", (), "Volume", 0.5),
        BusCall(player, "/", "org.mpris.MediaPlayer2.Player", "Next"),
    )
    trace.refused = (Refusal("open_boot", "Not while driving."),)
    trace.answer = Answer("The temperature is 22 degrees.", "en")
    for name in ("utterance", "heard", "understood", "calling", "performed", "answered", "sounding", "finished"):
        trace.stamp(name)
    return trace


def shown(heard: str) -> str:
    console = Console(record=True, width=140, file=io.StringIO())
    show(console, 1, Sound(Path("a.wav"), "set it [sic]", "af_bella"), a_trace(heard), Path("answer-01.wav"))
    return console.export_text()


@pytest.mark.parametrize(
    "part",
    [
        "set it [sic]", "af_bella", "set [/b] it", "set_temperature(temperature: 22.0)", "by template",
        "Vehicle.Temperature = 22", "org.mpris.MediaPlayer2.mpv Volume = 0.5", "org.mpris.MediaPlayer2.mpv Next()",
        "open_boot: Not while driving.", "The temperature is 22 degrees.", "answer-01.wav", "transcribe 1 ms",
    ],
)  # fmt: skip
def test_a_turn_is_shown_with_all_that_became_of_it(part: str) -> None:
    assert part in shown("set [/b] it")


def test_a_turn_in_which_nothing_happened_is_shown() -> None:
    console = Console(record=True, width=140, file=io.StringIO())
    show(console, 1, None, Trace("driver"), None)
    assert "nothing had to be" in console.export_text()


def test_the_sum_has_a_row_for_each_turn() -> None:
    console = Console(record=True, width=140, file=io.StringIO())
    show_sum(console, [a_trace("set it to 22"), a_trace("把温度调到二十三度")])
    text = console.export_text()
    assert "set it to 22" in text
    assert "把温度调到二十三度" in text


def test_the_sum_takes_a_sentence_as_it_is() -> None:
    console = Console(record=True, width=140, file=io.StringIO())
    show_sum(console, [a_trace("open [/b] it")])
    assert "open [/b] it" in console.export_text()


@pytest.mark.models
async def test_a_recording_that_cannot_be_read_is_said_before_anything_is_started(tmp_path: Path) -> None:
    old = tmp_path / "answer-01.wav"
    old.write_bytes(b"of the last time")
    started: list[bool] = []
    with pytest.raises(AudioError, match=r"missing\.wav"):
        await demonstrate(
            Configuration(), [Sound(tmp_path / "missing.wav")], tmp_path, lambda *_: None, lambda: started.append(True)
        )
    assert (started, old.exists()) == ([], True)

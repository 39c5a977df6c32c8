"""What a turn's trace tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from codriver.trace import Trace
from codriver.turn import Answer, BusCall, IntentCall, Refusal, Source, Transcript


class Ticking:
    """A clock that is a quarter of a second later at each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.25
        return self.now


@pytest.fixture
def trace() -> Trace:
    return Trace("driver", clock=Ticking())


def test_the_first_stamp_of_a_name_counts(trace: Trace) -> None:
    trace.stamp("calling")
    trace.stamp("calling")
    trace.stamp("sounding", 7.0)
    assert trace.stamps == {"calling": 0.25, "sounding": 7.0}


def test_a_step_that_did_not_take_place_has_no_time(trace: Trace) -> None:
    trace.stamp("utterance")
    assert trace.between("utterance", "calling") is None
    assert trace.between("nothing", "utterance") is None
    assert trace.timings_ms == {}


def test_the_steps_in_milliseconds(trace: Trace) -> None:
    names = ("utterance", "heard", "understood", "calling", "performed", "answered", "sounding", "finished")
    for name in names:
        trace.stamp(name)
    trace.silence = 0.7
    assert trace.timings_ms == {
        "transcribe": 250.0,
        "understand": 250.0,
        "act": 500.0,
        "first_sound": 250.0,
        "to_call": 750.0,
        "to_sound": 1500.0,
        "total": 1750.0,
        "silence": 700.0,
    }


def test_an_empty_turn_has_every_key(trace: Trace) -> None:
    assert trace.as_json() == {
        "heard": "",
        "language": "",
        "zone": "driver",
        "source": "none",
        "intents": [],
        "calls": [],
        "refused": [],
        "reply": "",
        "asks": False,
        "timings_ms": {},
    }


def test_a_turn_as_json_and_as_a_file(trace: Trace, tmp_path: Path) -> None:
    trace.heard = Transcript("打开后备箱", "zh", 0.9)
    trace.source = Source.TEMPLATE
    trace.intents = (IntentCall("open_boot"), IntentCall("set_volume", {"percent": 30}))
    trace.calls = (
        BusCall("a.b", "/c", "d.e", "Play"),
        BusCall("a.b", "/c", "d.e", "Set", (), "Volume", 0.3),
        BusCall("a.b", "/c", "d.e", "Set", ({"X": True},)),
    )
    trace.refused = (Refusal("open_boot", "行驶中不能这样做。"),)
    trace.answer = Answer("要打开后备箱吗？", "zh", expects_reply=True)
    at = {"bus_name": "a.b", "path": "/c", "interface": "d.e"}
    trace.stamp("utterance")
    whole = trace.as_json()
    assert whole["intents"] == [
        {"name": "open_boot", "arguments": {}},
        {"name": "set_volume", "arguments": {"percent": 30}},
    ]
    assert whole["calls"] == [
        {**at, "member": "Play", "args": []},
        {**at, "member": "Set", "args": [], "property": "Volume", "value": 0.3},
        {**at, "member": "Set", "args": [{"X": True}]},
    ]
    assert whole["refused"] == [{"intent": "open_boot", "reason": "行驶中不能这样做。"}]
    assert (whole["heard"], whole["source"], whole["asks"]) == ("打开后备箱", "template", True)
    path = tmp_path / "turn.json"
    trace.save(path)
    assert json.loads(path.read_text(encoding="utf-8")) == {**whole, "stamps": {"utterance": 0.25}}
    assert "打开后备箱" in path.read_text(encoding="utf-8")

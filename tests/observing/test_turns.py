"""What is kept of the last turns, and what is not."""

from __future__ import annotations

import json
import logging
import stat
from pathlib import Path

import pytest
from codriver.observing.turns import FILE, LastTurns, TurnFile, entry, outcome_of
from codriver.trace import Trace
from codriver.turn import Answer, BusCall, IntentCall, Outcome, Refusal, Source, Status, Transcript

HOME = IntentCall("navigate_to", {"place": "Kotikatu 5"})


def turn(heard: str = "take me to kotikatu five") -> Trace:
    trace = Trace("driver", clock=lambda: 7.0)
    trace.heard, trace.source, trace.intents = Transcript(heard, "en"), Source.TEMPLATE, (HOME,)
    trace.calls = (BusCall("org.codriver.Navigation1", "/x", "org.codriver.Navigation1", "Start", ("Kotikatu 5",)),)
    trace.outcomes = (Outcome(HOME, Status.DONE),)
    trace.answer = Answer("Going to Kotikatu 5.", "en")
    trace.stamp("utterance")
    trace.stamp("finished", 7.5)
    return trace


def test_without_text_no_word_and_no_place_is_kept() -> None:
    kept = entry(turn(), text=False, at=1000.0)
    assert "otikatu" not in json.dumps(kept)
    assert kept == {
        "at": 1000.0,
        "language": "en",
        "zone": "driver",
        "source": "template",
        "outcome": "done",
        "asks": False,
        "intents": [{"name": "navigate_to"}],
        "calls": [{"interface": "org.codriver.Navigation1", "member": "Start"}],
        "refused": [],
        "timings_ms": {"total": 500.0},
    }


def test_with_text_all_of_it_is() -> None:
    kept = entry(turn(), text=True, at=1000.0)
    assert (kept["heard"], kept["reply"]) == ("take me to kotikatu five", "Going to Kotikatu 5.")
    assert kept["intents"] == [{"name": "navigate_to", "arguments": {"place": "Kotikatu 5"}}]


@pytest.mark.parametrize(
    ("statuses", "asks", "refused", "outcome"),
    [
        ((), False, False, "nothing"),
        ((Status.DONE,), False, False, "done"),
        ((Status.MOVING, Status.ALREADY), False, False, "done"),
        ((Status.DONE, Status.FAILED), False, True, "failed"),
        ((Status.REFUSED,), False, True, "refused"),
        ((Status.CONFIRM,), True, False, "asked"),
        ((), True, False, "asked"),
    ],
)
def test_what_became_of_a_turn(statuses: tuple[Status, ...], asks: bool, refused: bool, outcome: str) -> None:
    trace = Trace("driver")
    trace.outcomes = tuple(Outcome(HOME, status) for status in statuses)
    trace.answer = Answer("", "en", expects_reply=asks)
    trace.refused = (Refusal("navigate_to", "no"),) if refused else ()
    assert outcome_of(trace) == outcome


def test_only_the_last_ones_are_kept_in_memory() -> None:
    turns = LastTurns(2, text=True, now=lambda: 5.0)
    for word in ("one", "two", "three"):
        turns.take(turn(word))
    assert [json.loads(line)["heard"] for line in turns.as_json_lines().splitlines()] == ["two", "three"]


def test_none_is_kept_where_none_is_wanted(tmp_path: Path) -> None:
    turns = LastTurns(0)
    turns.take(turn())
    turns.close()
    assert turns.as_json_lines() == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_gets_them_as_json_lines_that_only_their_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "traces"
    turns = LastTurns(1, directory=folder, now=lambda: 5.0)
    turns.take(turn())
    turns.take(turn())
    turns.close()
    lines = (folder / FILE).read_text().splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["done", "done"]
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_never_grows_beyond_its_size(tmp_path: Path) -> None:
    file = TurnFile(tmp_path, largest=300)
    for number in range(40):
        file.write({"number": number})
    file.close()
    now, before = tmp_path / FILE, tmp_path / "turns.1.jsonl"
    assert max(now.stat().st_size, before.stat().st_size) <= 300
    assert json.loads(now.read_text().splitlines()[-1]) == {"number": 39}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["turns.1.jsonl", FILE]


def test_a_disk_that_is_full_costs_turns_and_one_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    file = TurnFile(Path("/dev/full"))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            file.write({"number": 1})
        file.close()
    [record] = caplog.records
    assert record.getMessage().startswith("Turns cannot be written to /dev/full/turns.jsonl: ")

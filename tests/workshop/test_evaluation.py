from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from codriver.config import Configuration, Thinking
from codriver.errors import CodriverError, ConfigurationError, InvalidRequest
from codriver.turn import BusCall
from codriver.workshop.evaluation.cases import Expectation, load_cases
from codriver.workshop.evaluation.judging import Observed, judge
from codriver.workshop.evaluation.report import evaluate_files, show
from rich.console import Console

TEMPERATURE, FAN, WINDOW, OPEN = "temperature", "fan", "window", "window-is-open"
REST = {TEMPERATURE: 21.0, FAN: 40, WINDOW: 0, OPEN: False, "lights": "OFF"}
PLAYER = "org.mpris.MediaPlayer2.Player"


def media(member: str, *args: Any, prop: str | None = None, value: Any = None) -> BusCall:
    return BusCall("org.mpris.MediaPlayer2.mpv", "/org/mpris/MediaPlayer2", PLAYER, member, args, prop, value)


VOLUME_UP = media("Set", prop="Volume", value=0.6)
NEXT = media("Next")
SET = BusCall("org.codriver.Vehicle1", "/", "org.codriver.Vehicle1", "Set", ({TEMPERATURE: 22.0},))


@pytest.mark.parametrize(
    ("expect", "changes", "calls", "right", "wrong_action"),
    [
        ({}, {}, (), True, False),
        ({}, {FAN: 50}, (), False, True),
        ({}, {}, (NEXT,), False, True),
        ({}, {}, (SET,), True, False),
        ({"signals": {TEMPERATURE: 22}}, {TEMPERATURE: 22.4}, (SET,), True, False),
        ({"signals": {TEMPERATURE: 22}}, {TEMPERATURE: 22.6}, (), False, False),
        ({"signals": {TEMPERATURE: 22}}, {}, (), False, False),
        ({"signals": {TEMPERATURE: 21}}, {}, (), True, False),
        ({"signals": {TEMPERATURE: 22}}, {TEMPERATURE: 22.0, FAN: 50}, (), False, True),
        ({"signals": {TEMPERATURE: [22, 24]}}, {TEMPERATURE: 24.0}, (), True, False),
        ({"signals": {TEMPERATURE: [22, 24]}}, {TEMPERATURE: 24.1}, (), False, False),
        ({"signals": {TEMPERATURE: "increased"}}, {TEMPERATURE: 21.5}, (), True, False),
        ({"signals": {TEMPERATURE: "increased"}}, {}, (), False, False),
        ({"signals": {TEMPERATURE: "decreased"}}, {TEMPERATURE: 20.0}, (), True, False),
        ({"signals": {"lights": ["BEAM", "AUTO"]}}, {"lights": "AUTO"}, (), True, False),
        ({"signals": {"lights": ["BEAM", "AUTO"]}}, {"lights": "POSITION"}, (), False, False),
        ({"signals": {OPEN: True}}, {OPEN: True, WINDOW: 100}, (), True, False),
        ({"signals": {WINDOW: 100}}, {OPEN: True, WINDOW: 100}, (), True, False),
        ({"signals": {OPEN: 1}}, {OPEN: True, WINDOW: 100}, (), False, False),
        ({"signals": {"nowhere": 1}}, {}, (), False, False),
        ({"calls": [{"interface": PLAYER, "member": "Next"}]}, {}, (NEXT,), True, False),
        ({"calls": [{"interface": PLAYER, "member": "Next"}]}, {}, (), False, False),
        ({"calls": [{"interface": PLAYER, "member": "Next"}]}, {}, (NEXT, NEXT), False, True),
        ({"calls": [{"interface": PLAYER, "member": "Previous"}]}, {}, (NEXT,), False, True),
        ({"calls": [{"interface": PLAYER, "member": "Next", "args": [1]}]}, {}, (NEXT,), False, True),
        (
            {"calls": [{"interface": PLAYER, "member": "Set", "property": "Volume", "change": "increased"}]},
            {}, (VOLUME_UP,), True, False,
        ),
        (
            {"calls": [{"interface": PLAYER, "member": "Set", "property": "Volume", "change": "decreased"}]},
            {}, (VOLUME_UP,), False, True,
        ),
        (
            {"calls": [{"interface": PLAYER, "member": "Set", "property": "Volume", "value": 0.6}]},
            {}, (VOLUME_UP,), True, False,
        ),
        ({"any_of": [{"signals": {TEMPERATURE: 22}}, {"signals": {FAN: 50}}]}, {FAN: 50}, (), True, False),
        ({"any_of": [{"signals": {TEMPERATURE: 22}}, {}]}, {}, (), True, False),
        ({"any_of": [{"signals": {TEMPERATURE: 22}}, {}]}, {FAN: 50}, (), False, True),
        ({"reply": "DONE"}, {}, (), True, False),
        ({"reply": "sorry"}, {}, (), False, False),
        ({"asks": False}, {}, (), True, False),
        ({"asks": True}, {}, (), False, False),
        ({"reply": "done", "any_of": [{"asks": True}, {"signals": {FAN: 50}}]}, {FAN: 50}, (), True, False),
    ],
)  # fmt: skip
def test_a_turn_is_held_against_what_was_expected(
    expect: dict[str, Any], changes: dict[str, Any], calls: tuple[BusCall, ...], right: bool, wrong_action: bool
) -> None:
    seen = Observed(REST, {**REST, **changes}, calls, "Done.", False, {OPEN: WINDOW}, {"Volume": 0.5})
    judgement = judge(Expectation.model_validate(expect), seen)
    assert judgement.right is right, judgement.reasons
    if not right:
        assert judgement.wrong_action is wrong_action


GOOD = {"id": "1", "tag": "t", "lang": "en", "turns": [{"say": "hello"}]}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{"id": "1"', "cases.jsonl:2: no JSON"),
        ("[1]", "cases.jsonl:2:"),
        ('"text"', "cases.jsonl:2:"),
        (json.dumps(GOOD | {"turns": []}), "cases.jsonl:2: turns"),
        (json.dumps(GOOD | {"zone": "roof"}), "cases.jsonl:2: zone"),
        (json.dumps(GOOD | {"expected": {}}), "cases.jsonl:2: expected"),
        (json.dumps(GOOD | {"turns": [{"say": "hi", "expect": {"signal": {}}}]}), "turns.0.expect.signal"),
        pytest.param(
            json.dumps(GOOD | {"turns": [{}]}),
            "cases.jsonl:2: turns.0",
        ),
        pytest.param(
            json.dumps(GOOD | {"turns": [{"say": "hi", "expect": {"reply": "("}}]}),
            "turns.0.expect.reply",
        ),
    ],
)
def test_a_wrong_case_is_named_with_its_line(tmp_path: Path, line: str, sentence: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n{line}\n")
    with pytest.raises(ConfigurationError) as refusal:
        load_cases(path)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00", None])
def test_a_file_without_cases_is_said(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "cases.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CodriverError, match=r"cases\.jsonl"):
        load_cases(path)


def test_a_miss_is_shown_as_it_was_said() -> None:
    console = Console(record=True, width=100, file=io.StringIO())
    case = {"id": "en-1", "right": False, "why": "the answer was 'x [/y]'", "turns": [{"heard": "open [/b] it"}]}
    show(console, {"accuracy": 0.0, "wrong_actions": 0, "by_tag": {"t": {"right": 0, "all": 1}}, "cases": [case]})
    assert "open [/b] it" in console.export_text()


def test_confusions_are_shown_with_a_few_of_their_cases() -> None:
    console = Console(record=True, width=100, file=io.StringIO())
    confusion = {"expected": "Sunroof.Position up", "instead": "[/b]", "cases": ["a", "b", "c", "d"]}
    show(console, {"accuracy": 0.0, "wrong_actions": 0, "by_tag": {}, "cases": [], "confusions": [confusion] * 21})
    text = console.export_text()
    assert re.search(r"4 +Sunroof\.Position up +\[/b\] +a, b, c \.\.\.", text)
    assert "and 1 more" in text


CASES: list[dict[str, Any]] = [
    {"id": "a", "tag": "t", "lang": "en", "turns": [{"say": "open the sunroof"}]},
    {
        "id": "b",
        "tag": "t",
        "lang": "zh",
        "turns": [{"say": "你好", "means": [{"name": "play_music"}]}, {"say": "你好", "expect": {"asks": True}}],
    },
]


@pytest.mark.models
async def test_cases_of_two_files_are_run_and_what_was_confused_is_written(tmp_path: Path) -> None:
    paths = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for path, case in zip(paths, CASES, strict=True):
        path.write_text(json.dumps(case))
    config = Configuration(thinking=Thinking(enabled=False))
    result = await evaluate_files(config, paths, "templates", Console(file=io.StringIO()))
    assert {case["id"]: case["right"] for case in result["cases"]} == {"a": False, "b": False}
    assert result["by_tag"] == {
        tag: {"right": 0, "all": all_} for tag, all_ in (("lang:en", 1), ("lang:zh", 1), ("t", 2))
    }
    assert result["wrong_actions"] == 1
    assert {case["id"]: case["meant"] for case in result["cases"]} == {
        "a": [None],
        "b": [[{"name": "play_music", "arguments": {}}], None],
    }
    roof, question = result["confusions"]
    assert roof == {"expected": "nothing", "instead": roof["instead"], "cases": ["a"]}
    assert "Sunroof.Position up" in roof["instead"]
    assert roof["instead"].endswith("(open_sunroof)")
    assert question == {"expected": "nothing", "instead": "the same, without a question", "cases": ["b"]}


@pytest.mark.models
async def test_a_start_that_the_car_does_not_have_is_told_before_the_first_case(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    wrong: dict[str, Any] = {**CASES[0], "id": "c", "given": {"Vehicle.Cabin.Sunrof.Position": 50}}
    path.write_text("\n".join(map(json.dumps, (CASES[0], wrong))))
    config = Configuration(thinking=Thinking(enabled=False))
    with pytest.raises(InvalidRequest, match=r"Case c cannot begin: .*no signal Vehicle\.Cabin\.Sunrof\.Position"):
        await evaluate_files(config, [path], "templates", Console(file=io.StringIO()))

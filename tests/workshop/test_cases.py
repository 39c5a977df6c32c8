"""Evaluation cases as they are read from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from codriver.errors import ConfigurationError
from codriver.services.vehicle.signals import reference_car
from codriver.workshop.evaluation.cases import Expectation, load_all_cases, load_cases

OWN = sorted((Path(__file__).parents[1] / "cases").glob("*.jsonl"))
CASE: dict[str, Any] = {"id": "a", "tag": "climate", "lang": "en", "turns": [{"say": "hello"}]}


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
    return path


def test_a_case_is_read_with_its_defaults(tmp_path: Path) -> None:
    [case] = load_cases(write(tmp_path / "cases.jsonl", CASE, "", "   "))
    assert (case.id, case.zone, case.given) == ("a", "driver", {})
    assert case.turns[0].say == "hello"
    assert case.turns[0].expect == Expectation()


def test_an_expectation_keeps_the_types_of_its_values(tmp_path: Path) -> None:
    signals = {"A": True, "B": 22, "C": 0.5, "D": [1, 2], "E": ["X", "Y"], "F": "increased", "G": False, "H": 0}
    turn = {"say": "x", "expect": {"signals": signals, "any_of": [{"asks": True}]}}
    [case] = load_cases(write(tmp_path / "cases.jsonl", {**CASE, "turns": [turn]}))
    read = case.turns[0].expect.signals
    assert read == signals
    assert {name: type(value) for name, value in read.items() if name in "ABG"} == {"A": bool, "B": float, "G": bool}
    assert case.turns[0].expect.any_of == [Expectation(asks=True)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "no JSON: "),
        ("[]", "Input should be a valid dictionary"),
        ({**CASE, "turns": []}, "turns: "),
        ({**CASE, "zone": "boot"}, "zone: Input should be 'driver'"),
        ({**CASE, "colour": 1}, "colour: Extra inputs are not permitted"),
        ({"id": "a"}, "tag: Field required"),
        ({**CASE, "turns": [{"say": "x", "expect": {"signal": {}}}]}, "turns.0.expect.signal: Extra inputs"),
        (
            {**CASE, "turns": [{"say": "x", "expect": {"calls": [{"member": "Play"}]}}]},
            "turns.0.expect.calls.0.interface",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, line: object, fault: str) -> None:
    path = write(tmp_path / "cases.jsonl", CASE, "", line)
    with pytest.raises(ConfigurationError) as caught:
        load_cases(path)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert fault in str(caught.value)


def test_a_turn_needs_a_sentence_or_a_sound(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.jsonl", {**CASE, "turns": [{"expect": {}}]})
    with pytest.raises(ConfigurationError):
        load_cases(path)


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        load_cases(write(tmp_path / "cases.jsonl", CASE, CASE))


def test_a_file_that_holds_nothing_or_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="holds no cases"):
        load_cases(write(tmp_path / "empty.jsonl", ""))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_cases(tmp_path / "gone.jsonl")


def test_the_projects_own_files_hold_enough_cases_in_both_languages() -> None:
    cases = [case for path in OWN for case in load_cases(path)]
    assert len(cases) >= 120
    assert {case.lang for case in cases} == {"en", "zh"}


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_the_projects_own_cases_name_actuators_of_the_car_and_no_id_twice(path: Path) -> None:
    car = reference_car()
    cases = load_cases(path)
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        assert {name for name in case.given if name.startswith("Vehicle.")} <= car.keys(), case.id
        for turn in case.turns:
            for expected in (turn.expect, *turn.expect.any_of):
                assert all(car[path].description.writable for path in expected.signals), case.id


def test_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    files = [write(tmp_path / name, {**CASE, "id": name}) for name in ("b", "a")]
    assert [case.id for case in load_all_cases(files)] == ["b", "a"]


def test_a_case_of_two_files_is_named(tmp_path: Path) -> None:
    files = [write(tmp_path / name, CASE) for name in ("one.jsonl", "two.jsonl")]
    with pytest.raises(ConfigurationError, match=r"two\.jsonl: there is a case 'a' in another file already"):
        load_all_cases(files)

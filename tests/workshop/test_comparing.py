"""Two runs side by side."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from codriver.errors import ConfigurationError
from codriver.workshop.evaluation.comparing import Turnabout, compare, load_run, sign_test
from codriver.workshop.evaluation.report import show_comparison
from rich.console import Console


def run(wrong_actions: int = 0, heard: str = "open [/b] it", **cases: bool) -> dict[str, Any]:
    return {
        "accuracy": 0.5,
        "by_tag": {"t": {"right": sum(cases.values()), "all": len(cases)}, "u": {"right": 1, "all": 1}},
        "wrong_actions": wrong_actions,
        "cases": [
            {"id": name, "right": right, "why": "" if right else "it asked", "turns": [{"heard": heard}, None]}
            for name, right in cases.items()
        ],
    }


BEFORE = run(2, a=True, b=True, c=False, d=False, e=True)
NOW = run(1, a=True, b=False, c=True, d=False, f=True)


def test_each_case_stands_where_it_went() -> None:
    compared = compare(BEFORE, NOW)
    assert compared.gained == (Turnabout("c", "open [/b] it", "it asked"),)
    assert compared.lost == (Turnabout("b", "open [/b] it", "it asked"),)
    assert (compared.still_right, compared.still_wrong) == (1, 1)
    assert (compared.only_before, compared.only_now, compared.reworded) == (1, 1, 0)
    assert compared.as_json() == {"gained": ["c"], "lost": ["b"], "still_right": 1, "still_wrong": 1, "p_value": 1.0}


def test_a_run_compared_with_itself_differs_in_nothing() -> None:
    compared = compare(BEFORE, BEFORE)
    assert (compared.gained, compared.lost, compared.chance) == ((), (), 1.0)


def test_other_words_under_the_same_id_are_told() -> None:
    assert compare(BEFORE, run(heard="close it", a=True, b=True)).reworded == 2


@pytest.mark.parametrize(
    ("gained", "lost", "chance"),
    [(0, 0, 1.0), (1, 0, 1.0), (5, 5, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (0, 6, 0.03125), (10, 2, 0.0386)],
)
def test_how_likely_it_is_chance(gained: int, lost: int, chance: float) -> None:
    assert sign_test(gained, lost) == pytest.approx(chance, abs=1e-4)


def test_thousands_of_cases_can_be_compared() -> None:
    assert 0 < sign_test(2000, 1500) < 1e-16


def test_what_was_gained_and_lost_is_shown_with_its_counts() -> None:
    console = Console(record=True, width=120, file=io.StringIO())
    show_comparison(console, compare(BEFORE, NOW))
    text = console.export_text()
    for words in (
        "- b open [/b] it\n    now: it asked",
        "+ c open [/b] it\n    was: it asked",
        "gained 1, lost 1, still right 1, still wrong 1; cases with a wrong action 2 before, 1 now",
        "1 to 1 may be chance: p = 1",
        "not compared: 1 cases only before, 1 only now",
    ):
        assert words in text


def test_tags_that_moved_are_shown() -> None:
    console = Console(record=True, width=120, file=io.StringIO())
    show_comparison(console, compare(BEFORE, run(a=True, b=True, c=True, d=True, e=True)))
    text = console.export_text()
    assert "+40.0" in text
    assert "│ u" not in text


def test_a_run_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps(BEFORE))
    assert load_run(tmp_path / "run.json") == BEFORE


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"cases": [{"id": 1}]}', b"\xff\xfe", None])
def test_what_is_no_run_is_said(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"run\.json"):
        load_run(tmp_path / "run.json")

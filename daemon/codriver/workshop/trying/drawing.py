"""Draw what became of a sentence that was tried."""

from __future__ import annotations

import json
from collections.abc import Mapping

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from codriver.turn import Argument
from codriver.workshop.trying.gathering import IMPOSSIBLE, SITUATIONS, Attempt, Chosen, Ruling
from codriver.workshop.trying.ways import Candidate, Finding

_COLOURS = {"allow": "green", "confirm": "yellow", "refuse": "red", IMPOSSIBLE: "red"}
_CONSENTS = {True: "a clear yes to a question", False: "a no, or never mind"}


def draw(console: Console, attempt: Attempt) -> None:
    """Print the candidates of every way, what each way came to, what was chosen, and the policy's verdicts."""
    who = f"   {attempt.language}, {attempt.zone}"
    console.print(Text.assemble((attempt.text, "bold"), (who, "dim")))
    if any(finding.candidates for finding in attempt.findings):
        console.print(_candidates(attempt))
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    for finding in attempt.findings:
        facts.add_row(finding.way, Text(finding.conclusion))
        if finding.figures:
            facts.add_row("", Text(_figures(finding), style="dim"))
    if attempt.consent is not None:
        facts.add_row("reply", _CONSENTS[attempt.consent])
    facts.add_row("understood", _outcome(attempt))
    console.print(facts)
    if attempt.chosen:
        console.print(_verdicts(attempt))


def _candidates(attempt: Attempt) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, title_justify="left")
    for name in ("way", "intent", "arguments"):
        table.add_column(name, overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("why")
    chosen = {call.intent for call in attempt.chosen}
    for finding in attempt.findings:
        for candidate in finding.candidates:
            wins = (
                finding.way == attempt.source.value and candidate.intent in chosen and candidate.arguments is not None
            )
            arguments = Text("-", style="dim") if candidate.arguments is None else Text(_arguments(candidate.arguments))
            table.add_row(
                candidate.way,
                Text(candidate.intent, style="bold green" if wins else ""),
                arguments,
                _score(candidate),
                Text(candidate.note, style="dim"),
            )
    return table


def _verdicts(attempt: Attempt) -> RenderableType:
    table = Table("call", *SITUATIONS, box=SIMPLE_HEAD)
    for chosen in attempt.chosen:
        table.add_row(_call(chosen), *(_ruling(chosen.rulings[name]) for name in SITUATIONS))
    return table


def _outcome(attempt: Attempt) -> Text:
    if not attempt.chosen:
        return Text.assemble(("nothing", "yellow"), f": {attempt.remark}" if attempt.remark else "")
    calls = " + ".join(chosen.intent for chosen in attempt.chosen)
    return Text.assemble((calls, "bold green"), (f"   by {attempt.source.value}", "dim"))


def _call(chosen: Chosen) -> Text:
    return Text(f"{chosen.intent} {_arguments(chosen.arguments)}".strip())


def _ruling(ruling: Ruling) -> Text:
    reason = f" {ruling.reason}" if ruling.reason not in ("", ruling.verdict) else ""
    text = Text.assemble((ruling.verdict, _COLOURS[ruling.verdict]), (reason, "dim"))
    return text.append(f"\n{ruling.sentence}") if ruling.sentence else text


def _score(candidate: Candidate) -> str:
    if candidate.score is None:
        return ""
    if candidate.unit == "probability":
        return f"{candidate.score:.1%}"
    return f"{candidate.score:g} {candidate.unit if candidate.score != 1 else candidate.unit.removesuffix('s')}"


def _figures(finding: Finding) -> str:
    return " · ".join(f"{name.replace('_', ' ')} {_figure(value)}" for name, value in finding.figures.items())


def _figure(value: float | str) -> str:
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) <= 1 else f"{value:.0f}"
    return str(value)


def _arguments(arguments: Mapping[str, Argument]) -> str:
    return ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items())

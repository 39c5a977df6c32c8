"""The safety page shows the table that decides."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path

from codriver.acting.policy import RULES, Condition
from codriver.catalogue import load_catalogue
from codriver.catalogue.model import Safety
from codriver.folders import intents_folder

PAGE = (Path(__file__).parents[2] / "docs" / "safety.md").read_text(encoding="utf-8")
CATALOGUE = load_catalogue([intents_folder()])


def table(*rows: Iterable[str]) -> str:
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([head, "|" + " --- |" * head.count(" |"), *body, ""])


def rules_table() -> str:
    answers = CATALOGUE.language("en").answers
    rows = [
        (f"`{rule.safety}`", said_of(rule.when), str(rule.verdict), f'"{answers[rule.reason][0]}"') for rule in RULES
    ]
    return table(("class", "when", "verdict", "said"), *rows)


def said_of(condition: Condition) -> str:
    words = (inspect.getdoc(condition) or "").removesuffix(".").removeprefix("When ")
    return words[:1].lower() + words[1:]


def classes_table() -> str:
    names = {
        safety: [f"`{name}`" for name, intent in CATALOGUE.intents.items() if intent.safety is safety]
        for safety in Safety
    }
    return table(("class", "intents"), *((f"`{safety.value}`", ", ".join(names[safety])) for safety in Safety))


def test_the_page_shows_the_rules() -> None:
    assert f"<!-- rules -->\n{rules_table()}\n" in PAGE, f"write this below <!-- rules -->:\n{rules_table()}"


def test_the_page_shows_the_class_of_every_intent() -> None:
    assert f"<!-- classes -->\n{classes_table()}\n" in PAGE, f"write this below <!-- classes -->:\n{classes_table()}"

"""The newcomer's page shows the files that the tests run."""

from __future__ import annotations

import re
from pathlib import Path

from codriver.catalogue.model import CallMethod, ControlPlayer, Intent, IntentFile, ReadProperty, SetProperty

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-intents.md").read_text(encoding="utf-8")


def test_the_file_on_the_page_is_the_one_that_the_tests_read() -> None:
    [shown] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert shown == (ROOT / "tests" / "fragrance" / "fragrance.yaml").read_text(encoding="utf-8")


def test_every_key_of_the_page_is_one_of_the_model() -> None:
    fields = {
        name
        for model in (IntentFile, Intent, CallMethod, SetProperty, ReadProperty, ControlPlayer)
        for name in model.model_fields
    }
    explained = re.findall(r"^- \*\*(\w+)\*\*", PAGE, re.MULTILINE)
    assert len(explained) >= 8
    assert set(explained) <= fields


def test_every_link_leads_somewhere() -> None:
    for page in (ROOT / "docs").glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_link_of_the_other_pages_leads_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "hardware" / "README.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"

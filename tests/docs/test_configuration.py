"""The installed configuration file and its page say what the model says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from codriver.config import Configuration, load_configuration
from codriver.running.reconfiguring import LIVE
from codriver.workshop.configuration_pages import FILE, PAGE, Table, configuration_file, configuration_page, tables

TEXT = FILE.read_text(encoding="utf-8")
WRITE = "run python -m codriver.workshop.configuration_pages"


def test_the_installed_file_is_the_model_s() -> None:
    assert configuration_file() == TEXT, WRITE


def test_the_page_is_the_model_s() -> None:
    assert configuration_page() == PAGE.read_text(encoding="utf-8"), WRITE


def test_as_it_is_installed_it_means_the_defaults() -> None:
    assert load_configuration(FILE) == Configuration()


def test_with_every_line_in_force_it_means_the_defaults_too(tmp_path: Path) -> None:
    path = tmp_path / "codriver.toml"
    path.write_text(re.sub(r"^#(?=\S)", "", TEXT, flags=re.MULTILINE))
    assert load_configuration(path) == Configuration()
    written = tomllib.loads(path.read_text())
    for name in Configuration.model_fields:
        assert name in written, f"{name} is not in the file"


def test_any_one_line_in_force_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "codriver.toml"
    lines = TEXT.splitlines()
    plain = re.sub(r"\n#\[\[.*?(?=\n\n|\Z)", "", TEXT, flags=re.DOTALL).splitlines()
    keys = [number for number, line in enumerate(plain) if re.match(r"#\w+ = ", line)]
    assert len(keys) > 25
    assert len(plain) < len(lines)
    for number in keys:
        path.write_text("\n".join([*plain[:number], plain[number][1:], *plain[number + 1 :]]))
        assert load_configuration(path) == Configuration(), plain[number]


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name or "outside")
def test_every_key_is_explained(table: Table) -> None:
    for key in table.keys:
        assert len(key.what) > 10, f"{table.name}.{key.name} has no description"
        assert key.what.endswith("."), f"{table.name}.{key.name}: {key.what}"
    assert table.what or not table.name


def test_every_key_that_can_change_at_once_is_there() -> None:
    for live in LIVE:
        section: object = Configuration()
        for name in live.split("."):
            section = getattr(section, name)

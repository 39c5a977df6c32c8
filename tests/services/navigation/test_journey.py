"""The journey that survives the service."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from codriver.services.navigation.journey import Journey, Memory, default_folder
from codriver.services.navigation.places import Kind, Place, Position
from codriver.services.navigation.routing.routes import Avoid, Prefer

HOME = Place("n1", Kind.ADDRESS, "", Position(60.17, 24.94), address="Mannerheimintie 10", names={"sv": "Hem"})
CAFE = Place("w2", Kind.PLACE, 'Café "Ünïcode" {x} 咖啡', Position(60.16, 24.95), "cafe")
JOURNEY = Journey(HOME, (CAFE,), frozenset({Avoid.TOLLS}), Prefer.SHORTEST, "zh")


def test_what_is_kept_is_recalled_and_forgotten(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "state")
    assert memory.recall() is None
    memory.keep(JOURNEY)
    recalled = memory.recall()
    assert recalled is not None
    assert (recalled.via[0].name, recalled.destination.address) == (CAFE.name, HOME.address)
    assert (recalled.avoid, recalled.prefer, recalled.language) == (JOURNEY.avoid, Prefer.SHORTEST, "zh")
    memory.forget()
    assert memory.recall() is None
    assert not list((tmp_path / "state").iterdir())


def test_nobody_else_may_read_where_the_journey_leads(tmp_path: Path) -> None:
    Memory(tmp_path / "state").keep(JOURNEY)
    for path in tmp_path.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077


@pytest.mark.parametrize("text", ["", "{", "null", '{"goals": []}', "\x00\xff", '{"goals": [{"latitude": 900}]}'])
def test_a_damaged_file_counts_as_none_and_is_removed(tmp_path: Path, text: str) -> None:
    (tmp_path / "journey.json").write_text(text, encoding="latin-1")
    assert Memory(tmp_path).recall() is None
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    Memory(tmp_path / "file").keep(JOURNEY)
    assert "could not be written" in caplog.text


def test_systemd_says_where_state_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/codriver-navigation:/elsewhere")
    assert default_folder() == Path("/var/lib/codriver-navigation")

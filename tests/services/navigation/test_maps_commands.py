"""``codriver maps``, as a person calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from codriver.cli import app
from codriver.errors import InvalidRequest, MapError
from codriver.services.navigation.maps import Library
from typer.testing import CliRunner


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the maps, empty."""
    monkeypatch.setenv("CODRIVER_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "60")
    return tmp_path / "maps"


def maps(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["maps", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_map_is_built_listed_shown_and_removed(root: Path, extract: Path) -> None:
    assert "No map is installed." in maps("list")
    assert "The map helsinki is ready: 1,982 places" in maps("build", extract)
    listed = maps("list")
    assert "helsinki" in listed
    assert "© OpenStreetMap contributors, ODbL-1.0" in listed
    shown = maps("info", "helsinki")
    assert "© OpenStreetMap contributors" in shown
    assert "60.1642 to 60.1791 north" in shown
    assert "It is as it was built." in shown
    maps("remove", "helsinki")
    assert "No map is installed." in maps("list")
    assert str(root) in maps("list")


def test_a_map_is_copied(root: Path, library: Library) -> None:
    assert "The map helsinki is ready" in maps("copy", library.map("helsinki").path)
    assert "helsinki" in maps("list")


def test_a_damaged_map_is_shown_as_such(root: Path, library: Library) -> None:
    maps("copy", library.map("helsinki").path)
    [folder] = Library(root).maps()
    folder.index.write_bytes(folder.index.read_bytes() + b"more")
    assert "The map helsinki is damaged: places.sqlite has" in maps("list")
    with pytest.raises(MapError, match="is damaged"):
        maps("info", "helsinki")


def test_what_changed_inside_is_shown_by_info(root: Path, library: Library) -> None:
    maps("copy", library.map("helsinki").path)
    [folder] = Library(root).maps()
    data = folder.index.read_bytes()
    folder.index.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    result = CliRunner().invoke(app, ["maps", "info", "helsinki"])
    assert result.exit_code == 1
    assert "places.sqlite has changed since it was built." in result.stdout


def test_what_is_not_there_is_said(root: Path) -> None:
    with pytest.raises(InvalidRequest, match="There is no map 'nowhere'"):
        maps("info", "nowhere")
    with pytest.raises(InvalidRequest, match="Name the OpenStreetMap files"):
        maps("build")
    with pytest.raises(MapError, match="does not exist"):
        maps("build", "nowhere.osm.pbf")
    with pytest.raises(MapError, match="is no map"):
        maps("copy", root)

"""``codriver route``, as a person calls it, on the demo map and in the village."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from codriver.cli import app
from codriver.config import Bus as BusSettings
from codriver.errors import CodriverError, InvalidRequest
from codriver.services.navigation import shown_route
from codriver.services.navigation.faults import NoMap, NoPosition, OffMap, Unreachable
from codriver.services.navigation.maps import Library, MapFolder
from typer.testing import CliRunner

from .conftest import at

SIGNS = re.compile(r"│ +([A-Z]|\d+) +│")


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Makes a folder the one with the installed maps; until then none is installed."""
    monkeypatch.setenv("CODRIVER_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'no-bus'}")
    return lambda root: (tmp_path / "maps").symlink_to(root)


@pytest.fixture
def demo(use: Callable[[Path], None], library: Library) -> None:
    """The demo map is installed."""
    use(library.root)


@pytest.fixture
def in_village(use: Callable[[Path], None], village: MapFolder) -> None:
    """The map of the village is installed."""
    use(village.path.parent)


def route(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["route", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def route_as_json(*arguments: str | Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(route(*arguments, "--json"))
    return told


def there(north: float, east: float) -> str:
    position = at(north, east)
    return f"{position.latitude},{position.longitude}"


@pytest.mark.usefixtures("demo")
def test_a_route_is_told_as_a_table() -> None:
    told = route("Helsingin päärautatieasema", "Kauppatori", "--via", "pharmacy")
    assert "Helsingin päärautatieasema → Apteekki Eliel → Kauppatori" in told
    signs = SIGNS.findall(told)
    assert [sign for sign in signs if sign.isalpha()] == ["A", "B", "B", "C"]
    assert [int(sign) for sign in signs if sign.isdecimal()] == list(range(1, len(signs) - 3))
    assert re.search(r"\d\.\d km · \d+ min · 0\.\d\d kWh", told)
    assert "Map data: © OpenStreetMap contributors, ODbL-1.0" in told


@pytest.mark.usefixtures("demo")
def test_a_route_is_told_in_chinese() -> None:
    assert "右转" in route("Helsingin päärautatieasema", "Kauppatori", "--language", "zh")


@pytest.mark.usefixtures("demo")
def test_json_is_one_object_and_nothing_else() -> None:
    told = route_as_json("60.1700,24.9400", "药店", "--language", "zh")
    assert told["stops"][0]["name"] == "60.1700,24.9400"
    assert told["stops"][1]["category"] == told["found"][0]["category"] == "pharmacy"
    assert sum(maneuver["distance"] for maneuver in told["maneuvers"]) == pytest.approx(told["distance"], abs=20)
    assert told["maneuvers"][0]["sign"] == "A"
    assert told["attribution"] == "© OpenStreetMap contributors, ODbL-1.0"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", ["route.svg", "route.html"])
def test_the_drawing_shows_route_places_and_ground(name: str, tmp_path: Path) -> None:
    drawing = tmp_path / name
    assert f"Drawn in {drawing}" in route("Helsingin päärautatieasema", "Kauppatori", "--via", "cafe", "--map", drawing)
    text = drawing.read_text("utf-8")
    assert "© OpenStreetMap contributors, ODbL-1.0" in text
    assert all(f">{shown}</text>" in text for shown in ("A", "B", "C", "1", "N", "Kauppatori", "Mannerheimintie"))
    for drawn in ("route line", "building", "green", "line primary", "line rail", "found", "plate"):
        assert f'class="{drawn}"' in text
    assert "<script" not in text
    if name.endswith("svg"):
        ElementTree.fromstring(text)


@pytest.mark.usefixtures("demo")
def test_the_drawing_can_be_a_png_by_night(tmp_path: Path) -> None:
    drawing = tmp_path / "route.png"
    route("Kauppatori", "pharmacy", "--map", drawing, "--theme", "dark")
    assert drawing.read_bytes().startswith(b"\x89PNG")
    assert drawing.stat().st_size > 100_000


@pytest.mark.usefixtures("in_village")
def test_names_of_places_are_shown_and_do_nothing(tmp_path: Path) -> None:
    drawing = tmp_path / "route.html"
    told = route(there(0, 900), "O'Reilly & Söhne DROP TABLE place", "--map", drawing)
    assert 'O\'Reilly & "Söhne" <b>%s</b>; DROP TABLE place; --' in told
    text = drawing.read_text("utf-8")
    assert "<b>" not in text
    assert "&lt;b&gt;" in text


@pytest.mark.usefixtures("in_village")
@pytest.mark.parametrize("goal", ["charging station", "atm", there(100, 450)])
def test_places_without_a_name_or_with_a_long_one_are_drawn(goal: str, tmp_path: Path) -> None:
    route(there(0, -900), goal, "--map", tmp_path / "route.svg")
    assert len(ElementTree.parse(tmp_path / "route.svg").findall(".//{*}circle")) > 2


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("wishes", "fault", "sentence"),
    [
        (["Kauppatori", "x" * 10_000], InvalidRequest, r"Nothing on the maps is found by 'x{60}…'\."),
        (["Kauppatori", "<script>zzqq</script>"], InvalidRequest, "Nothing on the maps is found by"),
        (["Kauppatori", "' OR 1=1; -- zzqq"], InvalidRequest, "Nothing on the maps is found by"),
        (["Kauppatori", ""], InvalidRequest, "Nothing on the maps is found by ''"),
        (["Kauppatori", "petrol station"], InvalidRequest, "Nothing on the maps is found by 'petrol station'"),
        (["Kauppatori", "91,0"], InvalidRequest, "91,0 is not on earth"),
        (["Kauppatori", "1,1"], OffMap, "That place is outside the maps on board"),
        (["1,1", "Kauppatori"], OffMap, "That place is outside the maps on board"),
        (["Kauppatori", "here"], NoPosition, "I don't know yet where the car is"),
        (["Kauppatori", *["--via", "Kauppatori"] * 30, "Kauppatori"], InvalidRequest, "2 to 20 stops"),
        (["Kauppatori", "Kauppatori", "--map", "out.pdf"], InvalidRequest, "out.pdf' is none of them"),
    ],
)
def test_what_cannot_be_done_is_said(wishes: list[str], fault: type[CodriverError], sentence: str) -> None:
    with pytest.raises(fault, match=sentence):
        route(*wishes)


@pytest.mark.usefixtures("in_village")
def test_a_place_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    drawing = tmp_path / "route.svg"
    with pytest.raises(Unreachable, match="I can't find a way there by car"):
        route(there(0, 0), there(30_000, 250), "--map", drawing)
    assert not drawing.exists()


@pytest.mark.usefixtures("use")
def test_without_a_map_it_says_so() -> None:
    with pytest.raises(NoMap, match="There is no map on board"):
        route("Kauppatori", "pharmacy")


@pytest.mark.usefixtures("demo")
def test_a_drawing_that_cannot_be_written_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        route("Kauppatori", "pharmacy", "--map", tmp_path / "nowhere" / "route.svg")


@pytest.mark.usefixtures("demo")
async def test_here_is_where_the_car_is(vehicle_service: str) -> None:
    maps = shown_route.installed("en")
    settings = BusSettings(kind="session", address=vehicle_service)
    scene = await shown_route.find(maps, ["here", "Kauppatori"], "en", settings)
    box = maps[0].manifest.bounds
    assert box.holds(scene.stops[0].position)
    assert scene.stops[0].address
    assert scene.stops[1].name == "Kauppatori"

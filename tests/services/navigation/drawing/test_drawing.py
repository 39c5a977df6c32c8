"""Pictures of routes: what is in them, where, and that names stay names."""

from __future__ import annotations

import re
import string
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from codriver.errors import InvalidRequest
from codriver.services.navigation.drawing.formats import Format, format_of, render
from codriver.services.navigation.drawing.frame import scale_bar
from codriver.services.navigation.drawing.labels import Room, clean, places_on
from codriver.services.navigation.drawing.lines import joined, path
from codriver.services.navigation.drawing.picture import SIZES, needed_for, view_of
from codriver.services.navigation.drawing.style import Theme, finest_layer, style_sheet
from codriver.services.navigation.drawing.view import View
from codriver.services.navigation.maps.folder import Bounds
from codriver.services.navigation.maps.ground import Ground, Layer, Piece
from codriver.services.navigation.places import Position

from .scenes import CORNER, WAY, place, scene

ODD = [
    "<script>alert(1)</script>",
    '"O\'Reilly" & <b>Söhne</b> ]]> --> &amp;',
    "x" * 10_000,
    "\x00\x1b[31mred\x07\ud800\u202e\n\ufffe",
    "",
    "星巴克咖啡" * 30,
    "</style></svg></title>",
]
BOX = Bounds(west=9.9, south=49.9, east=10.1, north=50.1)


def svg_of(*names: str, theme: Theme = Theme.AUTO, layer: Layer = Layer.STREET) -> str:
    start, goal, street = names
    shown = scene(start, goal, (place(street, CORNER, 7),))
    ground = Ground(BOX, (Piece(layer, street, (WAY,)), Piece(Layer.GREEN, street, ((*WAY, WAY[0]),))))
    return render(Format.SVG, shown, [ground], view_of(shown), [], theme).decode()


def texts(svg: str) -> set[str]:
    return {element.text or "" for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("}text")}


def test_a_picture_has_everything_that_explains_it() -> None:
    shown = texts(svg_of("Home", "Work", "High Street"))
    assert {"A", "B", "1", "Home", "Work", "N", "High Street", "Home → Work", "1.4 km", "200 m"} <= shown
    assert "© OpenStreetMap contributors, ODbL-1.0" in shown


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("layer", [Layer.STREET, Layer.WATER])
def test_names_stay_names(name: str, layer: Layer) -> None:
    svg = svg_of(name, name, name, layer=layer)
    assert "<script" not in svg
    assert len(svg) < 40_000
    assert {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()} <= {
        *("svg", "title", "style", "g", "rect", "path", "circle", "text")
    }


@pytest.mark.parametrize("name", ODD)
def test_a_page_runs_and_loads_nothing(name: str) -> None:
    shown = scene(name, name)
    rows = [("", "what", "far", "time"), ("1", name, name, name)]
    html = render(Format.HTML, shown, [], view_of(shown), rows, Theme.AUTO).decode()
    assert html.count("<script") == html.count("<b>") == 0
    assert html.count("</svg>") == 1
    assert not re.search(r"(?:href|src|url|@import)\s*[=(]", html)
    assert re.findall(r"https?://[^\"]*", html) == ["http://www.w3.org/2000/svg"]
    assert "default-src 'none'" in html
    assert "© OpenStreetMap contributors" in html


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("theme", list(Theme))
def test_a_png_is_drawn_whatever_the_names(name: str, theme: Theme) -> None:
    shown = scene(name, name)
    png = render(Format.PNG, shown, [], view_of(shown), [], theme)
    assert png.startswith(b"\x89PNG")
    assert len(png) > 5_000


def test_day_and_night_colour_the_same_things() -> None:
    day, night = (set(re.findall(r"\.[a-z-]+", style_sheet(theme))) for theme in (Theme.LIGHT, Theme.DARK))
    assert day == night
    assert "prefers-color-scheme" in style_sheet(Theme.AUTO)
    assert "prefers-color-scheme" not in style_sheet(Theme.DARK)


@pytest.mark.parametrize("name", ["out.html", "out.SVG", "some.where/out.png"])
def test_a_format_is_told_by_the_ending(name: str) -> None:
    assert format_of(Path(name)) == Path(name).suffix.lower()


@pytest.mark.parametrize("name", ["out", "out.pdf", ".png", "x" * 10_000])
def test_another_ending_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match=r"A route is drawn as \.html, \.svg, \.png"):
        format_of(Path(name))


@pytest.mark.parametrize(
    "way",
    [
        (Position(50, 10), Position(50, 11)),
        (Position(50, 10), Position(51, 10)),
        (Position(50, 10), Position(50, 10)),
        (Position(-89.99, -180), Position(89.99, 180)),
    ],
)
@pytest.mark.parametrize("size", SIZES)
def test_a_view_holds_the_way_and_its_box_is_what_is_seen(
    way: tuple[Position, Position], size: tuple[float, float]
) -> None:
    view = View.around(way, *size, 100)
    for x, y in map(view.point, way):
        assert 99.9 <= x <= size[0] - 99.9
        assert 99.9 <= y <= size[1] - 99.9
    box = view.box
    assert box.south < box.north
    if box.west > -180:
        assert view.point(Position(box.north, box.west)) == pytest.approx((0, 0), abs=0.01)
        assert view.point(Position(box.south, box.east)) == pytest.approx(size, abs=0.01)


def test_a_pixel_is_as_many_metres_as_it_says() -> None:
    view = View.around(WAY, 1000, 1000, 100)
    (x, y), (right, below) = map(view.point, (WAY[1], WAY[2]))
    pixels = abs(x - right) + abs(y - below)
    assert pixels * view.metres_a_pixel == pytest.approx(WAY[1].distance_to(WAY[2]), rel=0.005)


@pytest.mark.parametrize(
    ("metres_a_pixel", "label"),
    [(0.25, "20 m"), (1.0, "100 m"), (3.0, "500 m"), (6.0, "1 km"), (700.0, "100 km"), (30_000.0, "5000 km")],
)
def test_the_scale_is_a_round_length_that_fits(metres_a_pixel: float, label: str) -> None:
    metres, written = scale_bar(metres_a_pixel)
    assert written == label
    assert 60 < metres / metres_a_pixel <= 170


def test_from_far_away_only_what_is_large_is_drawn() -> None:
    far = [finest_layer(metres) for metres in (1, 4.5, 5.5, 10, 30, 100, 300, 1_000)]
    assert far == sorted(far, reverse=True)
    assert (far[0], far[-1]) == (Layer.BUILDING, Layer.WATER)
    assert needed_for(view_of(scene())).finest is Layer.BUILDING


def test_lines_are_put_together_without_turning_them_round() -> None:
    lines = [[(2.0, 0.0), (3.0, 0.0)], [(0.0, 0.0), (1.0, 0.0)], [(1.0, 0.0), (2.0, 0.0)], [(9.0, 9.0)]]
    assert joined(lines) == [[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)]]
    assert len(joined([[(0.0, 0.0), (1.0, 0.0)], [(2.0, 0.0), (1.0, 0.0)]])) == 2
    assert joined([[(0.0, 0.0), (1.0, 0.0)], [(1.0, 0.0), (0.0, 0.0)]]) == [[(0.0, 0.0), (1.0, 0.0), (0.0, 0.0)]]


def test_a_path_is_written_in_steps() -> None:
    assert path([[(1.0, 2.0), (3.25, 2.0), (0.0, 0.0)]]) == "M1 2l2.2 0 -3.2 -2"
    assert path([[(1.0, 2.0)]]) == ""


def test_nothing_is_written_on_top_of_another_or_outside() -> None:
    room = Room(200, 100)
    assert room.take((50, 50), 80, 14)
    assert not room.take((60, 50), 80, 14)
    assert not room.take((50, 50), 14, 80, 90)
    assert room.take((50, 50), 80, 14, anyway=True)
    assert not room.take((190, 50), 80, 14)
    assert room.take((150, 50), 80, 14)


def test_no_name_stands_on_its_head() -> None:
    for begin, end in combinations([(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)], 2):
        for line in ([begin, end], [end, begin]):
            assert all(-90 < turned <= 90 for _, turned in places_on(line, 50))


def test_no_name_is_written_round_a_corner() -> None:
    corner = [(0.0, 0.0), (50.0, 0.0), (50.0, 50.0)]
    assert all(min(abs(turned), abs(90 - turned)) < 20 for _, turned in places_on(corner, 30))
    assert list(places_on(corner, 90)) == []


@pytest.mark.parametrize("text", ODD)
def test_a_name_is_short_and_on_one_line(text: str) -> None:
    shown = clean(text)
    assert len(shown) <= 34
    assert shown.isprintable()
    assert clean(string.ascii_letters, 52) == string.ascii_letters

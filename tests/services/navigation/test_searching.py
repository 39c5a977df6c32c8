"""What is found on the maps: by kind, by name, by address, by sound, along a route, open, and not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from codriver.errors import MapError
from codriver.services.navigation.indexing.build import Watcher
from codriver.services.navigation.maps import Library, MapFolder
from codriver.services.navigation.maps.building import build
from codriver.services.navigation.places import Kind, Position
from codriver.services.navigation.searching import Searcher, SearchRequest

SQUARE = Position(51.5, -0.1)  # of the village
STATION_SQUARE = Position(60.1716, 24.9443)
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Europe/London"))
TUESDAY_NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=ZoneInfo("Europe/London"))


def at(north: float, east: float) -> Position:
    """So many metres from the village's square."""
    return Position(SQUARE.latitude + north / 111_195, SQUARE.longitude + east / 69_220)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("charger", 4), ("charging stations", 4), ("充电桩", 4), ("充电站", 4),
        ("pharmacy", 6), ("a chemist", 6), ("药店", 6),
        ("cafe", 89), ("coffee", 89), ("咖啡店", 89),
        ("petrol station", 0), ("gas", 0), ("加油站", 0),
    ],
)  # fmt: skip
def test_the_demo_map_has_so_many(searcher: Searcher, text: str, count: int) -> None:
    found = searcher.search(SearchRequest(text, STATION_SQUARE, limit=1000))
    assert len(found) == count
    assert [place.distance for place in found] == sorted(place.distance for place in found)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("nearest charger", "charging_station"), ("the closest charging point please", "charging_station"),
        ("最近的充电桩", "charging_station"), ("附近有充电站吗", "charging_station"),
        ("重电桩", "charging_station"),
        ("somewhere to park", "parking"), ("附近的停车场", "parking"), ("coffee", "cafe"),
        ("a cup of coffee", "cafe"), ("something to eat", "restaurant"), ("italian restaurants", "restaurant"),
        ("cash machine", "atm"), ("supermarket", "supermarket"), ("一家超市", "supermarket"),
        ("an open pharmacy", "pharmacy"), ("a pharmacy that is open", "pharmacy"), ("还开着的药店", "pharmacy"),
    ],
)  # fmt: skip
def test_kinds_are_understood_as_they_are_said(searcher: Searcher, text: str, category: str) -> None:
    found = searcher.search(SearchRequest(text, STATION_SQUARE, limit=3))
    assert category in {place.category for place in found}


def test_kinds_are_understood_in_either_language(searcher: Searcher) -> None:
    ours = searcher.search(SearchRequest("加油站", STATION_SQUARE, language="en"))
    assert ours == searcher.search(SearchRequest("petrol station", STATION_SQUARE, language="zh"))
    assert searcher.search(SearchRequest("pharmacy", STATION_SQUARE, language="tlh"))


@pytest.mark.parametrize(
    "text", ["coffee near the railway station", "火车站附近的咖啡店", "coffee close to the railway station"]
)
def test_a_kind_is_looked_for_near_a_place(searcher: Searcher, text: str) -> None:
    [station] = searcher.search(SearchRequest("railway station", STATION_SQUARE, limit=1))
    found = searcher.search(SearchRequest(text, STATION_SQUARE, limit=5))
    assert [place.category for place in found] == ["cafe"] * 5
    away = [station.position.distance_to(place.position) for place in found]
    assert away == sorted(away)


def test_a_kind_near_a_name(searcher: Searcher) -> None:
    [hotel] = searcher.search(SearchRequest("Hotel Kämp", STATION_SQUARE, limit=1))
    found = searcher.search(SearchRequest("parking near hotel kamp", STATION_SQUARE, limit=1))
    assert hotel.position.distance_to(found[0].position) < 300


def test_a_brand_is_found_nearest_first(searcher: Searcher) -> None:
    found = searcher.search(SearchRequest("Alepa", STATION_SQUARE, limit=4))
    assert all(place.name.startswith("Alepa") for place in found)
    assert [place.distance for place in found] == sorted(place.distance for place in found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kiasma", "Kiasma"), ("kiasma", "Kiasma"), ("ekberg", "Cafe Ekberg"), ("cafe strindberg", "Café Strindberg"),
        ("Järnvägstorget", "Rautatientori"), ("mannerheimvägen", "Mannerheimintie"),
        ("曼纳海姆大街", "Mannerheimintie"),
        ("Mannerheim", "Mannerheimintie"), ("K and K", "K&K"), ("hotel kamp", "Hotel Kämp"),
        ("赫尔辛基中央火车站", "Helsingin päärautatieasema"), ("stockman", "Stockmann"),
        ("the Kiasma", "Kiasma"),
    ],
)  # fmt: skip
def test_names_are_found_as_they_are_written(searcher: Searcher, text: str, name: str) -> None:
    found = searcher.search(SearchRequest(text, STATION_SQUARE, limit=3))
    assert name in [place.name for place in found]


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("Arkioski Santa Marlowe", "R-Kioski Sanomatalo"), ("Irran Kadhan, Uma Halle", "Yrjönkadun uimahalli"),
        ("Iliopolisacchio", "Ylioppilasaukio"), ("a Lexentering caroo", "Aleksanterinkatu"),
        ("Sophie and Karto", "Sofiankatu"), ("Sportpub Chelsea", "Sport pub Chelsea"),
        ("Monarheimintai", "Mannerheimintie"),
    ],
)  # fmt: skip
def test_names_are_found_as_they_were_heard(searcher: Searcher, heard: str, name: str) -> None:
    found = searcher.search(SearchRequest(heard, STATION_SQUARE, limit=3))
    assert name in [place.name for place in found]


@pytest.mark.parametrize(
    "text", ["Tampere", "quantum banana salad", "the meaning of life", "", " ", "?!", "the", "的", "﷽"]
)
def test_what_is_not_there_is_not_found(searcher: Searcher, text: str) -> None:
    assert searcher.search(SearchRequest(text, STATION_SQUARE)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Mannerheimintie 10",
        "10 Mannerheimintie",
        "mannerheimintie number ten",
        "Manor hamenty 10",
        "曼纳海姆大街10号",
        "Mannerheimvägen 10",
    ],
)
def test_an_address_is_found_in_any_order(searcher: Searcher, text: str) -> None:
    first = searcher.search(SearchRequest(text, STATION_SQUARE))[0]
    assert (first.kind, first.address, first.interpolated) == (Kind.ADDRESS, "Mannerheimintie 10, Helsinki", False)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Frederickin car 230", "Fredrikinkatu 30, Helsinki"), ("Sarenemengkatu too", "Saariniemenkatu 2, Helsinki"),
        ("Manor Hamenty 14-20", "Mannerheimintie 14-20, Helsinki"),
        ("Mannerheimintie 20 b", "Mannerheimintie 20 B, Helsinki"),
    ],
)  # fmt: skip
def test_figures_may_be_words_and_words_figures(searcher: Searcher, text: str, address: str) -> None:
    assert address in [place.address for place in searcher.search(SearchRequest(text, STATION_SQUARE, limit=3))]


@pytest.mark.parametrize(
    ("text", "address", "interpolated", "metres_east"),
    [
        ("10 Downing Street", "10 Downing Street, Little Snoring", False, 100),
        ("Downing Street 10", "10 Downing Street, Little Snoring", False, 100),
        ("13 Downing Street", "11-15 Downing Street, Little Snoring", False, 100),
        ("22b Downing Street", "22 B Downing Street, Little Snoring", False, 300),
        ("14 Downing Street", "14 Downing Street, Little Snoring", True, 140),
        ("35 Downing Street", "35 Downing Street, Little Snoring", True, 600),
        ("10 Downing Street, Faraway", "10 Downing Street, Faraway", False, 100),
        ("中山路100号", "上海市中山路100号", False, 10),
        ("中山路一百号", "上海市中山路100号", False, 10),
    ],
)
def test_house_numbers(villager: Searcher, text: str, address: str, interpolated: bool, metres_east: float) -> None:
    first = villager.search(SearchRequest(text, SQUARE))[0]
    assert (first.kind, first.address, first.interpolated) == (Kind.ADDRESS, address, interpolated)
    east = (first.position.longitude - SQUARE.longitude) * 69_220
    assert east == pytest.approx(metres_east, abs=3)


def test_the_street_is_offered_where_the_number_cannot_be_reckoned(villager: Searcher) -> None:
    first = villager.search(SearchRequest("900 Downing Street", SQUARE))[0]
    assert (first.kind, first.name) == (Kind.STREET, "Downing Street")


def test_streets_of_one_name_in_two_towns_are_two(villager: Searcher) -> None:
    streets = [place for place in villager.search(SearchRequest("Downing Street", SQUARE)) if place.kind is Kind.STREET]
    assert [place.address for place in streets] == ["Downing Street, Little Snoring", "Downing Street, Faraway"]


@pytest.mark.parametrize(
    ("text", "name", "north", "east"), [("park", "Square Park", 600, 600), ("hospital", "St Mungo's", -700, 700)]
)
def test_areas_and_relations_are_places(villager: Searcher, text: str, name: str, north: float, east: float) -> None:
    [place] = villager.search(SearchRequest(text, SQUARE, limit=1))
    assert place.name == name
    assert place.position.distance_to(at(north, east)) < 5
    assert place == villager.search(SearchRequest(name, SQUARE, limit=1))[0]


def test_a_charging_station_has_plugs_and_power_and_the_name_of_who_runs_it(villager: Searcher) -> None:
    [place] = villager.search(SearchRequest("charger", SQUARE))
    assert (place.name, place.plugs, place.power) == ("Sparks", ("Type 2", "CCS"), 150.0)


def test_a_place_without_a_name_is_found_by_its_kind(villager: Searcher) -> None:
    names = [place.name for place in villager.search(SearchRequest("pharmacy", SQUARE))]
    assert names == ["", "Riddle", "Weekdays", "Always"]


@pytest.mark.parametrize(
    ("at_time", "states"),
    [
        (TUESDAY_NOON, {"": None, "Riddle": None, "Weekdays": True, "Always": True}),
        (TUESDAY_NIGHT, {"": None, "Riddle": None, "Weekdays": False, "Always": True}),
        (
            TUESDAY_NOON.replace(month=12, day=25, year=2026),
            {"": None, "Riddle": None, "Weekdays": True, "Always": True},
        ),
    ],
)
def test_opening_hours_are_told_where_they_are_known(
    villager: Searcher, at_time: datetime, states: dict[str, bool | None]
) -> None:
    found = villager.search(SearchRequest("pharmacy", SQUARE, at=at_time))
    assert {place.name: place.open for place in found} == states


@pytest.mark.parametrize("request_", [
    SearchRequest("pharmacy", SQUARE, open_at=TUESDAY_NIGHT),
    SearchRequest("a pharmacy that is open", SQUARE, at=TUESDAY_NIGHT),
    SearchRequest("还开着的药店", SQUARE, at=TUESDAY_NIGHT),
])  # fmt: skip
def test_what_is_closed_is_left_out_when_it_must_be_open(villager: Searcher, request_: SearchRequest) -> None:
    assert [place.name for place in villager.search(request_)] == ["", "Riddle", "Always"]


def test_along_a_route_places_come_as_they_are_reached(villager: Searcher) -> None:
    north = [SQUARE, at(2_000, 0), at(6_000, 0)]
    assert [place.name for place in villager.search(SearchRequest("petrol station", SQUARE, along=north))] == [
        "Last Drop"
    ]
    south = [SQUARE, at(-3_000, 0)]
    assert villager.search(SearchRequest("petrol station", SQUARE, along=south)) == ()
    west = [at(0, 900), at(0, -900)]
    shops = villager.search(SearchRequest("pharmacy", at(0, 900), along=west))
    assert [place.name for place in shops] == ["", "Riddle", "Weekdays", "Always"]
    assert villager.search(SearchRequest("Last Drop", SQUARE, along=south)) == ()
    assert villager.search(SearchRequest("Last Drop", SQUARE, along=north))
    assert villager.search(SearchRequest("pharmacy", SQUARE, along=[SQUARE]))


def test_towns_are_found_wherever_they_are_and_all_else_within_the_radius(villager: Searcher) -> None:
    assert villager.search(SearchRequest("Ultima Thule", SQUARE, radius=1_000))[0].kind is Kind.LOCALITY
    assert villager.search(SearchRequest("petrol station", SQUARE, radius=1_000)) == ()
    assert villager.search(SearchRequest("Last Drop", SQUARE, radius=1_000)) == ()


def test_a_brand_names_what_has_no_name(villager: Searcher) -> None:
    names = [place.name for place in villager.search(SearchRequest("Megamart", SQUARE))]
    assert names[:2] == ["Megamart", "Megamart North"]


def test_other_names_lead_to_a_place(villager: Searcher) -> None:
    for text in ("星巴克", "starbucks", "Starbucks Coffee", "兴巴克咖啡"):
        assert villager.search(SearchRequest(text, SQUARE))[0].name == "星巴克咖啡", text


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000, "pharmacy " * 2_000, "药" * 10_000, "10 " * 5_000,
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "' OR 1=1 --", '"; DROP TABLE place; --', "words MATCH 'x'", "NEAR(a b, 5)",
        "a AND OR NOT b", "*", '"', "-", "^a",
        "name:foo", "{name} : x", "a\x00b", "\ud800", "=kiasma", "@helsinki", "#s",
        "%", "_", "\\", "<b>bold</b>", "{{x}}",
        "1" * 400, "²³", "½", "٣", "10-", "-10", "10 - 20 - 30 street",
    ],
)  # fmt: skip
def test_no_text_breaks_the_search(searcher: Searcher, villager: Searcher, text: str) -> None:
    for language in ("en", "zh"):
        assert len(searcher.search(SearchRequest(text, STATION_SQUARE, language=language))) <= 10
        assert len(villager.search(SearchRequest(text, SQUARE, language=language))) <= 10
    assert villager.search(SearchRequest("Megamart", SQUARE))


def test_a_name_with_syntax_in_it_is_a_name(villager: Searcher) -> None:
    [place] = villager.search(SearchRequest('O\'Reilly & "Söhne" <b>%s</b>; DROP TABLE place; --', SQUARE, limit=1))
    assert place.name.startswith("O'Reilly")


@pytest.mark.parametrize("limit", [-1, 0, 1, 10**9])
def test_any_limit_can_be_asked_for(searcher: Searcher, limit: int) -> None:
    assert len(searcher.search(SearchRequest("cafe", STATION_SQUARE, limit=limit))) == min(max(limit, 0), 89)


@pytest.mark.parametrize("near", [Position(0, 0), Position(90, 180), Position(-90, -180), Position(60.17, 204.94)])
def test_off_the_map_nothing_is_found(searcher: Searcher, near: Position) -> None:
    assert searcher.search(SearchRequest("cafe", near)) == ()
    assert searcher.search(SearchRequest("Kiasma", near)) == ()
    with pytest.raises(MapError, match="no street"):
        searcher.near(near)


def test_where_a_position_is(villager: Searcher, searcher: Searcher) -> None:
    assert villager.near(at(5, 105)).address == "10 Downing Street, Little Snoring"
    assert (villager.near(at(20, -800)).kind, villager.near(at(20, -800)).name) == (Kind.STREET, "Downing Street")
    [street] = searcher.search(SearchRequest("Mannerheimintie", STATION_SQUARE, limit=1))
    assert searcher.near(street.position).address.startswith("Mannerheimintie ")


def test_how_far_a_search_can_have_looked(searcher: Searcher) -> None:
    assert searcher.reach(STATION_SQUARE, 500.0) == 500.0
    assert 900 < searcher.reach(STATION_SQUARE, 50_000.0) < 1_100
    assert Searcher([]).reach(STATION_SQUARE, 50_000.0) == 0.0


def test_without_a_map_nothing_is_found() -> None:
    with Searcher([]) as nothing:
        assert nothing.search(SearchRequest("cafe", STATION_SQUARE)) == ()


def test_two_maps_that_overlap_name_each_thing_once(
    library: Library, extract: Path, tmp_path: Path, quiet: Watcher
) -> None:
    again = Library(tmp_path)
    build([extract], again, "again", quiet)
    with Searcher([*library.maps(), *again.maps()]) as both:
        for text in ("cafe", "Alepa", "Mannerheimintie 10", "Kiasma"):
            found = both.search(SearchRequest(text, STATION_SQUARE, limit=1000))
            assert len({(place.kind, place.id, place.address) for place in found}) == len(found), text
        assert len(both.search(SearchRequest("cafe", STATION_SQUARE, limit=1000))) == 89


def test_a_damaged_index_is_said(demo_map: MapFolder, tmp_path: Path) -> None:
    broken = MapFolder(tmp_path, demo_map.manifest)
    for name, data in (("places.sqlite", demo_map.index.read_bytes()), ("sounds.sqlite", demo_map.sounds.read_bytes())):
        (tmp_path / name).write_bytes(data[:8192] + bytes(len(data) - 8192))
    with pytest.raises(MapError, match="damaged"), Searcher([broken]) as searcher:
        searcher.search(SearchRequest("cafe", STATION_SQUARE))

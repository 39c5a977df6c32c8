"""The parts of indexing that compute: categories, words, sounds, cells, house numbers."""

from __future__ import annotations

import random

import pytest
from codriver.errors import ConfigurationError
from codriver.services.navigation.indexing import cells
from codriver.services.navigation.indexing.blocks import Block
from codriver.services.navigation.indexing.categories import load_categories, parse_categories
from codriver.services.navigation.indexing.features import names_of, thing_of
from codriver.services.navigation.indexing.numbering import along, between, label_key, spans
from codriver.services.navigation.indexing.schema import COUNT_OF_GRAMS
from codriver.services.navigation.indexing.sounds import readings, sound_of
from codriver.services.navigation.indexing.words import words
from codriver.services.navigation.places import Position


def test_there_are_many_categories_with_words_in_both_languages() -> None:
    categories = load_categories()
    assert len(categories.all) >= 60
    for category in categories.all:
        assert {"en", "zh"} <= category.words.keys(), category.name
        assert all(category.words.values()), category.name


def test_no_word_means_two_categories() -> None:
    meanings: dict[str, set[str]] = {}
    for category in load_categories().all:
        for said in category.words.values():
            for word in said:
                meanings.setdefault("".join(words(word)), set()).add(category.name)
    assert {word: names for word, names in meanings.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ({"amenity": "fuel"}, ["fuel"]),
        (
            {"amenity": "restaurant", "cuisine": "pizza;italian"},
            ["restaurant", "pizzeria", "italian_restaurant", "food"],
        ),
        ({"amenity": "parking"}, ["parking"]),
        ({"amenity": "parking", "access": "private"}, []),
        ({"amenity": "charging_station"}, ["charging_station"]),
        ({"amenity": "charging_station", "bicycle": "yes"}, []),
        ({"amenity": "charging_station", "bicycle": "yes", "motorcar": "yes"}, ["charging_station"]),
        ({"railway": "station", "station": "subway"}, ["metro_station"]),
        ({"shop": "unheard_of"}, ["shop"]),
        ({"building": "yes"}, []),
        ({}, []),
    ],
)
def test_tags_make_categories(tags: dict[str, str], names: list[str]) -> None:
    categories = load_categories()
    assert [categories.all[number].name for number in categories.of(tags)] == names


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- fuel", "no mapping"),
        ("fuel: {en: [petrol]}", "category fuel has no proper tags"),
        ("fuel: {tags: [amenity]}", "amenity is no KEY=VALUE"),
        ("fuel: {tags: ['amenity!=fuel']}", "does not begin with a tag to have"),
        ("fuel: {tags: 3}", "category fuel"),
    ],
)
def test_wrong_categories_are_refused(text: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        parse_categories(text)


@pytest.mark.parametrize(
    ("tags", "is_place"),
    [
        ({"name": "Oak"}, True), ({"name": "Route 1", "type": "route"}, False),
        ({"name": "River", "waterway": "river"}, False),
        ({"name": "Line 2", "railway": "rail"}, False), ({"name": "Halt", "railway": "halt"}, True),
        ({"brand": "B"}, True),
        ({"operator": "O"}, False), ({"place": "town"}, False), ({"place": "town", "name": "Town"}, True),
    ],
)  # fmt: skip
def test_some_named_things_are_no_places(tags: dict[str, str], is_place: bool) -> None:
    assert (thing_of(4, tags, 0.0, 0.0, load_categories()) is not None) is is_place


def test_names_in_all_languages_are_kept() -> None:
    tags = {
        "name": "a",
        "name:fi": "b",
        "name:zh-Hant": "c",
        "name:etymology:wikidata": "d",
        "alt_name": "e",
        "name:": "f",
    }
    assert names_of(tags) == {"fi": "b", "zh-Hant": "c", "alt_name": "e"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café Kämp", ["cafe", "kamp"]), ("McDonald's", ["mcdonalds"]), ("K&K", ["k", "k"]), ("Straße", ["strasse"]),
        ("中山路10号", ["中", "山", "路", "10", "号"]), ("A-1_b", ["a", "1", "b"]), ("ЁЛКА", ["елка"]),
        ("", []), ("?!", []),
        ("Malmö", ["malmo"]), ("İstanbul", ["istanbul"]), ("한국", ["한국"]),
    ],
)  # fmt: skip
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("Yrjönkatu", "Irian Kado", 0.6), ("Mannerheimintie", "Manor hymn in tea", 0.7), ("Kiasma", "kiasma", 1.0),
        ("充电桩", "冲电桩", 1.0),
        ("Moskva", "Москва", 1.0), ("Athina", "Αθήνα", 0.8), ("Phil's Shop", "fils sop", 0.9),
    ],
)  # fmt: skip
def test_names_sound_alike(one: str, other: str, least: float) -> None:
    assert sound_of(one).likeness(sound_of(other)) >= least
    assert sound_of(one).grams() & sound_of(other).grams()


def test_names_that_are_not_alike_do_not_sound_alike() -> None:
    assert sound_of("Mannerheimintie").likeness(sound_of("Kiasma")) < 0.4
    assert sound_of("加油站").likeness(sound_of("图书馆")) < 0.4
    assert sound_of("").likeness(sound_of("Kiasma")) == 0.0


def test_a_character_may_have_several_readings() -> None:
    assert {"zong", "cong"} <= readings("重")


def test_a_block_finds_the_same_grams_as_a_sound() -> None:
    names = ["Kiasma", "Aula", "Mannerheimintie", "tatatatata", "加油站", "R2"]
    block = Block(7)
    for name in names:
        block.add(name, words(name), 1)
    sounds = {number & 0xFFFFFFFF: word for number, word, *_ in block.sounds()}
    found: dict[str, set[str]] = {}
    for number, gram, blob in block.grams():
        assert number == 7
        for packed in memoryview(blob).cast("I"):
            name = sounds[packed >> COUNT_OF_GRAMS.bit_length()]
            assert packed & COUNT_OF_GRAMS == len(sound_of(name).grams())
            found.setdefault(name, set()).add(gram)
    assert found == {name: sound_of(name).grams() for name in names}


@pytest.mark.parametrize("radius", [1.0, 500.0, 3_000.0, 50_000.0, 2_000_000.0])
@pytest.mark.parametrize("centre", [Position(60.17, 24.94), Position(0, 0), Position(-33, 179.99), Position(89.9, 10)])
def test_a_circle_is_covered_by_few_ranges(centre: Position, radius: float) -> None:
    ranges = cells.ranges_around(centre, radius)
    assert len(ranges) <= 25
    assert ranges == sorted(ranges)
    chance = random.Random(1)
    for _ in range(200):
        north = centre.latitude + chance.uniform(-1, 1) * radius / 111_195
        east = centre.longitude + chance.uniform(-1, 1) * radius / 50_000
        there = Position(max(-90.0, min(90.0, north)), (east + 180) % 360 - 180)
        if centre.distance_to(there) <= radius:
            number = cells.number(cells.cell(there.latitude, there.longitude), 5)
            assert any(low <= number <= high for low, high in ranges), there


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("10", [(10, 10)]), ("4-6", [(4, 6)]), ("4–6", [(4, 6)]), ("1;3", [(1, 1), (3, 3)]), ("20 B", [(20, 20)]),
        ("12/3", [(12, 12)]), ("9-1", [(9, 9)]), ("100号", [(100, 100)]), ("A", []), ("", []), ("1-999999", [(1, 1)]),
    ],
)  # fmt: skip
def test_house_numbers_stand_for_numbers(label: str, expected: list[tuple[int, int]]) -> None:
    assert list(spans(label)) == expected


def test_house_numbers_have_one_spelling() -> None:
    assert label_key("20 B") == label_key("20b") == label_key("20 b.")


@pytest.mark.parametrize(
    ("first", "last", "rule", "expected"),
    [
        ("1", "7", "odd", [3, 5]), ("8", "2", "even", [4, 6]), ("1", "4", "all", [2, 3]), ("1", "9", "4", [5]),
        ("1", "1000000", "all", []), ("a", "b", "odd", []), ("1", "2", "alphabetic", []), ("1", "5", "0", [3]),
    ],
)  # fmt: skip
def test_numbers_between(first: str, last: str, rule: str, expected: list[int]) -> None:
    assert between(first, last, rule) == expected


def test_along_a_course() -> None:
    latitude, longitude = along([(0.0, 0.0), (0.0, 1.0), (0.0, 3.0)], 0.5)
    assert (latitude, round(longitude, 6)) == (0.0, 1.5)
    assert along([(1.0, 1.0)], 0.5) == (1.0, 1.0)

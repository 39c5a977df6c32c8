"""Places and numbers read out of sentences that no template covers."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.turn import Argument, IntentCall
from codriver.understanding.likeness.slots import Slots
from codriver.understanding.phrasing.templates import Templates


@pytest.fixture(scope="module")
def slots(catalogue: Catalogue, templates: Templates) -> Slots:
    return Slots(catalogue, templates.texts)


@pytest.mark.parametrize(
    ("intent", "language", "said", "arguments"),
    [
        ("make_warmer", "en", "the passenger is shivering", {"zone": "passenger"}),
        ("make_warmer", "en", "they are turning blue in the back", {"zone": "rear"}),
        ("make_warmer", "en", "my wife is shivering", {"zone": "neighbour"}),
        ("make_warmer", "en", "the kids are shivering", {"zone": "rear"}),
        ("make_warmer", "en", "it could do with 2 degrees more", {"amount": 2}),
        ("make_warmer", "en", "I could do with two and a half degrees more", {"amount": 2.5}),
        ("make_warmer", "en", "brr", {}),
        ("set_temperature", "en", "a cosy twenty-three for the passenger", {"temperature": 23, "zone": "passenger"}),
        ("open_sunroof", "en", "some sky, 30 percent of it", {"position": 30}),
        ("open_boot", "en", "I have 3 bags for the back", {}),
        ("make_warmer", "zh", "副驾的人冻坏了", {"zone": "passenger"}),
        ("make_warmer", "zh", "后排的人在发抖", {"zone": "rear"}),
        ("make_warmer", "zh", "我老婆在发抖", {"zone": "neighbour"}),
        ("make_warmer", "zh", "孩子在发抖", {"zone": "rear"}),
        ("set_temperature", "zh", "后排来个二十三度最舒服", {"temperature": 23, "zone": "rear"}),
        ("set_volume", "zh", "耳朵只受得了百分之二十", {"percent": 20}),
    ],
)
def test_what_a_sentence_names(
    slots: Slots, intent: str, language: str, said: str, arguments: dict[str, Argument]
) -> None:
    assert slots.fill(IntentCall(intent), said, language) == IntentCall(intent, arguments)


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("I am freezing and so is the passenger", "passenger"),
        ("the driver and the passenger are freezing", None),
        ("not in the front but in the back", None),
        ("in the back, right at the back", "rear"),
        ("I left my gloves at home", None),
        ("all right, I am freezing", None),
    ],
)
def test_a_place_is_taken_only_where_one_is_named(slots: Slots, said: str, zone: str | None) -> None:
    named = slots.fill(IntentCall("make_warmer"), said, "en").arguments.get("zone")
    assert (None if named == "speaker" else named) == zone


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("make_warmer", "2 of us want 3 degrees more"),
        ("open_sunroof", "route 66 calls for some sky at 250"),
        ("next_track", "play number 9"),
        ("open_sunroof", "show us the sky, all 200 stars of it"),
    ],
)
def test_a_number_is_taken_only_where_it_can_be_meant(slots: Slots, intent: str, said: str) -> None:
    assert slots.fill(IntentCall(intent), said, "en") == IntentCall(intent)


@pytest.mark.parametrize(("said", "language"), [("风吹到三档那样", "zh"), ("blow like on level 3", "en")])
def test_the_number_of_a_level_is_no_percentage(slots: Slots, said: str, language: str) -> None:
    assert slots.fill(IntentCall("set_fan_speed"), said, language) == IntentCall("set_fan_speed")


def test_a_number_that_is_asked_for_is_taken_even_out_of_range(slots: Slots) -> None:
    call = slots.fill(IntentCall("set_temperature"), "like 60 in a sauna", "en")
    assert call.arguments == {"temperature": 60}


def test_what_the_call_has_already_stays_but_for_another_number(slots: Slots) -> None:
    call = IntentCall("make_warmer", {"zone": "driver", "amount": 1})
    assert slots.fill(call, "the passenger wants it warmer", "en") == call
    filled = slots.fill(call, "the passenger wants 3 degrees more", "en")
    assert filled.arguments == {"zone": "driver", "amount": 3}


def test_a_choice_that_is_said_is_the_one_that_is_meant(slots: Slots) -> None:
    call = slots.fill(IntentCall("drive_mode", {"mode": "normal"}), "let us have some eco driving", "en")
    assert call.arguments == {"mode": "eco"}


def test_a_choice_that_is_complained_of_is_not(slots: Slots) -> None:
    meant = IntentCall("air_direction", {"direction": "feet"})
    assert slots.fill(meant, "this draught is right in the face", "en") == meant


def test_an_unknown_language_names_no_place(slots: Slots) -> None:
    assert slots.fill(IntentCall("make_warmer"), "the passenger is cold", "fr") == IntentCall("make_warmer")


def test_a_place_that_is_named_wins_over_everywhere_that_is_meant(slots: Slots) -> None:
    everywhere = IntentCall("open_window", {"zone": "all"})
    assert slots.fill(everywhere, "windows down", "en") == everywhere
    assert slots.fill(everywhere, "passenger windows down", "en").arguments["zone"] == "passenger"


@pytest.mark.parametrize(
    ("said", "language", "place"),
    [("the passenger window", "en", "passenger"), ("the windows", "en", ""), ("副驾车窗", "zh", "passenger")],
)
def test_the_place_of_a_sentence(slots: Slots, said: str, language: str, place: str) -> None:
    assert slots.place(said, language) == place

"""What was done to one thing, done to another that is only named."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.turn import Argument, IntentCall
from codriver.understanding.dialogue.analogy import Analogy
from codriver.understanding.phrasing.templates import Templates


@pytest.fixture(scope="module")
def analogy(catalogue: Catalogue, templates: Templates) -> Analogy:
    return Analogy(catalogue, templates)


def call(intent: str, **arguments: Argument) -> IntentCall:
    return IntentCall(intent, arguments)


@pytest.mark.parametrize(
    ("before", "thing", "language", "meant"),
    [
        (call("open_window", zone="driver"), "the sunroof", "en", call("open_sunroof")),
        (call("close_sunroof"), "the shade", "en", call("sunshade", position="closed")),
        (call("change_volume", direction="down"), "my fan", "en", call("adjust_fan", direction="down")),
        (call("wipers", mode="off"), "front fog lights", "en", call("fog_lights", state="off")),
        (call("front_defrost", state="on"), "the rear one", "en", None),
        (call("front_defrost", state="on"), "the rear defroster", "en", call("rear_defrost", state="on")),
        (call("seat_heating", level="off"), "the massage", "en", call("seat_massage", level="off")),
        (call("seat_heating", level="medium"), "the wheel heating", "en", call("wheel_heating", state="on")),
        (call("open_window"), "天窗", "zh", call("open_sunroof")),
        (call("change_volume", direction="up"), "风量", "zh", call("adjust_fan", direction="up")),
    ],
)
def test_another_thing_gets_the_same(
    analogy: Analogy, before: IntentCall, thing: str, language: str, meant: IntentCall | None
) -> None:
    assert analogy.call(before, thing, language) == meant


@pytest.mark.parametrize("thing", ["", "it is raining", "the weather", "{thing}", "a bit", "no"])
def test_what_is_no_other_thing_gets_nothing(analogy: Analogy, thing: str) -> None:
    assert analogy.call(call("open_window"), thing, "en") is None


def test_what_has_no_topic_or_no_such_sentence_serves_for_nothing(analogy: Analogy) -> None:
    assert analogy.call(call("next_track"), "the sunroof", "en") is None
    assert analogy.call(call("set_temperature", temperature=21.5), "the sunroof", "en") is None

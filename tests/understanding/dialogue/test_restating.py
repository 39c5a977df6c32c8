"""Sentences with what was spoken of put in, so that they stand alone."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.turn import Argument, Context, IntentCall, Outcome, Status, Thing
from codriver.understanding.dialogue.references import References
from codriver.understanding.dialogue.restating import Restater
from codriver.understanding.phrasing.templates import Templates


def call(intent: str, **arguments: Argument) -> IntentCall:
    return IntentCall(intent, arguments)


def after(*turns: tuple[IntentCall, ...]) -> Context:
    """The context after turns that were done, the latest first."""
    return Context(tuple(tuple(Outcome(each, Status.DONE) for each in turn) for turn in turns))


REAR = after((call("open_window", zone="rear"),))
LIGHTS = after((call("ambient_light", state="on"),))
SEAT = after((call("seat_heating", level="high"),))
MODE = Context(about=(Thing("drive mode"),))


@pytest.fixture(scope="module")
def restater(catalogue: Catalogue, templates: Templates) -> Restater:
    return Restater(catalogue, References(catalogue, templates))


@pytest.mark.parametrize(
    ("context", "language", "said", "text"),
    [
        (REAR, "en", "those two can go back up now", "the windows can go back up now"),
        (LIGHTS, "en", "could they be a bit brighter", "could the ambient light be a bit brighter"),
        (LIGHTS, "en", "they're too bright", "the ambient lights are too bright"),
        (SEAT, "en", "take it down a notch", "take the seat heating down a notch"),
        (SEAT, "en", "shut that thing off", "shut the seat heating off"),
        (REAR, "zh", "那两个升上去", "车窗升上去"),
    ],
)
def test_the_thing_stands_where_a_word_stood_for_it(
    restater: Restater, context: Context, language: str, said: str, text: str
) -> None:
    assert text in [each.text for each in restater.pointing(said, language, context)]


@pytest.mark.parametrize(
    ("context", "said"),
    [
        (SEAT, "this traffic is too much"),
        (LIGHTS, "what are those mountains over there"),
        (SEAT, "they are too slow"),
        (LIGHTS, "the music is too loud, turn it down"),
        (LIGHTS, "tell me a joke"),
    ],
)
def test_what_speaks_of_something_else_stays_as_it_is(restater: Restater, context: Context, said: str) -> None:
    assert not list(restater.pointing(said, "en", context))


def test_what_names_nothing_gets_the_thing_back(restater: Restater) -> None:
    assert "天窗往里缩一缩" in [
        each.text for each in restater.leaving_out("往里缩一缩", "zh", after((call("open_sunroof"),)))
    ]
    assert not list(restater.leaving_out("车窗往里缩一缩", "zh", after((call("open_sunroof"),))))


def test_what_it_may_mean_has_to_do_with_what_was_done_or_asked_after(restater: Restater) -> None:
    assert {"ambient_light", "ambient_brightness", "ambient_color"} == restater.likely("en", LIGHTS)
    assert "drive_mode" in restater.likely("en", MODE)
    assert not restater.likely("en", Context())


@pytest.mark.parametrize(
    ("context", "said", "zones"),
    [
        (REAR, "those two can go back up", ["rear"]),
        (after((call("open_window", zone="driver"), call("open_window", zone="passenger"))), "they can go up",
         ["driver", "passenger"]),
        (after((call("open_window", zone="passenger"),), (call("open_window", zone="driver"),)), "they can go up",
         ["passenger", "driver"]),
        (after((call("open_window", zone="passenger"),), (call("open_window", zone="driver"),)), "it can go up",
         ["passenger"]),
        (REAR, "it can go up on the passenger side", ["passenger"]),
    ],
)  # fmt: skip
def test_it_is_meant_where_that_was(restater: Restater, context: Context, said: str, zones: list[str]) -> None:
    first = next(iter(restater.pointing(said, "en", context)))
    zone = "passenger" if "passenger" in said else "all"
    there = restater.there(call("close_window", zone=zone), first, said, "en")
    assert [each.arguments.get("zone") for each in there] == zones

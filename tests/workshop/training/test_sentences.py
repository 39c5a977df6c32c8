"""What the parser is trained with: what stands in a sentence is what its calls say."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from codriver.catalogue import Catalogue, load_catalogue
from codriver.errors import InvalidRequest
from codriver.folders import intents_folder
from codriver.turn import IntentCall
from codriver.understanding.likeness.slots import numbers_in
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import plain
from codriver.workshop.evaluation.cases import Case
from codriver.workshop.training.sentences import Amounts, Lesson, Lessons

KEPT = ("set_temperature", "make_warmer", "open_window", "close_window", "seat_heating", "open_sunroof", "next_track")
FEW = Amounts(
    written=40, drawn=40, nothing=10, unmeant=20, joined=20, shortened=20, reasoned=10, after_chatter=10, following=30,
    starting_anew=10,
)  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """A part of the real catalogue, which is drawn from faster."""
    whole = load_catalogue([intents_folder()])
    unrelated = {language: texts[:50] for language, texts in whole.unrelated.items()}
    intents = {name: whole[name] for name in KEPT}
    return whole.model_copy(update={"intents": intents, "unrelated": unrelated})


@pytest.fixture(scope="module")
def templates(catalogue: Catalogue) -> Templates:
    return Templates(catalogue)


@pytest.fixture(scope="module")
def lessons(catalogue: Catalogue, templates: Templates) -> list[Lesson]:
    return Lessons(catalogue, templates).all((), FEW)


def test_the_same_catalogue_gives_the_same_lessons(
    catalogue: Catalogue, templates: Templates, lessons: list[Lesson]
) -> None:
    assert Lessons(catalogue, templates).all((), FEW) == lessons
    assert Lessons(catalogue, templates, seed=2).all((), FEW) != lessons


def test_every_language_has_every_kind(lessons: list[Lesson]) -> None:
    for language in ("en", "zh"):
        mine = [lesson for lesson in lessons if lesson.language == language]
        assert any(not lesson.calls for lesson in mine)
        assert any(len(lesson.calls) == 1 and not lesson.before for lesson in mine)
        assert any(len(lesson.calls) > 1 for lesson in mine)
        assert any(lesson.calls and lesson.before for lesson in mine)


def test_an_order_that_is_only_spoken_of_asks_for_nothing(
    catalogue: Catalogue, templates: Templates, lessons: list[Lesson]
) -> None:
    for language in ("en", "zh"):
        around = [frame.split("{order}") for frame in catalogue.language(language).unmeant]
        assert all(len(parts) == 2 for parts in around)
        said = [each.text.lower() for each in lessons if each.language == language and not each.calls]
        texts = [text.rstrip(".。") for text in said]
        framed = [text for text in texts for before, after in around if _is_framed(text, before, after)]
        assert len(framed) >= 15
        assert not any(templates.understand(text, language) for text in framed)


def _is_framed(text: str, before: str, after: str) -> bool:
    inside = len(text) - len(before) - len(after)
    return text.startswith(before.lower()) and text.endswith(after.lower()) and inside > 1


def test_a_number_that_is_meant_is_said(catalogue: Catalogue, lessons: list[Lesson]) -> None:
    checked = 0
    for lesson in lessons:
        said = numbers_in(plain(lesson.text, lesson.language, catalogue.language(lesson.language)))
        for call in lesson.calls:
            degrees = call.arguments.get("temperature")
            if degrees is not None and len(lesson.calls) == 1 and not lesson.before and len(said) == 1:
                assert float(said[0]) == degrees, lesson
                checked += 1
    assert checked > 5


def test_numbers_are_drawn_in_digits_and_in_words(lessons: list[Lesson]) -> None:
    set_to = [lesson for lesson in lessons if any(call.intent == "set_temperature" for call in lesson.calls)]
    assert {bool(re.search(r"\d", lesson.text)) for lesson in set_to} == {True, False}


def evaluation(*turns: dict[str, Any], right: bool = True, meant: list[Any] | None = None) -> dict[str, Any]:
    return {"cases": [{"id": "1", "right": right, "turns": list(turns), "meant": meant or [None] * len(turns)}]}


def turn(heard: str, *intents: dict[str, Any], zone: str = "driver", source: str = "template") -> dict[str, Any]:
    return {"heard": heard, "language": "en", "zone": zone, "source": source, "intents": list(intents), "asks": False}


OPENED = {"name": "open_window", "arguments": {"zone": "passenger"}}
CLOSED = {"name": "close_window", "arguments": {"zone": "passenger"}}


def test_what_goes_without_saying_is_left_out(catalogue: Catalogue, templates: Templates) -> None:
    lessons = Lessons(catalogue, templates)
    mine = turn("window down, ta", OPENED, zone="passenger")
    his = turn("the passenger window down, ta", OPENED, zone="driver")
    warmer = turn("a bit warmer", {"name": "make_warmer", "arguments": {"amount": 2, "zone": "driver"}})
    by_two = turn("two degrees warmer", {"name": "make_warmer", "arguments": {"amount": 2, "zone": "driver"}})
    found = [next(iter(lessons.heard(evaluation(each)))).calls[0].arguments for each in (mine, his, warmer, by_two)]
    assert found == [{}, {"zone": "passenger"}, {}, {"amount": 2}]


def test_a_dialogue_is_heard_with_what_was_done_before(catalogue: Catalogue, templates: Templates) -> None:
    said = evaluation(turn("open the passenger window", OPENED), turn("close it again", CLOSED))
    first, second = Lessons(catalogue, templates).heard(said)
    assert first.before == ()
    assert second.before == (IntentCall("open_window", {"zone": "passenger"}),)
    assert second.calls == (IntentCall("close_window", {"zone": "passenger"}),)


def test_what_a_case_says_of_its_turns_is_believed(catalogue: Catalogue, templates: Templates) -> None:
    said = evaluation(
        turn("that one down", CLOSED),
        turn("and up again"),
        turn("tune it"),
        meant=[[OPENED], [CLOSED], None],
        right=False,
    )
    first, second = Lessons(catalogue, templates).heard(said)
    assert first.calls == (IntentCall("open_window", {"zone": "passenger"}),)
    assert second.calls == (IntentCall("close_window", {"zone": "passenger"}),)
    assert second.before[0].intent == "open_window"


def cases(*turns: dict[str, Any], zone: str = "driver") -> list[Case]:
    return [Case.model_validate({"id": "1", "tag": "told", "lang": "en", "zone": zone, "turns": list(turns)})]


def test_a_case_that_was_never_run_is_learnt_as_it_says(catalogue: Catalogue, templates: Templates) -> None:
    said = cases(
        {"say": "that one of mine, down", "means": [{"name": "open_window", "arguments": {}}]},
        {"say": "he has his open", "means": []},
        {"say": "and up with it", "means": [CLOSED]},
        {"say": "tune it"},
        {"say": "and close it", "means": [CLOSED]},
        zone="passenger",
    )
    first, second, third = Lessons(catalogue, templates).told(said)
    assert first == Lesson("that one of mine, down", "en", (IntentCall("open_window"),), told=True)
    done = (IntentCall("open_window", {"zone": "passenger"}),)
    assert second == Lesson("he has his open", "en", (), done, told=True)
    assert third == Lesson("and up with it", "en", (IntentCall("close_window"),), done, told=True)


def test_what_was_to_be_left_alone_teaches_that(catalogue: Catalogue, templates: Templates) -> None:
    said = evaluation(turn("his window is open", OPENED), meant=[[]], right=False)
    assert list(Lessons(catalogue, templates).heard(said)) == [Lesson("his window is open", "en", told=True)]


def test_what_came_out_wrong_teaches_nothing(catalogue: Catalogue, templates: Templates) -> None:
    lessons = Lessons(catalogue, templates)
    assert list(lessons.heard(evaluation(turn("open it", OPENED), right=False))) == []
    assert list(lessons.heard(evaluation(turn("nice weather", source="none")))) == [Lesson("nice weather", "en")]


def test_a_follow_up_that_was_misread_is_learnt_as_its_case_says_and_in_no_other_way(
    catalogue: Catalogue, templates: Templates
) -> None:
    warmer = {"name": "make_warmer", "arguments": {}}
    said = evaluation(turn("open it", OPENED), turn("close it again", CLOSED), meant=[[OPENED], [warmer]])
    lessons = Lessons(catalogue, templates).all(Lessons(catalogue, templates).heard(said), FEW)
    learnt = [each.calls for each in lessons if each.text == "close it again"]
    assert learnt
    assert all(calls == (IntentCall("make_warmer"),) for calls in learnt)


def test_a_turn_that_nobody_heard_ends_its_case(catalogue: Catalogue, templates: Templates) -> None:
    unheard: Any = {"id": "1", "right": True, "turns": [None, turn("open it", OPENED)]}
    assert list(Lessons(catalogue, templates).heard({"cases": [unheard]})) == []


def test_what_no_intent_means_is_refused(catalogue: Catalogue, templates: Templates) -> None:
    said = evaluation(turn("fly"), meant=[[{"name": "fly_away", "arguments": {}}]])
    with pytest.raises(InvalidRequest, match="fly_away"):
        list(Lessons(catalogue, templates).heard(said))


def test_a_quarter_of_each_kind_is_a_quarter() -> None:
    assert Amounts(written=100, unmeant=6).times(0.25) == replace(Amounts().times(0.25), written=25, unmeant=2)

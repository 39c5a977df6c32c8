"""Which one? The second, the nearest, its name."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.turn import Context, IntentCall, Option, Outcome, Status
from codriver.understanding.dialogue.choosing import Chooser

ASKED_FOR = IntentCall("navigate_to", {"place": "pharmacy"})
OPTIONS = (
    Option("Kamppi Apteekki", 120.0, "Mannerheimintie 10"),
    Option("Stockmann Herkku", 300.0, "Aleksanterinkatu 52"),
    Option("北京烤鸭店", 500.0),
)


def context(status: Status = Status.MISSING, options: tuple[Option, ...] = OPTIONS) -> Context:
    asked = (ASKED_FOR, "place") if status is Status.MISSING else None
    return Context(turns=((Outcome(ASKED_FOR, status, options=options),),), missing=asked)


@pytest.fixture(scope="module")
def chooser(catalogue: Catalogue) -> Chooser:
    return Chooser(catalogue)


@pytest.mark.parametrize(
    ("said", "which"),
    [
        ("the second one", 2),
        ("The first, please.", 1),
        ("take me to the third one", 3),
        ("the nearest", 1),
        ("the last one", 3),
        ("the next one", 0),
        ("Herkku", 2),
        ("stockman", 2),
        ("the one on Mannerheimintie", 1),
        ("第二个", 2),
        ("就第一家吧", 1),
        ("最近的", 1),
        ("下一个", 0),
        ("换一个看看", 0),
        ("what about the next one", 0),
        ("第二家，走嘛", 2),
        ("北京烤鸭", 3),
        ("北经烤鸭店", 3),
    ],
)
def test_one_of_those_that_were_read_out_is_chosen(chooser: Chooser, said: str, which: int) -> None:
    language = "en" if said.isascii() else "zh"
    assert chooser.choose(said, language, context()) == (IntentCall("go_there", {"which": which}),)


def found(*calls: IntentCall) -> Context:
    return Context(turns=(tuple(Outcome(call, Status.DONE, options=OPTIONS[:1]) for call in calls),))


FIND, TELL, GO = (IntentCall(name, {"place": "pharmacy"}) for name in ("find_place", "tell_of_place", "navigate_to"))


@pytest.mark.parametrize(
    ("said", "which"),
    [
        ("what about the next one", 0),
        ("what's the next one?", 0),
        ("and the second", 2),
        ("how about number three", 3),
        ("anything else?", 0),
        ("what else is there", 0),
        ("the next one", 0),
        ("another one please", 0),
        ("换一家看看", 0),
        ("第二家呢", 2),
        ("还有别的吗", 0),
        ("下一个", 0),
    ],
)
def test_who_asks_about_another_is_told_of_it_and_not_sent_there(chooser: Chooser, said: str, which: int) -> None:
    language = "en" if said.isascii() else "zh"
    for before in (FIND, TELL):
        assert chooser.choose(said, language, found(before)) == (IntentCall("tell_of_place", {"which": which}),)


@pytest.mark.parametrize(
    ("said", "which"),
    [("take me to the next one", 0), ("let's go to the second one", 2), ("去下一家吧", 0), ("就去第二家", 2)],
)
def test_who_says_that_we_go_there_is_sent_there(chooser: Chooser, said: str, which: int) -> None:
    language = "en" if said.isascii() else "zh"
    options = Context(turns=((Outcome(FIND, Status.DONE, options=OPTIONS),),))
    assert chooser.choose(said, language, options) == (IntentCall("go_there", {"which": which}),)


@pytest.mark.parametrize("said", ["another one", "下一家", "换一个"])
def test_after_one_that_is_gone_to_another_is_gone_to(chooser: Chooser, said: str) -> None:
    language = "en" if said.isascii() else "zh"
    assert chooser.choose(said, language, found(GO)) == (IntentCall("go_there", {"which": 0}),)


@pytest.mark.parametrize("said", ["how far's that?", "is it far", "离这儿有多远啊", "远不远"])
def test_it_is_asked_how_far_it_is(chooser: Chooser, said: str) -> None:
    language = "en" if said.isascii() else "zh"
    asked = (IntentCall("distance_to", {"place": "Kamppi Apteekki"}),)
    assert chooser.choose(said, language, context(Status.DONE)) == asked
    assert chooser.choose(said, language, Context()) == ()


@pytest.mark.parametrize("said", ["add it to the route", "make that a stop", "加到路线里"])
def test_a_stop_is_made_of_it(chooser: Chooser, said: str) -> None:
    language = "en" if said.isascii() else "zh"
    assert chooser.choose(said, language, context(Status.DONE)) == (
        IntentCall("add_stop", {"place": "Kamppi Apteekki"}),
    )


@pytest.mark.parametrize("said", ["right, take me", "ok, let's go then", "行，领我去", "走吧"])
def test_what_was_read_out_last_is_gone_to(chooser: Chooser, said: str) -> None:
    language = "en" if said.isascii() else "zh"
    assert chooser.choose(said, language, context(Status.DONE)) == (IntentCall("go_there"),)
    assert chooser.choose(said, language, Context()) == ()


@pytest.mark.parametrize(
    "said", ["open my window", "turn on the heating", "a bit warmer", "yes", "", "打开车窗", "apteekki herkku"]
)
def test_other_sentences_choose_nothing(chooser: Chooser, said: str) -> None:
    assert chooser.choose(said, "zh" if not said.isascii() else "en", context()) == ()


def test_nothing_can_be_chosen_where_nothing_was_read_out(chooser: Chooser) -> None:
    assert chooser.choose("the second one", "en", Context()) == ()
    assert chooser.choose("the third one", "en", context(options=OPTIONS[:2])) == ()


def test_after_a_search_a_number_chooses_and_a_name_does_not(chooser: Chooser) -> None:
    found = context(Status.DONE)
    assert chooser.choose("the second one", "en", found)
    assert chooser.choose("Herkku", "en", found) == ()


def test_of_two_that_sound_alike_none_is_chosen(chooser: Chooser) -> None:
    twins = (Option("Apteekki Eliel", 1.0), Option("Apteekki Kamppi", 2.0))
    assert chooser.choose("Apteekki", "en", context(options=twins)) == ()

"""A name that was heard wrong, said again."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.turn import IntentCall
from codriver.understanding.dialogue.follow_up_grammar import FollowUpGrammars
from codriver.understanding.dialogue.misheard import Misheard
from codriver.understanding.phrasing.templates import Templates

LIBRARY = IntentCall("navigate_to", {"place": "Library", "avoid": "tolls"})


@pytest.fixture(scope="module")
def misheard(catalogue: Catalogue, templates: Templates) -> Misheard:
    return Misheard(catalogue, templates, FollowUpGrammars(catalogue))


@pytest.mark.parametrize(
    ("last", "said", "place"),
    [
        ("library", "no, I said the museum", "museum"),
        ("library", "sorry, I meant the central station.", "central station"),
        ("library", "not the library, the museum", "museum"),
        ("图书馆", "听错了，我说的是体育馆", "体育馆"),
        ("机场", "错了错了，是去火车站", "火车站"),
        ("机场", "不是机场，是火车站", "火车站"),
    ],
)
def test_the_last_call_is_made_again_with_the_name(misheard: Misheard, last: str, said: str, place: str) -> None:
    language = "en" if said.isascii() else "zh"
    again = misheard.understand(said, language, [IntentCall("navigate_to", {"place": last, "avoid": "tolls"})])
    assert again == IntentCall("navigate_to", {"place": place, "avoid": "tolls"})


@pytest.mark.parametrize(
    "said",
    [
        "no, I said close the window",
        "I meant the rear left",
        "not the airport, the museum",
        "I meant that it is much too loud in here now",
        "I mean seriously",
        "no, I said thank you",
        "I said what I said",
        "no I mean it's lovely",
        "说实话不错",
        "讲个笑话",
        "是去年买的",
        "我说的是真的",
        "不对，是去年",
        "我是说你别吵",
        "the museum is nice",
        "no",
        "",
    ],
)
def test_what_means_something_else_is_no_name(misheard: Misheard, said: str) -> None:
    language = "en" if said.isascii() else "zh"
    assert misheard.understand(said, language, [LIBRARY]) is None


def test_a_name_is_heard_wrong_only_where_one_was_heard(misheard: Misheard) -> None:
    for last in ([], [LIBRARY, LIBRARY], [IntentCall("close_window")]):
        assert misheard.understand("no, I said the museum", "en", last) is None

"""What the words of a sentence say of whether it asks for anything."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.turn import IntentCall
from codriver.understanding.likeness.asking import Asking, runs_of
from codriver.understanding.likeness.recall import Recalled
from codriver.understanding.likeness.recalling import in_words_that_ask

ASKS = ("heat my seat", "could you heat the wheel", "warm the wheel please", "heat the seat at 3")
DOES_NOT = ("my old car could heat the seat", "what does it do", "she had a warm wheel", "what is a heated seat")


@pytest.fixture(scope="module")
def asking(catalogue: Catalogue) -> Asking:
    english = catalogue.language("en")
    runs = [runs_of(said, "en", english) for said in (*ASKS, *DOES_NOT)]
    nothing = [False] * len(ASKS) + [True] * len(DOES_NOT)
    return Asking.fit(runs, nothing, [False] * len(runs))


@pytest.mark.parametrize(
    ("said", "nothing"),
    [("please heat the wheel", False), ("could you warm my seat", False), ("what does my old car do", True)],
)
def test_words_tell(asking: Asking, catalogue: Catalogue, said: str, nothing: bool) -> None:
    assert (asking.nothing(runs_of(said, "en", catalogue.language("en"))) > 0.5) is nothing


def test_it_can_be_kept(asking: Asking, catalogue: Catalogue) -> None:
    runs = runs_of("what does it do", "en", catalogue.language("en"))
    assert Asking.of(asking.arrays()).nothing(runs) == pytest.approx(asking.nothing(runs))


def test_no_words_and_very_many_are_no_fault(asking: Asking, catalogue: Catalogue) -> None:
    for said in ("", "!?", "heat " * 200):
        assert 0 <= asking.nothing(runs_of(said, "en", catalogue.language("en"))) <= 1


def test_which_number_is_said_makes_no_difference(catalogue: Catalogue) -> None:
    english = catalogue.language("en")
    assert list(runs_of("make it 21", "en", english)) == list(runs_of("make it 23", "en", english))


def test_chinese_is_read_by_its_characters(catalogue: Catalogue) -> None:
    chinese = catalogue.language("zh")
    assert set(runs_of("打开", "zh", chinese)) & set(runs_of("打开窗", "zh", chinese))


def test_every_call_is_less_likely_by_what_the_words_say() -> None:
    warmer = IntentCall("make_warmer")
    recalled = [Recalled(warmer, 0.75), Recalled(None, 0.25)]
    assert in_words_that_ask(recalled, 0.0) == recalled
    assert in_words_that_ask(recalled, 0.5) == [Recalled(None, 0.625), Recalled(warmer, 0.375)]


def test_nothing_at_all_is_always_among_what_may_be_meant() -> None:
    assert Recalled(None, 0.5) in in_words_that_ask([Recalled(IntentCall("make_warmer"), 1.0)], 0.5)


def test_what_a_template_stands_for_counts_too(catalogue: Catalogue) -> None:
    said = [*ASKS, *DOES_NOT, "eco mode", "sport mode", "comfort mode"]
    runs = [runs_of(text, "en", catalogue.language("en")) for text in said]
    nothing = [False] * len(ASKS) + [True] * len(DOES_NOT) + [False] * 3
    mode = runs_of("eco mode", "en", catalogue.language("en"))
    without = Asking.fit(runs[:-3], nothing[:-3], [False] * (len(runs) - 3)).nothing(mode)
    drawn = [False] * (len(runs) - 3) + [True] * 3
    assert Asking.fit(runs, nothing, drawn).nothing(mode) < without


def test_an_order_is_told_from_a_hint(catalogue: Catalogue) -> None:
    english = catalogue.language("en")
    orders, hints = ("open the roof", "close the roof", "turn the light on"), ("i see no sky", "i am in the dark")
    runs = [runs_of(said, "en", english) for said in (*orders, *hints, "who won the cup")]
    taught = Asking.fit(runs, [False] * 5 + [True], [True] * 3 + [False] * 3)
    for asking in (taught, Asking.of(taught.arrays())):
        assert asking.orders(runs_of("turn the roof light on", "en", english))
        assert not asking.orders(runs_of("i see no dark", "en", english))

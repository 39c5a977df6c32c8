"""What the language model writes for a name counts only if it was said."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.engines.thinker.events import ProposedCall
from codriver.turn import IntentCall
from codriver.understanding.copied import completed_from, is_copied, lacks_text, only_copied


@pytest.mark.parametrize(
    ("text", "said", "copied"),
    [
        ("opera house", "we're late for the opera house", True),
        ("Opera House", "we're late for the opera house", True),
        ("opera hotel", "we're late for the opera house", False),
        ("era", "we're late for the opera house", False),
        ("歌剧院", "赶紧送我们去歌剧院", True),
        ("电影院", "赶紧送我们去歌剧院", False),
        ("Café Ekberg", "off to café ekberg then", True),
        ("", "off to café ekberg then", False),
        ("!?", "off we go!?", False),
        ("10 Downing Street", "we live at 10 downing street", True),
    ],
)
def test_every_word_must_have_been_said(text: str, said: str, copied: bool) -> None:
    assert is_copied(text, said) is copied


def test_a_name_that_nobody_said_is_dropped_and_asked_for(catalogue: Catalogue) -> None:
    call = IntentCall("navigate_to", {"place": "Berlin", "rank": "nearest"})
    assert only_copied(call, catalogue, "off we go") == IntentCall("navigate_to", {"rank": "nearest"})
    assert lacks_text(IntentCall("navigate_to"), catalogue) == {"place"}


def test_the_model_fills_in_what_the_examples_do_not_know(catalogue: Catalogue) -> None:
    said = "my hotel is the Aurora, that's where I need to be"
    proposed = [
        ProposedCall("find_place", {"place": "hotel"}, 0.9),
        ProposedCall("navigate_to", {"place": "Aurora", "prefer": "fastest"}, 0.8),
    ]
    call = completed_from(proposed, IntentCall("navigate_to"), catalogue, said)
    assert call == IntentCall("navigate_to", {"place": "Aurora"})

"""Answers to "shall I?" that say more than yes or no."""

from __future__ import annotations

import pytest
from codriver.engines.thinker.events import ProposedCall
from codriver.turn import Context, IntentCall, Understanding

from tests.understanding.models import ASKED, Trained, Understands, thought


@pytest.mark.parametrize(
    ("said", "language", "consent"),
    [
        ("Yep, open it.", "en", True),
        ("open it", "en", True),
        ("no no, keep them on", "en", False),
        ("对，打开车门", "zh", True),
        ("不要，关上", "zh", False),
        ("close it", "en", None),
        ("yes but close the window first", "en", None),
        ("aye, on you go", "en", True),
        ("对头，开嘛", "zh", True),
    ],
)
async def test_an_answer_may_say_more_than_yes_or_no(
    with_models: Understands, said: str, language: str, consent: bool | None
) -> None:
    assert await with_models().understand(said, language, ASKED) == Understanding(consent=consent)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("等一下，先不要", "zh"),
        ("等等，先不要", "zh"),
        ("先不要了", "zh"),
        ("wait, not yet", "en"),
        ("yeah, no, don't turn it off", "en"),
        ("okay but turn it off later", "en"),
    ],
)
async def test_who_hesitates_has_not_said_yes(with_models: Understands, said: str, language: str) -> None:
    asked = Context(asked=(IntentCall("parking_brake", {"state": "off"}),))
    assert (await with_models().understand(said, language, asked)).consent is not True


async def test_another_place_is_another_wish(with_models: Understands) -> None:
    understanding = await with_models().understand("No, the front left one.", "en", ASKED)
    assert understanding.calls == (IntentCall("open_door", {"zone": "driver"}),)


@pytest.mark.parametrize(("sure", "consent"), [(0.95, True), (0.5, None)])
async def test_what_follows_a_yes_may_say_the_same_again_in_words_that_only_the_parser_knows(
    with_models: Understands, sure: float, consent: bool | None
) -> None:
    model = Trained(thought(ProposedCall("open_boot", {}, sure)))
    asked = Context(asked=(IntentCall("open_boot"),))
    found = await with_models(model, {}).understand("yes, pop her up", "en", asked)
    assert found.consent is consent
    assert model.told[0] == ("pop her up", asked.asked)
    assert (await with_models(model, {}).understand("pop her up", "en", asked)).consent is None


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("fold them out", "en"),
        ("out again", "en"),
        ("just the left one", "en"),
        ("yes, fold them out", "en"),
        ("把后视镜展开", "zh"),
    ],
)
async def test_what_says_the_opposite_of_what_was_asked_is_no_yes(
    with_models: Understands, said: str, language: str
) -> None:
    asked = Context(asked=(IntentCall("fold_mirrors", {"position": "folded", "zone": "front"}),))
    model = Trained(thought(ProposedCall("fold_mirrors", {"position": "out"}, 0.95)))
    assert (await with_models(model, {}).understand(said, language, asked)).consent is not True
    again = Context(asked=(IntentCall("fold_mirrors", {"position": "out", "zone": "front"}),))
    assert (await with_models(model, {}).understand("fold them out", "en", again)).consent is True


@pytest.mark.parametrize(
    ("said", "language", "asked", "consent"),
    [
        ("yes, only mine", "en", ["all"], False),
        ("yes, but just mine", "en", ["all"], False),
        ("only the left one", "en", ["all"], False),
        ("好，只开我的", "zh", ["all"], False),
        ("open the left door", "en", ["rear_right"], False),
        ("yes, open my door", "en", ["driver"], True),
        ("open the rear doors", "en", ["rear_left", "rear_right"], False),
        ("yes, open them", "en", ["rear_left"], True),
    ],
)
async def test_a_yes_to_less_or_to_another_is_none(
    with_models: Understands, said: str, language: str, asked: list[str], consent: bool
) -> None:
    waiting = Context(asked=tuple(IntentCall("open_door", {"zone": zone}) for zone in asked), zone="driver")
    found = await with_models(alike={}).understand(said, language, waiting)
    assert (found.consent is True) is consent


@pytest.mark.parametrize(
    ("said", "language"),
    [("sorry, I meant the boot", "en"), ("wrong one, the boot", "en"), ("讲错了，是后备箱", "zh")],
)
async def test_what_is_meant_instead_of_what_was_asked_about_is_another_wish(
    with_models: Understands, said: str, language: str
) -> None:
    asked = Context(asked=(IntentCall("open_bonnet"),))
    found = await with_models(alike={}).understand(said, language, asked)
    assert found.calls == (IntentCall("open_boot"),)
    assert not found.corrects

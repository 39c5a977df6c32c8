"""How sure is sure enough: the examples alone, and the examples with the language model."""

from __future__ import annotations

from math import sqrt

import pytest
from codriver.engines.thinker.events import ProposedCall, Thought
from codriver.turn import IntentCall
from codriver.understanding.judging import (
    Gates,
    Judgement,
    beside_a_wish,
    certainty_of,
    combine,
    conclude,
    likelier,
    said_plainly,
)
from codriver.understanding.likeness.recall import Recalled

GATES = Gates(certain=0.75, nothing=0.6, cautious=0.93, joint=0.5)
WARMER = IntentCall("make_warmer", {"zone": "rear"})


def alike(probability: float, call: IntentCall | None = WARMER) -> Recalled:
    return Recalled(call, probability)


def thought(*calls: ProposedCall, asked_for: float = 1.0) -> Thought:
    return Thought(calls, "", asked_for, call_probability=asked_for)


def proposed(name: str = "make_warmer", confidence: float = 0.81) -> ProposedCall:
    return ProposedCall(name, {}, confidence)


@pytest.mark.parametrize(
    ("recalled", "caution", "judgement"),
    [
        ([alike(0.9), alike(0.1, None)], False, Judgement.CERTAIN),
        ([alike(0.75)], False, Judgement.CERTAIN),
        ([alike(0.74), alike(0.2, None)], False, Judgement.UNSURE),
        ([alike(0.9)], True, Judgement.UNSURE),
        ([alike(0.93)], True, Judgement.CERTAIN),
        ([alike(0.6, None), alike(0.4)], False, Judgement.NOTHING),
        ([alike(0.6, None), alike(0.4)], True, Judgement.NOTHING),
        ([alike(0.59, None), alike(0.4)], False, Judgement.UNSURE),
        ([], False, Judgement.UNSURE),
    ],
)
def test_what_the_examples_say(recalled: list[Recalled], caution: bool, judgement: Judgement) -> None:
    assert conclude(recalled, GATES, caution=caution) is judgement


@pytest.mark.parametrize(
    ("calls", "asked_for", "recalled", "certainty"),
    [
        ([proposed()], 1.0, [], 0.81),
        ([proposed()], 0.5, [], 0.405),
        ([proposed()], 1.0, [alike(0.49), alike(0.5, None)], sqrt(0.81 * 0.49)),
        ([proposed()], 1.0, [alike(0.4, IntentCall("make_cooler")), alike(0.3, None)], 0.0),
        ([proposed(), proposed("open_boot", 0.5)], 1.0, [], 0.5),
        ([proposed(), proposed("open_boot")], 1.0, [alike(0.6), alike(0.6, IntentCall("open_boot"))], 0.9),
        ([], 1.0, [], 0.0),
        ([], 1.0, [alike(1.0)], 0.0),
    ],
)  # fmt: skip
def test_the_certainty_of_the_model_and_the_examples_together(
    calls: list[ProposedCall], asked_for: float, recalled: list[Recalled], certainty: float
) -> None:
    assert certainty_of(thought(*calls, asked_for=asked_for), recalled) == pytest.approx(certainty)


@pytest.mark.parametrize(
    ("confidence", "recalled", "caution", "done"),
    [
        (0.81, [alike(0.5)], False, True),
        (0.81, [alike(0.2)], False, False),
        (0.81, [alike(0.7)], True, False),
        (0.95, [alike(0.92)], True, True),
        (0.5, [], False, True),
        (0.49, [], False, False),
        (0.99, [alike(0.99, None)], False, False),
    ],
)
def test_what_both_are_sure_of_is_done(confidence: float, recalled: list[Recalled], caution: bool, done: bool) -> None:
    calls = combine(thought(proposed(confidence=confidence)), recalled, GATES, caution=caution)
    assert bool(calls) is done


def test_the_arguments_are_those_of_the_examples_where_they_mean_the_same() -> None:
    proposals = thought(
        ProposedCall("make_warmer", {"zone": "driver"}, 0.9), ProposedCall("set_volume", {"percent": 30}, 0.9)
    )
    assert combine(proposals, [alike(0.8)], GATES) == (WARMER, IntentCall("set_volume", {"percent": 30}))


def test_a_model_that_calls_nothing_does_nothing() -> None:
    assert combine(thought(), [alike(0.74)], Gates(joint=0.0)) == ()


def test_beside_a_wish_nothing_at_all_is_less_likely() -> None:
    doubted, wished = beside_a_wish([alike(0.8, None), alike(0.2)])
    assert (doubted.call, wished.call) == (None, WARMER)
    assert [doubted.probability, wished.probability] == pytest.approx([0.5, 0.5])
    assert beside_a_wish([alike(0.9)]) == [alike(0.9)]
    assert beside_a_wish([]) == []


def test_how_it_is_said_comes_from_the_kernel_and_where_from_the_whole_sentence() -> None:
    recalled = [alike(0.9, IntentCall("recirculation", {"state": "on", "zone": "all"}))]
    kernel = IntentCall("recirculation", {"state": "off", "zone": "driver"})
    [found] = said_plainly(recalled, {"recirculation": kernel})
    assert found == alike(0.9, IntentCall("recirculation", {"state": "off", "zone": "all"}))


def test_a_kernel_does_not_make_a_sentence_ask_for_anything() -> None:
    recalled = [alike(0.7, None), alike(0.3)]
    assert conclude(said_plainly(recalled, {"make_warmer": WARMER}), GATES) is Judgement.NOTHING


def test_what_has_to_do_with_the_last_turn_is_likelier() -> None:
    roof = IntentCall("open_sunroof")
    recalled = [alike(0.4, roof), alike(0.3), alike(0.3, None)]
    first, second, third = likelier(recalled, frozenset({"make_warmer"}), orders=True)
    assert (first.call, second.call, third.call) == (WARMER, roof, None)
    assert first.probability == pytest.approx(0.3 / (0.3 + 0.7 / 8))
    assert likelier(recalled, frozenset({"wipers"}), orders=True) == recalled


def test_a_mere_remark_is_as_likely_to_be_one_after_any_turn() -> None:
    remark = [alike(0.6, None), alike(0.4)]
    assert likelier(remark, frozenset({"make_warmer"}), orders=False) == remark
    assert likelier([], frozenset({"make_warmer"}), orders=False) == []

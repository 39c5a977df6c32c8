"""The classifier over sentence embeddings: what it learns, what it says, and what it keeps."""

from __future__ import annotations

import numpy as np
import pytest
from codriver.turn import IntentCall
from codriver.understanding.likeness.network import Vectors
from codriver.understanding.likeness.recall import Recall

WARMER, COOLER = IntentCall("make_warmer"), IntentCall("make_cooler")
UP, DOWN = IntentCall("change_volume", {"direction": "up"}), IntentCall("change_volume", {"direction": "down"})
CALLS = (WARMER, COOLER, UP, DOWN, None)
DIMENSION = 32


def around(number: int, count: int, seed: int = 1) -> Vectors:
    """Vectors of length 1 that lie close to one of the axes."""
    noise = np.random.default_rng(seed + number).normal(0, 0.08, (count, DIMENSION))
    noise[:, number] += 1
    return np.asarray(noise / np.linalg.norm(noise, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def recall() -> Recall:
    vectors = np.vstack([around(number, 20) for number in range(len(CALLS))])
    return Recall.fit(vectors, [call for call in CALLS for _ in range(20)])


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_a_sentence_like_the_examples_means_what_they_mean(recall: Recall, number: int) -> None:
    for vector in around(number, 5, seed=100):
        best, *others = recall.recall(vector)
        assert best.call == CALLS[number]
        assert best.probability > 0.8
        assert all(other.probability < 0.2 for other in others)


def test_each_intent_is_named_once_likeliest_first_and_nothing_is_among_them(recall: Recall) -> None:
    recalled = recall.recall(around(3, 1)[0])
    assert sorted(each.call.intent if each.call else "" for each in recalled) == [
        "", "change_volume", "make_cooler", "make_warmer"
    ]  # fmt: skip
    chances = [each.probability for each in recalled]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1.0, abs=1e-5)


def test_an_intent_is_as_likely_as_all_its_arguments_together(recall: Recall) -> None:
    between = (around(2, 1)[0] + around(3, 1)[0]) / np.sqrt(2)
    best = recall.recall(between.astype(np.float32))[0]
    assert best.call in (UP, DOWN)
    assert best.probability > 0.8


def test_a_sentence_between_two_meanings_is_unsure(recall: Recall) -> None:
    between = (around(0, 1)[0] + around(1, 1)[0]) / np.sqrt(2)
    first, second, *_ = recall.recall(between.astype(np.float32))
    assert [first.call, second.call] in ([WARMER, COOLER], [COOLER, WARMER])
    assert first.probability < 0.75


def test_the_order_of_arguments_makes_no_difference() -> None:
    one, other = IntentCall("a", {"x": 1, "y": True}), IntentCall("a", {"y": True, "x": 1})
    recall = Recall.fit(np.vstack([around(0, 4), around(1, 4)]), [one, other, one, other, *[None] * 4])
    [first, *_] = recall.recall(around(0, 1)[0])
    assert first.call == one
    assert first.probability > 0.8


def test_one_meaning_alone_can_be_learnt() -> None:
    recall = Recall.fit(around(0, 3), [WARMER] * 3)
    assert [each.call for each in recall.recall(around(1, 1)[0])] == [WARMER]


def test_vectors_that_are_all_the_same_are_no_fault() -> None:
    same = np.ones((4, DIMENSION), dtype=np.float32)
    recalled = Recall.fit(same, [WARMER, WARMER, WARMER, None]).recall(same[0])
    assert recalled[0].call == WARMER
    assert np.isfinite(recalled[0].probability)


def test_what_was_learnt_can_be_kept(recall: Recall) -> None:
    again = Recall.of(recall.arrays())
    for number in range(len(CALLS)):
        vector = around(number, 1, seed=7)[0]
        assert again.recall(vector) == recall.recall(vector)


def test_what_is_not_whole_is_told(recall: Recall) -> None:
    with pytest.raises(KeyError):
        Recall.of({name: array for name, array in recall.arrays().items() if name != "outer"})

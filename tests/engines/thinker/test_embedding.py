"""Sentences as vectors, by the real multilingual model."""

from __future__ import annotations

import numpy as np
import pytest
from codriver.engines.thinker.embedding import Embedder
from codriver.errors import InvalidRequest


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(threads=1)


def test_a_sentence_is_a_vector_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed(["my toes are ice cubes", "我的脚冻僵了", "x"])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.dtype("float32")
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-3)


def test_letter_case_makes_no_difference(embedder: Embedder) -> None:
    one, other = embedder.embed(["Open THE Sunroof", "open the sunroof"])
    assert one == pytest.approx(other, abs=1e-5)


def test_a_sentence_is_the_same_alone_and_among_others(embedder: Embedder) -> None:
    [alone] = embedder.embed(["open the sunroof"])
    among = embedder.embed(["a much longer sentence about something else entirely", "open the sunroof"])[1]
    assert float(alone @ among) > 0.999


@pytest.mark.parametrize(
    ("texts", "fault"),
    [(["x" * 2001], "A text has 2001 characters"), (["x"] * 257, "There are 257 texts")],
)
def test_more_than_anybody_says_is_refused(embedder: Embedder, texts: list[str], fault: str) -> None:
    with pytest.raises(InvalidRequest, match=fault):
        embedder.embed(texts)


def test_no_sentence_is_no_vector(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.parametrize(
    ("said", "alike", "unlike"),
    [
        ("my toes are ice cubes", "my feet are freezing", "play the next song"),
        ("can't see a thing out the back", "the rear window is fogged up", "turn the volume down"),
        ("我的脚冻僵了", "脚好冷", "播放下一首歌"),
        ("my feet are freezing", "我的脚好冷", "播放下一首歌"),
    ],
)
def test_what_means_the_same_is_close_in_both_languages(embedder: Embedder, said: str, alike: str, unlike: str) -> None:
    here, near, far = embedder.embed([said, alike, unlike])
    assert float(here @ near) > float(here @ far) + 0.02

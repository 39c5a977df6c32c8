"""What the examples of a small catalogue mean, with the places and numbers of the sentence."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from codriver.catalogue import Catalogue
from codriver.errors import EngineError
from codriver.turn import IntentCall
from codriver.understanding.likeness.network import Vectors
from codriver.understanding.likeness.recalling import Recaller, name_of
from codriver.understanding.phrasing.templates import Templates

INTENTS = ("make_warmer", "make_cooler", "open_sunroof", "pause_music")


async def embed_words(texts: Sequence[str]) -> Vectors:
    """Embed each sentence as the sum of its words' hashes."""
    rows = [
        np.sum([np.random.default_rng(zlib.crc32(word.encode())).normal(size=96) for word in f"{text} .".split()], 0)
        for text in texts
    ]
    return np.asarray([row / np.linalg.norm(row) for row in rows], dtype=np.float32)


@pytest.fixture(scope="module")
def few(catalogue: Catalogue) -> Catalogue:
    """A catalogue of four intents and what asks for nothing."""
    return catalogue.model_copy(
        update={
            "intents": {name: catalogue[name] for name in INTENTS},
            "unrelated": {code: sentences[:15] for code, sentences in catalogue.unrelated.items()},
        }
    )


async def test_a_sentence_is_recalled_with_its_place_and_number(few: Catalogue, tmp_path: Path) -> None:
    recaller = Recaller(few, Templates(few), embed_words, tmp_path)
    told: list[tuple[int, int]] = []
    await recaller.prepare(lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] > 0

    example = few["make_warmer"].examples["en"][0].say[0]
    best, *_ = recalled = await recaller.recall(example, "en")
    assert best.call == IntentCall("make_warmer")
    assert len(recalled) == len(INTENTS) + 1
    assert len(await recaller.recall(example, "en", most=2)) == 2

    [placed, *_] = await recaller.recall(f"{example} passenger 2", "en")
    assert placed.call is not None
    assert placed.call.arguments == {"zone": "passenger", "amount": 2}

    nothing = few.unrelated["en"][0]
    [none, *_] = await recaller.recall(nothing, "en")
    assert none.call is None


async def test_a_sentence_that_comes_too_early_waits_until_the_examples_are_learnt(
    few: Catalogue, tmp_path: Path
) -> None:
    recaller = Recaller(few, Templates(few), embed_words, tmp_path, patience=60)
    [best, *_] = await recaller.recall(few["make_warmer"].examples["en"][0].say[0], "en")
    assert best.call == IntentCall("make_warmer")


async def test_a_sentence_does_not_wait_for_ever(few: Catalogue, tmp_path: Path) -> None:
    async def never(texts: Sequence[str]) -> Vectors:
        await asyncio.Event().wait()
        raise AssertionError

    recaller = Recaller(few, Templates(few), never, tmp_path, patience=0.1)
    preparing = asyncio.create_task(recaller.prepare())
    with pytest.raises(EngineError, match="not been learnt yet"):
        await recaller.recall("hello", "en")
    assert not preparing.done(), "what is learnt meanwhile goes on"
    preparing.cancel()
    await asyncio.gather(preparing, return_exceptions=True)


NAME = """
from codriver.catalogue.configured import read_catalogue
from codriver.config import Configuration
from codriver.understanding.likeness.recalling import name_of
print(name_of(read_catalogue(Configuration())))
"""


def test_what_is_learnt_has_the_same_name_in_every_process(catalogue: Catalogue) -> None:
    names = {
        subprocess.run(
            [sys.executable, "-c", NAME], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(names) == 1
    assert name_of(catalogue.model_copy(update={"homes": {}})) == name_of(catalogue)
    assert name_of(catalogue.model_copy(update={"unrelated": {}})) != name_of(catalogue)

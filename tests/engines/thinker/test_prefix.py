from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from codriver.engines.thinker.prefix import PrefixStore
from codriver.engines.thinker.runtime import LlamaModel

TOKENS = list(range(300, 340))


@pytest.fixture(scope="module")
def model(tiny_minicpm3: Path) -> Iterator[LlamaModel]:
    model = LlamaModel(tiny_minicpm3, context=512, threads=1)
    yield model
    model.close()


@pytest.fixture
def store(tmp_path: Path, model: LlamaModel) -> PrefixStore:
    """A store that holds the state after TOKENS; the model has forgotten it."""
    store = PrefixStore(tmp_path / "cache")
    model.truncate(0)
    model.evaluate(TOKENS)
    store.save(model, TOKENS)
    model.truncate(0)
    return store


def test_a_restored_prompt_goes_on_as_the_evaluated_one(store: PrefixStore, model: LlamaModel) -> None:
    model.evaluate(TOKENS)
    fresh = model.evaluate([301, 302], 2)
    assert store.load(model, TOKENS)
    assert model.length == len(TOKENS)
    np.testing.assert_allclose(model.evaluate([301, 302], 2), fresh, rtol=1e-3, atol=1e-3)


def test_another_prompt_is_not_found(store: PrefixStore, model: LlamaModel) -> None:
    assert not store.load(model, TOKENS[:-1])


def test_other_settings_are_not_found(store: PrefixStore, model: LlamaModel, tiny_minicpm3: Path) -> None:
    other = LlamaModel(tiny_minicpm3, context=1024, threads=1)
    assert not store.load(other, TOKENS)
    other.close()


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "foreign"])
def test_a_damaged_file_is_not_loaded_and_is_replaced(store: PrefixStore, model: LlamaModel, damage: str) -> None:
    path = store.path(model, TOKENS)
    data = path.read_bytes()
    middle = len(data) // 2
    damaged = {
        "truncated": data[:middle],
        "flipped": data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :],
        "empty": b"",
        "foreign": b"not a state" * 99,
    }
    path.write_bytes(damaged[damage])
    assert not store.load(model, TOKENS)
    model.evaluate(TOKENS)
    store.save(model, TOKENS)
    assert store.load(model, TOKENS)


def test_only_the_newest_files_stay(tmp_path: Path, model: LlamaModel) -> None:
    store = PrefixStore(tmp_path, keep=3)
    prompts = [TOKENS[: 5 + count] for count in range(5)]
    for age, prompt in enumerate(prompts):
        model.truncate(0)
        model.evaluate(prompt)
        store.save(model, prompt)
        os.utime(store.path(model, prompt), ns=(age, age))
    assert [store.load(model, prompt) for prompt in prompts] == [False, False, True, True, True]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_that_cannot_be_made_costs_only_the_file(tmp_path: Path, model: LlamaModel) -> None:
    (tmp_path / "file").write_text("in the way")
    store = PrefixStore(tmp_path / "file" / "cache")
    model.truncate(0)
    model.evaluate(TOKENS)
    store.save(model, TOKENS)
    assert not store.load(model, TOKENS)

"""An adapter's file: what is written is what llama.cpp reads, and a mean is a mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from codriver.errors import InvalidRequest
from codriver.workshop.training.adapter import check_tools, place_of, read_adapter, write_adapter, write_average
from gguf import GGUFReader
from gguf.quants import dequantize
from numpy.typing import NDArray

PLACE = "model.layers.0.self_attn.q_proj.lora_{}.default.weight"


def written(path: Path, seed: int, tool: str = "play()") -> Path:
    chance = np.random.default_rng(seed)
    shapes = {"A": (16, 64), "B": (64, 16)}
    weights = {PLACE.format(side): chance.standard_normal(shape).astype(np.float32) for side, shape in shapes.items()}
    write_adapter(path, weights, architecture="qwen2", alpha=32.0, tools=[tool])
    return path


def added(path: Path) -> NDArray[np.float32]:
    """Give what an adapter adds to a matrix of the model, as llama.cpp reckons it."""
    reader = GGUFReader(path)
    found = {each.name[-1]: dequantize(each.data, each.tensor_type).astype(np.float32) for each in reader.tensors}
    alpha = reader.get_field("adapter.lora.alpha")
    assert alpha
    return np.asarray(float(alpha.contents()) / len(found["a"]) * found["b"] @ found["a"], np.float32)


def test_the_mean_of_two_adapters_adds_the_mean_of_what_they_add(tmp_path: Path) -> None:
    first, second = written(tmp_path / "1.gguf", 1), written(tmp_path / "2.gguf", 2)
    write_average(tmp_path / "mean.gguf", first, second)
    mean = (added(first) + added(second)) / 2
    assert np.abs(added(tmp_path / "mean.gguf") - mean).max() < 0.02 * np.abs(mean).max()


def test_a_mean_and_one_more_have_a_mean(tmp_path: Path) -> None:
    first, second = written(tmp_path / "1.gguf", 1), written(tmp_path / "2.gguf", 2)
    write_average(tmp_path / "two.gguf", first, second)
    write_average(tmp_path / "three.gguf", tmp_path / "two.gguf", first)
    mean = added(first) * 0.75 + added(second) * 0.25
    assert np.abs(added(tmp_path / "three.gguf") - mean).max() < 0.03 * np.abs(mean).max()
    assert (tmp_path / "three.gguf").stat().st_size == (tmp_path / "two.gguf").stat().st_size


def test_whether_an_adapter_is_for_the_tools_is_known_before_another_is_trained(tmp_path: Path) -> None:
    other = written(tmp_path / "other.gguf", 1)
    check_tools(other, ["play()"])
    with pytest.raises(InvalidRequest, match="not trained for the tools"):
        check_tools(other, ["play()", "pause()"])


def test_adapters_for_other_tools_have_no_mean(tmp_path: Path) -> None:
    first, second = written(tmp_path / "1.gguf", 1), written(tmp_path / "2.gguf", 2, "pause()")
    with pytest.raises(InvalidRequest, match="same tools"):
        write_average(tmp_path / "mean.gguf", first, second)


def test_what_is_gone_on_from_is_what_was_written(tmp_path: Path) -> None:
    path = written(tmp_path / "1.gguf", 1)
    begun = read_adapter(path)
    assert (begun.rank, begun.alpha) == (16, 32.0)
    assert begun.matrices.keys() == {place_of(PLACE.format(side)) for side in "AB"}
    a, b = (begun.matrices[place_of(PLACE.format(side))] for side in "AB")
    assert np.allclose(begun.alpha / begun.rank * b @ a, added(path), atol=1e-4)


def test_a_matrix_without_a_place_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="no place"):
        place_of("model.layers.0.mlp.gate.lora_A.default.weight")

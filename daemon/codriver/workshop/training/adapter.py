"""The file of a LoRA adapter as llama.cpp reads it: GGUF, with what the model was trained for written in it.

Two adapters that were trained with different sentences are together better than each: what they add to the model is
averaged, for which their matrices are put side by side.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter
from gguf.quants import dequantize, quantize
from numpy.typing import NDArray

from codriver.engines.thinker.parser import TRAINED_FOR
from codriver.errors import InvalidRequest

_PLACE = re.compile(r"layers\.(\d+)\.(?:self_attn|mlp)\.(\w+)\.lora_([AB])")
_NAMES = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
_ARCHITECTURE, _ALPHA = "general.architecture", "adapter.lora.alpha"
_BLOCK = 32
"""Numbers that Q8_0 keeps with one scale."""
_WIDEST = 32
"""The rank of a mean: twice that of what is trained, and as many numbers as a block."""

type _Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Begun:
    """What an adapter has learnt so far: its matrices as llama.cpp names them, and what they are multiplied by."""

    matrices: Mapping[str, _Matrix]
    alpha: float

    @property
    def rank(self) -> int:
        """The width of the matrices."""
        return _rank(self.matrices, next(iter(self.matrices)))


def write_adapter(
    path: Path, weights: Mapping[str, NDArray[np.float32]], *, architecture: str, alpha: float, tools: Sequence[str]
) -> None:
    """Write an adapter's matrices, named as peft names them, in Q8_0 where they are wide enough, else as float16.

    ``tools`` are the shapes of what the model was trained for. Raises InvalidRequest for a matrix that has no place in
    a model of llama.cpp.
    """
    matrices = {place_of(name): matrix for name, matrix in weights.items()}
    _write(path, matrices, architecture=architecture, alpha=alpha, tools=_told(tools))


def place_of(name: str) -> str:
    """Give llama.cpp's name for a matrix that peft names so. Raises InvalidRequest where it has none."""
    place = _PLACE.search(name)
    if place is None or place[2] not in _NAMES:
        raise InvalidRequest(f"{name} has no place in a model of llama.cpp.")
    return f"blk.{place[1]}.{_NAMES[place[2]]}.weight.lora_{place[3].lower()}"


def read_adapter(path: Path) -> Begun:
    """Read the matrices of an adapter, to go on from them."""
    reader = GGUFReader(path)
    return Begun(_matrices(reader), float(_field(reader, _ALPHA)))


def check_tools(path: Path, tools: Sequence[str]) -> None:
    """Raise InvalidRequest unless an adapter was trained for tools of these shapes, and for no others."""
    if _field(GGUFReader(path), TRAINED_FOR) != _told(tools):
        raise InvalidRequest(f"{path} was not trained for the tools of this catalogue.")


def write_average(path: Path, first: Path, second: Path) -> None:
    """Write the mean of two adapters. Raises InvalidRequest where they are not for the same tools and model."""
    one, two = GGUFReader(first), GGUFReader(second)
    tools, architecture = (_field(one, key) for key in (TRAINED_FOR, _ARCHITECTURE))
    if (tools, architecture) != (_field(two, TRAINED_FOR), _field(two, _ARCHITECTURE)):
        raise InvalidRequest(f"{first} and {second} are not for the same tools and model.")
    matrices, others = _matrices(one), _matrices(two)
    if matrices.keys() != others.keys():
        raise InvalidRequest(f"{first} and {second} do not change the same parts of a model.")
    # What B A adds is multiplied by alpha through the rank, the same for both; [B1 B2] [A1; A2] = B1 A1 + B2 A2.
    alpha, other_alpha = _field(one, _ALPHA), _field(two, _ALPHA)
    if any(alpha * _rank(others, name) != other_alpha * _rank(matrices, name) for name in matrices):
        raise InvalidRequest(f"{first} and {second} are not scaled alike.")
    rank, factor = 0, alpha / _rank(matrices, next(iter(matrices)))
    for inner in [name for name in matrices if name.endswith("a")]:
        outer = f"{inner[:-1]}b"
        a = np.concatenate([matrices[inner], others[inner]], axis=0)
        b = np.concatenate([matrices[outer], others[outer]], axis=1) / 2
        matrices[inner], matrices[outer] = _narrowed(a, b.astype(np.float32))
        rank = len(matrices[inner])
    _write(path, matrices, architecture=architecture, alpha=factor * rank, tools=tools)


def _narrowed(a: _Matrix, b: _Matrix) -> tuple[_Matrix, _Matrix]:
    """Give the matrices of the widest rank that is kept whose product is nearest to b a: by its singular values."""
    if len(a) <= _WIDEST:
        return a, b
    (left, upper), (right, lower) = np.linalg.qr(b), np.linalg.qr(a.T)
    u, strength, v = np.linalg.svd(upper @ lower.T)
    root = np.sqrt(strength[:_WIDEST])
    narrow_a, narrow_b = root[:, None] * (v[:_WIDEST] @ right.T), (left @ u[:, :_WIDEST]) * root
    return narrow_a.astype(np.float32), narrow_b.astype(np.float32)


def _rank(matrices: Mapping[str, NDArray[np.float32]], name: str) -> int:
    return int(matrices[name].shape[0 if name.endswith("a") else 1])


def _told(tools: Sequence[str]) -> str:
    return json.dumps(tools, ensure_ascii=False)


def _field(reader: GGUFReader, key: str) -> Any:
    field = reader.get_field(key)
    return None if field is None else field.contents()


def _matrices(reader: GGUFReader) -> dict[str, NDArray[np.float32]]:
    return {each.name: dequantize(each.data, each.tensor_type).astype(np.float32) for each in reader.tensors}


def _write(
    path: Path, matrices: Mapping[str, NDArray[np.float32]], *, architecture: str, alpha: float, tools: str
) -> None:
    writer = GGUFWriter(path, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32(_ALPHA, alpha)
    writer.add_string(TRAINED_FOR, tools)
    for name, matrix in matrices.items():
        if matrix.shape[1] % _BLOCK:
            writer.add_tensor(name, matrix.astype(np.float16))
        else:
            kind = GGMLQuantizationType.Q8_0
            writer.add_tensor(name, quantize(np.ascontiguousarray(matrix), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

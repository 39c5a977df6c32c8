"""The file of a LoRA adapter as llama.cpp reads it: GGUF, with what the model was trained for written in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import quantize
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
_BLOCK = 32
"""Numbers that Q8_0 keeps with one scale."""


def write_adapter(
    path: Path, weights: Mapping[str, NDArray[np.float32]], *, architecture: str, alpha: float, tools: Sequence[str]
) -> None:
    """Write an adapter's matrices, named as peft names them, in Q8_0 where they are wide enough, else as float16.

    ``tools`` are the shapes of what the model was trained for. Raises InvalidRequest for a matrix that has no place in
    a model of llama.cpp.
    """
    writer = GGUFWriter(path, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    writer.add_string(TRAINED_FOR, json.dumps(tools, ensure_ascii=False))
    for name, matrix in weights.items():
        place = _PLACE.search(name)
        if place is None or place[2] not in _NAMES:
            raise InvalidRequest(f"{name} has no place in a model of llama.cpp.")
        target = f"blk.{place[1]}.{_NAMES[place[2]]}.weight.lora_{place[3].lower()}"
        if matrix.shape[1] % _BLOCK:
            writer.add_tensor(target, matrix.astype(np.float16))
        else:
            kind = GGMLQuantizationType.Q8_0
            writer.add_tensor(target, quantize(matrix, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

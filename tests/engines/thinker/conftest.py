"""A MiniCPM3 of toy size with random weights, which llama.cpp runs with its real code for that architecture."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest
from codriver.workshop.training.adapter import write_adapter

EMBEDDING, LAYERS, HEADS, FEED_FORWARD = 64, 2, 4, 96
# Heads are as wide as a block of the q8_0 cache.
QUERY_RANK, KEY_VALUE_RANK, ROTATED, UNROTATED, VALUE = 32, 16, 8, 24, 32
TAGS = (
    "<|im_start|>",
    "<|im_end|>",
    "<|thought_start|>",
    "<|thought_end|>",
    "<|tool_call_start|>",
    "<|tool_call_end|>",
)
WORDS = ("user", "assistant", "system", "▁the", "set", "_temperature", "driver", "celsius", '="', '")', ")\n", "```")


@pytest.fixture(scope="session")
def tiny_minicpm3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that always begins with a tool call, because its last layer is tilted so, and is random otherwise."""
    path = tmp_path_factory.mktemp("gguf") / "tiny-minicpm3.gguf"
    writer = gguf.GGUFWriter(path, "minicpm3")
    tokens = _write_vocabulary(writer)
    writer.add_context_length(4096)
    writer.add_embedding_length(EMBEDDING)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_q_lora_rank(QUERY_RANK)
    writer.add_kv_lora_rank(KEY_VALUE_RANK)
    writer.add_key_length(UNROTATED + ROTATED)
    writer.add_value_length(VALUE)
    writer.add_rope_dimension_count(ROTATED)
    writer.add_vocab_size(len(tokens))
    _write_tensors(writer, len(tokens), tokens.index("<|tool_call_start|>"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture
def tiny_adapter(tmp_path: Path) -> Path:
    """An adapter with random weights for that model, trained for a tool of its own."""
    path = tmp_path / "adapter.gguf"
    rng = np.random.default_rng(1)
    name = "base_model.model.model.layers.0.mlp.down_proj.lora_{}.default.weight"
    weights = {
        name.format("A"): rng.normal(size=(4, FEED_FORWARD)).astype(np.float32),
        name.format("B"): rng.normal(size=(EMBEDDING, 4)).astype(np.float32),
    }
    write_adapter(path, weights, architecture="minicpm3", alpha=8.0, tools=["play(查: text)"])
    return path


def _write_vocabulary(writer: gguf.GGUFWriter) -> list[str]:
    """Write a SentencePiece vocabulary like MiniCPM3's: </s> is token 2, bytes for what has no token of its own."""
    letters = [chr(code) for code in range(33, 127)]
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁", *letters, *WORDS, *TAGS]
    control = {"<s>", "</s>", *TAGS}
    types = [
        gguf.TokenType.UNKNOWN
        if token == "<unk>"
        else gguf.TokenType.CONTROL
        if token in control
        else gguf.TokenType.BYTE
        if token.startswith("<0x")
        else gguf.TokenType.NORMAL
        for token in tokens
    ]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(1000 - 10 * len(token)) for token in tokens])
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    return tokens


def _write_tensors(writer: gguf.GGUFWriter, size: int, favourite: int) -> None:
    random = np.random.default_rng(3)

    def matrix(name: str, rows: int, columns: int) -> None:
        writer.add_tensor(name, (random.standard_normal((rows, columns)) * 0.05).astype(np.float32))

    def norm(name: str, length: int) -> None:
        writer.add_tensor(name, np.ones(length, np.float32))

    # The first feature is the same large number for each token, so a weight on it is a bias.
    embedding = (random.standard_normal((size, EMBEDDING)) * 0.3).astype(np.float32)
    embedding[:, 0] = 3.0
    output = (random.standard_normal((size, EMBEDDING)) * 0.3).astype(np.float32)
    output[:, 0] = 0.0
    output[favourite, 0] = 4.0
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    norm("output_norm.weight", EMBEDDING)
    for kind in ("long", "short"):
        writer.add_tensor(f"rope_factors_{kind}.weight", np.ones(ROTATED // 2, np.float32))
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        norm(f"{block}.attn_norm.weight", EMBEDDING)
        matrix(f"{block}.attn_q_a.weight", QUERY_RANK, EMBEDDING)
        norm(f"{block}.attn_q_a_norm.weight", QUERY_RANK)
        matrix(f"{block}.attn_q_b.weight", HEADS * (UNROTATED + ROTATED), QUERY_RANK)
        matrix(f"{block}.attn_kv_a_mqa.weight", KEY_VALUE_RANK + ROTATED, EMBEDDING)
        norm(f"{block}.attn_kv_a_norm.weight", KEY_VALUE_RANK)
        matrix(f"{block}.attn_kv_b.weight", HEADS * (UNROTATED + VALUE), KEY_VALUE_RANK)
        matrix(f"{block}.attn_output.weight", EMBEDDING, HEADS * VALUE)
        norm(f"{block}.ffn_norm.weight", EMBEDDING)
        matrix(f"{block}.ffn_gate.weight", FEED_FORWARD, EMBEDDING)
        matrix(f"{block}.ffn_up.weight", FEED_FORWARD, EMBEDDING)
        matrix(f"{block}.ffn_down.weight", EMBEDDING, FEED_FORWARD)

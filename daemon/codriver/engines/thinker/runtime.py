"""llama.cpp: a model file with one sequence of evaluated tokens, and the logits after them."""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from codriver.engines.thinker.vocabulary import Vocabulary
from codriver.errors import EngineError, InvalidRequest, ModelError

type Logits = NDArray[np.float32]
type Adapter = ctypes._Pointer[ctypes.c_void_p]
type KeyValueType = Literal["f16", "q8_0"]

_KEY_VALUE_TYPES: dict[KeyValueType, int] = {"f16": llama_cpp.GGML_TYPE_F16, "q8_0": llama_cpp.GGML_TYPE_Q8_0}
_SEQUENCE = 0
_BATCH = 512
_SAMPLE = 1 << 20
_AT_FIRST = 512
"""Tokens that there is room for until more are needed: what is parsed takes less, and a prompt with all tools 2,600."""
# Takes llama.cpp's chatter; what fails is also returned. Kept because llama.cpp holds only its address.
_SILENT = llama_cpp.llama_log_callback(lambda _level, _text, _data: None)


class Model(Protocol):
    """What the decoder needs of a language model."""

    vocabulary: Vocabulary

    @property
    def length(self) -> int:
        """How many tokens are evaluated."""

    def evaluate(self, tokens: Sequence[int], rows: int = 1) -> Logits:
        """Append tokens; return the logits after each of the last ``rows``, shape (rows, vocabulary)."""

    def truncate(self, length: int) -> None:
        """Forget all but the first ``length`` tokens."""


class LlamaModel:
    """A GGUF file, loaded. Not to be used by two threads at once.

    Up to ``context`` tokens can be evaluated; memory is taken for them as they come. ``identity`` tells this file and
    these settings from others: evaluated tokens may be kept under it.
    """

    def __init__(
        self,
        path: Path,
        *,
        context: int = 4096,
        threads: int = 0,
        key_values: KeyValueType = "f16",
        adapter: Path | None = None,
    ) -> None:
        """Load a model, and an adapter for it that stays off until ``adapt``. Raises ModelError."""
        llama_cpp.llama_log_set(_SILENT, ctypes.c_void_p(0))
        if not path.is_file():
            raise ModelError(f"The model file {path} does not exist.")
        loading = llama_cpp.llama_model_default_params()
        # llama.cpp copies most weights into a layout of its own; of a mapped file the originals would stay in memory
        # beside the copies: 2.0 GB instead of 1.4 GB for the 1.5B model.
        loading.load_mode = llama_cpp.LLAMA_LOAD_MODE_NONE
        model = llama_cpp.llama_model_load_from_file(bytes(path), loading)
        if not model:
            raise ModelError(f"The file {path} is not a model that llama.cpp can load.")
        self._model = model
        self._threads = threads or len(os.sched_getaffinity(0))
        self._key_values: KeyValueType = key_values
        self._most = context
        self._room = min(_AT_FIRST, context)
        self._context = self._new_context(self._room)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._adapter = self._load_adapter(adapter) if adapter else None
        self._adapted = False
        self._length = 0
        self._vocabulary = llama_cpp.llama_model_get_vocab(model)
        self._size = llama_cpp.llama_vocab_n_tokens(self._vocabulary)
        self.vocabulary = self._read_vocabulary()
        self.identity = _identity(path, llama_cpp.__version__, context, key_values)

    @property
    def length(self) -> int:
        """How many tokens are evaluated."""
        return self._length

    def evaluate(self, tokens: Sequence[int], rows: int = 1) -> Logits:
        """Append tokens; return the logits after each of the last ``rows`` of them, shape (rows, vocabulary).

        ``rows`` is at most 512. Raises InvalidRequest where the context is full and EngineError where
        llama.cpp fails.
        """
        self._make_room(self._length + len(tokens))
        head, tail = tokens[:-rows], tokens[-rows:]
        # The logits of the tail must come out of one batch, so the head is cut where the tail's batch begins.
        spare = _BATCH - len(tail)
        begin = max(0, len(head) - spare)
        for first in range(0, begin, _BATCH):
            self._decode(head[first : min(first + _BATCH, begin)], 0)
        self._decode([*head[begin:], *tail], len(tail))
        first_row = llama_cpp.llama_get_logits(self._context)
        return np.ctypeslib.as_array(first_row, shape=(len(tail), self._size)).copy()

    def truncate(self, length: int) -> None:
        """Forget all but the first ``length`` tokens."""
        llama_cpp.llama_memory_seq_rm(self._memory, _SEQUENCE, length, -1)
        self._length = min(self._length, length)

    def adapt(self, *, on: bool) -> None:
        """Evaluate with the adapter from now on, or without it; what was evaluated before stays as it is."""
        self._adapted = on
        if self._adapter is not None:
            scales = (ctypes.c_float * 1)(1.0)
            adapters = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(self._adapter)
            llama_cpp.llama_set_adapters_lora(self._context, adapters, int(on), scales)

    def adapter_says(self, key: str) -> str:
        """Read what the adapter's file says under a key; empty where it says nothing or there is no adapter."""
        if self._adapter is None:
            return ""
        size = llama_cpp.llama_adapter_meta_val_str(self._adapter, key.encode(), None, 0)
        buffer = ctypes.create_string_buffer(max(size, 0) + 1)
        llama_cpp.llama_adapter_meta_val_str(self._adapter, key.encode(), buffer, len(buffer))
        return buffer.value.decode()

    def save(self, path: Path, tokens: Sequence[int]) -> None:
        """Write the state after ``tokens``, which must be all that is evaluated, to a file."""
        array = (llama_cpp.llama_token * len(tokens))(*tokens)
        if not llama_cpp.llama_state_seq_save_file(self._context, bytes(path), _SEQUENCE, array, len(tokens)):
            raise EngineError("The evaluated prompt could not be saved.")

    def restore(self, path: Path, tokens: Sequence[int]) -> bool:
        """Go back to a saved state. False, with nothing evaluated, where the file is not of ``tokens``."""
        self.truncate(0)
        self._make_room(len(tokens))
        array = (llama_cpp.llama_token * len(tokens))()
        count = ctypes.c_size_t()
        read = llama_cpp.llama_state_seq_load_file(
            self._context, bytes(path), _SEQUENCE, array, len(tokens), ctypes.byref(count)
        )
        if not read or list(array) != list(tokens):
            self.truncate(0)
            return False
        self._length = len(tokens)
        return True

    def close(self) -> None:
        """Give the memory back. The model must not be used after that."""
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)

    def _new_context(self, room: int) -> Any:
        """Make a context for so many tokens. Raises ModelError."""
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = room
        parameters.n_batch = parameters.n_ubatch = _BATCH
        parameters.n_threads = parameters.n_threads_batch = self._threads
        parameters.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED
        parameters.type_k = parameters.type_v = _KEY_VALUE_TYPES[self._key_values]
        handle = llama_cpp.llama_init_from_model(self._model, parameters)
        if not handle:
            raise ModelError(
                f"No context of {room} tokens with a {self._key_values} cache can be made: "
                "there is too little memory, or the model does not allow that type."
            )
        return handle

    def _make_room(self, tokens: int) -> None:
        """Have room for so many tokens; those that are evaluated stay. Raises InvalidRequest and ModelError."""
        if tokens <= self._room:
            return
        if tokens > self._most:
            raise InvalidRequest(f"That does not fit into a context of {self._most} tokens.")
        room = min(self._most, max(2 * self._room, tokens + _AT_FIRST))
        larger = self._new_context(room)
        if self._length:
            size = llama_cpp.llama_state_seq_get_size(self._context, _SEQUENCE)
            state = (ctypes.c_uint8 * size)()
            llama_cpp.llama_state_seq_get_data(self._context, state, size, _SEQUENCE)
            llama_cpp.llama_state_seq_set_data(larger, state, size, _SEQUENCE)
        llama_cpp.llama_free(self._context)
        self._context, self._memory, self._room = larger, llama_cpp.llama_get_memory(larger), room
        self.adapt(on=self._adapted)

    def _load_adapter(self, path: Path) -> Adapter:
        """Load a LoRA adapter; it goes with the model. Raises ModelError."""
        if not path.is_file():
            raise ModelError(f"The adapter {path} does not exist.")
        adapter: Adapter | None = llama_cpp.llama_adapter_lora_init(self._model, bytes(path))
        if not adapter:
            raise ModelError(f"The file {path} is no adapter of this model.")
        return adapter

    def _decode(self, tokens: Sequence[int], rows: int) -> None:
        count = len(tokens)
        batch = llama_cpp.llama_batch_init(count, 0, 1)
        try:
            batch.n_tokens = count
            for index, token in enumerate(tokens):
                batch.token[index] = token
                batch.pos[index] = self._length + index
                batch.n_seq_id[index] = 1
                batch.seq_id[index][0] = _SEQUENCE
                batch.logits[index] = index >= count - rows
            code = llama_cpp.llama_decode(self._context, batch)
        finally:
            llama_cpp.llama_batch_free(batch)
        if code:
            llama_cpp.llama_memory_seq_rm(self._memory, _SEQUENCE, self._length, -1)
            raise EngineError(f"llama.cpp could not evaluate the prompt (code {code}).")
        self._length += count

    def _read_vocabulary(self) -> Vocabulary:
        buffer = ctypes.create_string_buffer(512)
        pieces: list[bytes] = []
        special = np.zeros(self._size, np.bool_)
        plain = llama_cpp.LLAMA_TOKEN_ATTR_NORMAL | llama_cpp.LLAMA_TOKEN_ATTR_BYTE
        stops: set[int] = set()
        for token in range(self._size):
            length = llama_cpp.llama_token_to_piece(self._vocabulary, token, buffer, len(buffer), 0, True)
            pieces.append(buffer.raw[: max(length, 0)])
            special[token] = not llama_cpp.llama_vocab_get_attr(self._vocabulary, token) & plain
            if llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
                stops.add(token)
        return Vocabulary(pieces, special, self._tokenize, frozenset(stops))

    def _tokenize(self, text: str, parse_special: bool) -> list[int]:
        data = text.encode()
        array = (llama_cpp.llama_token * (len(data) + 8))()
        count = llama_cpp.llama_tokenize(self._vocabulary, data, len(data), array, len(array), False, parse_special)
        return list(array[:count])


def _identity(path: Path, *settings: object) -> str:
    """Tell model files apart without reading all of them: the size, and the first and last megabyte."""
    digest = hashlib.sha256(repr((path.stat().st_size, settings)).encode())
    with path.open("rb") as file:
        digest.update(file.read(_SAMPLE))
        file.seek(-min(_SAMPLE, path.stat().st_size), os.SEEK_END)
        digest.update(file.read())
    return digest.hexdigest()

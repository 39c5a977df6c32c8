"""The language model's part of the bench: to be called by ``apart``."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from codriver.engines.thinker.__main__ import DIALECTS
from codriver.engines.thinker.events import Think, Tools
from codriver.engines.thinker.prefix import PrefixStore
from codriver.engines.thinker.runtime import LlamaModel
from codriver.engines.thinker.thinker import Thinker
from codriver.workshop.bench.rows import Row
from codriver.workshop.naive import ChatmlFunctionCalling, GrammarDecoding


def call_naively(model: Path, tools: Tools, sentences: Sequence[str]) -> list[float]:
    """Seconds that llama-cpp-python's own tool calling takes for each sentence, once it is warm."""
    caller = ChatmlFunctionCalling(model, tools, context=8192)
    caller.call("Hello.")  # evaluates the tools: the comparison is with the warm chain
    return [_timed(caller.call, sentence)[0] for sentence in sentences]


def decode(path: Path, tools: Tools, sentences: Sequence[str]) -> list[Row]:
    """Compare our decoder with llama.cpp's grammar on the same prompt, and loading the prompt with evaluating it."""
    model = LlamaModel(path)
    with TemporaryDirectory(prefix="codriver-") as folder:
        thinker = Thinker(model, DIALECTS["hermes"](), PrefixStore(Path(folder)))
        evaluated = thinker.prepare(tools)
        again = Thinker(LlamaModel(path), DIALECTS["hermes"](), PrefixStore(Path(folder)))
        loaded = again.prepare(tools)
        grammar = GrammarDecoding(path, tools, model.vocabulary)
        grammar.call("Hello.")
        ours, naive, same, called = [], [], 0, 0
        for sentence in sentences:
            span, thought = _timed(lambda text: again.think(Think(text, longest_reply=0)), sentence)
            other_span, calls = _timed(grammar.call, sentence)
            if not calls or not thought.calls:
                continue
            called += 1
            same += [(call.name, dict(call.arguments)) for call in thought.calls] == [(n, dict(a)) for n, a in calls]
            ours.append(span)
            naive.append(other_span)
    ratio = median(other / own for own, other in zip(ours, naive, strict=True)) if ours else None
    prefix_ratio = evaluated.milliseconds / loaded.milliseconds
    return [
        Row(
            "tool_call", "a tool call decoded, against LlamaGrammar with the same prompt",
            median(ours) * 1000 if ours else None, median(naive) * 1000 if naive else None, "ms", ratio,
            "at least 2.5 times as fast, same calls", ratio is not None and ratio >= 2.5 and same == called,
            f"{same} of {called} calls the same",
        ),
        Row(
            "start_prefix", "prompt ready after start, loaded against evaluated",
            loaded.milliseconds, evaluated.milliseconds, "ms", prefix_ratio,
            "at least 8 times as fast", prefix_ratio >= 8, f"{loaded.prefix_tokens} tokens",
        ),
    ]  # fmt: skip


def _timed[T](work: Callable[[str], T], text: str) -> tuple[float, T]:
    begun = time.monotonic()
    result = work(text)
    return time.monotonic() - begun, result

"""The naive chain in the place of understanding: llama-cpp-python's own tool calling and nothing before it."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from codriver.engines.thinker.events import Tools
from codriver.turn import Context, IntentCall, Source, Understanding

_CONTEXT = 8192


class _Caller(Protocol):
    def call(self, text: str) -> list[tuple[str, Mapping[str, Any]]]: ...


_callers: list[_Caller] = []
"""The model of the worker process; only there is anything in it."""


def _load(model: Path, tools: Tools) -> None:
    from codriver.workshop.naive import ChatmlFunctionCalling

    _callers.append(ChatmlFunctionCalling(model, tools, context=_CONTEXT))


def _call(text: str) -> list[tuple[str, dict[str, Any]]]:
    return [(name, dict(arguments)) for name, arguments in _callers[0].call(text)]


class NaiveUnderstander:
    """Understands as one would who only reads llama-cpp-python's documentation, in a process of its own."""

    def __init__(self, model: Path, tools: Tools) -> None:
        # A process takes one ggml library, and the voice detector has brought its own into this one.
        spawn = multiprocessing.get_context("spawn")
        self._worker = ProcessPoolExecutor(1, mp_context=spawn, initializer=_load, initargs=(model, tools))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._worker.shutdown(cancel_futures=True)

    async def foresee(self, text: str, language: str, context: Context) -> None:
        """Do nothing: it is asked when all was heard."""

    async def understand(self, text: str, language: str, context: Context = Context()) -> Understanding:
        """Take whatever calls the model answers with."""
        calls = await asyncio.wrap_future(self._worker.submit(_call, text))
        found = tuple(IntentCall(name, arguments) for name, arguments in calls)
        return Understanding(found, Source.MODEL if found else Source.NONE)

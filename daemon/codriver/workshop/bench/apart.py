"""Run a function in a process of its own, which gives its memory back and loads its own libraries."""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any


async def apart(module: str, function: str, *args: Any) -> Any:
    """Call a function of a module in a new process; the module is imported only there.

    llama.cpp and the voice detector each bring a ggml library, and a process takes only one of them.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return await asyncio.wrap_future(pool.submit(_call, module, function, args))


def _call(module: str, function: str, args: tuple[Any, ...]) -> Any:
    return getattr(importlib.import_module(module), function)(*args)

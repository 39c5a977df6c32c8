"""What every engine process has in common: its arguments, its socket, its end.

An engine loads its model first and opens its socket afterwards, so a socket that answers is an engine that is ready.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import logging
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from urllib.parse import urlparse

from wyoming.server import AsyncEventHandler, AsyncServer

from codriver import heap

_PR_SET_PDEATHSIG = 1

type HandlerFactory = Callable[[asyncio.StreamReader, asyncio.StreamWriter], AsyncEventHandler]


def engine_arguments(description: str) -> argparse.ArgumentParser:
    """Make the parser of an engine's command line with the options that all engines share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--uri", required=True, help="where to listen: unix:///path or tcp://host:port")
    parser.add_argument("--threads", type=int, default=0, help="threads of the model; 0 for one a core")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when the starting process ends")
    parser.add_argument("--debug", action="store_true", help="log more, but never what was said")
    return parser


def serve(
    arguments: argparse.Namespace,
    make_handler: HandlerFactory,
    around: AbstractAsyncContextManager[object] | None = None,
) -> None:
    """Answer Wyoming events at ``arguments.uri`` until SIGTERM, within ``around``. A stale unix socket is replaced."""
    logging.basicConfig(level=logging.DEBUG if arguments.debug else logging.WARNING, format="%(name)s: %(message)s")
    if arguments.exit_with_parent:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    target = urlparse(arguments.uri)
    if target.scheme == "unix":
        Path(target.path).unlink(missing_ok=True)
    heap.settle()
    asyncio.run(_serve(arguments.uri, make_handler, around or nullcontext()))


async def _serve(uri: str, make_handler: HandlerFactory, around: AbstractAsyncContextManager[object]) -> None:
    async with around:
        await AsyncServer.from_uri(uri).run(make_handler)

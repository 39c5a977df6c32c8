"""What every engine process has in common: its arguments, its socket, its end.

An engine loads its model first and opens its socket afterwards, so a socket that answers is an engine that is ready.
Started by systemd, it takes the socket that it is passed: callers of before wait there until the model is loaded.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from pathlib import Path
from urllib.parse import urlparse

from wyoming.server import AsyncEventHandler, AsyncServer, AsyncTcpServer

from codriver.host import heap, logs, systemd
from codriver.host.ending import end_with_parent

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
    """Answer Wyoming events until SIGTERM, within ``around``: at the socket that systemd passes, else at the URI.

    A stale unix socket is replaced.
    """
    logs.begin(logging.DEBUG if arguments.debug else logging.WARNING)
    if arguments.exit_with_parent:
        end_with_parent()
    server = _server(arguments.uri)
    heap.settle()
    asyncio.run(_answer(server, make_handler, around or nullcontext()))


class PassedServer(AsyncTcpServer):
    """A Wyoming server at a socket, unix or TCP, that somebody else opened, and keeps when this process ends."""

    def __init__(self, listening: socket.socket) -> None:
        super().__init__("", 0)
        self._listening = listening

    async def run(self, handler_factory: HandlerFactory) -> None:
        """Answer until SIGTERM."""
        # start_unix_server would delete the file of the socket at the end, and with it the way in for all who follow.
        self._server = await asyncio.start_server(
            partial(self._handler_callback, handler_factory), sock=self._listening
        )
        self._register_stop_signal()
        try:
            await self._server.serve_forever()
        except asyncio.CancelledError:
            if not self._stop_requested:
                raise
        finally:
            self._unregister_stop_signal()


def _server(uri: str) -> AsyncServer:
    passed = systemd.passed_sockets()
    if passed:
        return PassedServer(passed[0])
    target = urlparse(uri)
    if target.scheme == "unix":
        Path(target.path).unlink(missing_ok=True)
    return AsyncServer.from_uri(uri)


async def _answer(
    server: AsyncServer, make_handler: HandlerFactory, around: AbstractAsyncContextManager[object]
) -> None:
    async with around, systemd.ready():
        await server.run(make_handler)

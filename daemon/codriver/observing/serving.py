"""Answers Prometheus over HTTP, on loopback or on a unix socket, in threads of its own: never in the daemon's loop."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, make_wsgi_app

from codriver.errors import ConfigurationError

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_SLOWEST = 5.0
"""Seconds that a client may take to put its question."""


class _Handler(WSGIRequestHandler):
    timeout = _SLOWEST

    def address_string(self) -> str:
        return "local"

    def get_environ(self) -> WSGIEnvironment:
        if not self.client_address:  # a unix socket has no name on its other end
            self.client_address = ("local", 0)
        return super().get_environ()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Keep quiet: who asks for numbers every 15 s is no news."""


class _TcpServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        # Without the look-up of a host name that HTTPServer makes, and waits for.
        socket.socket.bind(self.socket, self.server_address)
        self.server_name, self.server_port = "localhost", self.socket.getsockname()[1]
        self.setup_environ()


class _UnixServer(_TcpServer):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        UnixStreamServer.server_bind(self)
        self.server_name, self.server_port = "localhost", 0
        self.setup_environ()


@contextmanager
def serving(address: str, registry: CollectorRegistry, turns: Callable[[], str]) -> Iterator[int]:
    """Answer ``/metrics`` and ``/turns`` at ``HOST:PORT`` or ``unix:/PATH`` while in here; gives the port, or 0.

    Raises ConfigurationError where that cannot be.
    """
    application = _application(make_wsgi_app(registry), turns)
    try:
        server = _bound(address)
    except OSError as error:
        raise ConfigurationError(
            f"metrics.listen: {address} cannot be listened at: {error.strerror}. Choose another one."
        ) from error
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        if address.startswith("unix:"):
            Path(address.removeprefix("unix:")).unlink(missing_ok=True)


def _bound(address: str) -> _TcpServer:
    if address.startswith("unix:"):
        path = Path(address.removeprefix("unix:"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISSOCK(path.stat().st_mode):  # left behind by a daemon that was killed
                path.unlink()
        server = _UnixServer(str(path), _Handler)  # type: ignore[arg-type]
        os.chmod(path, 0o660)  # noqa: PTH101 - a path as it was given
        return server
    host, _, port = address.rpartition(":")
    return _TcpServer((host, int(port)), _Handler)


def _application(metrics: WSGIApplication, turns: Callable[[], str]) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED, "", start_response)
        match environ["PATH_INFO"]:
            case "/metrics":
                return metrics(environ, start_response)
            case "/turns":
                return _plain(HTTPStatus.OK, turns(), start_response, "application/jsonl")
            case _:
                return _plain(HTTPStatus.NOT_FOUND, "There are /metrics and /turns.\n", start_response)

    return answer


def _plain(status: HTTPStatus, text: str, start_response: StartResponse, kind: str = "text/plain") -> Iterable[bytes]:
    start_response(f"{status.value} {status.phrase}", [("Content-Type", f"{kind}; charset=utf-8")])
    return [text.encode()]

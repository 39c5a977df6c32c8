"""Engines that systemd starts and keeps alive, each behind a socket that systemd holds open for it."""

from __future__ import annotations

import logging

from wyoming.client import AsyncClient
from wyoming.info import Describe

from codriver.engines.supervisor import Engine

_LOG = logging.getLogger(__name__)


class ActivatedEngine(Engine):
    """An engine that begins when it is first spoken to, and is started again by systemd.

    A connection is held to it, so that its death is known at once. It is ready when it says what it is: the socket
    takes connections long before there is anybody to answer.
    """

    async def _live(self) -> None:
        """Wake the engine, and stay until it ends or cannot be reached."""
        try:
            async with AsyncClient.from_uri(self.uri) as client:
                await client.write_event(Describe().event())
                while await client.read_event() is not None:
                    self._ready.set()
        except (OSError, EOFError, ValueError) as error:
            _LOG.warning("Engine cannot be reached", extra={"engine": self.name, "reason": type(error).__name__})
        finally:
            self._ready.clear()


def socket_unit(engine: str) -> str:
    """Name the unit that holds the socket of an engine, such as ``codriver-voice@en.socket``."""
    kind, _, instance = engine.partition("-")
    return f"codriver-{kind}@{instance}.socket" if instance else f"codriver-{kind}.socket"

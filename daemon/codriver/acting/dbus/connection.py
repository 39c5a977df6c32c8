"""One connection to a bus daemon, from hello to its end. ``bus.py`` opens a new one when it is lost.

Neither dbus-fast nor dbus-next limits the time of a call, and dbus-next waits for ever on a bus that has
died, so replies are matched to calls here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from codriver.acting.dbus.faults import explain
from codriver.acting.dbus.values import unwrap
from codriver.errors import InvalidRequest, ServiceTimeout, ServiceUnavailable

type BusKind = Literal["session", "system"]

_logger = logging.getLogger(__name__)
_UNWRITABLE = (
    TypeError,
    ValueError,
    OverflowError,
    struct.error,
)  # what either library raises for a bad message
_CONNECT_TIMEOUT = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Destination:
    """An interface of an object of a service: where a call goes, or where a signal comes from.

    An empty ``bus_name`` is allowed for signals only, and stands for every sender.
    """

    bus_name: str
    path: str
    interface: str


class Connection:
    """A connection that is open. Messages that come in and are no replies go to ``on_message``.

    Belongs to the event loop that opened it. ``on_message`` returns whether it takes care of the message.
    """

    def __init__(self, library: Any, raw: Any) -> None:
        self._library = library
        self._raw = raw
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._open = True

    @classmethod
    async def open(
        cls, library: Any, address: str | None, kind: BusKind, on_message: Callable[[Any], bool]
    ) -> Connection:
        """Connect and say hello. Raises ServiceUnavailable when no bus answers there."""
        bus_type = library.BusType.SYSTEM if kind == "system" else library.BusType.SESSION
        # In two steps: dbus-next connects while constructing, and leaves its socket open when that fails.
        raw = library.aio.MessageBus.__new__(library.aio.MessageBus)
        connection = cls(library, raw)
        try:
            async with asyncio.timeout(_CONNECT_TIMEOUT):
                raw.__init__(bus_address=address, bus_type=bus_type)
                raw.add_message_handler(lambda message: connection._take(message) or on_message(message))
                await raw.connect()
        except (
            OSError,
            EOFError,
            TimeoutError,
            ValueError,
            library.AuthError,
            library.InvalidAddressError,
        ) as error:
            _close_socket(raw)
            raise ServiceUnavailable("The message bus cannot be reached.") from error
        return connection

    @property
    def unique_name(self) -> str:
        """The name that the bus daemon gave this connection, such as ``:1.7``."""
        return str(self._raw.unique_name)

    async def wait_lost(self) -> None:
        """Wait until the connection has ended, whatever ended it; calls that wait fail then."""
        ended = asyncio.ensure_future(self._raw.wait_for_disconnect())
        try:
            await asyncio.wait({ended})
        finally:
            ended.cancel()
        if not ended.cancelled() and (error := ended.exception()) is not None:
            _logger.debug("bus connection broke", extra={"reason": type(error).__name__})
        self._fail_pending()

    async def close(self) -> None:
        """End the connection. Calls that still wait fail with ServiceUnavailable."""
        self._fail_pending()
        if self._raw.connected:
            self._raw.disconnect()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.wait_lost(), 1.0)
        _close_socket(self._raw)

    async def request(
        self, destination: Destination, member: str, signature: str, body: list[Any], timeout: float
    ) -> list[Any]:
        """Call a method with a wrapped body and return plain values. Raises like ``Bus.call``."""
        message = self._message(
            destination=destination.bus_name,
            path=destination.path,
            interface=destination.interface,
            member=member,
            signature=signature,
            body=body,
        )
        if not self._open:
            raise ServiceUnavailable("The message bus is not there.")
        message.serial = self._raw.next_serial()
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[message.serial] = reply
        try:
            self.send(message)
            async with asyncio.timeout(timeout):
                answer = await reply
        except TimeoutError:
            raise ServiceTimeout(f"{destination.bus_name} did not answer in {timeout:g} seconds.") from None
        finally:
            self._pending.pop(message.serial, None)
        if answer.message_type is self._library.MessageType.ERROR:
            text = answer.body[0] if answer.body and isinstance(answer.body[0], str) else ""
            raise explain(answer.error_name, text, destination.bus_name)
        return [unwrap(self._library, value) for value in answer.body]

    def emit(self, path: str, name: str, member: str, signature: str, body: list[Any]) -> None:
        """Send a signal with a wrapped body. Raises InvalidRequest when it cannot be written."""
        signal = self._message(path=path, interface=name, member=member, signature=signature, body=body)
        signal.message_type = self._library.MessageType.SIGNAL
        self.send(signal)

    def send(self, message: Any) -> None:
        """Send a message of the library's, if the bus is there. Raises InvalidRequest for an unfit one."""
        if not self._open:
            return
        try:
            sent = self._raw.send(message)
        except _UNWRITABLE as error:
            raise InvalidRequest("A value does not fit the D-Bus type that it is meant for.") from error
        # A write that fails ends the connection, and with it every call that waits: no need to look.
        sent.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _message(self, **fields: Any) -> Any:
        try:
            return self._library.Message(**fields)
        except _UNWRITABLE as error:
            raise InvalidRequest(f"This is no valid D-Bus address: {str(error)[:120]}.") from error

    def _take(self, message: Any) -> bool:
        reply = self._pending.get(message.reply_serial)
        if reply is None:
            return False
        if not reply.done():
            reply.set_result(message)
        return True

    def _fail_pending(self) -> None:
        self._open = False
        for reply in self._pending.values():
            if not reply.done():
                reply.set_exception(ServiceUnavailable("The message bus was lost before the answer came."))


def _close_socket(raw: Any) -> None:
    """Close what dbus-next leaves open of a connection that was lost or never came about."""
    for part in (getattr(raw, "_stream", None), getattr(raw, "_sock", None)):
        if part is not None:
            with contextlib.suppress(OSError):
                part.close()

"""The one way onto D-Bus: calls with a time limit, signals, names and objects that outlive a lost bus.

Works over dbus-fast, or over dbus-next where only that is installed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from codriver.acting.dbus.connection import BusKind, Connection, Destination
from codriver.acting.dbus.exported import Exported, Exports
from codriver.acting.dbus.faults import error_name
from codriver.acting.dbus.interfaces import interface
from codriver.acting.dbus.values import Typed, load_library, unwrap, wrap
from codriver.errors import BusError, CodriverError, InvalidRequest, Rejected, ServiceUnavailable

__all__ = ["Bus", "BusKind", "Destination", "Signal", "Subscription", "Typed"]

_logger = logging.getLogger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0  # seconds between attempts to reconnect
_LOOK_SECONDS = 0.3  # that a call waits for a bus which is just coming back
_DO_NOT_QUEUE, _QUEUE = 4, 0  # flags of RequestName
_OWNED = (1, 4)  # replies to RequestName: primary owner, already owner
_DAEMON = Destination("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
_PROPERTIES = "org.freedesktop.DBus.Properties"


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal that came in. ``sender`` is the unique name of who sent it; ``args`` are plain values."""

    sender: str
    path: str
    interface: str
    member: str
    args: list[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Subscription:
    """A standing wish for a signal, for ``Bus.unsubscribe``."""

    source: Destination
    member: str
    callback: Callable[[Signal], None]

    @property
    def rule(self) -> str:
        """The match rule that asks the bus daemon for this signal."""
        sender = f"sender='{self.source.bus_name}'," if self.source.bus_name else ""
        place = f"path='{self.source.path}',interface='{self.source.interface}'"
        return f"type='signal',{sender}{place},member='{self.member}'"


class Bus:
    """A connection to a message bus, kept alive. Belongs to the event loop that it is connected in.

    ``address`` overrides the well-known address of ``kind``; ``library`` forces dbus_fast or dbus_next.
    """

    def __init__(self, address: str | None = None, kind: BusKind = "session", *, library: str | None = None) -> None:
        self._address = address
        self._kind: BusKind = kind
        self._library = load_library(library)
        self._connection: Connection | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._up = asyncio.Event()
        self._look_now = asyncio.Event()
        self._subscriptions: list[Subscription] = []
        self._owners: dict[str, str] = {}
        self._owner_watchers: dict[str, list[Callable[[str], None]]] = {}
        self._names: list[str] = []
        self._exports = Exports()
        self._answering: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether the bus is there right now, with all names and subscriptions in place."""
        return self._up.is_set()

    @property
    def unique_name(self) -> str:
        """The name that the bus daemon gave this process, or nothing while the bus is lost."""
        return self._connection.unique_name if self._connection is not None else ""

    async def connect(self) -> None:
        """Connect, and from now on reconnect whenever the bus is lost.

        Raises ServiceUnavailable when there is no bus now.
        """
        if self._keeper is None:
            connection = await self._open()
            self._keeper = asyncio.create_task(self._keep(connection), name="bus keeper")

    async def close(self) -> None:
        """Leave the bus. Calls that still wait fail with ServiceUnavailable."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.wait({keeper})
        for task in self._answering:
            task.cancel()
        if self._answering:
            await asyncio.wait(self._answering)
        await self._drop()

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def wait_connected(self, timeout: float) -> None:
        """Wait until the bus is there. Raises ServiceUnavailable after ``timeout`` seconds."""
        try:
            await asyncio.wait_for(self._up.wait(), timeout)
        except TimeoutError:
            raise ServiceUnavailable("The message bus is not there.") from None

    async def call(self, destination: Destination, member: str, *args: Any, timeout: float = 2.0) -> list[Any]:
        """Call a method with plain values and return the plain values of its reply.

        Raises InvalidRequest when the arguments don't fit the method, ServiceUnavailable when the service or
        the bus is gone or goes away before the answer, ServiceTimeout after ``timeout`` seconds, and Rejected
        with the service's own sentence when it answers with an error.
        """
        method = interface(destination.interface).method(member)
        return await self.call_as(destination, member, method.takes, *args, timeout=timeout)

    async def call_as(
        self, destination: Destination, member: str, signature: str, *args: Any, timeout: float = 2.0
    ) -> list[Any]:
        """Call a method of which codriver has no description, with arguments of the D-Bus types of ``signature``.

        Else like ``call``.
        """
        body = wrap(self._library, signature, args)
        if self._connection is None:
            # It may be back already, and only the next look for it be some seconds away.
            self._look_now.set()
            await self.wait_connected(min(timeout, _LOOK_SECONDS))
        if self._connection is None:
            raise ServiceUnavailable("The message bus is not there.")
        return await self._connection.request(destination, member, signature, body, timeout)

    async def get_property(self, destination: Destination, name: str, *, timeout: float = 2.0) -> Any:
        """Read a property. Raises like ``call``."""
        interface(destination.interface).property(name)
        properties = _properties_of(destination)
        [value] = await self.call(properties, "Get", destination.interface, name, timeout=timeout)
        return value

    async def get_properties(self, destination: Destination, *, timeout: float = 2.0) -> dict[str, Any]:
        """Read all properties that the service has of the interface. Raises like ``call``."""
        properties = _properties_of(destination)
        [values] = await self.call(properties, "GetAll", destination.interface, timeout=timeout)
        return dict(values)

    async def set_property(self, destination: Destination, name: str, value: Any, *, timeout: float = 2.0) -> None:
        """Write a property. Raises like ``call``, and InvalidRequest when it cannot be written."""
        found = interface(destination.interface).property(name)
        if not found.writable:
            raise InvalidRequest(f"{name} cannot be written.")
        typed = Typed(found.signature, value)
        properties = _properties_of(destination)
        await self.call(properties, "Set", destination.interface, name, typed, timeout=timeout)

    async def list_names(self) -> list[str]:
        """Return all names on the bus. Raises like ``call``."""
        [names] = await self.call(_DAEMON, "ListNames")
        return list(names)

    async def name_has_owner(self, name: str) -> bool:
        """Tell whether somebody owns the name now. Raises like ``call``."""
        [owned] = await self.call(_DAEMON, "NameHasOwner", name)
        return bool(owned)

    async def subscribe(self, source: Destination, member: str, callback: Callable[[Signal], None]) -> Subscription:
        """Call back for each such signal, now and after every reconnection, until unsubscribed.

        Signals that come from others than ``source.bus_name`` are not passed on. Raises like ``call``.
        """
        interface(source.interface).signal(member)
        subscription = Subscription(source, member, callback)
        if source.bus_name:
            await self._track(source.bus_name)
        await self.call(_DAEMON, "AddMatch", subscription.rule)
        self._subscriptions.append(subscription)
        return subscription

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Stop calling back. Nothing happens when that was done already."""
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)
            with contextlib.suppress(BusError):  # a bus that is gone has forgotten the rule by itself
                await self.call(_DAEMON, "RemoveMatch", subscription.rule)

    async def watch_owner(self, name: str, callback: Callable[[str], None]) -> None:
        """Call back with the unique name of the owner now and at each change; with "" when there is none.

        The loss of the bus is the loss of every owner. Raises like ``call``.
        """
        await self._track(name)
        self._owner_watchers.setdefault(name, []).append(callback)
        callback(self._owners.get(name, ""))

    async def request_name(self, name: str) -> None:
        """Own a name, now and after every reconnection. Raises Rejected when somebody else owns it."""
        [reply] = await self.call(_DAEMON, "RequestName", name, _DO_NOT_QUEUE)
        if reply not in _OWNED:
            raise Rejected(f"Another process already owns {name} on this bus.")
        self._names.append(name)

    def export(self, path: str, exported: Exported) -> None:
        """Offer an object at a path, now and after every reconnection."""
        self._exports.add(path, exported)

    def emit(self, path: str, name: str, member: str, *args: Any) -> None:
        """Send a signal of interface ``name``. While the bus is lost nobody listens, and nothing is sent.

        Raises InvalidRequest when the arguments don't fit the signal.
        """
        signature = interface(name).signal(member)
        body = wrap(self._library, signature, args)
        if self._connection is not None:
            self._connection.emit(path, name, member, signature, body)

    def emit_properties_changed(self, path: str, name: str, changed: dict[str, Any]) -> None:
        """Announce new values of properties of interface ``name``. Raises InvalidRequest for unknown ones."""
        described = interface(name)
        typed = {key: Typed(described.property(key).signature, value) for key, value in changed.items()}
        self.emit(path, _PROPERTIES, "PropertiesChanged", name, typed, [])

    async def _open(self) -> Connection:
        self._connection = await Connection.open(self._library, self._address, self._kind, self._on_message)
        try:
            await self._restore()
        except BusError as error:
            await self._drop()
            raise ServiceUnavailable("The message bus went away at once.") from error
        self._up.set()
        return self._connection

    async def _restore(self) -> None:
        for name in self._owners:
            await self._refresh_owner(name)
        for subscription in self._subscriptions:
            await self.call(_DAEMON, "AddMatch", subscription.rule)
        for name in self._names:
            # Queue: should somebody have taken the name meanwhile, it is ours again once they are gone.
            [reply] = await self.call(_DAEMON, "RequestName", name, _QUEUE)
            if reply not in _OWNED:
                _logger.warning("another process took a bus name", extra={"bus_name": name})

    async def _keep(self, connection: Connection) -> None:
        while True:
            await connection.wait_lost()
            _logger.warning("bus lost")
            await self._drop()
            pause = _FIRST_PAUSE
            while not self.connected:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._look_now.wait(), pause)
                self._look_now.clear()
                pause = min(pause * 2, _LONGEST_PAUSE)
                with contextlib.suppress(ServiceUnavailable):
                    connection = await self._open()
            _logger.info("bus found again")

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._up.clear()
        if connection is not None:
            await connection.close()
        for name in self._owners:
            self._set_owner(name, "")

    def _on_message(self, message: Any) -> bool:
        if message.message_type is self._library.MessageType.SIGNAL:
            self._on_signal(message)
            return False
        is_call = message.message_type is self._library.MessageType.METHOD_CALL
        if not is_call or not self._exports.covers(message.path, message.interface):
            return False
        task = asyncio.create_task(self._answer(message))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        return True

    async def _answer(self, message: Any) -> None:
        """Answer a call. Faults become one sentence for the caller; unexpected ones are logged as well."""
        connection = self._connection
        reply = self._library.Message
        args = [unwrap(self._library, value) for value in message.body]
        try:
            signature, values = await self._exports.answer(
                message.path, message.interface, message.member, message.signature, args
            )
            answer = reply.new_method_return(message, signature, wrap(self._library, signature, values))
        except CodriverError as error:
            answer = reply.new_error(message, error_name(error), str(error))
        except Exception:
            _logger.exception("an exported method failed", extra={"member": message.member})
            answer = reply.new_error(message, error_name(CodriverError("")), "The service failed inside.")
        if connection is not None and not message.flags & self._library.MessageFlag.NO_REPLY_EXPECTED:
            connection.send(answer)

    def _on_signal(self, message: Any) -> None:
        if message.sender == _DAEMON.bus_name and message.member == "NameOwnerChanged":
            name, _, owner = message.body
            if name in self._owners:
                self._set_owner(name, owner)
        wanted = [one for one in self._subscriptions if self._matches(one, message)]
        if wanted:
            args = [unwrap(self._library, value) for value in message.body]
            signal = Signal(message.sender, message.path, message.interface, message.member, args)
            for subscription in wanted:
                _notify(subscription.callback, signal)

    def _matches(self, subscription: Subscription, message: Any) -> bool:
        source = subscription.source
        return (
            (message.member, message.interface) == (subscription.member, source.interface)
            and message.path == source.path
            and (not source.bus_name or message.sender in (source.bus_name, self._owners.get(source.bus_name)))
            and message.signature == interface(source.interface).signal(subscription.member)
        )

    async def _track(self, name: str) -> None:
        if name not in self._owners:
            await self._refresh_owner(name)

    async def _refresh_owner(self, name: str) -> None:
        daemon = _DAEMON.bus_name
        rule = f"type='signal',sender='{daemon}',interface='{daemon}',member='NameOwnerChanged',arg0='{name}'"
        await self.call(_DAEMON, "AddMatch", rule)
        self._owners.setdefault(name, "")
        try:
            [owner] = await self.call(_DAEMON, "GetNameOwner", name)
        except ServiceUnavailable:
            if self._connection is None:
                raise
            owner = ""
        self._set_owner(name, owner)

    def _set_owner(self, name: str, owner: str) -> None:
        if self._owners.get(name) != owner:
            self._owners[name] = owner
            for callback in self._owner_watchers.get(name, []):
                _notify(callback, owner)


def _properties_of(destination: Destination) -> Destination:
    return Destination(destination.bus_name, destination.path, _PROPERTIES)


def _notify[T](callback: Callable[[T], None], news: T) -> None:
    try:
        callback(news)
    except Exception:
        # One listener's fault must not keep the news from the others, nor end the connection's reader.
        _logger.exception("a bus listener failed")

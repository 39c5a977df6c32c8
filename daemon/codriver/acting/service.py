"""Any service on the bus, through effects that an intent file describes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from codriver.acting.bus import Bus, Destination, Typed
from codriver.acting.car import Confirmation
from codriver.acting.service_planning import Member, ServiceOrder, same
from codriver.acting.strangers import one_line
from codriver.errors import BusError, InvalidRequest, Rejected, ServiceTimeout, ServiceUnavailable
from codriver.turn import BusCall

_PROPERTIES = "org.freedesktop.DBus.Properties"
_LOOKS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.2)  # seconds between two looks at what a write did


class ServiceRefused(Rejected):
    """The service answered with an error; the sentence is its own, on one line."""


class ServiceAway(ServiceUnavailable):
    """The service is not there, or did not answer in time."""


class Service:
    """A client of every service that has no client of its own. All methods raise ServiceAway."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def read(self, properties: Iterable[Member]) -> dict[Member, Any]:
        """Read properties. Those that the service does not have, or does not tell, are absent."""
        values = {member: await self._read(member) for member in properties}
        return {member: value for member, value in values.items() if value is not None}

    async def send(self, order: ServiceOrder, on_sent: Callable[[BusCall], None]) -> Confirmation:
        """Carry out an order. ``on_sent`` is told the call once the service has taken it or may have.

        A method that answers is REACHED; a property that was written is read back for about 0.6 s, and MOVING
        where it has changed to something else by then. Raises ServiceRefused with the service's own sentence.
        """
        before = await self._read(order.member) if order.writes else None
        try:
            await self._send(order)
        except ServiceTimeout as error:
            on_sent(_call(order))
            raise ServiceAway(str(error)) from error
        except (Rejected, InvalidRequest) as error:
            raise ServiceRefused(one_line(str(error))) from error
        except BusError as error:
            raise ServiceAway(str(error)) from error
        on_sent(_call(order))
        return await self._confirm(order, before) if order.writes else Confirmation.REACHED

    async def _send(self, order: ServiceOrder) -> None:
        service, name = order.member.service, order.member.name
        if not order.writes:
            await self._bus.call_as(service, name, order.signature, *order.args, timeout=order.timeout)
            return
        [value] = order.args
        typed = Typed(order.signature, value)
        await self._bus.call(_properties_of(service), "Set", service.interface, name, typed, timeout=order.timeout)

    async def _confirm(self, order: ServiceOrder, before: object) -> Confirmation:
        now = None
        for pause in _LOOKS:
            await asyncio.sleep(pause)
            now = await self._read(order.member)
            if same(now, order.args[0]):
                return Confirmation.REACHED
        return Confirmation.UNCHANGED if now is None or same(now, before) else Confirmation.MOVING

    async def _read(self, member: Member) -> Any:
        try:
            [value] = await self._bus.call(_properties_of(member.service), "Get", member.service.interface, member.name)
        except (Rejected, InvalidRequest):
            return None
        except BusError as error:
            raise ServiceAway(str(error)) from error
        return value


def _properties_of(service: Destination) -> Destination:
    return Destination(service.bus_name, service.path, _PROPERTIES)


def _call(order: ServiceOrder) -> BusCall:
    service, name = order.member.service, order.member.name
    if order.writes:
        return BusCall(service.bus_name, service.path, service.interface, "Set", (), name, order.args[0])
    return BusCall(service.bus_name, service.path, service.interface, name, order.args)

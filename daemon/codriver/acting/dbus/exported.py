"""Objects that this process offers on the bus, and the answers to calls on them, without any I/O.

An exported object names its D-Bus interface, and has a Python method or attribute in snake_case for each
member that the interface's XML describes: ``Get`` is answered by ``get``, the property ``NextManeuver`` by
``next_maneuver``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from typing import Any, Protocol

from codriver.acting.dbus.interfaces import Interface, interface, introspection_xml
from codriver.acting.dbus.values import Typed, signature_of
from codriver.errors import InvalidRequest

_PROPERTIES = "org.freedesktop.DBus.Properties"
_INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"


class Exported(Protocol):
    """An object for the bus. Its methods take and return plain values, and may be coroutines.

    A method with no out argument returns None, with one its value, with more a tuple. CodriverErrors that
    they raise reach the caller as ``org.codriver.Error.<code>``.
    """

    @property
    def interface(self) -> str:
        """Name of the D-Bus interface whose members this object answers."""
        ...


class Exports:
    """All exported objects of a process, by object path and interface."""

    def __init__(self) -> None:
        self._objects: dict[str, dict[str, Exported]] = {}

    def add(self, path: str, exported: Exported) -> None:
        """Offer an object. Raises InvalidRequest when no XML of its interface is installed."""
        interface(exported.interface)
        self._objects.setdefault(path, {})[exported.interface] = exported

    def remove(self, path: str, exported: Exported) -> None:
        """Withdraw an object; nothing happens when it is not there."""
        self._objects.get(path, {}).pop(exported.interface, None)
        if not self._objects.get(path, {}):
            self._objects.pop(path, None)

    def covers(self, path: str, name: str | None) -> bool:
        """Tell whether a call is ours to answer; introspection is, also on the way to an object."""
        return path in self._objects or (name == _INTROSPECTABLE and bool(self._children(path)))

    async def answer(
        self, path: str, name: str | None, member: str, signature: str, args: Sequence[Any]
    ) -> tuple[str, list[Any]]:
        """Answer a method call with the signature and the plain values of its reply.

        ``args`` are unwrapped. Raises InvalidRequest for members and types that the interface does not have,
        and whatever the object raises.
        """
        if name == _INTROSPECTABLE and member == "Introspect":
            return "s", [self._introspect(path)]
        if name == _PROPERTIES:
            method = interface(_PROPERTIES).method(member)
            _check_types(member, signature, method.takes)
            return method.returns, self._properties(path, member, args)
        exported, described = self._find(path, name, member)
        method = described.method(member)
        _check_types(member, signature, method.takes)
        result = getattr(exported, _snake(member))(*args)
        if inspect.isawaitable(result):
            result = await result
        return method.returns, [] if result is None else list(result) if isinstance(result, tuple) else [result]

    def _find(self, path: str, name: str | None, member: str) -> tuple[Exported, Interface]:
        objects = self._objects.get(path, {})
        if name is None:
            candidates = [found for found in objects.values() if member in interface(found.interface).methods]
        else:
            candidates = [objects[name]] if name in objects else []
        if not candidates:
            raise InvalidRequest(f"There is no {name or member} at {path}.")
        return candidates[0], interface(candidates[0].interface)

    def _properties(self, path: str, member: str, args: Sequence[Any]) -> list[Any]:
        exported, described = self._find(path, args[0], member)
        if member == "GetAll":
            return [{key: _read(exported, described, key) for key in described.properties}]
        found = described.property(args[1])
        if member == "Get":
            return [_read(exported, described, args[1])]
        if not found.writable:
            raise InvalidRequest(f"{args[1]} cannot be written.")
        given = signature_of(args[2])
        if given != found.signature:
            raise InvalidRequest(f"{args[1]} takes ({found.signature}), not ({given[:40]}).")
        setattr(exported, _snake(args[1]), args[2])
        return []

    def _children(self, path: str) -> list[str]:
        prefix = path.rstrip("/") + "/"
        return sorted({p[len(prefix) :].split("/", 1)[0] for p in self._objects if p.startswith(prefix)})

    def _introspect(self, path: str) -> str:
        names = [*self._objects.get(path, {}), _PROPERTIES, _INTROSPECTABLE]
        inner = "".join(introspection_xml(name) for name in names)
        inner += "".join(f'<node name="{child}"/>' for child in self._children(path))
        return f"<node>{inner}</node>"


def _check_types(member: str, given: str, wanted: str) -> None:
    if given != wanted:
        raise InvalidRequest(f"{member} takes ({wanted}), not ({given[:40]}).")


def _read(exported: Exported, described: Interface, name: str) -> Typed:
    return Typed(described.property(name).signature, getattr(exported, _snake(name)))


def _snake(member: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", member).lower()

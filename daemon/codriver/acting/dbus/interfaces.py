"""Static introspection: the members of an interface and their types, from XML that codriver ships.

Nothing is introspected at run time. Players and mocks leave members out of theirs, and a signature that a
service tells us could change what a call does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from xml.etree import ElementTree

from codriver.acting.dbus.values import load_library
from codriver.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Method:
    """D-Bus signatures of a method: what goes in, what comes out."""

    takes: str
    returns: str


@dataclass(frozen=True, slots=True)
class Property:
    """D-Bus signature of a property, and whether it can be written."""

    signature: str
    writable: bool


@dataclass(frozen=True, slots=True)
class Interface:
    """The members of one D-Bus interface, by name."""

    name: str
    methods: Mapping[str, Method]
    properties: Mapping[str, Property]
    signals: Mapping[str, str]

    def method(self, member: str) -> Method:
        """Look a method up. Raises InvalidRequest when the interface has none of that name."""
        try:
            return self.methods[member]
        except KeyError:
            raise InvalidRequest(f"{self.name} has no method {member[:80]}.") from None

    def property(self, name: str) -> Property:
        """Look a property up. Raises InvalidRequest when the interface has none of that name."""
        try:
            return self.properties[name]
        except KeyError:
            raise InvalidRequest(f"{self.name} has no property {name[:80]}.") from None

    def signal(self, member: str) -> str:
        """Look a signal's signature up. Raises InvalidRequest when the interface has none of that name."""
        try:
            return self.signals[member]
        except KeyError:
            raise InvalidRequest(f"{self.name} has no signal {member[:80]}.") from None


def interface(name: str) -> Interface:
    """Look an interface up. Raises InvalidRequest when codriver ships no description of it."""
    try:
        return _KNOWN[name][0]
    except KeyError:
        raise InvalidRequest(f"No description of the D-Bus interface {name[:120]} is installed.") from None


def introspection_xml(name: str) -> str:
    """Return the ``<interface>`` element of a known interface, for whoever introspects us."""
    interface(name)
    return _KNOWN[name][1]


def _load() -> Mapping[str, tuple[Interface, str]]:
    node = load_library().introspection.Node
    known: dict[str, tuple[Interface, str]] = {}
    for file in (files("codriver.acting.dbus") / "introspection").iterdir():
        if not file.name.endswith(".xml"):
            continue
        for found in node.parse(file.read_text(encoding="utf-8")).interfaces:
            description = Interface(
                name=found.name,
                methods={m.name: Method(m.in_signature, m.out_signature) for m in found.methods},
                properties={p.name: Property(p.signature, p.access.writable()) for p in found.properties},
                signals={s.name: s.signature for s in found.signals},
            )
            known[found.name] = (description, ElementTree.tostring(found.to_xml(), encoding="unicode"))
    return known


# Read with the module, because reading files later would block the event loop.
_KNOWN = _load()

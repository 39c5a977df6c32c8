"""Values on the wire: plain Python on our side, variants and structs on the other.

No type of a D-Bus library leaves this package: what comes in is unwrapped to plain values, what goes out is
wrapped after the signature of the member that takes it.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from codriver.errors import ConfigurationError, InvalidRequest

LIBRARIES = ("dbus_fast", "dbus_next")

_INTEGERS = {
    "y": range(2**8),
    "n": range(-(2**15), 2**15),
    "q": range(2**16),
    "i": range(-(2**31), 2**31),
    "u": range(2**32),
    "x": range(-(2**63), 2**63),
    "t": range(2**64),
    "h": range(2**32),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A value for a variant whose D-Bus type its Python type does not tell, such as uint8 ``y``."""

    signature: str
    value: Any


@cache
def load_library(name: str | None = None) -> Any:
    """Import dbus-fast where installed, else dbus-next.

    ``name``, or else the environment's ``CODRIVER_DBUS_LIBRARY``, asks for one of the two by module name.
    Raises ConfigurationError when the one asked for, or every one, is missing.
    """
    wanted = name or os.environ.get("CODRIVER_DBUS_LIBRARY", "")
    if wanted and wanted not in LIBRARIES:
        raise ConfigurationError(f"{wanted!r} is no D-Bus library; use one of {', '.join(LIBRARIES)}.")
    for candidate in [wanted] if wanted else LIBRARIES:
        try:
            library = importlib.import_module(candidate)
            importlib.import_module(f"{candidate}.aio")
            importlib.import_module(f"{candidate}.introspection")
        except ImportError:
            continue
        return library
    raise ConfigurationError("No D-Bus library is installed; install dbus-fast.")


def wrap(library: Any, signature: str, values: tuple[Any, ...] | list[Any]) -> list[Any]:
    """Turn plain values into a message body of ``signature``.

    Raises InvalidRequest when they don't fit.
    """
    types = _types(library, signature)
    if len(types) != len(values):
        raise InvalidRequest(f"This takes {len(types)} arguments ({signature}), and {len(values)} were given.")
    return [_wrap(library, kind, value) for kind, value in zip(types, values, strict=True)]


def unwrap(library: Any, value: Any) -> Any:
    """Turn what came in into plain values: variants lose their wrapping, at every depth."""
    if isinstance(value, library.Variant):
        return unwrap(library, value.value)
    if isinstance(value, dict):
        return {key: unwrap(library, item) for key, item in value.items()}
    if isinstance(value, list | tuple):  # a struct is a list with dbus-next, a tuple with dbus-fast
        return [unwrap(library, item) for item in value]
    return value


def signature_of(value: Any) -> str:
    """Choose a D-Bus type for a plain value. Raises InvalidRequest when there is none."""
    match value:
        case Typed():
            return value.signature
        case bool():
            return "b"
        case int():
            return "i" if value in _INTEGERS["i"] else "x" if value in _INTEGERS["x"] else "t"
        case float():
            return "d"
        case str():
            return "s"
        case bytes():
            return "ay"
        case Mapping():
            return "a{sv}"
        case list() | tuple():
            kinds = {signature_of(item) for item in value}
            return f"a{kinds.pop()}" if len(kinds) == 1 else "as" if not kinds else "av"
        case _:
            raise InvalidRequest(f"A {type(value).__name__} cannot be sent over D-Bus.")


@cache
def _types(library: Any, signature: str) -> list[Any]:
    return list(library.SignatureTree(signature).types)


def _wrap(library: Any, kind: Any, value: Any) -> Any:
    code = kind.token
    if code == "v":
        signature = signature_of(value)
        plain = value.value if isinstance(value, Typed) else value
        return library.Variant(signature, _wrap(library, _types(library, signature)[0], plain))
    if code == "a":
        return _wrap_array(library, kind.children[0], value)
    if code == "(":
        if not isinstance(value, list | tuple) or len(value) != len(kind.children):
            raise InvalidRequest(f"A group of {len(kind.children)} values is needed.")
        return [_wrap(library, child, item) for child, item in zip(kind.children, value, strict=True)]
    return _basic(code, value)


def _wrap_array(library: Any, item: Any, value: Any) -> Any:
    if item.token.startswith("{"):
        if not isinstance(value, Mapping):
            raise InvalidRequest("A table of names and values is needed.")
        key, content = item.children
        return {_wrap(library, key, k): _wrap(library, content, v) for k, v in value.items()}
    if item.token.startswith("y") and isinstance(value, bytes):
        return value
    if not isinstance(value, list | tuple | set | frozenset):
        raise InvalidRequest("A list is needed.")
    return [_wrap(library, item, element) for element in value]


def _basic(code: str, value: Any) -> Any:
    if code in "sog":
        # A NUL in a string makes the bus daemon close the connection.
        if not isinstance(value, str) or "\0" in value:
            raise InvalidRequest("A text without NUL characters is needed.")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise InvalidRequest("A text of valid Unicode is needed.") from None
    elif code == "b":
        if not isinstance(value, bool):
            raise InvalidRequest("True or false is needed.")
    elif code == "d":
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidRequest("A number is needed.")
        return float(value)
    elif isinstance(value, bool) or not isinstance(value, int) or value not in _INTEGERS[code]:
        raise InvalidRequest(f"A whole number that fits the D-Bus type {code} is needed.")
    return value

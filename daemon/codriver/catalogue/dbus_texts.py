"""Texts to which D-Bus gives a form: names on the bus, object paths, members of interfaces, signatures."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

_BASIC = "ybnqiuxtdsog"
_LONGEST = 255
_CAR = "org.codriver.Vehicle1"
_BUS_NAME = r"[A-Za-z_-][A-Za-z0-9_-]*(\.[A-Za-z_-][A-Za-z0-9_-]*)+"
_OBJECT_PATH = r"/|(/[A-Za-z0-9_]+)+"
_MEMBER = r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*){2,}"


def _like(pattern: str, sentence: str) -> Callable[[str], str]:
    """Make a check that takes texts of a pattern, and answers others with how they are written."""

    def check(text: str) -> str:
        if len(text) > _LONGEST or not re.fullmatch(pattern, text):
            raise ValueError(f"{text[:80]!r} is not {sentence}")
        if text == _CAR:
            raise ValueError("the car's signals are set and read without 'on', so that they are checked by the car")
        return text

    return check


def _signature(text: str) -> str:
    complete_types(text)
    return text


type BusName = Annotated[
    str,
    AfterValidator(_like(_BUS_NAME, "a name on the bus, such as org.example.Fragrance1")),
    WithJsonSchema({"type": "string", "pattern": f"^({_BUS_NAME})$"}),
]
type ObjectPath = Annotated[
    str,
    AfterValidator(_like(_OBJECT_PATH, "the path of an object, such as /org/example/Fragrance1")),
    WithJsonSchema({"type": "string", "pattern": f"^({_OBJECT_PATH})$"}),
]
type MemberName = Annotated[
    str,
    AfterValidator(_like(_MEMBER, "an interface and its member, such as org.example.Fragrance1.Release")),
    WithJsonSchema({"type": "string", "pattern": f"^({_MEMBER})$"}),
]
type Signature = Annotated[str, AfterValidator(_signature)]


def complete_types(signature: str) -> tuple[str, ...]:
    """Split a signature into its complete types: ``sa{sv}`` is ``s`` and ``a{sv}``. Raises ValueError for no signature.

    File descriptors (``h``) are left out: an intent has none to send.
    """
    if len(signature) > _LONGEST:
        raise ValueError(f"a D-Bus signature has at most {_LONGEST} characters")
    types: list[str] = []
    start = 0
    while start < len(signature):
        end = _end_of_type(signature, start)
        types.append(signature[start:end])
        start = end
    return tuple(types)


def _end_of_type(signature: str, start: int) -> int:
    """Give where the type that begins at ``start`` ends."""
    code = signature[start : start + 1]
    if code and code in _BASIC + "v":
        return start + 1
    if code == "a" and signature[start + 1 : start + 2] == "{":
        key = signature[start + 2 : start + 3]
        end = _end_of_type(signature, start + 3)
        if key and key in _BASIC and signature[end : end + 1] == "}":
            return end + 1
    elif code == "a":
        return _end_of_type(signature, start + 1)
    elif code == "(" and signature[start + 1 : start + 2] != ")":
        end = start + 1
        while signature[end : end + 1] != ")":
            end = _end_of_type(signature, end)
        return end + 1
    raise ValueError(
        f"{signature!r} is no D-Bus signature: write one type for each value, such as 's' for a text, "
        "'u' for a whole number, 'd' for any number, 'b' for true or false"
    )

"""What a vehicle signal is: its type, its limits, and which values it takes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from codriver.errors import InvalidRequest
from codriver.turn import SignalValue

INTEGERS = {
    "uint8": (0, 2**8 - 1),
    "int8": (-(2**7), 2**7 - 1),
    "uint16": (0, 2**16 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "uint32": (0, 2**32 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint64": (0, 2**64 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
# D-Bus has no signed byte and no single-precision float.
DBUS_TYPES = {
    "boolean": "b",
    "string": "s",
    "float": "d",
    "double": "d",
    "uint8": "y",
    "int8": "n",
    "uint16": "q",
    "int16": "n",
    "uint32": "u",
    "int32": "i",
    "uint64": "t",
    "int64": "x",
}
_LONGEST_TEXT = 200  # characters of a string signal
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True)
class Description:
    """What a car says about one of its signals.

    ``datatype`` and ``unit`` are those of VSS. ``follows`` names the signal that this one is derived from:
    writing either moves both. A ``momentary`` signal takes orders and never keeps them, like a push button.
    """

    path: str
    datatype: str
    writable: bool = False
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] = ()
    description: str = ""
    follows: str = ""
    momentary: bool = False


def check_value(description: Description, value: object) -> SignalValue:
    """Return ``value`` as the signal keeps it: numbers in the signal's own type, colours in capitals.

    A whole number given as a float, such as 50.0, counts as whole. Raises InvalidRequest with a sentence that
    says what the signal takes, also for a signal that cannot be set.
    """
    if not description.writable:
        raise InvalidRequest(f"{description.path} can only be read.")
    return check_type(description, value)


def check_type(description: Description, value: object) -> SignalValue:
    """Do as ``check_value`` does, for signals that cannot be set as well."""
    path = description.path
    if description.datatype == "boolean":
        if not isinstance(value, bool):
            raise InvalidRequest(f"{path} takes true or false.")
        return value
    if description.datatype == "string":
        return _check_text(description, value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidRequest(f"{path} takes a number.")
    low, high = limits(description)
    if (low is not None and value < low) or (high is not None and value > high):
        raise InvalidRequest(f"{path} takes {_range(low, high)}{_unit(description)}, not {value:g}.")
    if description.datatype not in INTEGERS:
        return float(value)
    if value != int(value):
        raise InvalidRequest(f"{path} takes whole numbers, not {value:g}.")
    return int(value)


def limits(description: Description) -> tuple[float | None, float | None]:
    """Return the lowest and the highest value that the signal takes, None where there is no limit."""
    low, high = INTEGERS.get(description.datatype, (None, None))
    return (
        low if description.minimum is None else description.minimum,
        high if description.maximum is None else description.maximum,
    )


def _check_text(description: Description, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidRequest(f"{description.path} takes a text.")
    if description.allowed and value not in description.allowed:
        choices = ", ".join(description.allowed)
        raise InvalidRequest(f"{description.path} takes one of {choices}, not {value[:40]}.")
    if len(value) > _LONGEST_TEXT:
        raise InvalidRequest(f"{description.path} takes at most {_LONGEST_TEXT} characters.")
    if description.path.endswith(".Color"):
        if not _COLOUR.fullmatch(value):
            raise InvalidRequest(f"{description.path} takes a colour such as #FF8800.")
        return value.upper()
    return value


def _range(low: float | None, high: float | None) -> str:
    if high is None:
        return f"at least {low:g}"
    return f"at most {high:g}" if low is None else f"{low:g} to {high:g}"


def _unit(description: Description) -> str:
    return f" {description.unit}" if description.unit else ""

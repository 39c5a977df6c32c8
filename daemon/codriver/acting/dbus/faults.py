"""D-Bus errors and codriver's own, each told in the other's words."""

from __future__ import annotations

from codriver.errors import (
    BusError,
    CodriverError,
    InvalidRequest,
    Rejected,
    ServiceTimeout,
    ServiceUnavailable,
)

_PREFIX = "org.codriver.Error."
_FREEDESKTOP = "org.freedesktop.DBus.Error."
_LONGEST = 300  # characters of a service's own sentence

# NoReply is what the bus daemon answers when the service leaves the bus before it answers.
_GONE = {"ServiceUnknown", "NameHasNoOwner", "NoReply", "Disconnected", "NoServer", "Spawn.ServiceNotFound"}
_LATE = {"Timeout", "TimedOut"}


def error_name(error: CodriverError) -> str:
    """Return the D-Bus name of an error."""
    return _PREFIX + error.code


def explain(name: str, text: str, bus_name: str) -> CodriverError:
    """Turn a D-Bus error from ``bus_name`` into an exception; ``text`` is the service's own sentence."""
    sentence = text[:_LONGEST].strip()
    short = name.removeprefix(_FREEDESKTOP)
    if short in _GONE or short.startswith("Spawn.") or name == _PREFIX + ServiceUnavailable.code:
        return ServiceUnavailable(sentence if name.startswith(_PREFIX) else f"{bus_name} is not there.")
    if short in _LATE or name == _PREFIX + ServiceTimeout.code:
        return ServiceTimeout(sentence if name.startswith(_PREFIX) else f"{bus_name} did not answer in time.")
    if short == "InvalidArgs" or name == _PREFIX + InvalidRequest.code:
        return InvalidRequest(sentence or f"{bus_name} does not take such a request.")
    if name == _PREFIX + BusError.code:
        return BusError(sentence)
    return Rejected(sentence or f"{bus_name} refused with {short[:80]}.")

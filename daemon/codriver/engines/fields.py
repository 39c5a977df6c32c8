"""Reads the fields of an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wyoming.event import Event

from codriver.errors import InvalidRequest
from codriver.turn import IntentCall

_LARGEST = 1e300


class Fields:
    """Reads an event's fields and says in one sentence which of them is wrong, as an InvalidRequest."""

    def __init__(self, event: Event, data: Mapping[str, Any] | None = None, path: str = "") -> None:
        self._event = event
        self._data = event.data if data is None else data
        self._path = path

    def text(self, name: str, default: str | None = None) -> str:
        """Read a text."""
        value = self._data.get(name, default)
        return value if isinstance(value, str) else self._wrong(name, "text")

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts."""
        values = self._list(name)
        return tuple(value if isinstance(value, str) else self._wrong(name, "a list of texts") for value in values)

    def one_of[Choice: str](self, name: str, choices: Iterable[Choice]) -> Choice:
        """Read one of a few texts."""
        known = {str(choice): choice for choice in choices}
        value = self._data.get(name)
        found = known.get(value) if isinstance(value, str) else None
        return self._wrong(name, f"one of {', '.join(known)}") if found is None else found

    def number(self, name: str, default: float | None = None) -> float:
        """Read a number."""
        value = self._data.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -_LARGEST <= value <= _LARGEST:
            return float(self._wrong(name, "a number"))
        return float(value)

    def number_or_none(self, name: str) -> float | None:
        """Read a number; None where there is none."""
        return None if self._data.get(name) is None else self.number(name)

    def whole(self, name: str, default: int | None = None) -> int:
        """Read a whole number."""
        value = self._data.get(name, default)
        return value if isinstance(value, int) and not isinstance(value, bool) else self._wrong(name, "a whole number")

    def truth(self, name: str, default: bool | None = None) -> bool:
        """Read true or false."""
        value = self._data.get(name, default)
        return value if isinstance(value, bool) else bool(self._wrong(name, "true or false"))

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Read a mapping, empty where there is none."""
        value = self._data.get(name, {})
        return value if isinstance(value, Mapping) else self._wrong(name, "a mapping")

    def inner(self, name: str) -> Fields:
        """Read the fields of a field."""
        return Fields(self._event, self.mapping(name), f"{self._path}{name}.")

    def each(self, name: str) -> tuple[Fields, ...]:
        """Read the fields of each of a list."""
        return tuple(
            Fields(self._event, value, f"{self._path}{name}[{index}].")
            if isinstance(value, Mapping)
            else self._wrong(name, "a list of mappings")
            for index, value in enumerate(self._list(name))
        )

    def calls(self, name: str = "calls") -> tuple[IntentCall, ...]:
        """Read a list of calls."""
        return tuple(IntentCall(call.text("intent"), call.mapping("arguments")) for call in self.each(name))

    def _list(self, name: str) -> Sequence[Any]:
        value = self._data.get(name, ())
        return value if isinstance(value, list | tuple) else self._wrong(name, "a list")

    def _wrong(self, name: str, kind: str) -> Any:
        raise InvalidRequest(f"{self._event.type}: {self._path}{name} must be {kind}")

"""What the daemon and its engines tell each other: dataclasses that travel as events of the Wyoming protocol."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import ClassVar, Self

from wyoming.event import Event


@dataclass(frozen=True, slots=True)
class Message(ABC):
    """One that is sent as an event of a type of its own, with its fields as the data."""

    TYPE: ClassVar[str]

    @classmethod
    def is_type(cls, event_type: str) -> bool:
        """Tell whether an event of this type is one of these."""
        return event_type == cls.TYPE

    def event(self) -> Event:
        """Make the event."""
        return Event(self.TYPE, asdict(self))

    @classmethod
    @abstractmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""

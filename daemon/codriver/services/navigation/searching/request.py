"""What is searched for, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from codriver.services.navigation.places import Position


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search. ``radius`` is in metres.

    With ``along``, a route, only what lies beside it is found, in the order in which it is reached. With ``at``, the
    time it is, places say whether they are open, and a text that asks for something open finds nothing closed. With
    ``open_at`` nothing is found that is closed then. Where nobody knows, it may be open.
    """

    text: str
    near: Position
    language: str = "en"
    limit: int = 10
    radius: float = 50_000.0
    along: Sequence[Position] | None = None
    open_at: datetime | None = None
    at: datetime | None = None

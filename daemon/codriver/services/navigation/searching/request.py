"""What is searched for, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from codriver.services.navigation.places import Position


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search. ``radius`` is in metres.

    With ``along``, a route, only what lies beside it is found, in the order in which it is reached. With
    ``open_at`` only what is open then or may be is found.
    """

    text: str
    near: Position
    language: str = "en"
    limit: int = 10
    radius: float = 50_000.0
    along: Sequence[Position] | None = None
    open_at: datetime | None = None

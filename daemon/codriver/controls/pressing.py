"""What presses of a button mean, from the edges of its contact. No I/O; times in seconds that never go back."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Edge:
    """A contact that was closed, or opened again."""

    down: bool
    at: float


class Button(Protocol):
    """A contact somewhere: a GPIO line, a key."""

    def edges(self) -> AsyncGenerator[Edge]:
        """Give first how it is now, as an edge, and then every edge. Raises ControlError."""
        ...


class Debouncer:
    """Lets an edge through at once and none that follow within ``settle`` seconds, while the contact bounces.

    What the contact then is, if it is not what was let through, is an edge too: a tap shorter than that is not lost.
    """

    def __init__(self, settle: float) -> None:
        self._settle = settle
        self._down: bool | None = None
        self._really_down: bool | None = None
        self._until = float("-inf")

    @property
    def restless_until(self) -> float | None:
        """When `settled` is to be asked, if something is still open."""
        return self._until if self._really_down != self._down else None

    def take(self, edge: Edge) -> Edge | None:
        """Take an edge as it came; give it back if it counts."""
        self._really_down = edge.down
        return self._accept(edge.at) if edge.at >= self._until else None

    def settled(self, now: float) -> Edge | None:
        """Give the edge that the bouncing hid, if there is one."""
        return self._accept(now) if now >= self._until else None

    def _accept(self, at: float) -> Edge | None:
        if self._really_down is None or self._really_down == self._down:
            return None
        self._down, self._until = self._really_down, at + self._settle
        return Edge(self._down, at)


class PushToTalk:
    """Tells whether the end of a press ends what is being said: it does after a hold, not after a tap.

    While the button is held no pause ends it; after a tap the next pause does.
    """

    def __init__(self, tap: float) -> None:
        """Take a press that is shorter than ``tap`` seconds for a tap."""
        self._tap = tap
        self._since: float | None = None

    @property
    def hold_at(self) -> float | None:
        """When the press that lasts becomes a hold; None if nothing is pressed."""
        return None if self._since is None else self._since + self._tap

    def take(self, edge: Edge) -> bool:
        """Take an edge that counts; tell whether it ends the utterance."""
        since, self._since = self._since, edge.at if edge.down else None
        return not edge.down and since is not None and edge.at - since >= self._tap

"""What each button is for: what its edges make the assistant do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from codriver.controls.lighting import Lighting
from codriver.controls.pressing import Edge, PushToTalk


class Assistant(Protocol):
    """What buttons and lights need of the assistant."""

    @property
    def state(self) -> str:
        """What it is doing."""
        ...

    @property
    def muted(self) -> bool:
        """Whether the microphone is closed."""
        ...

    @muted.setter
    def muted(self, muted: bool) -> None: ...

    def listen(self) -> None:
        """Listen as if the wake word had been said."""
        ...

    def be_patient(self) -> None:
        """Follow who is listened to through all pauses, until `finish_listening`."""
        ...

    def finish_listening(self) -> None:
        """Take what was said up to now for all of it."""
        ...

    def cancel(self) -> None:
        """Drop the turn and be silent."""
        ...

    def sleep(self, asleep: bool) -> None:
        """Close the microphone and be silent while the car is off, or wake up as it was."""
        ...

    def watch_state(self, watcher: Callable[[str], None]) -> Callable[[], None]:
        """Tell ``watcher`` of each new state, until what is returned is called."""
        ...


class Meaning(Protocol):
    """What is done with the edges of a button that count."""

    def take(self, edge: Edge) -> None:
        """Take an edge. Raises CodriverError where the assistant cannot do it now."""
        ...


def meaning_of(does: str, assistant: Assistant, lighting: Lighting, tap: float) -> Meaning:
    """Make what a button means that is for ``talk``, ``mute``, ``cancel`` or ``ignition``."""
    match does:
        case "talk":
            return Talk(assistant, tap)
        case "mute":
            return Mute(assistant)
        case "cancel":
            return Cancel(assistant)
        case _:
            return Ignition(assistant, lighting)


class Talk:
    """Listens from the press on: to the end of a hold, or after a tap to the first pause."""

    def __init__(self, assistant: Assistant, tap: float) -> None:
        self._assistant = assistant
        self._push = PushToTalk(tap)
        self._hold: asyncio.TimerHandle | None = None

    def take(self, edge: Edge) -> None:
        """Begin, or end. Raises AudioError where there is nothing to listen with."""
        if self._hold:
            self._hold.cancel()
        if self._push.take(edge):
            self._assistant.finish_listening()
        elif self._push.hold_at is not None:
            self._hold = asyncio.get_running_loop().call_at(self._push.hold_at, self._assistant.be_patient)
            self._assistant.listen()


class Mute:
    """Closes the microphone, and opens it again with the next press."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def take(self, edge: Edge) -> None:
        """Switch at a press."""
        if edge.down:
            self._assistant.muted = not self._assistant.muted


class Cancel:
    """Drops the turn."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def take(self, edge: Edge) -> None:
        """Drop it at a press."""
        if edge.down:
            self._assistant.cancel()


class Ignition:
    """Lets the assistant sleep while the ignition is off: deaf, silent and dark."""

    def __init__(self, assistant: Assistant, lighting: Lighting) -> None:
        self._assistant = assistant
        self._lighting = lighting

    def take(self, edge: Edge) -> None:
        """Fall asleep, or wake up."""
        self._lighting.sleep(not edge.down)
        self._assistant.sleep(not edge.down)

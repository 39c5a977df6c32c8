"""The sounds that clients have played, and the loudspeaker that they need."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from dataclasses import replace

from wyoming.event import Event

from codriver.engines.sound.clients import Client
from codriver.engines.sound.counting import Counting
from codriver.engines.sound.events import LoudspeakerState, LoudspeakerStatus, Played
from codriver.engines.sound.keeper import Kept
from codriver.engines.sound.reference import Reference
from codriver.engines.sound.sink import Sink

_PATIENCE = 3.0
"""Seconds for which a sound waits for a loudspeaker that is lost: a sound server is back within two."""


class Playing:
    """Plays what clients send, each sound under an id of its own, and tells them when it has sounded."""

    def __init__(
        self, wanted: str, reference: Reference | None, counting: Counting, tell: Callable[[Event], None]
    ) -> None:
        """Take the name of the loudspeaker, and who is to be told how it is."""
        self.status = LoudspeakerStatus(LoudspeakerState.LOST, wanted, "It was not looked for yet.")
        self._sink = Sink(wanted, reference, counting, self._ended)
        self._players: dict[str, Client] = {}
        self._tell = tell
        self._missed_since: float | None = None
        self.kept = Kept(self._sink, self._wanted, self._found, self._lost, lambda: None)

    @property
    def sounds(self) -> bool:
        """Whether there is something to play, or was a moment ago."""
        return self._sink.busy

    def begin(self, client: Client, id: str, rate: int) -> None:  # noqa: A002 - as on the wire
        """Expect a sound. Raises AudioError for a rate that makes no sense."""
        self._sink.begin(id, rate)
        self._players[id] = client

    def add(self, id: str, pcm: bytes) -> None:  # noqa: A002
        """Take more of a sound."""
        self._sink.add(id, array("h", pcm[: len(pcm) // 2 * 2]))

    def finish(self, id: str) -> None:  # noqa: A002
        """Know that a sound is whole."""
        self._sink.finish(id)

    def hold(self, id: str, *, held: bool) -> None:  # noqa: A002
        """Hold a sound where it is, or let it go on."""
        self._sink.hold(id, held=held)

    def cut(self, id: str) -> None:  # noqa: A002
        """End a sound."""
        self._sink.cut(id)

    def leave(self, client: Client) -> None:
        """End all that a client plays, who has gone."""
        for id_ in [id_ for id_, player in self._players.items() if player is client]:
            del self._players[id_]
            self._sink.cut(id_)

    def _wanted(self) -> bool:
        """Whether the device is to be open: to play, or to find out whether it is there at all."""
        return self._sink.busy or self.status.state is LoudspeakerState.LOST

    def _found(self) -> None:
        self._missed_since = None
        self._note(LoudspeakerStatus(LoudspeakerState.READY, self._sink.name))

    def _lost(self, reason: str) -> None:
        now = time.monotonic()
        if self._missed_since is None:
            self._missed_since = now
        self._note(LoudspeakerStatus(LoudspeakerState.LOST, self._sink.name, reason))
        if now - self._missed_since >= _PATIENCE:
            for played in self._sink.drop():
                self._ended(replace(played, lost=reason))

    def _note(self, status: LoudspeakerStatus) -> None:
        if status != self.status:
            self.status = status
            self._tell(status.event())

    def _ended(self, played: Played) -> None:
        if client := self._players.pop(played.id, None):
            client.send(played.event())

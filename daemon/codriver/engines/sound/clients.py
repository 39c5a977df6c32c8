"""Who is connected to the sound process, and who of them is sent what."""

from __future__ import annotations

from typing import Protocol

from wyoming.event import Event


class Client(Protocol):
    """One connection."""

    @property
    def hears(self) -> bool:
        """Whether it wants the microphones to be open."""
        ...

    @property
    def hurries(self) -> bool:
        """Whether it wants each piece of sound as soon as it is there."""
        ...

    @property
    def listens(self) -> bool:
        """Whether it has asked for the microphones, open or not, and so wants to know how they are."""
        ...

    def send(self, event: Event) -> bool:
        """Send an event when the client can take it; false, and it is dropped, where too much waits already."""
        ...


class Clients:
    """All connections."""

    def __init__(self) -> None:
        self._clients: set[Client] = set()

    def add(self, client: Client) -> None:
        """Take a client that has just connected."""
        self._clients.add(client)

    def remove(self, client: Client) -> None:
        """Forget a client that has gone."""
        self._clients.discard(client)

    @property
    def hear(self) -> bool:
        """Whether anybody wants the microphones to be open."""
        return any(client.hears for client in self._clients)

    @property
    def hurry(self) -> bool:
        """Whether anybody wants each piece of sound as soon as it is there."""
        return any(client.hears and client.hurries for client in self._clients)

    def tell(self, event: Event) -> None:
        """Send an event to all who want to know how the devices are."""
        for client in self._clients:
            if client.listens:
                client.send(event)

    def give(self, event: Event) -> int:
        """Send sound to all who hear; return how many of them cannot take it."""
        return sum(not client.send(event) for client in self._clients if client.hears)

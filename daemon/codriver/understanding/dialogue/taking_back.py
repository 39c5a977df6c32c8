"""What is to be taken back where only one place is meant: "leave mine how it was"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codriver.catalogue.model import Catalogue
from codriver.catalogue.relations import kinds_of_place
from codriver.turn import Change, Context, Outcome


class TakingBack:
    """Narrows what the last turn did down to a place. Pure."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._intents = catalogue.intents
        self._vocabulary = catalogue.vocabulary

    def at(self, zone: str, context: Context) -> tuple[Outcome, ...]:
        """Give what the last turn did in a zone, as it is named from the speaker's seat; nothing where it did nothing.

        Each outcome keeps those of its changes that are there.
        """
        seats = self._seats(zone, context)
        done = context.turns[0] if context.turns else ()
        there = (replace(each, changes=tuple(self._there(each, seats))) for each in done)
        return tuple(each for each in there if each.changes)

    def _seats(self, zone: str, context: Context) -> tuple[str, ...]:
        here = context.zone or "driver"
        place = here if zone == "speaker" else self._vocabulary.relative.get(zone, {}).get(here, zone)
        return tuple(self._vocabulary.groups.get(place, (place,)))

    def _there(self, outcome: Outcome, seats: tuple[str, ...]) -> Iterator[Change]:
        """Give the changes of signals whose path has the part that stands for one of these seats."""
        kinds = kinds_of_place(self._intents[outcome.call.intent])
        parts = {part for kind in kinds for seat in seats if (part := self._vocabulary.places[kind].get(seat))}
        for change in outcome.changes:
            if any(f".{part}." in change.target for part in parts):
                yield change

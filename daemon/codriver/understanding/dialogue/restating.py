"""A sentence put so that it stands alone: what was spoken of in the place of the word that stood for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codriver.catalogue.model import Catalogue
from codriver.catalogue.relations import akin, tells_of
from codriver.catalogue.vocabulary import FollowUps
from codriver.turn import Context, IntentCall, Thing
from codriver.understanding.dialogue.references import Frame, References
from codriver.understanding.phrasing.templates import without_doubles


@dataclass(frozen=True, slots=True)
class Restated:
    """A sentence that names what it only pointed at or left out, and the ``intents`` that it may mean then.

    ``spoken_of`` are the calls that were about it, or else the ``thing`` that was asked after: where it is meant,
    unless the word for it says the ``zone``: "mine".
    """

    text: str
    intents: frozenset[str]
    spoken_of: tuple[IntentCall, ...] = ()
    thing: Thing | None = None
    zone: str = ""


class Restater:
    """Puts what the last turn was about into sentences that have a word for it, or none. Pure."""

    def __init__(self, catalogue: Catalogue, references: References) -> None:
        self._catalogue = catalogue
        self._references = references

    def pointing(self, said: str, language: str, context: Context) -> Iterator[Restated]:
        """Put a sentence with "it", "those two" and the like anew; one that names another thing means that.

        Nor is anything put in the place of "this traffic", or a single thing in that of "they".
        """
        if self._names_another(said, language, context) or re.search(self._words(language).determiners, said):
            return
        frames = self._references.frames(said, language)
        for each in self._filled(said, frames, language, context):
            if each.thing or self._agrees(each.spoken_of, said, language):
                yield each

    def leaving_out(self, said: str, language: str, context: Context) -> Iterator[Restated]:
        """Put a sentence that names nothing at all anew."""
        if not self._references.things_in(said, language):
            yield from self._filled(said, self._references.open_frames(language), language, context)

    def likely(self, language: str, context: Context) -> frozenset[str]:
        """Name the intents that have to do with what the last turn did or asked after."""
        about = frozenset[str]().union(*(self._about(thing, language) for thing in context.about))
        return about | akin(self._catalogue, (call.intent for call in context.calls))

    def related(self, language: str, context: Context) -> frozenset[str]:
        """Name these, and the intents that tell of the same things."""
        topics = {self._catalogue.intents[call.intent].topic.get(language, "") for call in context.calls}
        topics |= {thing.name for thing in context.about}
        told = (tells_of(self._catalogue, topic, language) for topic in topics if topic)
        return self.likely(language, context).union(*told)

    def there(self, call: IntentCall, restated: Restated, said: str, language: str) -> tuple[IntentCall, ...]:
        """Give a call the place of what was spoken of, or all its places; a place that was said stays."""
        if restated.thing:
            return (self._references.where_asked(self._references.as_said(call, said, language), restated.thing),)
        there = (self._references.there(call, each, said, language, restated.zone) for each in restated.spoken_of)
        return without_doubles(there)

    def _filled(self, said: str, frames: Sequence[Frame], language: str, context: Context) -> Iterator[Restated]:
        for thing in context.about:
            for frame in frames:
                about = self._about(thing, language)
                yield Restated(frame.filled(thing.name, said), about, thing=thing, zone=frame.zone)
        for call in reversed(context.calls):
            if topic := self._catalogue.intents[call.intent].topic.get(language):
                intents = akin(self._catalogue, [call.intent])
                spoken_of = self._references.companions(call, said, language, context)
                for frame in frames:
                    yield Restated(frame.filled(topic, said), intents, spoken_of, zone=frame.zone)

    def _agrees(self, spoken_of: Sequence[IntentCall], said: str, language: str) -> bool:
        """Tell whether a word for several things, if there is one, can stand for these."""
        words = self._words(language)
        if len(spoken_of) != 1 or re.search(words.plural, said) is None:
            return True
        intent = self._catalogue.intents[spoken_of[0].intent]
        default = intent.parameters["zone"].default if "zone" in intent.parameters else None
        several = spoken_of[0].arguments.get("zone", default) in self._catalogue.vocabulary.groups
        return several or re.search(words.plural_name, intent.topic.get(language, "")) is not None

    def _names_another(self, said: str, language: str, context: Context) -> bool:
        spoken_of = {self._catalogue.intents[call.intent].topic.get(language) for call in context.calls}
        spoken_of |= {thing.name for thing in context.about}
        return any(thing.name not in spoken_of for thing in self._references.things_in(said, language))

    def _about(self, thing: Thing, language: str) -> frozenset[str]:
        intents = self._catalogue.intents.items()
        return akin(self._catalogue, (name for name, each in intents if each.topic.get(language) == thing.name))

    def _words(self, language: str) -> FollowUps:
        return self._catalogue.language(language).follow_ups

"""What words stand for that do not name it: "it", "the rear one", "close again", "the sunroof too"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from codriver.catalogue.model import GRAVE, Catalogue
from codriver.catalogue.relations import direction, puts_to_rest, rests, things
from codriver.catalogue.vocabulary import FollowUps, Language
from codriver.turn import Context, IntentCall, Outcome, Status, Thing
from codriver.understanding.dialogue.analogy import Analogy
from codriver.understanding.dialogue.placing import placed
from codriver.understanding.phrasing.phrases import Places
from codriver.understanding.phrasing.templates import Match, Templates, without_doubles
from codriver.understanding.phrasing.wording import plain, says_something

_NOUN_CHARACTERS = 2
"""What a Chinese name ends in says of which kind the thing is: heating, a lamp, a blind."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence with the place of a thing left open, and the ``zone`` that the word in that place said: "mine"."""

    text: str
    zone: str = ""

    def filled(self, topic: str, said: str) -> str:
        """Put a thing into it. Not by ``str.format``: part of it is what somebody said, braces and all."""
        return re.sub(" +", " ", self.text.replace("{topic}", topic).replace("{said}", said)).strip()


class References:
    """Understands sentences that leave out, or only point at, what was spoken of before."""

    def __init__(self, catalogue: Catalogue, templates: Templates) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._analogy = Analogy(catalogue, templates)
        self._places = {code: Places(catalogue, code) for code in catalogue.vocabulary.languages}

    def pointed_at(self, said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Understand a sentence with "it", "them both" and the like in it."""
        return self._both(said, language, context) or next(
            self._completed(said, self.frames(said, language), language, context), ()
        )

    def left_out(self, said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Understand a sentence without the thing it is about: "close again", "hers on low", 再开大一点."""
        frames = (*self._behind_place(said, language), *self.open_frames(language))
        closed = any(rests(self._catalogue, call) or direction(self._catalogue, call) < 0 for call in context.calls)
        on = () if closed else tuple(map(Frame, self._words(language).carried_on))
        carried_on = self._completed(said, on, language, context)
        return next(
            chain(
                self._completed(said, frames, language, context),
                (calls for calls in carried_on if not any(map(self._is_grave, calls))),
            ),
            (),
        )

    def alike(self, said: str, language: str, calls: Sequence[IntentCall]) -> tuple[IntentCall, ...]:
        """Do to the thing that is named what was done to another: "the sunroof too", "the rear one"."""
        thing = self.bare(said, language)
        found = (
            self._analogy.call(call, named, language)
            for call in reversed(calls)
            for named in self._named_like(call, thing, language)
        )
        call = next((call for call in found if call), None)
        if call is None:
            return ()
        chosen = next(iter(self._templates.candidates(thing, language)), None)
        return (chosen.call if chosen and self._chooses_otherwise(chosen, call) else call,)

    def _chooses_otherwise(self, chosen: Match, call: IntentCall) -> bool:
        """Tell whether a choice of its own was said: "and eco mode" is that, also after something went off."""
        parameters = self._catalogue.intents[call.intent].parameters
        return chosen.call.intent == call.intent and any(
            value != call.arguments.get(name)
            for name, value in chosen.call.arguments.items()
            if parameters[name].type == "enum" and name in chosen.said
        )

    def named_before(self, said: str, before: str, last: Sequence[IntentCall], language: str) -> IntentCall | None:
        """Understand a wish that points at what the same sentence named: "the boot is open, close it"."""
        frames = self.frames(said, language)
        for thing in self.things_in(before, language):
            if call := self._with_topic(said, frames, thing.name, language):
                return self.in_place(call, last[-1]) if last else call
        return None

    def things_in(self, text: str, language: str) -> tuple[Thing, ...]:
        """Give the things that a sentence in its plain form names, the longest name first, and their zone."""
        words = self._catalogue.language(language)
        topics = {topic for each in self._catalogue.intents.values() if (topic := each.topic.get(language))}
        named = (topic for topic in topics if _names(text, plain(topic, language, words), words))
        zone = self._places[language].zone(text)
        return tuple(Thing(topic, zone) for topic in sorted(named, key=lambda topic: (-len(topic), topic)))

    def same_place(self, said: str, language: str) -> str:
        """Give the zone for which a sentence wants the same, or nothing: "do the same for the kids in the back"."""
        same = re.match(self._words(language).same, said)
        return self._places[language].zone(same["where"]) if same else ""

    def place_in(self, said: str, language: str) -> str:
        """Give the zone that a sentence in its plain form names, or nothing."""
        return self._places[language].zone(said)

    def companions(self, call: IntentCall, said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Give the calls that a word stands for: that one, or for "them" all of its kind that were last in a row."""
        if re.search(self._words(language).plural, said) is None:
            return (call,)
        acts = things(self._catalogue.intents[call.intent])
        row: list[IntentCall] = []
        for turn in context.turns:
            like = [each.call for each in turn if things(self._catalogue.intents[each.call.intent]) & acts]
            if not like:
                break
            row += [each for each in like if each not in row]
            if len(row) > 1 or row[0].arguments.get("zone") in self._catalogue.vocabulary.groups:
                break
        return tuple(row) or (call,)

    def bare(self, said: str, language: str) -> str:
        """Leave out words such as "too" and "again", which change nothing."""
        return re.sub(self._words(language).redundant, "", said).strip()

    def seen_from(self, zone: str, call: IntentCall) -> str:
        """Left, right and the other one are seen from the place that was spoken of, "my wife's" from the speaker's."""
        vocabulary = self._catalogue.vocabulary
        if zone in vocabulary.personal:
            return zone
        here = str(call.arguments.get("zone", ""))
        here = vocabulary.unclear.get(here, here)
        seen = vocabulary.relative.get(zone, {})
        if here in vocabulary.groups and here != "all":
            return next((place for place in vocabulary.groups[here] if seen.get(place) == place), zone)
        return seen.get(here, zone)

    def _words(self, language: str) -> FollowUps:
        return self._catalogue.language(language).follow_ups

    def frames(self, said: str, language: str) -> tuple[Frame, ...]:
        """Put the place of what was spoken of where a word stands for it."""
        zone = self._places[language].zone
        return tuple(
            Frame(re.sub(pronoun, name, said), zone(name.replace("{topic}", " ")))
            for pronoun, name in self._words(language).pronouns.items()
            if re.search(pronoun, said)
        )

    def open_frames(self, language: str) -> tuple[Frame, ...]:
        """Give the ways to put what was spoken of beside a sentence that has no word for it."""
        return tuple(map(Frame, self._words(language).ellipsis))

    def _is_grave(self, call: IntentCall) -> bool:
        return self._catalogue.intents[call.intent].safety in GRAVE

    def _behind_place(self, said: str, language: str) -> Iterator[Frame]:
        """Put the place of what was spoken of behind the place in the car that is named: "hers {topic} on low"."""
        if where := self._places[language].words_for_it(said):
            space = "" if self._catalogue.language(language).words == "joined" else " "
            yield Frame(said.replace(where, f"{where}{space}{{topic}}", 1))

    def _with_topic(self, said: str, frames: Sequence[Frame], topic: str, language: str) -> IntentCall | None:
        wholes = (self._templates.understand(frame.filled(topic, said), language) for frame in frames)
        return next((calls[0] for calls in wholes if len(calls) == 1), None)

    def _named_like(self, call: IntentCall, thing: str, language: str) -> tuple[str, ...]:
        """Name a thing by the noun of what was spoken of, or all of its name: "the rear one", "the wheel".

        After the seat heating "the wheel" is its heating, after the front defroster "the rear" is the rear defroster.
        """
        topic = self._catalogue.intents[call.intent].topic.get(language, "")
        joined = self._catalogue.language(language).words == "joined"
        noun = topic[-_NOUN_CHARACTERS:] if joined else next(reversed(topic.split()), "")
        nouns = [each for each in dict.fromkeys((noun, topic)) if each]
        places = [pronoun for pronoun, name in self._words(language).pronouns.items() if name == "{topic}"]
        named = [re.sub(pronoun, each, thing) for pronoun in places for each in nouns if re.search(pronoun, thing)]
        return tuple(dict.fromkeys(named or (thing, *(thing + ("" if joined else " ") + each for each in nouns[:1]))))

    def _both(self, said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Understand what is wanted of everything that was spoken of last: "shut them both"."""
        rest = re.sub(self._words(language).both, " ", said).strip()
        words = self._catalogue.language(language)
        if rest == said or not rest or not context.calls:
            return ()
        if re.search(words.question, said) or re.search(words.caution, said):
            return ()  # "are both off?", 不要都关
        last = context.calls[-1]
        acts = things(self._catalogue.intents[last.intent])
        spoken = [outcome.call for turn in reversed(context.turns) for outcome in turn]
        alike = [call for call in spoken if things(self._catalogue.intents[call.intent]) & acts]
        zones = list(dict.fromkeys(call.arguments.get("zone") for call in alike))
        if len(zones) == 1 and (calls := self._each_of_two(rest, spoken, language)):
            return calls
        only = Context(((Outcome(IntentCall(last.intent), Status.DONE),),))
        frames = (*self.frames(rest, language), *self.open_frames(language))
        if calls := next(self._completed(rest, frames, language, only), ()):
            return tuple(placed(self._catalogue, call, zone) for call in calls for zone in zones)
        return ()

    def _each_of_two(self, rest: str, spoken: Sequence[IntentCall], language: str) -> tuple[IntentCall, ...]:
        """Understand what is wanted of the last two things, where they are not of one kind: the roof and the boot."""
        last, *others = reversed(spoken)
        acts = things(self._catalogue.intents[last.intent])
        other = next((call for call in others if things(self._catalogue.intents[call.intent]) - acts), None)
        if other is None or last.arguments.get("zone") in self._catalogue.vocabulary.groups:
            return ()
        frames = (*self.frames(rest, language), *self.open_frames(language))
        each = [
            next(self._completed(rest, frames, language, Context(((Outcome(call, Status.DONE),),))), ())
            for call in (other, last)
        ]
        calls = without_doubles(chain.from_iterable(each))
        return calls if all(each) and not any(map(self._is_grave, calls)) else ()

    def _completed(
        self, said: str, frames: Sequence[Frame], language: str, context: Context
    ) -> Iterator[tuple[IntentCall, ...]]:
        """Put what was asked after or spoken of into sentences that leave it out, and give what they mean then."""
        for thing in context.about:
            for frame, calls in self._meant(said, frames, thing.name, language):
                yield tuple(self.where_asked(self._owned(each, frame.zone), thing) for each in calls)
        for call in reversed(context.calls):
            if topic := self._catalogue.intents[call.intent].topic.get(language):
                places = self.companions(call, said, language, context)
                for frame, calls in self._meant(said, frames, topic, language):
                    there = (self.in_place(self._owned(each, frame.zone), at) for each in calls for at in places)
                    yield without_doubles(there)

    def _meant(
        self, said: str, frames: Sequence[Frame], topic: str, language: str
    ) -> Iterator[tuple[Frame, tuple[IntentCall, ...]]]:
        for frame in frames:
            for meant in dict.fromkeys((said, self.bare(said, language))):
                if not says_something(meant, self._catalogue.language(language)):
                    continue  # "please" does not ask for what was closed to be opened
                whole = re.sub(self._words(language).redundant, "", frame.filled(topic, meant))
                if calls := self._templates.understand(whole, language):
                    yield frame, calls

    def there(self, call: IntentCall, before: IntentCall, said: str, language: str, zone: str = "") -> IntentCall:
        """Give a call the place of the one before; one that was said stays, and ``zone`` is that of the word for it."""
        call = self.as_said(call, said, language)
        return self.in_place(self._owned(call, zone), before)

    def as_said(self, call: IntentCall, said: str, language: str) -> IntentCall:
        """Leave out a place that nobody said."""
        if self.place_in(said, language):
            return call
        return IntentCall(call.intent, {name: each for name, each in call.arguments.items() if name != "zone"})

    def where_asked(self, call: IntentCall, thing: Thing) -> IntentCall:
        """Give a call the zone of what was asked after. Who has "it" closed where none was named means all."""
        if "zone" in call.arguments:
            return call
        everywhere = puts_to_rest(self._catalogue.intents[call.intent])
        return placed(self._catalogue, call, thing.zone or ("all" if everywhere else None))

    def in_place(self, call: IntentCall, before: IntentCall) -> IntentCall:
        """Give a call the zone of the one before, from which left and right are seen where they were said."""
        zone = before.arguments.get("zone")
        return placed(
            self._catalogue,
            call,
            None if zone is None else self.seen_from(str(call.arguments.get("zone", zone)), before),
        )

    def _owned(self, call: IntentCall, zone: str) -> IntentCall:
        """Give a call the place that the word for its thing said, if any: what is mine is the speaker's own."""
        return call if "zone" in call.arguments else placed(self._catalogue, call, zone or None)


def _names(said: str, topic: str, words: Language) -> bool:
    """Tell whether a sentence names a topic, in one number or the other."""
    if words.words == "joined":
        return topic in said
    return re.search(rf"\b{re.escape(topic)}(?:{'|'.join(words.endings)})?\b", said) is not None

"""The same for another thing: "turn the music down, and my fan as well", "no, I meant the sunroof"."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from hassil.parse_expression import parse_sentence

from codriver.catalogue.model import Catalogue
from codriver.catalogue.vocabulary import Language
from codriver.turn import Argument, IntentCall
from codriver.understanding.phrasing.drawing import draw
from codriver.understanding.phrasing.grammar import ParsedTemplate
from codriver.understanding.phrasing.saying import worded
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import plain

_DRAWN = 3
_MOST_FRAMES = 8
_SEED = 1


class Analogy:
    """Finds what is to one thing what a call was to another, by the sentences that the call's own templates make."""

    def __init__(self, catalogue: Catalogue, templates: Templates) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._frames: dict[tuple[str, str], tuple[str, ...]] = {}

    def call(self, before: IntentCall, thing: str, language: str) -> IntentCall | None:
        """Give the call that does to ``thing``, named in so many words, what ``before`` did; None where there is none.

        Sentences that mean ``before`` are put together anew with the other thing in the place of the first; most of
        those that mean something then must mean the same.
        """
        found = Counter(
            _key(best.call)
            for frame in self._frames_of(before, language)
            if (best := next(iter(self._templates.candidates(frame.replace("{thing}", thing), language)), None))
            and best.call.intent != before.intent
            and not best.by_sound
        )
        if not found:
            return None
        (meant, votes), *_ = found.most_common(1)
        return IntentCall(meant[0], dict(meant[1])) if 2 * votes > found.total() else None

    def _frames_of(self, call: IntentCall, language: str) -> tuple[str, ...]:
        key = (f"{call.intent} {_key(call)}", language)
        if key not in self._frames:
            frames: dict[str, None] = {}
            for frame in self._drawn(call, language):
                frames[frame] = None
                if len(frames) == _MOST_FRAMES:  # enough to vote, and found in some 20 ms
                    break
            self._frames[key] = tuple(frames)
        return self._frames[key]

    def _drawn(self, call: IntentCall, language: str) -> Iterator[str]:
        """Draw sentences that name the thing and mean what was done to it, with the thing left open."""
        words = self._catalogue.language(language)
        topic = self._catalogue.intents[call.intent].topic.get(language)
        if not topic:
            return
        thing = re.compile(re.escape(topic) if words.words == "joined" else _named(topic, words))
        choose = random.Random(_SEED)
        how = {name: value for name, value in call.arguments.items() if name != "zone"}
        for template in (*self._patterns(topic, language), *self._own(call.intent, language)):
            drawn = (draw(template.template, template.lists, template.rules, choose, bare=True) for _ in range(_DRAWN))
            for sentence in (*drawn, worded(template, how, words) if how else ""):
                said = plain(sentence, language, words)
                if len(thing.findall(said)) == 1 and self._means(said, call, language):
                    yield thing.sub("{thing}", said)

    def _own(self, intent: str, language: str) -> Iterator[ParsedTemplate]:
        return (template for name, template in self._templates.sentences(language) if name == intent)

    def _patterns(self, topic: str, language: str) -> Iterator[ParsedTemplate]:
        """Give the language's patterns of switching and turning, about a topic."""
        _, any_template = next(self._templates.sentences(language))
        for pattern in chain.from_iterable(self._catalogue.language(language).patterns.values()):
            sentence = parse_sentence(pattern.replace("<noun>", topic))
            yield ParsedTemplate(sentence, any_template.lists, any_template.rules)

    def _means(self, said: str, call: IntentCall, language: str) -> bool:
        best = next(iter(self._templates.candidates(said, language)), None)
        if best is None or best.call.intent != call.intent or "zone" in best.call.arguments:
            return False
        return all(
            name == "zone"
            or best.call.arguments.get(name, parameter.default) == call.arguments.get(name, parameter.default)
            for name, parameter in self._catalogue.intents[call.intent].parameters.items()
        )


def _named(topic: str, words: Language) -> str:
    """Write a pattern for the name of a thing, with any ending that makes no difference: templates say "headlight"."""
    stem = next((topic.removesuffix(ending) for ending in words.endings if topic.endswith(ending)), topic)
    return rf"\b(?:the )?{re.escape(stem)}(?:{'|'.join(map(re.escape, words.endings))})?\b"


def _key(call: IntentCall) -> tuple[str, tuple[tuple[str, Argument], ...]]:
    return call.intent, tuple(sorted(call.arguments.items()))

"""What the parser is trained with: sentences, what was done before them, and the calls that they mean.

Written ones are the catalogue's examples, and the cases of an evaluation of which it is known what they mean. From
these others are made, whose meaning is known because that of their parts is: several wishes in one breath, a wish with
its reason, a wish after chatter, orders that are only spoken of, and follow-ups, which the follow-up templates explain.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, takewhile
from typing import Any

from unicode_rbnf import RbnfEngine

from codriver.catalogue.model import Catalogue, Safety
from codriver.catalogue.vocabulary import Language
from codriver.errors import InvalidRequest
from codriver.turn import Argument, Context, IntentCall, Outcome, Status
from codriver.understanding.dialogue.follow_ups import Follower
from codriver.understanding.likeness.examples import LabelledSentence, labelled_sentences
from codriver.understanding.likeness.slots import Slots, numbers_in
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import plain
from codriver.workshop.evaluation.cases import Case

type _Turn = Mapping[str, Any]

_STOPS = ".!?。！？,，;； "
_MOST_LETTERS = 220
_MOST_CALLS = 3
_LONGEST_PART = {"spaced": 60, "joined": 22}
_LONGEST_ORDER = {"spaced": 45, "joined": 16}
_ORDER = "{order}"
_SHARED = {"spaced": 1, "joined": 2}
"""How many words, or characters, two orders share at least at their beginnings, for the second to leave them out."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence, the calls of the turn before it, and the calls that it means.

    Of one that was ``told`` the meaning was not found but said: what else is made of it is not to be trusted.
    """

    text: str
    language: str
    calls: tuple[IntentCall, ...] = ()
    before: tuple[IntentCall, ...] = ()
    told: bool = False


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many lessons of each kind there are at most, in one language."""

    written: int = 1900
    drawn: int = 800
    nothing: int = 700
    unmeant: int = 300
    joined: int = 400
    shortened: int = 200
    reasoned: int = 150
    after_chatter: int = 150
    following: int = 450
    starting_anew: int = 200

    def times(self, factor: float) -> Amounts:
        """Give so much of each kind."""
        return Amounts(**{kind: round(factor * most) for kind, most in asdict(self).items()})


class Lessons:
    """Makes the lessons of a catalogue. ``seed`` decides which; the same ones come from the same catalogue."""

    def __init__(self, catalogue: Catalogue, templates: Templates, seed: int = 1) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._slots = Slots(catalogue, templates.texts)
        self._follower = Follower(catalogue, templates)
        self._random = random.Random(seed)

    def all(self, heard: Iterable[Lesson] = (), amounts: Amounts = Amounts()) -> list[Lesson]:
        """Give all lessons, in an order by chance. ``heard`` are real sentences, which count twice."""
        known = list(heard)
        labelled = labelled_sentences(self._catalogue, self._templates)
        made: dict[str, Lesson] = {}
        for language in self._catalogue.vocabulary.languages:
            here = [each for each in labelled if each.language == language]
            real = [each for each in known if each.language == language]
            made |= {str(each): each for each in self._of_language(language, here, real, amounts)}
        lessons = [each for each in (*made.values(), *known, *known) if _fits(each)]
        self._random.shuffle(lessons)
        return lessons

    def heard(self, evaluation: Mapping[str, Any]) -> Iterator[Lesson]:
        """Read the sentences of an evaluation's cases, as ``codriver evaluate --json`` wrote it.

        What they mean is what the case says of them, else what was understood where that came out right. After a turn
        of which neither is known nothing more is learnt from its case. Raises InvalidRequest for an unknown intent.
        """
        for case in evaluation["cases"]:
            before: tuple[IntentCall, ...] = ()
            for number, (turn, meant) in enumerate(_known_turns(case)):
                text, language, zone = turn["heard"], turn["language"], turn["zone"]
                found = turn["intents"] if meant is None else meant
                calls = [IntentCall(each["name"], each["arguments"]) for each in found]
                lesson = replace(self._lesson(text, language, zone, calls, before), told=meant is not None)
                left_alone = number == 0 and turn["source"] == "none" and not turn["asks"]
                if lesson.calls or lesson.told or left_alone:
                    yield lesson
                if lesson.calls:
                    before = self._done(lesson, zone)

    def told(self, cases: Iterable[Case]) -> Iterator[Lesson]:
        """Read cases that say what their sentences mean, each up to the first turn that does not.

        Raises InvalidRequest for an unknown intent.
        """
        for case in cases:
            before: tuple[IntentCall, ...] = ()
            for turn in takewhile(lambda turn: turn.say is not None and turn.means is not None, case.turns):
                calls = [IntentCall(each.name, dict(each.arguments)) for each in turn.means or ()]
                lesson = self._lesson(turn.say or "", case.lang, case.zone, calls, before)
                yield replace(lesson, told=True)
                if calls:
                    before = self._done(lesson, case.zone)

    def _lesson(
        self, text: str, language: str, zone: str, calls: Sequence[IntentCall], before: tuple[IntentCall, ...]
    ) -> Lesson:
        if unknown := [call.intent for call in calls if call.intent not in self._catalogue.intents]:
            raise InvalidRequest(f"{text!r} cannot mean {unknown[0]}: there is no such intent.")
        return Lesson(text, language, tuple(self._bare(call, text, language, zone) for call in calls), before)

    def _done(self, lesson: Lesson, zone: str) -> tuple[IntentCall, ...]:
        return tuple(self._filled(call, zone) for call in lesson.calls)

    def _of_language(
        self, language: str, labelled: Sequence[LabelledSentence], heard: Sequence[Lesson], amounts: Amounts
    ) -> Iterator[Lesson]:
        choose, words = self._random, self._catalogue.language(language)
        hints = list(self._written([each for each in labelled if each.call and not each.drawn], amounts.written))
        orders = list(self._drawn([each for each in labelled if each.call and each.drawn], amounts.drawn))
        nothing = [Lesson(each.text, language) for each in labelled if each.call is None]
        alone = [each for each in heard if len(each.calls) == 1 and not each.before]
        later = [each.text for each in heard if each.before and each.calls and not each.told]
        yield from (self._punctuated(each, words) for each in chain(hints, orders))
        yield from (self._punctuated(each, words) for each in _some(nothing, amounts.nothing, choose))
        short = [each for each in orders if len(each.text) < _LONGEST_ORDER[words.words]]
        deeds = [each for each in short if self._catalogue.intents[each.calls[0].intent].safety is not Safety.STATUS]
        parts = [*short, *short, *hints, *alone, *alone]
        parts = [each for each in parts if len(each.text) < _LONGEST_PART[words.words]]
        made: Iterable[tuple[Callable[[], Lesson | None], int]] = (
            (lambda: self._joined(parts, words), amounts.joined),
            (lambda: self._shortened(short, words), amounts.shortened),
            (lambda: self._reasoned(hints, orders, words), amounts.reasoned),
            (lambda: self._after(choose.choice(nothing), choose.choice(parts), words), amounts.after_chatter),
            (lambda: self._following([*orders, *alone], later, language), amounts.following),
            (lambda: self._unmeant(deeds, words), amounts.unmeant),
            (lambda: self._anew([*orders, *alone, *hints, *nothing], orders), amounts.starting_anew),
        )
        for make, most in made if parts and deeds and nothing else ():
            tried = (make() for _ in range(12 * most))
            lessons = (each for each in tried if each is not None)
            yield from (self._punctuated(each, words) for each, _ in zip(lessons, range(most), strict=False))

    def _written(self, sentences: Sequence[LabelledSentence], most: int) -> Iterator[Lesson]:
        for each in self._evenly(sentences, most):
            assert each.call
            call = self._slots.fill(each.call, each.text, each.language)
            yield Lesson(each.text, each.language, (self._bare(call, each.text, each.language),))

    def _drawn(self, sentences: Sequence[LabelledSentence], most: int) -> Iterator[Lesson]:
        for each in self._evenly(sentences, most):
            assert each.call
            text = self._renumbered(each.text, each.language)
            found = next(iter(self._templates.candidates(text, each.language)), None)
            call = found.call if found else self._slots.fill(each.call, text, each.language)
            if call.intent == each.call.intent:
                yield Lesson(text, each.language, (self._bare(call, text, each.language),))

    def _renumbered(self, text: str, language: str) -> str:
        """Put another number in the place of one, in digits or in words: those that are drawn are always the same."""
        number = self._random.choice((self._random.randint(16, 28), self._random.randint(1, 100)))
        words = RbnfEngine.for_language(language).format_number(number).text.replace("-", " ")
        return re.sub(r"\d+", str(number) if self._random.random() < 0.5 else words, text, count=1)

    def _evenly(self, sentences: Sequence[LabelledSentence], most: int) -> Sequence[LabelledSentence]:
        """Choose sentences so that rare intents come as often as others, as far as there are enough."""
        rows: dict[str, list[LabelledSentence]] = defaultdict(list)
        for each in sentences:
            rows[each.call.intent if each.call else ""].append(each)
        for row in rows.values():
            self._random.shuffle(row)
        longest = max(map(len, rows.values()), default=0)
        return [row[place] for place in range(longest) for row in rows.values() if place < len(row)][:most]

    def _joined(self, parts: Sequence[Lesson], words: Language) -> Lesson | None:
        chosen = self._random.sample(parts, self._random.choice((2, 2, 2, 2, 3)))
        if len({each.calls[0].intent for each in chosen}) < len(chosen):
            return None
        return self._in_one_breath(chosen, words)

    def _shortened(self, orders: Sequence[Lesson], words: Language) -> Lesson | None:
        first, second = self._random.sample(orders, 2)
        one, two = (_units(each.text, words) for each in (first, second))
        shared = 0
        while shared < min(len(one), len(two)) - 1 and one[shared].lower() == two[shared].lower():
            shared += 1
        if shared < _SHARED[words.words] or first.calls == second.calls:
            return None
        rest = replace(second, text=_text(two[shared:], words))
        return self._in_one_breath((first, rest), words)

    def _reasoned(self, hints: Sequence[Lesson], orders: Sequence[Lesson], words: Language) -> Lesson | None:
        hint = self._random.choice(hints)
        same = [each for each in orders if each.calls == hint.calls]
        if not same:
            return None
        both = [hint, self._random.choice(same)]
        self._random.shuffle(both)
        return replace(self._in_one_breath(both, words, pause=True), calls=hint.calls)

    def _after(self, remark: Lesson, wish: Lesson, words: Language) -> Lesson:
        return self._in_one_breath((remark, wish), words, pause=True)

    def _unmeant(self, orders: Sequence[Lesson], words: Language) -> Lesson | None:
        """Put an order where it asks for nothing: it is forbidden, told, asked about, or meant for somebody else."""
        if not words.unmeant:
            return None
        order = self._random.choice(orders)
        said = self._follower.core(order.text, order.language)
        text = self._random.choice(words.unmeant).replace(_ORDER, said)
        # "Don't recirculate" is an order again, and what holds a "don't" already is another one.
        delicate = re.search(words.caution, said) is not None
        return None if delicate or self._templates.understand(text, order.language) else Lesson(text, order.language)

    def _in_one_breath(self, parts: Sequence[Lesson], words: Language, *, pause: bool = False) -> Lesson:
        text = parts[0].text.rstrip(_STOPS)
        for part in parts[1:]:
            between = self._random.choice(words.pauses if pause else (*words.pauses, *words.joins))
            text += between + part.text
        return Lesson(text, parts[0].language, tuple(chain.from_iterable(each.calls for each in parts)))

    def _following(self, first: Sequence[Lesson], later: Sequence[str], language: str) -> Lesson | None:
        """Take something as done and a sentence that was said, or may be, after something; keep it if it follows."""
        before = self._filled(self._random.choice(first).calls[0])
        drawn = self._follower.drawn(language, self._random)
        text = self._random.choice(later) if later and self._random.random() < 0.5 else drawn
        context = Context(((Outcome(before, Status.DONE),),))
        found = self._follower.understand(text, language, context)
        if not found or not found.calls or self._templates.understand(text, language) == found.calls:
            return None
        calls = tuple(self._bare(call, text, language) for call in found.calls)
        return Lesson(text, language, calls, (before,))

    def _anew(self, sentences: Sequence[Lesson], first: Sequence[Lesson]) -> Lesson:
        """Take a sentence that means the same whatever was done before."""
        before = self._filled(self._random.choice(first).calls[0])
        return replace(self._random.choice(sentences), before=(before,))

    def _filled(self, call: IntentCall, zone: str = "driver") -> IntentCall:
        """Give a call as it is carried out, with all that was not said."""
        parameters = self._catalogue.intents[call.intent].parameters.items()
        usual = {name: zone if each.type == "zone" else each.default for name, each in parameters}
        usual |= {name: each.default for name, each in parameters if each.default is not None}
        return IntentCall(call.intent, {**{k: v for k, v in usual.items() if v is not None}, **call.arguments})

    def _bare(self, call: IntentCall, text: str, language: str, zone: str = "driver") -> IntentCall:
        """Leave out of a call what goes without saying, unless the sentence says it."""
        usual = self._filled(IntentCall(call.intent), zone).arguments
        said = [float(each) for each in numbers_in(plain(text, language, self._catalogue.language(language)))]
        named = self._slots.place(text, language)
        kept = {
            name: value
            for name, value in call.arguments.items()
            if usual.get(name) != value or value == named or (value in said and not isinstance(value, bool | str))
        }
        return IntentCall(call.intent, {name: value for name, value in kept.items() if not self._own(value, zone)})

    def _own(self, value: Argument, zone: str) -> bool:
        """Tell whether a value is the speaker's own place, in words such as "mine"."""
        return self._catalogue.vocabulary.relative.get(str(value), {}).get(zone) == zone

    def _punctuated(self, lesson: Lesson, words: Language) -> Lesson:
        """Write a sentence as a transcriber may: with a capital and a full stop, or without."""
        text = lesson.text
        if self._random.random() < 0.6:
            text = text[:1].upper() + text[1:]
        if self._random.random() < 0.5 and text[-1:] not in _STOPS:
            text += words.pauses[0].strip()
        return replace(lesson, text=text)


def _known_turns(case: _Turn) -> Iterator[tuple[_Turn, Sequence[_Turn] | None]]:
    """Give the turns of an evaluated case, each with what it says that this means, for as long as that is known."""
    means = case.get("meant") or [None] * len(case["turns"])
    turns = zip(case["turns"], means, strict=True)
    return takewhile(lambda turn: turn[0] is not None and (case["right"] or turn[1] is not None), turns)


def _fits(lesson: Lesson) -> bool:
    return len(lesson.text) <= _MOST_LETTERS and len(lesson.calls) <= _MOST_CALLS


def _some[Kind](rows: Sequence[Kind], most: int, choose: random.Random) -> list[Kind]:
    return choose.sample(rows, min(most, len(rows)))


def _units(text: str, words: Language) -> list[str]:
    return list(text) if words.words == "joined" else text.split()


def _text(units: Sequence[str], words: Language) -> str:
    return ("" if words.words == "joined" else " ").join(units)

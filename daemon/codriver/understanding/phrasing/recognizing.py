"""Recognise a sentence with hassil, tried only on the templates whose words can make it up.

hassil tries one template after the other. Here each template is first taken as a bag of words: those that it and its
rules and lists hold, and those that none of its sentences is without. A sentence that matches a template can be laid
out with its bag and nothing else. Which templates can lay out a sentence is found for all of them at once, in one walk
along it, with a bit for each template: so a large catalogue costs hardly more than a small one. What is left, hassil
decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from hassil import Intents, recognize_all
from hassil.expression import Alternative, Expression, Group, ListReference, RuleReference, Sentence, TextChunk
from hassil.intents import Intent, IntentData, RangeFractionType, RangeSlotList, SlotList, TextSlotList
from hassil.recognize import RecognizeResult
from hassil.util import PUNCTUATION_STR, normalize_for_matching, remove_skip_words_tracked

_REMEMBERED = 32
"""Sentences whose results are kept: one turn asks about the same sentence, its parts and its variants repeatedly."""

_FREE = frozenset(PUNCTUATION_STR + "-_")
"""What hassil passes over in a sentence, beside white space: at its end, or between the words of a template."""

_NUMERIC = frozenset("0123456789-.,")
_NUMBER = "{number}"
_ANYTHING = "{anything}"
"""What stands in a bag for any number, and for any words at all."""


class Recognizer:
    """Compiled intents, ready to recognise sentences: the results are those of hassil's ``recognize_all``."""

    def __init__(self, intents: Intents) -> None:
        """Parse every template. Raises ParseError or HassilError for a wrong one."""
        self.intents = replace(intents, intents=dict(_one_by_one(intents)), slot_lists=_quick(intents.slot_lists))
        self._templates = [(intent.name, data) for intent in self.intents.intents.values() for data in intent.data]
        self._bags = _Bags(list(_bags_of([data for _, data in self._templates], intents)))
        self.recognized = lru_cache(_REMEMBERED)(self._recognized)

    def knows(self, word: str) -> bool:
        """Tell whether a word stands in any template."""
        return word in self._bags.words

    def _recognized(self, said: str) -> tuple[RecognizeResult, ...]:
        """Give every way to take a sentence, in the order of the templates. Nobody may change the results."""
        among: dict[str, Intent] = {}
        for number in sorted({number for text in self._readings(said) for number in self._bags.holding(text)}):
            name, data = self._templates[number]
            among.setdefault(name, Intent(name)).data.append(data)
        narrowed = replace(self.intents, intents=among)
        return tuple(recognize_all(said, narrowed, language=self.intents.language)) if among else ()

    def _readings(self, said: str) -> Iterator[str]:
        """Give the sentence as hassil reads it: as it is, and without the words that mean nothing."""
        read = normalize_for_matching(said)
        yield read.text
        remove_skip_words_tracked(read, self.intents.skip_words, self.intents.settings.ignore_whitespace)
        yield read.text


@dataclass(frozen=True, slots=True)
class _Bag:
    """The words a template may hold, and those that it must: at least one of each set in ``needed``."""

    words: frozenset[str] = frozenset()
    needed: frozenset[frozenset[str]] = frozenset()


class _Bags:
    """The bags of all templates, their words as a tree of characters. A set of templates is a bit mask."""

    def __init__(self, bags: Sequence[_Bag]) -> None:
        self._needed = [bag.needed for bag in bags]
        self._words: dict[str, int] = {}
        for number, bag in enumerate(bags):
            for word in bag.words:
                self._words[word] = self._words.get(word, 0) | 1 << number
        self._tree: dict[str, Any] = {}
        for word in self._words.keys() - {_NUMBER, _ANYTHING}:
            node = self._tree
            for character in word:
                node = node.setdefault(character, {})
            node[""] = word

    @property
    def words(self) -> Set[str]:
        """All words of all bags."""
        return self._words.keys()

    def holding(self, text: str) -> set[int]:
        """Give the numbers of the templates whose bags can lay out a text, and whose needs it meets."""
        text = text.casefold()
        anywhere = self._words.get(_ANYTHING, 0)
        reached = [(1 << len(self._needed)) - 1] + [anywhere] * len(text)
        found = {_ANYTHING}
        for start in range(len(text)):
            if here := reached[start]:
                if text[start].isspace() or text[start] in _FREE:
                    reached[start + 1] |= here
                for end, word in self._at(text, start):
                    found.add(word)
                    reached[end] |= here & self._words.get(word, 0)
        return {number for number in _bits(reached[-1]) if not any(map(found.isdisjoint, self._needed[number]))}

    def _at(self, text: str, start: int) -> Iterator[tuple[int, str]]:
        """Give every word that stands at a place, and every beginning of a number, with its end."""
        node: dict[str, Any] | None = self._tree
        for end, character in enumerate(text[start:], start + 1):
            if (node := node.get(character) if node else None) is None:
                break
            if "" in node:
                yield end, node[""]
        for end, character in enumerate(text[start:], start + 1):
            if character not in _NUMERIC:
                break
            yield end, _NUMBER


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _one_by_one(intents: Intents) -> Iterator[tuple[str, Intent]]:
    """Put each template into a block of its own, so that it can be tried without the others."""
    every = {id(data.slot_lists): data.slot_lists for intent in intents.intents.values() for data in intent.data}
    quick = {number: _quick(lists) for number, lists in every.items()}
    for name, intent in intents.intents.items():
        blocks = [replace(data, slot_lists=quick[id(data.slot_lists)]) for data in intent.data]
        yield (
            name,
            Intent(name, [replace(data, sentence_texts=[text]) for data in blocks for text in data.sentence_texts]),
        )


def _quick(lists: Mapping[str, SlotList]) -> dict[str, SlotList]:
    return {name: _Range(**vars(each)) if type(each) is RangeSlotList else each for name, each in lists.items()}


class _Range(RangeSlotList):
    """A range that need not count up to a number to know whether it holds it."""

    def get_numbers(self) -> Iterable[float]:
        return _Numbers(self)


class _Numbers:
    """The numbers of a range."""

    def __init__(self, of: RangeSlotList) -> None:
        self._of = of
        self._fractions = (0, *RangeFractionType.get_fractions(of.fraction_type))

    def __iter__(self) -> Iterator[float]:
        return iter(RangeSlotList.get_numbers(self._of))

    def __contains__(self, number: float) -> bool:
        if not math.isfinite(number):
            return False
        whole = math.floor(number)
        numbers = range(self._of.start, self._of.stop + 1, self._of.step)
        return whole in numbers and any(whole + fraction == number for fraction in self._fractions)


def _bags_of(templates: Iterable[IntentData], intents: Intents) -> Iterator[_Bag]:
    """Give the bag of each template. What templates have in common is gathered once."""
    gatherers: dict[tuple[int, int], _Gatherer] = {}
    common: dict[int, dict[str, _Bag]] = {}
    for data in templates:
        own = (id(data.expansion_rules), id(data.slot_lists))
        if own not in gatherers:
            rules = {**intents.expansion_rules, **data.expansion_rules}
            lists = {**intents.slot_lists, **data.slot_lists}
            gatherers[own] = _Gatherer(rules, lists, common.setdefault(own[0], {}))
        yield _together(gatherers[own].gather(sentence.expression) for sentence in data.sentences)


class _Gatherer:
    """Makes bags of expressions that refer to these rules and lists.

    ``common`` takes the bags of rules that refer to no list: other gatherers with the same rules share them.
    """

    def __init__(self, rules: Mapping[str, Sentence], lists: Mapping[str, SlotList], common: dict[str, _Bag]) -> None:
        self._rules = rules
        self._lists = lists
        self._common = common
        self._bags: dict[str, _Bag] = {}
        self._listed: dict[str, _Bag] = {}
        self._times_own = 0
        """How often a bag was used that depends on the lists."""

    def gather(self, expression: Expression) -> _Bag:
        match expression:
            case TextChunk():
                words = frozenset(expression.text.casefold().split())
                return _Bag(words, frozenset(frozenset([word]) for word in words))
            case Alternative():
                return _either(self.gather(item) for item in expression.items)
            case Group():
                return _together(self.gather(item) for item in expression.items)
            case RuleReference(rule_name=name):
                return self._common[name] if name in self._common else self._rule(name)
            case ListReference(list_name=name):
                self._times_own += 1
                if name not in self._listed:
                    self._listed[name] = self._values(self._lists.get(name))
                return self._listed[name]
        return _Bag(frozenset([_ANYTHING]))

    def _rule(self, name: str) -> _Bag:
        if name in self._bags:
            self._times_own += 1
            return self._bags[name]
        before = self._times_own
        self._bags[name] = _Bag()  # what a rule that refers to itself adds, it has already
        self._bags[name] = self.gather(self._rules[name].expression)
        if self._times_own == before:
            self._common[name] = self._bags[name]
        return self._bags[name]

    def _values(self, values: SlotList | None) -> _Bag:
        match values:
            case TextSlotList():
                return _either(self.gather(value.text_in) for value in values.values)
            case RangeSlotList(words=False):
                return _Bag(frozenset([_NUMBER]), frozenset([frozenset([_NUMBER])]))
        return _Bag(frozenset([_ANYTHING]))


def _together(bags: Iterable[_Bag]) -> _Bag:
    bags = list(bags)
    return _Bag(_all(bag.words for bag in bags), _all(bag.needed for bag in bags))


def _either(bags: Iterable[_Bag]) -> _Bag:
    """Take one of several bags: from each the need that is met in the fewest ways, if all have one."""
    bags = list(bags)
    words = _all(bag.words for bag in bags)
    if not bags or not all(bag.needed for bag in bags):
        return _Bag(words)
    return _Bag(words, frozenset([_all(min(bag.needed, key=len) for bag in bags)]))


def _all[T](sets: Iterable[frozenset[T]]) -> frozenset[T]:
    return frozenset().union(*sets)

"""Templates with free text in them, as regular expressions.

hassil gives a wildcard the words of the sentence as it normalised it, in lower case and without skip words. A regular
expression also tells where the words stood, so that a name can be taken as it was said. The syntax is hassil's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, permutations

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.parse_expression import parse_sentence

from codriver.catalogue.model import LONGEST_TEXT
from codriver.catalogue.vocabulary import Language
from codriver.errors import ConfigurationError
from codriver.understanding.phrasing.homophones import Fold

MARKS = ' ,;:.!?"“”‘()，。！？、；：…《》'
"""What may stand at either end of free text without belonging to it."""

_GAP = r"\W*+"
"""Anything between two words; what it took it does not give back, so that no sentence takes long."""
_LONGEST = LONGEST_TEXT + 8  # marks around it are taken off later

_PARSED = 2000

type Sayings = Mapping[str, Sequence[str]] | None
"""The ways to say each value of a parameter, as templates; None for one that takes free text."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a pattern found: values and free texts by parameter; ``literal`` counts the other characters."""

    values: Mapping[str, str]
    literal: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled template. ``groups`` says which parameter each group is, and its value where that is fixed."""

    expression: re.Pattern[str]
    groups: Mapping[str, tuple[str, str | None]]

    def found(self, sentence: str, said: str, start: int, end: int) -> Found | None:
        """Match ``sentence`` from ``start`` to ``end`` as a whole; free texts are taken from ``said``.

        ``said`` is the sentence as it was said, of the same length.
        """
        match = self.expression.fullmatch(sentence, start, end)
        if match is None:
            return None
        values: dict[str, str] = {}
        free = 0
        for group, (name, value) in self.groups.items():
            first, last = match.span(group)
            if first == -1:
                continue
            values[name] = said[first:last].strip(MARKS) if value is None else value
            free += last - first if value is None else 0
        return Found(values, end - start - free)


@lru_cache(_PARSED)
def parsed(template: str) -> Sentence:
    """Parse a template; many share the same rules. Nobody may change it. Raises hassil's ParseError."""
    return parse_sentence(template)


def compiled_pattern(
    template: str, sayings: Mapping[str, Sayings], rules: Mapping[str, str], language: Language, fold: Fold | None
) -> Pattern:
    """Compile a template; with ``fold`` by its sound. Raises ConfigurationError, hassil's ParseError, or KeyError."""
    writer = _Writer(sayings, rules, joined=language.words == "joined", fold=fold)
    expression = writer.write(parsed(template).expression)
    return Pattern(re.compile(f"{_GAP}{expression}{_GAP}", re.IGNORECASE), writer.groups)


class _Writer:
    """Writes one template as a regular expression."""

    def __init__(
        self, sayings: Mapping[str, Sayings], rules: Mapping[str, str], *, joined: bool, fold: Fold | None
    ) -> None:
        self.groups: dict[str, tuple[str, str | None]] = {}
        self._sayings = sayings
        self._rules = rules
        self._joined = joined
        self._fold = fold
        self._number = count()

    def write(self, expression: Expression) -> str:
        match expression:
            case TextChunk():
                return self._literal(expression.original_text)
            case Alternative():
                return _either(self.write(item) for item in expression.items)
            case Permutation():
                return _either(_GAP.join(map(self.write, order)) for order in permutations(expression.items))
            case Group():
                return "".join(self.write(item) for item in expression.items)
            case RuleReference():
                return self._parsed(self._rules[expression.rule_name])
            case ListReference():
                return self._listed(expression.list_name, self._sayings[expression.list_name])
        raise ConfigurationError(f"A template with free text may not hold a {type(expression).__name__}.")

    def _parsed(self, template: str) -> str:
        return self.write(parsed(template).expression)

    def _listed(self, name: str, sayings: Sayings) -> str:
        if sayings is None:
            words = rf"(?P<{self._group(name, None)}>\w.{{0,{_LONGEST}}}?)"
            return words if self._joined else rf"(?<!\w){words}(?!\w)"
        return _either(
            f"(?P<{self._group(name, value)}>{_either(map(self._parsed, ways))})" for value, ways in sayings.items()
        )

    def _group(self, name: str, value: str | None) -> str:
        group = f"{name}_{next(self._number)}"
        self.groups[group] = (name, value)
        return group

    def _literal(self, text: str) -> str:
        """Write a template's own words; between them there may be any white space, and marks as well."""
        if self._joined:
            letters = self._fold(text) if self._fold else text
            return "".join(re.escape(letter) + _GAP for letter in letters if not letter.isspace())
        words = _GAP.join(re.escape(word) for word in text.split())
        before = _GAP if text[:1].isspace() else ""
        after = _GAP if text[-1:].isspace() and words else ""
        return f"{before}{words}{after}"


def _either(options: Iterable[str]) -> str:
    """Take one of several, the longest that fits: what a template can take is no free text."""
    return "(?:" + "|".join(sorted(options, key=len, reverse=True)) + ")"

"""Put a call into words with which it may be asked for: templates, the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from itertools import chain, islice, product

from hassil.expression import Alternative, Expression, Group, ListReference, RuleReference, TextChunk
from hassil.intents import TextSlotList
from hassil.parse_expression import parse_sentence

from codriver.catalogue.model import PATTERNED, Catalogue
from codriver.catalogue.vocabulary import Language
from codriver.numbers import tidy
from codriver.turn import Argument, IntentCall
from codriver.understanding.phrasing.grammar import ParsedTemplate
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import without_spaces


class Saying:
    """Finds a short sentence that means one call and nothing else: "turn on the seat heating"."""

    def __init__(self, catalogue: Catalogue, templates: Templates) -> None:
        self._catalogue = catalogue
        self._templates = templates

    def sentence(self, call: IntentCall, language: str) -> str:
        """Give the first sentence that there is for a call; empty where none means just that.

        Templates name what people say most at first, so the first one is taken of whatever stands to choose.
        """
        words = self._catalogue.language(language)
        templates = chain(self._switching(call, words, language), self._own(call, language))
        said = (worded(template, call.arguments, words) for template in templates)
        return next((each for each in said if each and self._means(each, call, language)), "")

    def _own(self, call: IntentCall, language: str) -> Iterator[ParsedTemplate]:
        return (template for name, template in self._templates.sentences(language) if name == call.intent)

    def _switching(self, call: IntentCall, words: Language, language: str) -> Iterator[ParsedTemplate]:
        """Give the language's patterns of switching and turning, about the call's things."""
        for own in islice(self._own(call, language), 1):
            for name, parameter in self._catalogue.intents[call.intent].parameters.items():
                value = str(call.arguments.get(name, ""))
                patterns = words.patterns.get(value, ()) if value in PATTERNED.get(parameter.type, ()) else ()
                for pattern, noun in product(patterns[:1], parameter.noun.get(language, ())[:1]):
                    sentence = parse_sentence(pattern.replace("<noun>", f"({noun})"))
                    yield replace(own, template=sentence)

    def _means(self, said: str, call: IntentCall, language: str) -> bool:
        found = self._templates.understand(said, language)
        parameters = self._catalogue.intents[call.intent].parameters
        default = {name: each.default for name, each in parameters.items() if each.default is not None}
        return (
            len(found) == 1
            and found[0].intent == call.intent
            and {**default, **found[0].arguments} == {**default, **call.arguments}
        )


def worded(template: ParsedTemplate, values: Mapping[str, Argument], words: Language) -> str:
    """Give the shortest that a template says with these values; empty where it has no word for one that it needs."""
    try:
        said = _Way(template, values, words).said()
    except _Unsaid:
        return ""
    return without_spaces(said) if words.words == "joined" else " ".join(said.split())


class _Way:
    """One template, walked for the values of a call's parameters."""

    def __init__(self, template: ParsedTemplate, values: Mapping[str, Argument], words: Language) -> None:
        self._template = template
        self._values = values
        self._words = words
        self._unsaid = set(values)

    def said(self) -> str:
        """Give the shortest that it says, spaces as they come. Raises _Unsaid where it has no word for a value."""
        return self._say(self._template.template.expression)

    def _say(self, expression: Expression, *, kept: bool = False) -> str:
        match expression:
            case TextChunk():
                return expression.original_text
            case ListReference():
                return self._value(expression.list_name)
            case RuleReference():
                rule = self._template.rules[expression.rule_name].expression
                return self._say(rule, kept=expression.rule_name in self._words.articles)
            case Alternative():
                named = [item for item in expression.items if self._lists(item) & self._unsaid]
                if named:
                    return self._say(named[0])
                return "" if expression.is_optional and not kept else self._say(expression.items[0])
            case Group():
                return "".join(self._say(item, kept=kept) for item in expression.items)
        return ""

    def _value(self, name: str) -> str:
        """Say the value of a parameter. Raises _Unsaid where there is none, or no word for it."""
        if name not in self._values:
            raise _Unsaid
        self._unsaid.discard(name)
        value, known = self._values[name], self._template.lists[name]
        if not isinstance(known, TextSlotList):
            return str(tidy(value) if isinstance(value, float) else value)
        said = (each.text_in for each in known.values if each.value_out == value)
        for phrase in said:
            return self._say(phrase) if isinstance(phrase, Expression) else phrase.text
        raise _Unsaid

    def _lists(self, expression: Expression) -> Set[str]:
        """Give the lists that an expression refers to."""
        match expression:
            case ListReference():
                return frozenset((expression.list_name,))
            case RuleReference():
                return self._lists(self._template.rules[expression.rule_name].expression)
            case Group():
                return frozenset().union(*(self._lists(item) for item in expression.items))
        return frozenset()


class _Unsaid(Exception):
    """A value for which a template has no word."""

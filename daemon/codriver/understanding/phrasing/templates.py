"""Sentence templates: the plain ways to say an intent, matched by hassil."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Any

from hassil.errors import HassilError
from hassil.parser import ParseError
from hassil.recognize import RecognizeResult

from codriver.catalogue.model import PATTERNED, Catalogue, Intent, Parameter
from codriver.catalogue.phrases import Phrasing
from codriver.catalogue.texts import without_text
from codriver.catalogue.vocabulary import Language
from codriver.errors import ConfigurationError
from codriver.numbers import tidy
from codriver.turn import Argument, IntentCall
from codriver.understanding.phrasing.free_text import FreeTexts
from codriver.understanding.phrasing.grammar import NUMBERS, Grammar, ParsedTemplate, spoken_values
from codriver.understanding.phrasing.parts import (
    MOST_PARTS,
    SENTENCE_END,
    between,
    clauses_of,
    completed,
    coordinated,
    parts_of,
    replaced,
)
from codriver.understanding.phrasing.phrases import Phrases
from codriver.understanding.phrasing.wording import LONGEST, plain

_FEW_WORDS = 8
"""Characters of a template's own that a wish has at most which names nothing, only where and how much."""


@dataclass(frozen=True, slots=True)
class Match:
    """An intent whose template fits: ``literal`` counts the template's own words that were matched.

    ``said`` are the arguments that were said in words of their own.
    """

    call: IntentCall
    literal: int
    by_sound: bool = False
    said: frozenset[str] = frozenset()

    @property
    def rank(self) -> tuple[int, int]:
        """How well it fits, smaller being better: by the words matched, then by how much was understood of them."""
        return -self.literal, -len(self.call.arguments)


class Templates:
    """The templates of a catalogue, ready to match. Building takes about a second; matching, a millisecond.

    ``texts`` are those that have a place for words of the speaker's own.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Compile all templates. Raises ConfigurationError for one that cannot be parsed."""
        self.texts = FreeTexts(catalogue)
        self._domains = catalogue.domains
        self._languages = {code: _Matcher(catalogue, code) for code in catalogue.vocabulary.languages}

    def understand(self, text: str, language: str) -> tuple[IntentCall, ...]:
        """Give the calls that a sentence asks for, in its order, or nothing unless every part of it fits."""
        matcher = self._languages.get(language)
        if matcher is None or len(text) > LONGEST:
            return ()
        if calls := self._wishes(text, language, matcher):
            return calls
        wishes = [self._wishes(clause, language, matcher) for clause in self.clauses(text, language) if clause != text]
        return without_doubles(chain.from_iterable(wishes)) if all(wishes) else ()

    def _wishes(self, text: str, language: str, matcher: _Matcher) -> tuple[IntentCall, ...]:
        """Understand a sentence or clause: one wish, several one after the other, or two that share their words."""
        if whole := matcher.best(text):
            return (whole.call,)
        if pair := matcher.both(text, near=True):
            return pair
        parts = [self.part(*around, language) for around in between(self.parts(text, language))]
        if parts and all(parts):
            return without_doubles(call for call in parts if call)
        return matcher.both(text, near=False)

    def clauses(self, text: str, language: str) -> tuple[str, ...]:
        """Split a sentence at its commas and stops, and leave out what is mere politeness."""
        matcher = self._languages.get(language)
        return tuple(each for each in clauses_of(text) if matcher and matcher.says_something(each))

    def parts(self, text: str, language: str) -> tuple[str, ...]:
        """Split a sentence where one wish may end and the next begin; nothing where there is no such place."""
        matcher = self._languages.get(language)
        if matcher is None:
            return ()
        return tuple(part for part in parts_of(text, matcher.language.separator) if matcher.says_something(part))

    def units(self, text: str, language: str) -> tuple[str, ...]:
        """Split a sentence into its wishes, but for the clauses that fit as they are; nothing if it is only one."""
        matcher = self._languages.get(language)
        if matcher is None:
            return ()
        units: list[str] = []
        for clause in clauses_of(text):
            wishes = [wish.strip() for wish in re.split(matcher.language.separator, clause.lower()) if wish.strip()]
            units += (clause,) if self._wishes(clause, language, matcher) else wishes
        return tuple(units) if 2 <= len(units) <= MOST_PARTS else ()

    def part(self, before: str, said: str, after: str, language: str) -> IntentCall | None:
        """Understand one wish of several, with what it shares with its neighbours.

        "Open the boot and my window" says the verb once, at the beginning; 把天窗和车窗都关上, at the end. What is
        only a number and a place goes on with what was set before: "fan at sixty in the back, thirty for me".
        """
        matcher = self._languages[language]
        alone = matcher.best(said)
        borrowed = completed(before, said, after, matcher.language.words)
        says_little = alone is None or alone.literal <= _FEW_WORDS
        elsewhere = matcher.elsewhere(before, said) if says_little else ()
        first = matcher.best(before) if before and says_little else None
        for whole in chain(borrowed, elsewhere):
            match = matcher.best(whole)
            if match is None or (alone and match.by_sound > alone.by_sound):
                continue
            more = (
                alone is not None
                and _says_more(match, alone)
                and self._may_share(matcher.best(before), alone)
                and _is_shared(match, alone, (matcher.best(each) for each in (before, after) if each))
            )
            if alone is None or more or _goes_on(match, first, alone):
                return match.call
        return alone.call if alone else None

    def _may_share(self, first: Match | None, other: Match) -> bool:
        """Tell whether two wishes may share a place: "all windows up, temperature to nineteen" do not."""
        return first is None or self._domains.get(first.call.intent) == self._domains.get(other.call.intent)

    def only_sounds(self, text: str, language: str) -> bool:
        """Tell whether a sentence fits a template by its sound and not as it is written."""
        matcher = self._languages.get(language)
        match = matcher.best(text) if matcher else None
        return match is not None and match.by_sound

    def candidates(self, text: str, language: str) -> Sequence[Match]:
        """Give every match of the whole sentence, best first: for showing why one won."""
        matcher = self._languages.get(language)
        return matcher.all(text) if matcher and len(text) <= LONGEST else ()

    def sentences(self, language: str) -> Iterator[tuple[str, ParsedTemplate]]:
        """Give every template of a language with the name of its intent."""
        return self._languages[language].sentences()

    def answers_yes(self, text: str, language: str) -> bool | None:
        """Tell whether a reply is a clear yes (True), a no (False), or neither (None)."""
        matcher = self._languages.get(language)
        return matcher.yes_or_no(text) if matcher else None


class _Matcher:
    """The templates of one language, as they are written and, where the language asks for it, by sound."""

    def __init__(self, catalogue: Catalogue, code: str) -> None:
        self.language = catalogue.language(code)
        self._code = code
        self._places = Phrases(self.language.zones.items(), self.language)
        self._grammar = Grammar(intents_of(catalogue, code), self.language, code)
        self._replies = Grammar(_replies(self.language, code), self.language, code)
        try:
            self.all("0")  # hassil parses its templates when it first needs them
        except (HassilError, ParseError) as error:
            raise ConfigurationError(f"A sentence template in {code!r} is wrong: {error}") from error

    def sentences(self) -> Iterator[tuple[str, ParsedTemplate]]:
        parsed = self._grammar.parsed
        for name, intent in parsed.intents.items():
            for data in intent.data:
                for sentence in data.sentences:
                    lists = {**parsed.slot_lists, **data.slot_lists}
                    yield name, ParsedTemplate(sentence, lists, {**parsed.expansion_rules, **data.expansion_rules})

    def best(self, text: str) -> Match | None:
        return next(iter(self.all(text)), None)

    def all(self, text: str) -> Sequence[Match]:
        said = self._plain(text)
        by_sound = not re.search(self.language.question, said)  # the particle of a question sounds like one of a wish
        results, sounded = self._grammar.recognized(said, by_sound=by_sound)
        matches = [_match(result, sounded) for result in results]
        best_first = sorted(matches, key=lambda match: match.rank)
        return [match for number, match in enumerate(best_first) if match not in best_first[:number]]

    def both(self, text: str, *, near: bool) -> tuple[IntentCall, ...]:
        """Understand a sentence about two things that share the rest of it."""
        both = re.sub(self.language.follow_ups.both, " ", self._plain(text))
        first, second = (
            [match.call for said in sayings if (match := self.best(said))]
            for sayings in coordinated(both, self.language.conjunction, self.language.words, near=near)
        )
        return next((pair for pair in product(first, second) if pair[0] != pair[1]), ())

    def elsewhere(self, before: str, said: str) -> Iterator[str]:
        """Give a wish that begins with a place with what the one before says of another place."""
        before, said = self._plain(before), self._plain(said)
        there = next(iter(self._places.leading(said)), "")
        for here in self._places.leading(before) if there else ():
            named = before[len(here) :].strip()
            yield from replaced(named, there, said[len(there) :].strip(), self.language.words)

    def yes_or_no(self, text: str) -> bool | None:
        parts = [part for part in SENTENCE_END.split(text) if self._plain(part)]
        answers = {self._reply(part) for part in parts if self.says_something(part)} or set(map(self._reply, parts))
        return answers.pop() if len(answers) == 1 else None

    def says_something(self, part: str) -> bool:
        """Tell whether there is more in a part than politeness and fillers: "yes, please", "whoa", "would you?"."""
        said = self._plain(part)
        return said not in self.language.skip and re.fullmatch(self.language.follow_ups.opening, said) is None

    def _reply(self, sentence: str) -> bool | None:
        results, _ = self._replies.recognized(self._plain(sentence), by_sound=False)
        return results[0].intent.name == "yes" if results else None

    def _plain(self, text: str) -> str:
        return plain(text, self._code, self.language)


def _says_more(whole: Match, alone: Match) -> bool:
    """Tell whether a wish with what it borrows is the same wish and says how or where: 关掉阅读灯和车内灯.

    What it says itself stays: "sport mode, lane warning off".
    """
    if whole.call.intent != alone.call.intent or whole.call == alone.call:
        return False
    stays = {name: value for name, value in alone.call.arguments.items() if name == "zone" or name in alone.said}
    return stays.items() <= whole.call.arguments.items()


def _is_shared(whole: Match, alone: Match, neighbours: Iterable[Match | None]) -> bool:
    """Tell whether a place that a wish has with what it borrows is a neighbour's: "slide it back" has none."""
    zone = whole.call.arguments.get("zone")
    if zone == alone.call.arguments.get("zone"):
        return True
    return any(each is not None and each.call.arguments.get("zone") == zone for each in neighbours)


def _goes_on(whole: Match, first: Match | None, alone: Match) -> bool:
    """Tell whether a wish is the one before it, anew: "fan at sixty for the kids, thirty for me"."""
    return first is not None and first.call.intent == whole.call.intent != alone.call.intent


def without_doubles(calls: Iterable[IntentCall]) -> tuple[IntentCall, ...]:
    """Keep the first of calls that are the same, and none that another only says more exactly: "I'm hot, 2 less"."""
    kept: list[IntentCall] = []
    for call in calls:
        if call not in kept:
            kept.append(call)
    return tuple(call for call in kept if not any(_says_how(other, call) for other in kept))


def _says_how(call: IntentCall, other: IntentCall) -> bool:
    """Tell whether a call is the same wish as another in the same place, and says how much or to what as well."""
    return (
        call.intent == other.intent
        and call.arguments.get("zone") == other.arguments.get("zone")
        and call.arguments.items() > other.arguments.items()
    )


def _match(result: RecognizeResult, by_sound: bool) -> Match:
    arguments: dict[str, Argument] = {
        entity.name: tidy(entity.value) if isinstance(entity.value, float) else entity.value
        for entity in result.entities_list
    }
    said = frozenset(entity.name for entity in result.entities_list if entity.text)
    return Match(IntentCall(result.intent.name, arguments), result.text_chunks_matched, by_sound, said)


def intents_of(catalogue: Catalogue, code: str) -> dict[str, Any]:
    """Write the catalogue in one language as the data that hassil reads."""
    language = catalogue.language(code)
    return {
        "language": code,
        "settings": {"ignore_whitespace": language.words == "joined"},
        "skip_words": list(language.skip),
        "expansion_rules": dict(language.rules),
        "lists": {"zone": {"values": spoken_values(language.zones)}},
        "intents": {
            name: {"data": [_data(intent, phrasing, code, catalogue.rules_of(name, code)) for phrasing in phrasings]}
            for name, intent in catalogue.intents.items()
            if (phrasings := list(_phrasings(intent, language, code)))
        },
    }


def _phrasings(intent: Intent, language: Language, code: str) -> Iterator[Phrasing]:
    for phrasing in intent.sentences.get(code, ()):
        if (plain_only := without_text(phrasing, intent)).say:
            yield plain_only
    for name, parameter in intent.parameters.items():
        for noun in parameter.noun.get(code, ()):
            for value in PATTERNED.get(parameter.type, ("ask",)):
                patterns = tuple(pattern.replace("<noun>", f"({noun})") for pattern in language.patterns.get(value, ()))
                if patterns:
                    yield Phrasing(say=patterns, given={} if value == "ask" else {name: value})


def _data(intent: Intent, phrasing: Phrasing, code: str, rules: Mapping[str, str]) -> dict[str, Any]:
    lists = {name: slot_list(parameter, code) for name, parameter in intent.parameters.items()}
    return {
        "sentences": list(phrasing.say),
        "slots": dict(phrasing.given),
        "expansion_rules": dict(rules),
        "lists": {name: values for name, values in lists.items() if values},
    }


def slot_list(parameter: Parameter, code: str) -> dict[str, Any] | None:
    """Write what a parameter takes as a list of hassil's; None where a template's own list does."""
    match parameter.type:
        case "integer" | "number":
            return NUMBERS
        case "enum":
            return {
                "values": spoken_values({name: choice.said.get(code, ()) for name, choice in parameter.values.items()})
            }
        case _:
            return None


def _replies(language: Language, code: str) -> dict[str, Any]:
    return {
        "language": code,
        "settings": {"ignore_whitespace": language.words == "joined"},
        "skip_words": list(language.skip),
        "intents": {
            "yes": {"data": [{"sentences": list(language.yes)}]},
            "no": {"data": [{"sentences": list(language.no)}]},
        },
    }

"""Sentences that hold words of the speaker's own, such as the name of a place: which intent they mean.

The words are taken as they were said. What stands around them are templates; a template that takes more of a sentence
for itself is the better one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hassil.intents import TextSlotList
from hassil.parser import ParseError

from codriver.catalogue.model import LONGEST_TEXT, Catalogue, Intent
from codriver.catalogue.texts import holds_text, text_parameters
from codriver.errors import ConfigurationError
from codriver.turn import Argument, IntentCall
from codriver.understanding.phrasing.grammar import ParsedTemplate
from codriver.understanding.phrasing.homophones import FOLDS, Fold
from codriver.understanding.phrasing.patterns import MARKS, Pattern, Sayings, compiled_pattern, parsed
from codriver.understanding.phrasing.wording import LONGEST, printable, simplified

_SHORTEST_BY_SOUND = 3
"""Characters of a template that must be heard where nothing fits as it is written: 去 alone sounds like too much."""


@dataclass(frozen=True, slots=True)
class TextMatch:
    """A call with free text in it; ``literal`` counts the characters that the template itself took."""

    call: IntentCall
    literal: int


class FreeTexts:
    """The templates with free text of a catalogue, ready to match. Matching takes a few tenths of a millisecond."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Compile them. Raises ConfigurationError for one that cannot be."""
        self._languages = {code: _Frames(catalogue, code) for code in catalogue.vocabulary.languages}

    def best(self, text: str, language: str) -> TextMatch | None:
        """Give the call of the template that fits a whole sentence best."""
        frames = self._languages.get(language)
        return frames.best(text, frames.sure) if frames else None

    def core(self, text: str, language: str) -> str:
        """Give a sentence without the politeness around it."""
        frames = self._languages.get(language)
        said = printable(text)
        return said[slice(*frames.core(said))] if frames else said

    def within(self, intent: str, text: str, language: str) -> Mapping[str, Argument]:
        """Give the texts of a sentence of which it is known by other means that it asks for this intent.

        Where it has several parts, the last of them that names something counts: the reason comes first.
        """
        frames = self._languages.get(language)
        if frames is None:
            return {}
        parts = [part for part in re.split(frames.separator, text, flags=re.IGNORECASE) if part.strip()]
        for said in (*reversed(parts), text):
            if found := frames.best(said, frames.likely.get(intent, ())):
                return found.call.arguments
        return {}

    def supplied(self, intent: str, text: str, language: str) -> Mapping[str, Argument]:
        """Take an answer to the question for a text: "to the nearest pharmacy"."""
        frames = self._languages.get(language)
        found = frames.best(text, frames.answers.get(intent, ())) if frames else None
        return found.call.arguments if found else {}

    def sentences(self, language: str) -> Iterator[tuple[str, ParsedTemplate]]:
        """Give every template of a language with the name of its intent; texts are those that they are like."""
        yield from self._languages[language].parsed


@dataclass(frozen=True, slots=True)
class _Frame:
    """A template of an intent, and what it says without a word."""

    intent: str
    pattern: Pattern
    given: Mapping[str, Argument]
    by_sound: bool


class _Frames:
    """The templates with free text of one language."""

    def __init__(self, catalogue: Catalogue, code: str) -> None:
        self._catalogue = catalogue
        self._code = code
        self._language = catalogue.language(code)
        words = self._language.free_text
        self._before = re.compile(words.before, re.IGNORECASE)
        self._after = re.compile(f"(?:{words.after})$", re.IGNORECASE)
        self._nameless = re.compile(words.nameless, re.IGNORECASE)
        make_fold = FOLDS[self._language.homophones]
        self._fold: Fold | None = make_fold() if make_fold else None
        self.separator = self._language.separator
        self.sure: list[_Frame] = []
        self.likely: dict[str, list[_Frame]] = {}
        self.answers: dict[str, list[_Frame]] = {}
        self.parsed: list[tuple[str, ParsedTemplate]] = []
        for name, intent in catalogue.intents.items():
            if texts := text_parameters(intent):
                self._take(name, intent, texts)

    def _take(self, name: str, intent: Intent, texts: frozenset[str]) -> None:
        rules = {**self._language.rules, **self._catalogue.rules_of(name, self._code)}
        sayings = {each: self._sayings(intent, each) for each in intent.parameters}

        def frames(template: str, given: Mapping[str, Argument]) -> Iterator[_Frame]:
            for fold in (None, self._fold) if self._fold else (None,):
                try:
                    pattern = compiled_pattern(template, sayings, rules, self._language, fold)
                except (ParseError, KeyError) as error:
                    raise ConfigurationError(f"A template of {name} in {self._code!r} is wrong: {error}.") from error
                yield _Frame(name, pattern, given, by_sound=fold is not None)

        own: list[_Frame] = []
        for phrasing in intent.sentences.get(self._code, ()):
            for template in phrasing.say:
                if holds_text(template, intent):
                    own += frames(template, phrasing.given)
                    self.parsed.append((name, self._parsed(template, intent, sayings, rules)))
        hinted = [frame for template in intent.around.get(self._code, ()) for frame in frames(template, {})]
        answers = [way for text in texts for way in intent.parameters[text].answered.get(self._code, ())]
        self.sure += own
        self.likely[name] = [*own, *hinted]
        self.answers[name] = [*own, *hinted, *(frame for template in answers for frame in frames(template, {}))]

    def _sayings(self, intent: Intent, name: str) -> Sayings:
        """Give the ways to say a parameter beside a text: only the choices of an enum are known word by word."""
        parameter = intent.parameters[name]
        if parameter.type == "text":
            return None
        return {value: choice.said.get(self._code, ()) for value, choice in parameter.values.items()}

    def _parsed(
        self, template: str, intent: Intent, sayings: Mapping[str, Sayings], rules: Mapping[str, str]
    ) -> ParsedTemplate:
        lists: dict[str, Sayings] = {
            name: {text: (text,) for text in intent.parameters[name].such_as.get(self._code, ())}
            if said is None
            else said
            for name, said in sayings.items()
        }
        values = {
            name: TextSlotList.from_tuples((way, value) for value, ways in (said or {}).items() for way in ways)
            for name, said in lists.items()
        }
        return ParsedTemplate(parsed(template), values, {name: parsed(text) for name, text in rules.items()})

    def best(self, text: str, frames: Sequence[_Frame]) -> TextMatch | None:
        """Give what fits best, as it is written, or else by its sound."""
        said = printable(text[: 2 * LONGEST]).replace("’", "'")
        if len(said) > LONGEST:
            return None
        if self._fold:
            said = simplified(said)
        matches = self._matches(said, said, [frame for frame in frames if not frame.by_sound])
        if self._fold and not matches:
            sounding = self._matches(self._fold(said), said, [frame for frame in frames if frame.by_sound])
            matches = [match for match in sounding if match.literal >= _SHORTEST_BY_SOUND]
        return max(matches, key=lambda match: match.literal, default=None)

    def _matches(self, sentence: str, said: str, frames: Sequence[_Frame]) -> list[TextMatch]:
        start, end = self.core(said)
        found = ((frame, frame.pattern.found(sentence, said, start, end)) for frame in frames)
        return [
            TextMatch(IntentCall(frame.intent, {**frame.given, **match.values}), match.literal)
            for frame, match in found
            if match and all(self._names(frame.intent, name, value) for name, value in match.values.items())
        ]

    def core(self, said: str) -> tuple[int, int]:
        """Give where the sentence is without its marks and without the politeness around it."""
        end = len(said.rstrip(MARKS))
        before = self._before.match(said, 0, end)
        start = before.end() if before else 0
        after = self._after.search(said, start, end)
        return start, after.start() if after and after.start() > start else end

    def _names(self, intent: str, parameter: str, value: str) -> bool:
        """Tell whether a text can name something; the values of other parameters always do."""
        if parameter not in text_parameters(self._catalogue.intents[intent]):
            return True
        return 0 < len(value) <= LONGEST_TEXT and not self._nameless.fullmatch(value)

"""Sentence templates: the plain ways to say an intent, matched by hassil."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from hassil import Intents
from hassil.errors import HassilError
from hassil.expression import Sentence
from hassil.intents import SlotList
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from codriver.catalogue.model import PATTERNED, Catalogue, Intent, Language, Parameter, Phrasing
from codriver.errors import ConfigurationError
from codriver.numbers import tidy
from codriver.turn import Argument, IntentCall
from codriver.understanding.homophones import FOLDS, Fold
from codriver.understanding.parts import SENTENCE_END, between, completed, parts_of
from codriver.understanding.recognizing import Recognizer
from codriver.understanding.wording import LONGEST, plain, without_spaces

NUMBERS = {"range": {"from": -200, "to": 10000, "fractions": "tenths", "words": False}}
_SHORTEST_BY_SOUND = 4
_LIST = re.compile(r"\{(\w+)\}")
_RULE = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Match:
    """An intent whose template fits: ``literal`` counts the template's own words that were matched."""

    call: IntentCall
    literal: int
    by_sound: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        """How well it fits, smaller being better: by the words matched, then by how much was understood of them."""
        return -self.literal, -len(self.call.arguments)


@dataclass(frozen=True, slots=True)
class ParsedTemplate:
    """A template as hassil parsed it, with the lists and rules that it may refer to."""

    template: Sentence
    lists: Mapping[str, SlotList]
    rules: Mapping[str, Sentence]


class Templates:
    """The templates of a catalogue, ready to match. Building takes about a second; matching, milliseconds."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Compile all templates. Raises ConfigurationError for one that cannot be parsed."""
        self._languages = {code: _Matcher(catalogue, code) for code in catalogue.vocabulary.languages}

    def understand(self, text: str, language: str) -> tuple[IntentCall, ...]:
        """Give the calls that a sentence asks for, in its order, or nothing unless every part of it fits."""
        matcher = self._languages.get(language)
        if matcher is None or len(text) > LONGEST:
            return ()
        whole = matcher.best(text)
        if whole:
            return (whole.call,)
        calls = [self.part(*around, language) for around in between(self.parts(text, language))]
        return tuple(call for call in calls if call) if all(calls) else ()

    def parts(self, text: str, language: str) -> tuple[str, ...]:
        """Split a sentence where one wish may end and the next begin; nothing where there is no such place."""
        matcher = self._languages.get(language)
        if matcher is None:
            return ()
        return parts_of(text, matcher.language.separator)

    def part(self, before: str, said: str, after: str, language: str) -> IntentCall | None:
        """Understand one wish of several, with what it shares with its neighbours.

        "Open the boot and my window" says the verb once, at the beginning; 把天窗和车窗都关上, at the end.
        """
        matcher = self._languages[language]
        if match := matcher.best(said):
            return match.call
        for whole in completed(before, said, after, matcher.language.words):
            if match := matcher.best(whole):
                return match.call
        return None

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
        make_fold = FOLDS[self.language.homophones]
        self._fold: Fold | None = make_fold() if make_fold else None
        self._as_written = compiled(intents_of(catalogue, code), code)
        self._by_sound = compiled(rewritten(intents_of(catalogue, code), self._fold), code) if self._fold else None
        replies = _replies(self.language, code)
        joined = self.language.words == "joined"
        self._replies = compiled(rewritten(replies, without_spaces) if joined else replies, code)
        try:
            self.all("0")  # hassil parses its templates when it first needs them
        except (HassilError, ParseError) as error:
            raise ConfigurationError(f"A sentence template in {code!r} is wrong: {error}") from error

    def sentences(self) -> Iterator[tuple[str, ParsedTemplate]]:
        parsed = self._as_written.intents
        for name, intent in parsed.intents.items():
            for data in intent.data:
                for sentence in data.sentences:
                    lists = {**parsed.slot_lists, **data.slot_lists}
                    yield name, ParsedTemplate(sentence, lists, {**parsed.expansion_rules, **data.expansion_rules})

    def best(self, text: str) -> Match | None:
        return next(iter(self.all(text)), None)

    def all(self, text: str) -> Sequence[Match]:
        said = self._plain(text)
        matches = list(self._matches(said, self._as_written, by_sound=False))
        if not matches and self._fold and self._by_sound and self._safe_by_sound(said):
            matches = list(self._matches(self._fold(said), self._by_sound, by_sound=True))
        best_first = sorted(matches, key=lambda match: match.rank)
        return [match for number, match in enumerate(best_first) if match not in best_first[:number]]

    def _safe_by_sound(self, said: str) -> bool:
        """Tell whether a sentence may be matched by its sound alone.

        A short one has too many doubles (太亮了 sounds like 太凉了), and the particle of a question like one of a wish.
        """
        return len(said) >= _SHORTEST_BY_SOUND and not re.search(self.language.question, said)

    def yes_or_no(self, text: str) -> bool | None:
        parts = [part for part in SENTENCE_END.split(text) if self._plain(part)]
        answers = {self._reply(part) for part in parts if self._says_something(part)} or set(map(self._reply, parts))
        return answers.pop() if len(answers) == 1 else None

    def _says_something(self, part: str) -> bool:
        """Tell whether there is more in a part than words of politeness: "yes, please"."""
        return self._plain(part) not in self.language.skip

    def _reply(self, sentence: str) -> bool | None:
        for result in self._replies.recognized(self._plain(sentence)):
            return result.intent.name == "yes"
        return None

    def _plain(self, text: str) -> str:
        said = plain(text, self._code, self.language)
        return without_spaces(said) if self.language.words == "joined" else said

    def _matches(self, said: str, recognizer: Recognizer, *, by_sound: bool) -> Iterator[Match]:
        for result in recognizer.recognized(said):
            arguments: dict[str, Argument] = {}
            for entity in result.entities_list:
                arguments[entity.name] = tidy(entity.value) if isinstance(entity.value, float) else entity.value
            yield Match(IntentCall(result.intent.name, arguments), result.text_chunks_matched, by_sound)


def intents_of(catalogue: Catalogue, code: str) -> dict[str, Any]:
    """Write the catalogue in one language as the data that hassil reads."""
    language = catalogue.language(code)
    data = {
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
    return rewritten(data, without_spaces) if language.words == "joined" else data


def _phrasings(intent: Intent, language: Language, code: str) -> Iterator[Phrasing]:
    yield from intent.sentences.get(code, ())
    for name, parameter in intent.parameters.items():
        for noun in parameter.noun.get(code, ()):
            for value in PATTERNED[parameter.type]:
                patterns = tuple(pattern.replace("<noun>", f"({noun})") for pattern in language.patterns[value])
                yield Phrasing(say=patterns, given={name: value})


def _data(intent: Intent, phrasing: Phrasing, code: str, rules: Mapping[str, str]) -> dict[str, Any]:
    lists = {name: _slot_list(parameter, code) for name, parameter in intent.parameters.items()}

    return {
        "sentences": list(phrasing.say),
        "slots": dict(phrasing.given),
        "expansion_rules": dict(rules),
        "lists": {name: slot_list for name, slot_list in lists.items() if slot_list},
    }


def _slot_list(parameter: Parameter, code: str) -> dict[str, Any] | None:
    match parameter.type:
        case "integer" | "number":
            return NUMBERS
        case "enum":
            return {
                "values": spoken_values({name: choice.said.get(code, ()) for name, choice in parameter.values.items()})
            }
        case _:
            return None


def spoken_values(said: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Write the ways to say each value as a list of hassil's."""
    return [{"in": phrase, "out": value} for value, phrases in said.items() for phrase in phrases]


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


def rewritten(data: Any, rewrite: Callable[[str], str]) -> Any:
    """Rewrite every sentence, rule and spoken value of hassil data, and leave names and values alone."""
    match data:
        case {"in": said, "out": value}:
            return {"in": rewrite(said), "out": value}
        case dict():
            return {
                key: value if key in ("slots", "language") else rewritten(value, rewrite) for key, value in data.items()
            }
        case list():
            return [rewritten(item, rewrite) for item in data]
        case str():
            return rewrite(data)
        case _:
            return data


def compiled(data: Mapping[str, Any], code: str) -> Recognizer:
    """Compile hassil data. Raises ConfigurationError, with the intent's name, for a template that cannot be parsed."""
    rules = data.get("expansion_rules", {}).keys()
    for name, intent in data["intents"].items():
        for block in intent["data"]:
            lists = {*data.get("lists", {}), *block.get("lists", {})}
            known = rules | block.get("expansion_rules", {}).keys()
            for template in block["sentences"]:
                if fault := template_fault(template, lists, known):
                    raise ConfigurationError(f"A sentence template of {name} in {code!r} is wrong: {fault}.")
    try:
        return Recognizer(_parsed(data))
    except (HassilError, ParseError, ValueError) as error:
        raise ConfigurationError(f"A sentence template in {code!r} is wrong: {error}") from error


def _parsed(data: Mapping[str, Any]) -> Intents:
    """Parse hassil data. Blocks with the same rules share them parsed; hassil would parse them for each again."""
    without = {
        name: {"data": [{**block, "expansion_rules": {}} for block in intent["data"]]}
        for name, intent in data["intents"].items()
    }
    intents = Intents.from_dict({**data, "intents": without})
    parsed: dict[tuple[tuple[str, str], ...], dict[str, Sentence]] = {}
    for name, intent in intents.intents.items():
        for number, block in enumerate(data["intents"][name]["data"]):
            rules = tuple(block.get("expansion_rules", {}).items())
            if rules not in parsed:
                parsed[rules] = {rule: parse_sentence(text, keep_text=True) for rule, text in rules}
            intent.data[number] = replace(intent.data[number], expansion_rules=parsed[rules])
    return intents


def template_fault(template: str, lists: Set[str], rules: Set[str]) -> str:
    """Say what is wrong with a template: it cannot be parsed, or names a list or rule that is not there. Or nothing."""
    try:
        parse_sentence(template)
    except ParseError as error:
        return str(error).splitlines()[0]
    unknown = [f"{{{name}}}" for name in _LIST.findall(template) if name not in lists]
    unknown += [f"<{name}>" for name in _RULE.findall(template) if name not in rules]
    return f"there is no {unknown[0]}" if unknown else ""

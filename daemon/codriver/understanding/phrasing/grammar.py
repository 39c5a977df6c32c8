"""Templates in hassil's form, ready to match: as they are written and, where the language asks for it, by sound."""

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
from hassil.recognize import RecognizeResult

from codriver.catalogue.vocabulary import Language
from codriver.errors import ConfigurationError
from codriver.understanding.phrasing.homophones import FOLDS, Fold
from codriver.understanding.phrasing.recognizing import Recognizer
from codriver.understanding.phrasing.wording import without_spaces

NUMBERS = {"range": {"from": -200, "to": 10000, "fractions": "tenths", "words": False}}
_SHORTEST_BY_SOUND = 4
"""Characters. A shorter sentence has too many doubles: 太亮了 sounds like 太凉了."""

_SHORTEST_INFLECTED = 4

_LIST = re.compile(r"\{(\w+)\}")
_RULE = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class ParsedTemplate:
    """A template as hassil parsed it, with the lists and rules that it may refer to."""

    template: Sentence
    lists: Mapping[str, SlotList]
    rules: Mapping[str, Sentence]


class Grammar:
    """Templates of one language, as hassil data. Raises ConfigurationError for one that cannot be parsed."""

    def __init__(self, data: Mapping[str, Any], language: Language, code: str) -> None:
        make_fold = FOLDS[language.homophones]
        self._fold: Fold | None = make_fold() if make_fold else None
        self._joined = language.words == "joined"
        self._endings = language.endings
        written = rewritten(data, without_spaces) if self._joined else data
        self._as_written = compiled(written, code)
        self._by_sound = compiled(rewritten(written, self._fold), code) if self._fold else None

    @property
    def parsed(self) -> Intents:
        """The templates as hassil parsed them."""
        return self._as_written.intents

    def recognized(self, said: str, *, by_sound: bool = True) -> tuple[Sequence[RecognizeResult], bool]:
        """Give every template that a sentence in its plain form fits, and whether that is by its sound alone.

        Where none fits as it is written, a word that no template has is tried with another ending, and, with
        ``by_sound``, the sentence by its sound.
        """
        sentence = without_spaces(said) if self._joined else said
        results = self._as_written.recognized(sentence) or self._as_written.recognized(self._inflected(sentence))
        if results or not by_sound or not self._fold or not self._by_sound or len(sentence) < _SHORTEST_BY_SOUND:
            return results, False
        return self._by_sound.recognized(self._fold(sentence)), True

    def _inflected(self, sentence: str) -> str:
        """Give unknown words the ending that makes them known: "demisters" where templates say "demister"."""
        if not self._endings:
            return sentence
        return " ".join(self._known_form(word) for word in sentence.split())

    def _known_form(self, word: str) -> str:
        if len(word) < _SHORTEST_INFLECTED or self._as_written.knows(word):
            return word
        stems = {word.removesuffix(ending) for ending in self._endings}
        forms = (stem + ending for stem in sorted(stems, key=len, reverse=True) for ending in ("", *self._endings))
        return next((form for form in forms if self._as_written.knows(form)), word)


def spoken_values(said: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Write the ways to say each value as a list of hassil's."""
    return [{"in": phrase, "out": value} for value, phrases in said.items() for phrase in phrases]


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
    for name, template, lists, rules in _templates(data):
        if fault := _unknown_name(template, lists, rules):
            raise ConfigurationError(f"A sentence template of {name} in {code!r} is wrong: {fault}.")
    try:
        return Recognizer(_parsed(data))
    except (HassilError, ParseError, ValueError) as error:
        for name, template, _, _ in _templates(data):
            if fault := _unparsable(template):
                raise ConfigurationError(f"A sentence template of {name} in {code!r} is wrong: {fault}.") from error
        raise ConfigurationError(f"A sentence template in {code!r} is wrong: {error}") from error


def _templates(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Set[str], Set[str]]]:
    """Give each template with the name of its intent, and the lists and rules that it may refer to."""
    for name, intent in data["intents"].items():
        for block in intent["data"]:
            lists = {*data.get("lists", {}), *block.get("lists", {})}
            rules = {*data.get("expansion_rules", {}), *block.get("expansion_rules", {})}
            yield from ((name, template, lists, rules) for template in block["sentences"])


def _parsed(data: Mapping[str, Any]) -> Intents:
    """Parse hassil data. Blocks with the same rules or lists share them parsed; hassil would parse them for each."""
    without = {
        name: {"data": [{**block, "expansion_rules": {}, "lists": {}} for block in intent["data"]]}
        for name, intent in data["intents"].items()
    }
    intents = Intents.from_dict({**data, "intents": without})
    shared = _Shared(data)
    for name, intent in intents.intents.items():
        for number, block in enumerate(data["intents"][name]["data"]):
            rules, lists = shared.rules(block.get("expansion_rules", {})), shared.lists(block.get("lists", {}))
            intent.data[number] = replace(intent.data[number], expansion_rules=rules, slot_lists=lists)
    return intents


class _Shared:
    """Rules and lists as hassil parses them: the same ones, where they say the same."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._frame = {"language": data["language"], "settings": data.get("settings", {}), "intents": {}}
        self._rules: dict[str, dict[str, Sentence]] = {}
        self._lists: dict[str, dict[str, SlotList]] = {}

    def rules(self, written: Mapping[str, str]) -> dict[str, Sentence]:
        """Parse rules. Raises ParseError."""
        if (said := repr(written)) not in self._rules:
            self._rules[said] = {name: parse_sentence(text, keep_text=True) for name, text in written.items()}
        return self._rules[said]

    def lists(self, written: Mapping[str, Any]) -> dict[str, SlotList]:
        """Parse lists. Raises ParseError."""
        if (said := repr(written)) not in self._lists:
            self._lists[said] = Intents.from_dict({**self._frame, "lists": dict(written)}).slot_lists
        return self._lists[said]


def template_fault(template: str, lists: Set[str], rules: Set[str]) -> str:
    """Say what is wrong with a template: it cannot be parsed, or names a list or rule that is not there. Or nothing."""
    return _unparsable(template) or _unknown_name(template, lists, rules)


def _unparsable(template: str) -> str:
    try:
        parse_sentence(template)
    except ParseError as error:
        return str(error).splitlines()[0]
    return ""


def _unknown_name(template: str, lists: Set[str], rules: Set[str]) -> str:
    unknown = [f"{{{name}}}" for name in _LIST.findall(template) if name not in lists]
    unknown += [f"<{name}>" for name in _RULE.findall(template) if name not in rules]
    return f"there is no {unknown[0]}" if unknown else ""

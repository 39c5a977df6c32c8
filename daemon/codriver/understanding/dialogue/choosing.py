"""Which of several things that were read out is meant: "the second one", "the nearest", its name, "the next one"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import fmean

from hassil.recognize import RecognizeResult
from rapidfuzz import fuzz

from codriver.catalogue.model import Catalogue
from codriver.catalogue.navigate import Action, Navigate
from codriver.catalogue.vocabulary import Language
from codriver.turn import Context, IntentCall, Option
from codriver.understanding.phrasing.grammar import Grammar
from codriver.understanding.phrasing.homophones import FOLDS
from codriver.understanding.phrasing.patterns import Pattern, compiled_pattern
from codriver.understanding.phrasing.wording import plain, without_spaces

_ALIKE = 80.0
_CLEARER = 10.0
"""Out of 100: how like a name what was said must be, and how much more than any other."""

_WAYS = ("pick", "about", "another", "there", "how_far", "on_the_way")


class Chooser:
    """Understands choices in every language of a catalogue. It keeps nothing between sentences."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Compile the ways to choose. Raises ConfigurationError for a template that cannot be parsed."""
        self._catalogue = catalogue
        self._intent, self._tell, self._find, self._distance, self._stop = (
            _that_does(action, catalogue) for action in ("choose", "tell", "find", "distance", "add_stop")
        )
        self._grammars: dict[str, Grammar] = {}
        self._names: dict[str, list[Pattern]] = {}
        for code in catalogue.vocabulary.languages:
            language = catalogue.language(code)
            self._grammars[code] = Grammar(_data(language, code), language, code)
            self._names[code] = [
                compiled_pattern(way, {"name": None}, language.rules, language, None) for way in language.choices.named
            ]

    def choose(self, text: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Give the call that takes one of the options of the last turn; nothing where a sentence chooses none.

        A name counts only while it is asked which one: at any other time it may mean something else.
        """
        options = context.options
        if not options or not self._intent or language not in self._grammars:
            return ()
        said = plain(text, language, self._catalogue.language(language))
        results, _ = self._grammars[language].recognized(said, by_sound=False)
        nearest = options[0].name
        ways = {result.intent.name: result for result in results}
        if self._tell and not context.missing and (told := self._told(ways, context)):
            return told
        match results[0].intent.name if results else "":
            case "there":
                return (IntentCall(self._intent),)
            case "how_far" if self._distance:
                return (IntentCall(self._distance, {"place": nearest}),)
            case "on_the_way" if self._stop:
                return (IntentCall(self._stop, {"place": nearest}),)
        which = int(results[0].entities["which"].value) if results else None
        if which is None and context.missing:
            which = self._named(said, language, options)
        if which is None or which > len(options):
            return ()
        return (IntentCall(self._intent, {"which": len(options) if which < 0 else which}),)

    def _told(self, ways: Mapping[str, RecognizeResult], context: Context) -> tuple[IntentCall, ...]:
        """Give the call that says of another one where it is, where nobody says that we go there.

        After one that was only told of, so is another; after one that we go to, another is gone to.
        """
        told_before = any(outcome.call.intent in (self._find, self._tell) for outcome in context.turns[0])
        asked = ways.get("about") or (ways.get("another") if told_before else None)
        return (IntentCall(self._tell, {"which": int(asked.entities["which"].value)}),) if asked else ()

    def _named(self, said: str, language: str, options: Sequence[Option]) -> int | None:
        """Give the number, from 1, of the one option whose name or address is like what was said."""
        words = self._catalogue.language(language)
        found = [match for way in self._names[language] if (match := way.found(said, said, 0, len(said)))]
        name = max(found, key=lambda match: match.literal).values["name"] if found else said
        likeness = [max(_alike(name, each, words) for each in (option.name, option.address)) for option in options]
        best, *others = sorted(likeness, reverse=True)
        clear = best >= _ALIKE and all(other <= best - _CLEARER for other in others)
        return likeness.index(best) + 1 if clear else None


def _that_does(action: Action, catalogue: Catalogue) -> str:
    """Name the intent by which something is asked of the navigation; empty where there is none."""
    names = (
        name
        for name, intent in catalogue.intents.items()
        if any(isinstance(effect, Navigate) and effect.navigate == action for effect in intent.effects)
    )
    return next(names, "")


def _alike(said: str, name: str, language: Language) -> float:
    """Say how well the words that were said are found in a name, 0 to 100; in Chinese by their sound."""
    make_fold = FOLDS[language.homophones]
    if make_fold:
        fold = make_fold()
        heard, known = fold(without_spaces(said)), fold(without_spaces(name.casefold()))
        return fuzz.partial_ratio(heard, known) if 2 <= len(heard) <= len(known) else fuzz.ratio(heard, known)
    words, known_words = re.findall(r"\w+", said.casefold()), re.findall(r"\w+", name.casefold())
    if not words or not known_words:
        return 0.0
    return fmean(max(fuzz.ratio(word, known) for known in known_words) for word in words)


def _data(language: Language, code: str) -> dict[str, object]:
    ways = {name: getattr(language.choices, name) for name in _WAYS}
    return {
        "language": code,
        "settings": {"ignore_whitespace": language.words == "joined"},
        "skip_words": list(language.skip),
        "expansion_rules": dict(language.rules),
        "intents": {
            way: {"data": [{"sentences": list(each.say), "slots": dict(each.given)} for each in phrasings]}
            for way, phrasings in ways.items()
            if phrasings
        },
    }

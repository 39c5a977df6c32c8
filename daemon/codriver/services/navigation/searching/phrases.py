"""How a search is worded: what says what is looked for, what says where, and what says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import contains
from typing import Literal

import cn2an
import yaml
from pydantic import BaseModel, ConfigDict
from text_to_num import alpha2digit

from codriver.services.navigation.indexing.categories import Categories
from codriver.services.navigation.indexing.sounds import readings, sound_of
from codriver.services.navigation.indexing.words import HAN, fold, words

_LONGEST = 200
"""Letters of a search that are looked at: nothing in a map has a longer name."""

_MOST_FORMS = 100

_MARKS = re.compile(r"[^\w\s'’\-–/&+.]")
_FULL_STOP = re.compile(r"\.(?!\w)|(?<!\w)\.|_")
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千]+(?=[号號弄幢楼])")


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: a category or a name, near a place ``where`` or where the car is.

    ``text`` is all of it that means something; ``said`` is all of it in small letters; ``figures`` likewise, with
    figures for numbers.
    """

    text: str
    said: str
    figures: str
    category: str = ""
    where: str = ""
    open: bool = False


class _Phrases(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: Literal["text2num", "cn2an", "none"] = "none"
    filler: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    house: tuple[str, ...] = ()
    misheard: Mapping[str, str] = {}
    joining: tuple[str, ...] = ()
    plurals: tuple[tuple[str, str], ...] = ()


class Phrases:
    """The wording of searches in one language."""

    def __init__(self, language: str, raw: _Phrases) -> None:
        self.language = language
        self.house = raw.house
        self.misheard = raw.misheard
        self.joining = frozenset(raw.joining)
        self.plurals = raw.plurals
        self._numbers = raw.numbers
        self._filler = _at_ends(raw.filler)
        self._open = _at_ends(raw.open)
        self._near = [_pattern(phrase) for phrase in sorted(raw.near, key=len, reverse=True)]

    def plain(self, text: str) -> str:
        """Write a text in small letters, without marks, and not longer than any name."""
        return " ".join(_FULL_STOP.sub(" ", _MARKS.sub(" ", fold(text[:_LONGEST]))).split())

    def tidy(self, text: str) -> str:
        """Write a text as ``plain`` does, with figures for numbers."""
        tidied = self.plain(text)
        if self._numbers == "cn2an":
            return _CHINESE_NUMBER.sub(_figures, tidied)
        if self._numbers == "text2num" and tidied:
            return str(alpha2digit(tidied, self.language))
        return tidied

    def forms(self, text: str) -> dict[str, bool]:
        """Give a text and what remains when phrases that say nothing of the thing itself are left out at its ends.

        The longest come first; each with whether something was left out that says that it must be open.
        """
        found = {text: False}
        for form in (waiting := [text]):
            for cut, opens in ((self._open, True), (self._filler, False)):
                for shorter in cut(form):
                    if shorter not in found and len(found) < _MOST_FORMS:
                        found[shorter] = found[form] or opens
                        waiting.append(shorter)
        return found

    def bare(self, text: str) -> str:
        """Leave out all that says nothing, at both ends."""
        return min(self.forms(text), key=len)

    def parted(self, text: str) -> Iterator[tuple[str, str]]:
        """Give the ways in which a text may be something near a place: what, and where."""
        for pattern in self._near:
            match = pattern.fullmatch(text)
            if match:
                yield match["what"], match["where"]


class Asking:
    """Reads searches."""

    def __init__(self, categories: Categories) -> None:
        self._phrases = _load_phrases()
        self._categories: dict[str, str] = {}
        self._sounds: dict[tuple[str, ...], str] = {}
        for category in categories.all:
            for said in category.words.values():
                for phrase in said:
                    self._categories.setdefault(_together(phrase), category.name)
                    syllables = sound_of(phrase).syllables
                    if len(syllables) > 1:
                        self._sounds.setdefault(syllables, category.name)

    def phrases(self, language: str, text: str) -> Phrases:
        """Choose the wording: Chinese for a text in Chinese characters, else that of the language, or English."""
        if HAN.search(text) and "zh" in self._phrases:
            return self._phrases["zh"]
        return self._phrases.get(language) or self._phrases["en"]

    def read(self, text: str, language: str) -> Question:
        """Find out what is looked for."""
        phrases = self.phrases(language, text)
        said, figures = phrases.plain(text), phrases.tidy(text)
        forms = phrases.forms(figures)
        for form, is_open in forms.items():
            if category := self.category(form, phrases):
                return Question(form, said, figures, category, open=is_open)
        for form, is_open in forms.items():
            for what, where in phrases.parted(form):
                if place := phrases.bare(where):
                    inner = self.read(what, language)
                    if inner.category:
                        return Question(inner.text, said, figures, inner.category, place, is_open or inner.open)
        barest = min(forms, key=len)
        return Question(barest, said, figures, open=forms[barest])

    def category(self, text: str, phrases: Phrases) -> str:
        """Find the category that a text means, "" if none."""
        for form in _singular(_together(text), phrases.plurals):
            if form in self._categories:
                return self._categories[form]
        heard = [readings(character) for character in HAN.findall(text)]
        if len(heard) != len(text):
            return ""
        fitting = (
            name
            for syllables, name in self._sounds.items()
            if len(syllables) == len(heard) and all(map(contains, heard, syllables))
        )
        return next(fitting, "")

    def split(self, text: str, language: str) -> tuple[str, str]:
        """Part a text into a name and the category that stands before or after it; no category if there is none."""
        phrases = self.phrases(language, text)
        parts = words(text)
        joint = "" if HAN.search(text) else " "
        for size in range(min(4, len(parts) - 1), 0, -1):
            for said, name in ((parts[-size:], parts[:-size]), (parts[:size], parts[size:])):
                if category := self.category(joint.join(said), phrases):
                    return joint.join(name), category
        return text, ""


@cache
def _load_phrases() -> Mapping[str, Phrases]:
    data = yaml.safe_load(resources.files(__package__).joinpath("phrases.yaml").read_text("utf-8"))
    return {language: Phrases(language, _Phrases.model_validate(raw)) for language, raw in data.items()}


def _together(text: str) -> str:
    return "".join(words(text))


def _singular(word: str, plurals: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield word
    for ending, singular in plurals:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            yield word[: -len(ending)] + singular


def _at_ends(phrases: tuple[str, ...]) -> Callable[[str], Iterator[str]]:
    """Make a function that cuts one of the phrases, the longest that fits, off the end or off the beginning."""
    longest_first = sorted(phrases, key=len, reverse=True)
    spaced = "|".join(re.escape(phrase) for phrase in longest_first if not HAN.search(phrase)) or r"(?!)"
    tight = "|".join(re.escape(phrase) for phrase in longest_first if HAN.search(phrase)) or r"(?!)"
    start = re.compile(rf"(?:(?:{spaced})(?:\s+|$)|(?:{tight})\s*)")
    end = re.compile(rf"(?:(?:^|\s+)(?:{spaced})|\s*(?:{tight}))$")

    def cut(text: str) -> Iterator[str]:
        if found := end.search(text):
            yield text[: found.start()]
        if found := start.match(text):
            yield text[found.end() :]

    return cut


def _pattern(phrase: str) -> re.Pattern[str]:
    text = re.escape(phrase).replace(r"\{what\}", "(?P<what>.+?)").replace(r"\{where\}", "(?P<where>.+)")
    return re.compile(text)


def _figures(number: re.Match[str]) -> str:
    try:
        return str(cn2an.cn2an(number.group().replace("两", "二").replace("〇", "零"), "smart"))
    except ValueError:
        return number.group()

"""Bring a sentence into the one form in which templates are matched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

import cn2an
from hassil.util import remove_skip_words
from opencc import OpenCC
from text_to_num import alpha2digit

from codriver.catalogue.vocabulary import Language

LONGEST = 400
"""Characters of a sentence that are looked at. Nobody says more to a car in one breath."""

_CHINESE_NUMBER = re.compile(
    r"(百分之)?([零〇一二两三四五六七八九十百千]{1,9}(?:点[零〇一二三四五六七八九]{1,3})?)(?=(.?))"
)
_COUNTED = frozenset("度档挡级格成%公米点分小秒")
_UNITS = re.compile(r"[㐀-鿿]|[^\W㐀-鿿]+(?:['.][^\W㐀-鿿]+)*")
_PUNCTUATION = re.compile(r"[，。！？、；：,!?;:…\"“”‘()（）《》]+|\.(?!\d)")


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def printable(text: str) -> str:
    """Replace control characters by spaces and compose what belongs together (NFKC)."""
    composed = unicodedata.normalize("NFKC", text)
    return " ".join("".join(" " if unicodedata.category(c)[0] == "C" else c for c in composed).split())


def plain(text: str, code: str, language: Language) -> str:
    """Give the sentence in lower case, with digits for number words and without punctuation.

    ``code`` is the language's ISO 639-1 code. Traditional Chinese becomes simplified.
    """
    text = printable(text).lower().replace("’", "'")
    if language.homophones == "pinyin":
        text = _simplifier().convert(text)
    text = _READERS[language.numbers](_PUNCTUATION.sub(" ", text).strip(), code)
    for pattern, replacement in _replacements(tuple(language.replace.items())):
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def says_something(said: str, language: Language) -> bool:
    """Tell whether a sentence in its plain form has words that are not mere politeness."""
    return bool(remove_skip_words(said, language.skip, language.words == "joined").strip())


def may_say_why(text: str, code: str, language: Language) -> bool:
    """Tell whether a part of a sentence begins like one that may only say why: "it's drizzling"."""
    return re.match(language.reason, plain(text, code, language)) is not None


def comparable(text: str) -> list[str]:
    """Split text into words, Chinese into characters, for counting what was heard wrong."""
    text = _simplifier().convert(printable(text).lower().replace("%", " percent "))
    text = _chinese_digits(alpha2digit(_PUNCTUATION.sub(" ", text), "en"), "zh")
    return _UNITS.findall(text)


def simplified(text: str) -> str:
    """Write traditional Chinese as simplified, character by character: what stands where stays there."""
    converted = _simplifier().convert(text)
    return converted if len(converted) == len(text) else text


def without_spaces(text: str) -> str:
    """Write a sentence, or a template, of a language that sets no spaces between words."""
    return "".join(text.split())


@cache
def _replacements(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in pairs)


def _spelled_digits(text: str, code: str) -> str:
    return str(alpha2digit(text, code))


def _chinese_digits(text: str, _code: str) -> str:
    """Write Chinese numbers as digits where they count something: 二十三度, 百分之五十, but not 一点 or 一半."""

    def digits(match: re.Match[str]) -> str:
        percent, number, following = match.groups()
        counted = percent or following in _COUNTED or len(number) > 1
        if not counted or (number == "一" and following == "点"):
            return match.group(0)
        try:
            value = cn2an.cn2an(number.replace("两", "二").replace("〇", "零"), "smart")
        except (ValueError, KeyError):  # it raises KeyError for two numbers in a row: 二十一二十三
            return match.group(0)
        return f"{value:g}%" if percent else f"{value:g}"

    return _CHINESE_NUMBER.sub(digits, text)


_READERS: Mapping[str, Callable[[str, str], str]] = {
    "text2num": _spelled_digits,
    "cn2an": _chinese_digits,
    "none": lambda text, _code: text,
}

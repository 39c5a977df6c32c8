"""How names sound: what remains of a name that was heard in one language and written in another.

A transcriber that is told to hear English writes the Finnish "Yrjönkatu" as "Ayankadu" or "Irian Kado": vowels, doubled
letters and the ends of words are lost, while the consonants mostly stay within their kind (p and b, t and d, f and v).
So a name is compared three times, each time with less of it: its letters spelled in one way, with all vowels alike, and
its consonants alone. On 180 names and addresses of the demo map, spoken by 28 voices, the mean of the three had the
right name among the first three for 98 %, the letters as they are for 91 %.

Chinese is compared by its pinyin, without tones and with the sounds that dialects mix up made one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from codriver.services.navigation.indexing.words import HAN, words

# How whole phrases are read is not needed for single characters, and would take 42 MB.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
from pypinyin import Style, lazy_pinyin, pinyin

_SCRIPTS = str.maketrans(
    dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", (
        "a", "b", "v", "g", "d", "e", "o", "s", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f",
        "k", "ts", "s", "s", "s", "", "i", "", "e", "iu", "ia", "i", "i", "e", "g",
    ), strict=True))
    | dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", (
        "a", "v", "g", "d", "e", "z", "i", "t", "i", "k", "l", "m", "n", "ks", "o", "p", "r", "s", "s", "t", "i", "f",
        "k", "ps", "o",
    ), strict=True))
)  # fmt: skip
_PAIRS = re.compile(r"(?P<s>sch|sh|tch|ch(?=[ei])|c(?=[eiy]))|(?P<f>ph)|(?P<t>th)|(?P<k>ck|ch|kh)|gh")
"""Letters that stand for one sound together; the group is named after what they become."""
_SINGLES = str.maketrans(
    {
        "c": "k",
        "q": "k",
        "g": "k",
        "z": "s",
        "x": "ks",
        "v": "f",
        "w": "f",
        "d": "t",
        "b": "p",
        "j": "i",
        "y": "i",
        "h": "",
    }
)
_OTHER = re.compile(r"[^a-z0-9]")
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = str.maketrans("eiou", "aaaa")
_DIALECTS = ((re.compile(r"^(zh|ch|sh)"), lambda found: found[1][0]), (re.compile(r"(?<=[aei])ng$"), lambda _: "n"))


GRAM = 3
"""Letters of a piece by which a sound is looked up."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a name sounds like: spelled in one way, with vowels alike, without vowels; and its Chinese syllables."""

    spelled: str
    marked: str
    consonants: str
    syllables: tuple[str, ...] = ()

    def likeness(self, other: Sound) -> float:
        """How alike two sounds are, 0 to 1."""
        if self.syllables and other.syllables:
            return Levenshtein.normalized_similarity(self.syllables, other.syllables)
        alike = Levenshtein.normalized_similarity
        return (
            alike(self.spelled, other.spelled)
            + alike(self.marked, other.marked)
            + alike(self.consonants, other.consonants)
        ) / 3

    @property
    def framed(self) -> str:
        """The consonants between marks for the beginning and the end, never shorter than a gram."""
        return f"^{self.consonants or '-'}$"

    def grams(self) -> set[str]:
        """Give the pieces by which sounds like this one can be looked up: three consonants, or two syllables."""
        framed = self.framed
        found = {framed[start : start + GRAM] for start in range(len(framed) - GRAM + 1)}
        return found | syllable_grams(self.syllables)


def sound_of(text: str) -> Sound:
    """Tell what a name sounds like, whatever script it is written in."""
    return sound_of_words(words(text))


@lru_cache(maxsize=1 << 16)
def sound_of_word(word: str) -> Sound:
    """Tell what a folded word sounds like; the common words of a country are remembered."""
    return sound_of_words((word,))


def sound_of_words(parts: Iterable[str]) -> Sound:
    """Tell what a name sounds like, of its folded words."""
    joined = "".join(parts)
    if joined.isascii():
        return sound_of_spelling(spell(joined))
    syllables = tuple(_syllable(character) for character in HAN.findall(joined))
    latin = HAN.sub(lambda found: _pinyin(found.group()), joined)
    return sound_of_spelling(spell(latin), syllables)


def spell(letters: str) -> str:
    """Spell folded letters in one way for one sound."""
    if not letters.isascii():
        letters = letters.translate(_SCRIPTS)
        letters = _OTHER.sub("", letters)
    letters = _PAIRS.sub(lambda found: found.lastgroup or "", letters).translate(_SINGLES)
    return _DOUBLED.sub(r"\1", letters)


def sound_of_spelling(spelled: str, syllables: tuple[str, ...] = ()) -> Sound:
    """Make the sound of what ``spell`` gave."""
    marked = _DOUBLED.sub(r"\1", spelled.translate(_VOWELS))
    return Sound(spelled, marked, _DOUBLED.sub(r"\1", marked.replace("a", "")), syllables)


def syllable_grams(syllables: tuple[str, ...]) -> set[str]:
    """Give the pairs of syllables that follow one another; the last one's partner is the end."""
    return {f"{one} {other}" for one, other in pairwise((*syllables, "$"))} if syllables else set()


@lru_cache(maxsize=8192)
def _pinyin(character: str) -> str:
    return lazy_pinyin(character, style=Style.NORMAL)[0]


@lru_cache(maxsize=8192)
def readings(character: str) -> frozenset[str]:
    """List the syllables that a Chinese character can stand for: 重 is zhong or chong."""
    return frozenset(map(_undialectal, pinyin(character, style=Style.NORMAL, heteronym=True)[0]))


@lru_cache(maxsize=8192)
def _syllable(character: str) -> str:
    return _undialectal(_pinyin(character))


def _undialectal(syllable: str) -> str:
    for sound, one in _DIALECTS:
        syllable = sound.sub(one, syllable)
    return syllable

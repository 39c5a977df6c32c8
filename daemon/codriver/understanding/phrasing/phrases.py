"""Find in a sentence what is said of a few meanings in so many words: places, choices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hassil.parse_expression import parse_sentence
from hassil.sample import sample_expression

from codriver.catalogue.model import Catalogue
from codriver.catalogue.vocabulary import Language


class Phrases:
    """All ways to say some meanings."""

    def __init__(
        self, spoken: Iterable[tuple[str, Sequence[str]]], language: Language, vague: Sequence[str] = ()
    ) -> None:
        """Take each meaning with the templates that say it, and the phrases of these that say too little."""
        joined = language.words == "joined"
        self._meanings: dict[str, str] = {}
        for meaning, templates in spoken:
            for template in templates:
                for phrase in sample_expression(parse_sentence(template).expression):
                    said = "".join(phrase.split()) if joined else " ".join(phrase.split())
                    if said and said not in vague:
                        self._meanings.setdefault(said, meaning)
        longest = sorted(self._meanings, key=len, reverse=True)
        edge = "" if joined else r"\b"
        self._pattern = re.compile(edge + "(?:" + ("|".join(map(re.escape, longest)) or "(?!)") + ")" + edge)

    def leading(self, said: str) -> list[str]:
        """Give the phrases that a sentence in its plain form may begin with, longest first."""
        found = self._pattern.match(said)
        if found is None:
            return []
        begun = (phrase for phrase in self._meanings if found.group().startswith(phrase))
        return sorted(begun, key=len, reverse=True)

    def named(self, said: str) -> list[str]:
        """Give the meanings that a sentence in its plain form names, in its order; the longest phrase counts."""
        return [self._meanings[match.group()] for match in self._pattern.finditer(said)]

    def in_words(self, said: str) -> list[str]:
        """Give the words that name a meaning, as they stand in a sentence in its plain form."""
        return self._pattern.findall(said)


class Places:
    """The places of the car, in one language."""

    def __init__(self, catalogue: Catalogue, code: str) -> None:
        language = catalogue.language(code)
        self._phrases = Phrases(
            [*language.zones.items(), *language.place_hints.items()], language, language.vague_places
        )

    def zone(self, said: str) -> str:
        """Give the one zone that a sentence in its plain form names, or nothing where there is none or more than one.

        The speaker's own counts only where there is no other: "my wife's window".
        """
        named = self._phrases.named(said)
        others = [zone for zone in named if zone != "speaker"]
        return next(iter(others or named), "") if len(set(others)) <= 1 else ""

    def words_for_it(self, said: str) -> str:
        """Give the words that name a place in a sentence in its plain form, or nothing unless just one is named."""
        named = self._phrases.in_words(said)
        return named[0] if len(named) == 1 else ""

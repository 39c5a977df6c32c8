"""The sounds of one block of the earth, gathered while its places are written."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from codriver.services.navigation.indexing.schema import COUNT_OF_GRAMS, SOUND_BITS
from codriver.services.navigation.indexing.sounds import GRAM, sound_of_word, sound_of_words, syllable_grams

_LOCAL_SHIFT = COUNT_OF_GRAMS.bit_length()


class Block:
    """Words and names of a block, each once, and which of them have grams in common."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._locals: dict[str, int] = {}
        self._spelled: list[str] = []
        self._syllables: list[str] = []
        self._framed: list[str] = []
        self._kinds = array("B")

    def add(self, word: str, parts: Sequence[str], kind: int) -> None:
        """Add a word or a whole name of some parts, unless it is there; then it also has this kind."""
        local = self._locals.setdefault(word, len(self._kinds))
        if local < len(self._kinds):
            self._kinds[local] |= kind
            return
        sound = sound_of_words(parts) if len(parts) > 1 else sound_of_word(parts[0])
        self._spelled.append(sound.spelled)
        self._syllables.append(" ".join(sound.syllables))
        self._framed.append(sound.framed)
        self._kinds.append(kind)

    def sounds(self) -> Iterator[tuple[int, str, str, str, int]]:
        """Give the rows of ``sound``."""
        first = self.number << SOUND_BITS
        numbers = range(first, first + len(self._kinds))
        return zip(numbers, self._locals, self._spelled, self._syllables, self._kinds, strict=True)

    def grams(self) -> Iterator[tuple[int, str, bytes]]:
        """Give the rows of ``gram``."""
        if not self._kinds:
            return
        chinese = [
            (local, gram)
            for local, syllables in enumerate(self._syllables)
            if syllables
            for gram in syllable_grams(tuple(syllables.split()))
        ]
        codes, owners = _pieces(self._framed)
        counts = np.bincount(owners, minlength=len(self._kinds))
        counts += np.bincount([local for local, _ in chinese], minlength=len(self._kinds)).astype(counts.dtype)
        packed = (np.arange(len(counts)) << _LOCAL_SHIFT | np.minimum(counts, COUNT_OF_GRAMS)).astype(np.uint32)
        order = np.argsort(codes, kind="stable")
        codes, owners = codes[order], owners[order]
        firsts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
        for first, last in zip(firsts, [*firsts[1:], len(codes)], strict=True):
            gram = int(codes[first]).to_bytes(GRAM, "big").decode("ascii")
            yield self.number, gram, packed[owners[first:last]].tobytes()
        having: dict[str, array[int]] = {}
        for local, gram in chinese:
            having.setdefault(gram, array("I")).append(int(packed[local]))
        yield from ((self.number, gram, having[gram].tobytes()) for gram in sorted(having))


def _pieces(framed: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut ASCII texts into runs of three letters: the letters as one number, and whose they are; each once a text."""
    letters = np.frombuffer("".join(framed).encode("ascii"), dtype=np.uint8).astype(np.int64)
    lengths = np.fromiter(map(len, framed), dtype=np.int64, count=len(framed))
    owners = np.repeat(np.arange(len(framed)), lengths)
    codes = letters[:-2] << 16 | letters[1:-1] << 8 | letters[2:]
    inside = owners[:-2] == owners[2:]
    both = np.unique(owners[:-2][inside] << 24 | codes[inside])
    return both & 0xFFFFFF, both >> 24

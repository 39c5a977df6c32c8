"""Whether a sentence asks for anything at all: logistic regressions over its words.

What it speaks of is the network's matter. Its vectors hardly tell "heat my seat" from "my old car could heat the
seat"; the words around the thing do: would, had, what does, 要是, 昨天.

One regression learns from what people wrote. It doubts short orders, which nobody writes as an example because a
template stands for them, so another one has sentences of the templates too; as a template takes much that resembles
it, that one must be surer. On 1,034 development sentences and parts of sentences, with the gates so that 11 of 170
that ask for nothing pass, both together pass 246 of 375 plain ones and 165 of 326 parts; the first alone 218 and 138.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codriver.catalogue.vocabulary import Language
from codriver.understanding.phrasing.wording import plain, without_spaces

_SLOTS = 1 << 15
_LONGEST = 3
_ROUNDS = 15
_RATE = 0.5
_SEED = 1
_DOUBT = 2.0
"""How much surer the one must be that knows the templates: the logarithm of the odds."""
_DIGITS = re.compile(r"\d+")

type Slots = NDArray[np.int64]


def runs_of(text: str, code: str, language: Language) -> Slots:
    """Give the numbers that stand for the runs of one to three words of a sentence, or of its characters.

    The ends of the sentence count as words. Where numbers stand makes a difference, which ones does not.
    """
    said = _DIGITS.sub("0", plain(text, code, language))
    words = list(without_spaces(said)) if language.words == "joined" else said.split()
    return np.array(sorted({zlib.crc32(run.encode()) % _SLOTS for run in _runs(["^", *words, "$"])}), dtype=np.int64)


class Asking:
    """Tells how likely a sentence asks for nothing, and whether it is a plain order, from its ``runs_of``."""

    def __init__(self, written: Regression, plain: Regression, order: Regression) -> None:
        """Take what was learnt from what people wrote, from that and plain sentences, and to tell these apart."""
        self._written = written
        self._plain = plain
        self._order = order

    @classmethod
    def fit(cls, sentences: Sequence[Slots], asks_nothing: Sequence[bool], drawn: Sequence[bool]) -> Asking:
        """Learn from sentences, as their runs, whether each asks for nothing, and whether a template stands for it."""
        every = list(zip(sentences, asks_nothing, strict=True))
        written = [one for one, template in zip(every, drawn, strict=True) if not template]
        wishes = [(runs, template) for (runs, nothing), template in zip(every, drawn, strict=True) if not nothing]
        return cls(Regression.fit(written or every), Regression.fit(every), Regression.fit(wishes))

    def nothing(self, runs: Slots) -> float:
        """Give the probability, 0 to 1, that a sentence asks for nothing: that of the one that doubts it more."""
        return _logistic(min(self._written.score(runs), self._plain.score(runs) + _DOUBT))

    def orders(self, runs: Slots) -> bool:
        """Tell whether a wish says in plain words what to do, as templates do, and does not only hint at it."""
        return self._order.score(runs) > 0

    def arrays(self) -> Mapping[str, Any]:
        """Give all that it is, to be kept."""
        return {**self._written.arrays("written"), **self._plain.arrays("plain"), **self._order.arrays("order")}

    @classmethod
    def of(cls, kept: Mapping[str, NDArray[Any]]) -> Asking:
        """Make it from what ``arrays`` gave. Raises KeyError where something is missing."""
        return cls(*(Regression.of(kept, name) for name in ("written", "plain", "order")))


class Regression:
    """A logistic regression: ``weights`` has one for each slot."""

    def __init__(self, weights: NDArray[np.float32], bias: float) -> None:
        self._weights = weights
        self._bias = bias

    @classmethod
    def fit(cls, sentences: Sequence[tuple[Slots, bool]]) -> Regression:
        """Learn from the runs of sentences and what is true of each, by AdaGrad (Duchi et al., 2011)."""
        weights, squares, bias = np.zeros(_SLOTS), np.full(_SLOTS, 0.01), 0.0
        chance = np.random.default_rng(_SEED)
        for _ in range(_ROUNDS):
            for number in chance.permutation(len(sentences)):
                runs, true = sentences[number]
                share = 1 / math.sqrt(len(runs))
                fault = _logistic(weights[runs].sum() * share + bias) - true
                squares[runs] += (fault * share) ** 2
                weights[runs] -= _RATE * fault * share / np.sqrt(squares[runs])
                bias -= 0.01 * fault
        return cls(weights.astype(np.float32), bias)

    def score(self, runs: Slots) -> float:
        """Give the logarithm of the odds that it is true."""
        return float(self._weights[runs].sum()) / math.sqrt(len(runs)) + self._bias

    def arrays(self, name: str) -> Mapping[str, Any]:
        """Give all that it is, under names that begin with ``name``."""
        return {f"{name}_words": self._weights, f"{name}_bias": np.float32(self._bias)}

    @classmethod
    def of(cls, kept: Mapping[str, NDArray[Any]], name: str) -> Regression:
        """Make it from what ``arrays`` gave. Raises KeyError where something is missing."""
        return cls(kept[f"{name}_words"], float(kept[f"{name}_bias"]))


def _runs(words: Sequence[str]) -> Iterator[str]:
    for length in range(1, _LONGEST + 1):
        yield from (" ".join(words[first : first + length]) for first in range(len(words) - length + 1))


def _logistic(score: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))

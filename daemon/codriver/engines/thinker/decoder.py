"""Writing an answer of which most is known beforehand: the model is asked only where there is a choice.

Text without a choice is held back and evaluated in one batch together with the next question to the model. A
choice is made token by token among the tokens with which one of the options can go on, always the likeliest
one, and ends as soon as only one option is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from codriver.engines.thinker.events import TokenCount
from codriver.engines.thinker.runtime import Model

type Probabilities = NDArray[np.float64]


class Cancelled(Exception):
    """Whoever asked is gone: nothing went wrong, and nobody waits for the answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which option was chosen, how likely it was among all, and the share of each.

    Options that went out together share their probability evenly: the model was not asked about each of them.
    """

    index: int
    probability: float
    shares: tuple[float, ...]


class Pen:
    """Writes one answer after what the model has evaluated so far.

    ``prompt`` is evaluated along with the first question. ``numbers`` are digits that may well come up in the
    answer, such as those in the user's words: they are evaluated ahead, which spares a run of the model a digit.
    ``cancelled`` is asked before each run of the model; when it says yes, Cancelled is raised.
    """

    def __init__(
        self,
        model: Model,
        prompt: Sequence[int] = (),
        *,
        numbers: Sequence[str] = (),
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._model = model
        self._words = model.vocabulary
        self._cancelled = cancelled
        self._prompt = list(prompt)
        self._numbers = list(numbers)
        self._held = ""
        self._probabilities: Probabilities | None = None
        self._ahead: list[tuple[int, Probabilities]] = []
        self._prompted = self._sampled = self._forced = self._passes = 0

    @property
    def tokens(self) -> TokenCount:
        """What was spent until now."""
        return TokenCount(self._prompted, self._sampled, self._forced, self._passes)

    def write(self, text: str) -> None:
        """Write text that is certain. It reaches the model with the next question."""
        self._held += text

    def begin(self, opening: str, least: float = 0.5) -> float:
        """Write ``opening`` if the model would begin with it with a probability of at least ``least``.

        Returns that probability. The opening is evaluated together with what comes before it, on the chance that
        it is taken, which saves a run of the model in nearly all cases.
        """
        self._flush(self._words.continuation(opening))
        probability = float(self._current()[self._words.fitting(opening.encode())].sum())
        if probability >= least:
            self._forced += len(self._ahead)
            self._probabilities = self._ahead[-1][1]
            self._ahead = []
        return probability

    def choose(self, options: Sequence[str], until: str = "") -> Choice:
        """Write one of the options, none of which may begin with another one.

        With ``until`` they may: then what comes after the option begins with one of those characters.
        """
        if len(options) == 1:
            self.write(options[0])
            return Choice(0, 1.0, (1.0,))
        ends = until.encode()
        rests = [(self._held + option).encode() for option in options]
        # Each option is tokenized as a whole with what is held, so that no token is cut where they meet.
        paths = [self._words.continuation(self._held + option + until[:1]) for option in options]
        self._held = ""
        alive = list(range(len(options)))
        shares = np.zeros(len(options))
        probability = 1.0
        depth = 0
        while True:
            shared = _shared([paths[index][depth:] for index in alive])
            if shared:
                self._run(shared)
                for index in alive:
                    rests[index] = rests[index][self._size(shared) :]
                depth += len(shared)
            groups: dict[int, set[int]] = {}
            for index in alive:
                for token in (*paths[index][depth : depth + 1], *self._words.beyond(rests[index], ends)):
                    groups.setdefault(token, set()).add(index)
            now = self._current()
            mass = sum(float(now[token]) for token in groups) or 1.0
            shares[alive] = 0.0
            for token, group in groups.items():
                shares[list(group)] += probability * float(now[token]) / mass / len(group)
            best = max(groups, key=lambda token: float(now[token]))
            alive = sorted(groups[best])
            probability = float(shares[alive].sum())
            if len(alive) == 1:
                self._held = rests[alive[0]].decode()
                return Choice(alive[0], probability, tuple(shares.tolist()))
            self._sample(best)
            depth += 1
            for index in alive:
                rests[index] = rests[index][self._size([best]) :]

    def number(self, *, whole: bool, digits: int, until: str) -> tuple[float, float]:
        """Write a number of at most ``digits`` digits. Returns it with its probability.

        What comes after it begins with one of the characters of ``until``.
        """
        self._flush(self._guess_number(whole=whole, digits=digits))
        endings = self._words.beginning(until.encode())
        text, probability = b"", 1.0
        while True:
            allowed = [
                token
                for token, piece in self._words.numeric.items()
                if _is_number_so_far(text + piece, whole=whole, digits=digits)
            ]
            if not allowed:
                break
            now = self._current()
            complete = text[-1:].isdigit()
            end = float(now[endings].sum()) if complete else 0.0
            mass = end + float(now[allowed].sum())
            best = max(allowed, key=lambda token: float(now[token]))
            if complete and float(now[endings].max()) >= float(now[best]):
                probability *= end / mass if mass else 1.0
                break
            probability *= float(now[best]) / mass if mass else 1.0
            text += self._words.pieces[best]
            self._sample(best)
        return (int(text) if whole else float(text)), probability

    def quoted(self, longest: int, quote: str = '"') -> tuple[str, float]:
        """Write free text up to the closing quote, which is not written. Returns it with its probability.

        ``longest`` counts characters. What would have to be escaped cannot come up.
        """
        self._flush()
        closing = self._words.beginning(quote.encode())
        text, probability = b"", 1.0
        while len(text.decode(errors="ignore")) < longest:
            now = self._current()
            allowed = np.where(self._words.quotable, now, 0.0)
            best = int(allowed.argmax())
            mass = float(allowed.sum()) + float(now[closing].sum())
            if float(now[closing].max()) >= float(allowed[best]):
                probability *= float(now[closing].sum()) / mass if mass else 1.0
                break
            probability *= float(allowed[best]) / mass if mass else 1.0
            text += self._words.pieces[best]
            self._sample(best)
        return text.decode(errors="ignore"), probability

    def prose(self, longest: int, stop: str = "", avoid: str = "") -> str:
        """Write free text of at most ``longest`` tokens, up to the end of the turn or to the tag ``stop``.

        It does not begin with ``avoid``.
        """
        stops = set(self._words.stops) | (set(self._words.continuation(stop)[:1]) if stop else set())
        text = b""
        if longest > 0:
            self._flush()
        for _ in range(longest):
            now = self._current()
            allowed = np.where(self._words.special, 0.0, now)
            if not text and avoid:
                allowed[self._words.fitting(avoid.encode())] = 0.0
            best = int(allowed.argmax())
            if max(float(now[token]) for token in stops) >= float(allowed[best]):
                break
            text += self._words.pieces[best]
            self._sample(best)
        return text.decode(errors="ignore").strip()

    def _guess_number(self, *, whole: bool, digits: int) -> list[int]:
        for index, number in enumerate(self._numbers):
            if _is_number_so_far(number.encode(), whole=whole, digits=digits):
                del self._numbers[index]
                return self._words.continuation(number)
        return []

    def _size(self, tokens: Sequence[int]) -> int:
        return sum(len(self._words.pieces[token]) for token in tokens)

    def _flush(self, ahead: Sequence[int] = ()) -> None:
        """Evaluate what is held, and ``ahead`` in the same run if one is needed."""
        tokens = self._words.continuation(self._held)
        self._held = ""
        if tokens or self._prompt:
            self._run(tokens, ahead)

    def _sample(self, token: int) -> None:
        self._sampled += 1
        if self._ahead and self._ahead[0][0] == token:
            self._probabilities = self._ahead.pop(0)[1]
            return
        self._run([token])
        self._forced -= 1

    def _run(self, tokens: Sequence[int], ahead: Sequence[int] = ()) -> None:
        """Evaluate the prompt if it still waits, and ``tokens``; and ``ahead``, in case that is what comes next."""
        if self._cancelled():
            raise Cancelled
        if self._ahead:
            self._model.truncate(self._model.length - len(self._ahead))
        rows = self._model.evaluate([*self._prompt, *tokens, *ahead], 1 + len(ahead))
        self._prompted += len(self._prompt)
        self._forced += len(tokens)
        self._passes += 1
        self._prompt = []
        self._probabilities = _softmax(rows[0])
        self._ahead = [(token, _softmax(row)) for token, row in zip(ahead, rows[1:], strict=True)]

    def _current(self) -> Probabilities:
        if self._probabilities is None:
            self._run([])
        assert self._probabilities is not None
        return self._probabilities


def _shared(paths: Sequence[Sequence[int]]) -> list[int]:
    """Return the tokens that all paths begin with."""
    return [column[0] for column in takewhile(lambda column: len(set(column)) == 1, zip(*paths, strict=False))]


def _softmax(logits: NDArray[np.float32]) -> Probabilities:
    # In double precision, what is allowed keeps its order even where the model finds all of it next to impossible.
    exponentials = np.exp(logits.astype(np.float64) - float(logits.max()))
    scaled: Probabilities = exponentials / exponentials.sum()
    return scaled


def _is_number_so_far(text: bytes, *, whole: bool, digits: int) -> bool:
    body = text.removeprefix(b"-")
    if body.count(b".") > (0 if whole else 1) or b"-" in body or body.startswith(b"."):
        return False
    count = len(body.replace(b".", b""))
    return count <= digits and (count < digits or not body.endswith(b"."))

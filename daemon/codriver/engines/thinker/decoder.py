"""Writing an answer of which most is known beforehand: the model is asked only where there is a choice.

Text without a choice is held back and evaluated in one batch together with the next question to the model. A
choice is made token by token among the tokens with which one of the options can go on, always the likeliest
one, and ends as soon as only one option is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codriver.engines.thinker.events import TokenCount
from codriver.engines.thinker.runtime import Logits, Model

type Probabilities = NDArray[np.float32]


class Cancelled(Exception):  # noqa: N818 - nothing went wrong: nobody waits for the answer any more
    """Whoever asked is gone."""


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

    ``prompt`` is evaluated along with the first question. ``cancelled`` is asked before each run of the
    model; when it says yes, Cancelled is raised.
    """

    def __init__(
        self, model: Model, prompt: Sequence[int] = (), cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self._model = model
        self._words = model.vocabulary
        self._cancelled = cancelled
        self._prompt = list(prompt)
        self._held = ""
        self._probabilities: Probabilities | None = None
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

        Returns that probability. The opening is evaluated together with what comes before it, on the chance
        that it is taken, which saves a run of the model in nearly all cases.
        """
        tokens = self._words.continuation(opening)
        rows = self._run(self._words.continuation(self._take_held()), tokens)
        at_start = _softmax(rows[0])
        probability = float(at_start[self._words.fitting(opening.encode())].sum())
        if probability < least:
            self._model.truncate(self._model.length - len(tokens))
            self._forced -= len(tokens)
            self._probabilities = at_start
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
        written = self._advance([self._held + option + until[:1] for option in options])
        rests = [rest[written:] for rest in rests]
        alive = list(range(len(options)))
        shares = np.zeros(len(options))
        probability = 1.0
        while True:
            groups: dict[int, list[int]] = {}
            for index in alive:
                for token in self._words.fitting(rests[index], ends):
                    groups.setdefault(token, []).append(index)
            now = self._current()
            mass = sum(float(now[token]) for token in groups) or 1.0
            shares[alive] = 0.0
            for token, group in groups.items():
                shares[group] += probability * float(now[token]) / mass / len(group)
            best = max(groups, key=lambda token: float(now[token]))
            chosen = groups[best]
            probability = float(shares[chosen].sum())
            if len(chosen) == 1:
                self._held = rests[chosen[0]].decode()
                return Choice(chosen[0], probability, tuple(shares.tolist()))
            alive = chosen
            self._sample(best)
            for index in alive:
                rests[index] = rests[index][len(self._words.pieces[best]) :]

    def number(self, *, whole: bool, digits: int, until: str) -> tuple[float, float]:
        """Write a number of at most ``digits`` digits. Returns it with its probability.

        What comes after it begins with one of the characters of ``until``.
        """
        self._flush()
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
            if _is_full(text, whole=whole, digits=digits):
                # Nothing can follow but the ending: the last digit may wait for what is written next.
                self._held = text[-len(self._words.pieces[best]) :].decode()
                break
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

    def prose(self, longest: int, stop: str = "") -> str:
        """Write free text of at most ``longest`` tokens, up to the end of the turn or to the tag ``stop``."""
        stops = set(self._words.stops) | (set(self._words.continuation(stop)[:1]) if stop else set())
        text = b""
        if longest > 0:
            self._flush()
        for _ in range(longest):
            now = self._current()
            allowed = np.where(self._words.special, 0.0, now)
            best = int(allowed.argmax())
            if max(float(now[token]) for token in stops) >= float(allowed[best]):
                break
            text += self._words.pieces[best]
            self._sample(best)
        return text.decode(errors="ignore").strip()

    def _advance(self, texts: Sequence[str]) -> int:
        """Evaluate the tokens that all texts begin with; return how many bytes those are.

        Each text is tokenized as a whole, so that a token which reaches from the held text into an option is
        found.
        """
        first, *others = [self._words.continuation(text) for text in texts]
        shared = len(first)
        for other in others:
            shared = next(
                (i for i in range(min(shared, len(other))) if first[i] != other[i]), min(shared, len(other))
            )
        self._held = ""
        if shared or self._prompt:
            self._run(first[:shared])
        return sum(len(self._words.pieces[token]) for token in first[:shared])

    def _flush(self) -> None:
        tokens = self._words.continuation(self._take_held())
        if tokens or self._prompt:
            self._run(tokens)

    def _take_held(self) -> str:
        text, self._held = self._held, ""
        return text

    def _sample(self, token: int) -> None:
        self._run([token])
        self._forced -= 1
        self._sampled += 1

    def _run(self, tokens: Sequence[int], ahead: Sequence[int] = ()) -> Logits:
        """Evaluate the prompt if it still waits, ``tokens``, and ``ahead``.

        Returns a row of logits before each token of ``ahead`` and one after all.
        """
        if self._cancelled():
            raise Cancelled
        rows = self._model.evaluate([*self._prompt, *tokens, *ahead], 1 + len(ahead))
        self._prompted += len(self._prompt)
        self._forced += len(tokens) + len(ahead)
        self._passes += 1
        self._prompt = []
        self._probabilities = _softmax(rows[-1])
        return rows

    def _current(self) -> Probabilities:
        if self._probabilities is None:
            self._run([])
        assert self._probabilities is not None
        return self._probabilities


def _softmax(logits: NDArray[np.float32]) -> Probabilities:
    exponentials = np.exp(logits - logits.max())
    scaled: Probabilities = exponentials / exponentials.sum()
    return scaled


def _is_number_so_far(text: bytes, *, whole: bool, digits: int) -> bool:
    body = text.removeprefix(b"-")
    if body.count(b".") > (0 if whole else 1) or b"-" in body or body.startswith(b"."):
        return False
    count = len(body.replace(b".", b""))
    return count <= digits and (count < digits or not body.endswith(b"."))


def _is_full(text: bytes, *, whole: bool, digits: int) -> bool:
    return text[-1:].isdigit() and len(text.strip(b"-").replace(b".", b"")) == digits

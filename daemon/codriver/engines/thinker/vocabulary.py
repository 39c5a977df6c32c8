"""A model's tokens as bytes: which of them fit where a certain text, number or string is to be written."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Tokenize = Callable[[str, bool], list[int]]

_ANCHORS = ("\n", '"', "x")


class Vocabulary:
    """The tokens of one model.

    ``pieces`` are the bytes each token stands for, ``special`` tells which of them are marks rather than text
    (turn ends, tool call tags, unused ones). ``tokenize(text, parse_special)`` is the model's own tokenizer.
    """

    def __init__(
        self, pieces: Sequence[bytes], special: NDArray[np.bool_], tokenize: Tokenize, stops: frozenset[int]
    ) -> None:
        self.pieces = pieces
        self.special = special
        self.stops = stops
        self._tokenize = tokenize
        self._by_piece: dict[bytes, list[int]] = defaultdict(list)
        for token, piece in enumerate(pieces):
            if piece:
                self._by_piece[piece].append(token)
        self._sorted = sorted(self._by_piece)
        self._longest = max(map(len, self._sorted))
        marks = sorted((pieces[int(token)] for token in np.flatnonzero(special)), key=len, reverse=True)
        # Only tags are cut apart in what people say; a mark of blanks or letters is no way out of a turn.
        self._tag = re.compile("|".join(re.escape(tag.decode()) for tag in marks if _is_tag(tag)) or r"(?!)")
        self._adds_space = pieces[tokenize("x", False)[0]].startswith(b" ")

    def __len__(self) -> int:
        return len(self.pieces)

    def prompt(self, text: str) -> list[int]:
        """Tokenize trusted text, its tags taken as such, as the beginning of a prompt."""
        return self._tokenize(text, True)

    def continuation(self, text: str) -> list[int]:
        """Tokenize trusted text that goes on from earlier tokens."""
        return self._continue(text, trusted=True)

    def data(self, text: str) -> list[int]:
        """Tokenize text that somebody said: it comes out as plain text, whatever tags are written in it."""
        cut = self._tag.sub(lambda tag: f"{tag[0][0]}\0{tag[0][1:]}", text.replace("\0", ""))
        return [token for part in cut.split("\0") if part for token in self._continue(part, trusted=False)]

    def fitting(self, text: bytes) -> list[int]:
        """Return the tokens with which ``text`` can begin: parts of it, and those that reach beyond its end."""
        parts = [
            token
            for length in range(1, min(len(text), self._longest) + 1)
            for token in self._by_piece.get(text[:length], ())
        ]
        return parts + self.beyond(text)

    def beyond(self, text: bytes, until: bytes = b"") -> list[int]:
        """Return the tokens that begin with ``text`` and go on: with one of the bytes of ``until`` if given."""
        return [
            token
            for piece in self._longer(text)
            if not until or piece[len(text)] in until
            for token in self._by_piece[piece]
        ]

    def beginning(self, characters: bytes) -> list[int]:
        """Return the tokens that begin with one of ``characters``."""
        return self.beyond(b"", characters)

    @cached_property
    def numeric(self) -> dict[int, bytes]:
        """The tokens made of digits, a decimal point or a minus sign only."""
        return {
            token: piece
            for piece, tokens in self._by_piece.items()
            if re.fullmatch(rb"-?[0-9]*\.?[0-9]*", piece)
            for token in tokens
            if not self.special[token]
        }

    @cached_property
    def quotable(self) -> NDArray[np.bool_]:
        """Which tokens may stand inside a quoted string as they are: no quotes, escapes, controls or tags."""
        forbidden = re.compile(rb'["\\\x00-\x1f\x7f]')
        return np.array([bool(piece) and not forbidden.search(piece) for piece in self.pieces]) & ~self.special

    def _longer(self, text: bytes) -> list[bytes]:
        if not text:
            return self._sorted
        if len(text) >= self._longest:
            return []
        first = bisect_left(self._sorted, text)
        last = bisect_left(self._sorted, text + b"\xff" * self._longest)
        return [piece for piece in self._sorted[first:last] if len(piece) > len(text)]

    def _continue(self, text: str, *, trusted: bool) -> list[int]:
        if not self._adds_space:
            return self._tokenize(text, trusted)
        # A SentencePiece tokenizer puts a blank before whatever it is given: so it is given something to cut
        # off.
        for anchor in _ANCHORS:
            alone = self._tokenize(anchor, False)
            tokens = self._tokenize(anchor + text, trusted)
            if tokens[: len(alone)] == alone:
                return tokens[len(alone) :]
        return self._tokenize(text, trusted)


def _is_tag(piece: bytes) -> bool:
    return len(piece) > 2 and piece.startswith(b"<") and piece.endswith(b">")

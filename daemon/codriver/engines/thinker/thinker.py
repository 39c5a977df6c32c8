"""A model that knows its tools: the prompt is evaluated once, each sentence only adds its own tokens."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from codriver.engines.thinker.decoder import Pen
from codriver.engines.thinker.dialect import Dialect, Draft, Segment, Signature, compile_tools
from codriver.engines.thinker.events import Parse, PastTurn, Ready, Think, Thought, Tools
from codriver.engines.thinker.parser import AdaptedModel, Parser
from codriver.engines.thinker.prefix import PrefixStore, Savable
from codriver.engines.thinker.vocabulary import Vocabulary
from codriver.errors import InvalidRequest

LONGEST_TEXT = 2000
MOST_PAST_TURNS = 8
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class StatefulModel(AdaptedModel, Savable, Protocol):
    """A model that can also keep and restore its state."""


class Thinker:
    """One model, one dialect, one set of tools at a time. Not to be used by two threads at once."""

    def __init__(self, model: StatefulModel, dialect: Dialect, store: PrefixStore) -> None:
        self._model = model
        self._dialect = dialect
        self._store = store
        self._tools: tuple[Signature, ...] = ()
        self._known: Tools | None = None
        self._prefix: list[int] = []
        self._parser = Parser(model)
        self._parses: tuple[Signature, ...] = ()

    def prepare(self, tools: Tools) -> Ready:
        """Take the tools into the model's memory, from a file if they were there before.

        Where the model was trained for all of them the prompt waits until somebody thinks: parsing needs none.
        Raises InvalidRequest where a tool's schema is not supported or the prompt does not fit.
        """
        start = time.monotonic()
        if tools == self._known:
            return self._ready(start, restored=True)
        signatures = compile_tools(tools.tools)
        listed = tuple(tool for tool in signatures if tool.listed)
        if not listed:
            raise InvalidRequest("There is no tool to choose from.")
        self._known = None
        self._model.truncate(0)
        self._prefix = self._model.vocabulary.prompt(self._dialect.prefix(tools.instructions, listed, tools.examples))
        self._parses = self._parser.known(signatures)
        restored = set(listed) <= set(self._parses) or self._recollect()
        self._known, self._tools = tools, listed
        return self._ready(start, restored=restored)

    def parse(self, request: Parse, cancelled: Callable[[], bool] = lambda: False) -> Thought:
        """Let the model write the calls that it was trained to write. Raises InvalidRequest and Cancelled."""
        start = time.monotonic()
        check_size(request.text, ())
        if not self._parses:
            raise InvalidRequest("The model was trained for none of the tools.")
        draft, pen = self._parser.parse(request, self._parses, cancelled)
        return _thought(draft, pen, start)

    def think(self, request: Think, cancelled: Callable[[], bool] = lambda: False) -> Thought:
        """Let the model answer. Raises InvalidRequest, and Cancelled as soon as ``cancelled`` says so."""
        start = time.monotonic()
        if self._known is None:
            raise InvalidRequest("The tools have to be sent first.")
        check_size(request.text, request.context)
        tools = tuple(tool for tool in self._tools if not request.among or tool.name in request.among)
        if not tools:
            raise InvalidRequest("None of the tools that come into question was sent.")
        segments = self._dialect.turn(" ".join(request.text.split()), request.context)
        pen = Pen(
            self._model,
            tokenize(self._model.vocabulary, segments),
            numbers=_NUMBER.findall(request.text),
            cancelled=cancelled,
        )
        self._recollect()
        try:
            draft = self._dialect.answer(pen, tools, max(1, request.most_calls), request.longest_reply)
        finally:
            self._model.truncate(len(self._prefix))
        return _thought(draft, pen, start)

    def _recollect(self) -> bool:
        """Have the prompt in the model's memory, and nothing else. False where it had to be evaluated."""
        if self._model.length >= len(self._prefix):  # parsing leaves nothing there
            self._model.truncate(len(self._prefix))
            return True
        if self._store.load(self._model, self._prefix):
            return True
        self._model.truncate(0)
        self._model.evaluate(self._prefix)
        self._store.save(self._model, self._prefix)
        return False

    def _ready(self, start: float, *, restored: bool) -> Ready:
        return Ready(len(self._prefix), restored, _since(start), tuple(tool.name for tool in self._parses))


def _thought(draft: Draft, pen: Pen, start: float) -> Thought:
    confidence = draft.call_probability * draft.calls[0].confidence if draft.calls else 1 - draft.call_probability
    return Thought(
        draft.calls, draft.text, confidence, draft.call_probability, draft.candidates, pen.tokens, _since(start)
    )


def tokenize(vocabulary: Vocabulary, segments: Sequence[Segment]) -> list[int]:
    """Tokenize a turn that follows the prefix, its untrusted segments as plain text."""
    tokens: list[int] = []
    for segment in segments:
        tokens += vocabulary.continuation(segment.text) if segment.trusted else vocabulary.data(segment.text)
    return tokens


def check_size(text: str, context: Sequence[PastTurn]) -> None:
    """Raise InvalidRequest for text that is longer than anybody speaks, before any work is put into it."""
    if not text.strip():
        raise InvalidRequest("There is nothing to think about: the text is empty.")
    if len(text) > LONGEST_TEXT:
        raise InvalidRequest(f"The text has {len(text)} characters; at most {LONGEST_TEXT} are understood.")
    if len(context) > MOST_PAST_TURNS:
        raise InvalidRequest(f"The context has {len(context)} turns; at most {MOST_PAST_TURNS} are read.")
    past = sum(len(turn.text) + len(turn.reply) + sum(map(len, turn.results)) for turn in context)
    if past > LONGEST_TEXT:
        raise InvalidRequest(f"The context has {past} characters; at most {LONGEST_TEXT} are read.")


def _since(start: float) -> float:
    return round((time.monotonic() - start) * 1000, 1)

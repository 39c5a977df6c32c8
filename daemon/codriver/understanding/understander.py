"""Understand a sentence: by its templates, else by the language model, else not at all."""

from __future__ import annotations

from codriver.engines.thinker.events import Thought
from codriver.turn import IntentCall, Source, Understanding
from codriver.understanding.templates import Templates, repeats
from codriver.understanding.thinking import LONGEST, Thinking, confident
from codriver.understanding.wording import printable


class Understander:
    """Both ways to understand, in their order. Without ``thinking`` only templates are tried."""

    def __init__(
        self, templates: Templates | None, thinking: Thinking | None, gate: float = 0.5, most_calls: int = 3
    ) -> None:
        self._templates = templates
        self._thinking = thinking
        self._gate = gate
        self._most_calls = most_calls

    async def understand(self, text: str, language: str) -> Understanding:
        """Find the calls that a sentence asks for. Raises EngineError when the model is needed and fails.

        What nobody says to a car in one breath (too long, or the same words over and over) is not understood.
        """
        said = printable(text[: 2 * LONGEST])
        if not said or len(said) > LONGEST or repeats(said):
            return Understanding()
        consent = self._templates.answers_yes(said, language) if self._templates else None
        if self._templates and (calls := self._templates.understand(said, language)):
            return Understanding(calls, Source.TEMPLATE, consent=consent)
        if consent is not None or self._thinking is None:
            return Understanding(consent=consent)
        return self._judge(await self._thinking.think(said, self._most_calls))

    def _judge(self, thought: Thought) -> Understanding:
        if not confident(thought, self._gate):
            return Understanding()
        calls = tuple(IntentCall(call.name, dict(call.arguments)) for call in thought.calls)
        return Understanding(calls, Source.MODEL)

"""Understand a sentence: after what was done before, by its templates, else by the model, else not at all."""

from __future__ import annotations

from codriver.catalogue.model import Catalogue
from codriver.engines.thinker.events import Thought
from codriver.turn import Context, IntentCall, Source, Understanding
from codriver.understanding.contradiction import contradict
from codriver.understanding.follow_ups import Follower
from codriver.understanding.templates import Templates, repeats
from codriver.understanding.thinking import LONGEST, Thinking, confident
from codriver.understanding.wording import printable


class Understander:
    """All ways to understand, in their order. Without ``thinking`` only templates and follow-ups are tried."""

    def __init__(
        self,
        catalogue: Catalogue,
        templates: Templates | None,
        thinking: Thinking | None,
        gate: float = 0.5,
        most_calls: int = 3,
    ) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._follower = Follower(catalogue, templates) if templates else None
        self._thinking = thinking
        self._gate = gate
        self._most_calls = most_calls

    async def understand(self, text: str, language: str, context: Context = Context()) -> Understanding:
        """Find the calls that a sentence asks for. Raises EngineError when the model is needed and fails.

        What nobody says to a car in one breath (too long, or the same words over and over) is not understood, and
        what contradicts itself is asked about.
        """
        said = printable(text[: 2 * LONGEST])
        if not said or len(said) > LONGEST or repeats(said):
            return Understanding()
        understanding = await self._understand(said, language, context)
        if contradict(understanding.calls, self._catalogue):
            return Understanding(question="contradiction")
        return understanding

    async def _understand(self, said: str, language: str, context: Context) -> Understanding:
        consent = self._templates.answers_yes(said, language) if self._templates else None
        if consent is None and self._follower and (found := self._follower.understand(said, language, context)):
            return found
        if self._templates and (calls := self._templates.understand(said, language)):
            return Understanding(calls, Source.TEMPLATE, consent=consent)
        if consent is not None:
            return Understanding(consent=consent)
        if self._follower and (calls := self._follower.elliptical(said, language, context)):
            return Understanding(calls, Source.TEMPLATE)
        if self._thinking is None:
            return Understanding()
        return self._judge(await self._thinking.think(said, self._most_calls))

    def _judge(self, thought: Thought) -> Understanding:
        if not confident(thought, self._gate):
            return Understanding()
        calls = tuple(IntentCall(call.name, dict(call.arguments)) for call in thought.calls)
        return Understanding(calls, Source.MODEL)

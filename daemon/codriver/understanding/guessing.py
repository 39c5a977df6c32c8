"""Guess what a sentence means that no template fits: by its likeness to examples, then by the language model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from codriver.catalogue.model import GRAVE, Catalogue
from codriver.turn import IntentCall
from codriver.understanding.copied import completed_from, lacks_text, only_copied
from codriver.understanding.judging import (
    Gates,
    Judgement,
    beside_a_wish,
    combine,
    conclude,
    likelier,
    said_plainly,
)
from codriver.understanding.likeness.recall import Recalled
from codriver.understanding.likeness.recalling import Recaller
from codriver.understanding.phrasing.kernels import kernels
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import plain
from codriver.understanding.thinking import Thinking

_POSSIBLE = 0.1

_REMEMBERED = 32
"""Sentences whose likeness is kept, as those whose templates were found are."""


class Guesser:
    """What the models propose, as far as it is sure enough. Models that are None are left out."""

    def __init__(
        self,
        catalogue: Catalogue,
        templates: Templates | None,
        recaller: Recaller | None,
        thinking: Thinking | None,
        gates: Gates = Gates(),
        most_calls: int = 3,
    ) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._recaller = recaller
        self._thinking = thinking
        self._gates = gates
        self._most_calls = most_calls
        self._recalled: dict[tuple[str, str], Sequence[Recalled]] = {}

    @property
    def has_examples(self) -> bool:
        """Whether there are examples to be asked."""
        return self._recaller is not None

    async def guess(
        self, said: str, language: str, *, caution: bool = False, likely: frozenset[str] = frozenset()
    ) -> tuple[IntentCall, ...]:
        """Give the calls that a sentence asks for, or nothing. Raises EngineError.

        With ``caution`` the models must be as sure as where words may turn a sentence around. ``likely`` are the
        intents that have to do with what was spoken of last.
        """
        recalled = await self._recall(said, language)
        if likely:
            recalled = likelier(recalled, likely, orders=self.orders(said, language))
        caution = caution or self._calls_for_caution(said, language, recalled)
        match conclude(recalled, self._gates, caution=caution):
            case Judgement.CERTAIN if recalled[0].call:
                return (await self._with_text(recalled[0].call, said),)
            case Judgement.NOTHING:
                return ()
        return await self._think(said, recalled, caution=caution)

    async def judge(
        self, said: str, language: str, *, caution: bool = False, beside: bool = False
    ) -> tuple[Judgement, IntentCall | None]:
        """Say what the examples alone make of a sentence, and their likeliest call. Raises EngineError.

        ``beside`` tells that it is part of a sentence of which another part is a wish.
        """
        recalled = await self._recall(said, language)
        caution = caution or self._calls_for_caution(said, language, recalled)
        if beside and not caution:
            recalled = beside_a_wish(recalled)
        return conclude(recalled, self._gates, caution=caution), recalled[0].call if recalled else None

    async def likelihood(self, said: str, language: str) -> float:
        """Say how likely the examples find what they find likeliest. Raises EngineError."""
        recalled = await self._recall(said, language)
        return recalled[0].probability if recalled else 0.0

    async def asks_nothing(self, said: str, language: str) -> bool:
        """Tell whether the examples are sure that a sentence asks for nothing. Raises EngineError."""
        judgement, _ = await self.judge(said, language)
        return judgement is Judgement.NOTHING

    async def thinks_of(self, calls: Sequence[IntentCall], said: str, language: str, least: float = _POSSIBLE) -> bool:
        """Tell whether the examples find each of these wishes so likely at least. Raises EngineError."""
        recalled = await self._recall(said, language)
        possible = {each.call.intent for each in recalled if each.call and each.probability >= least}
        return possible.issuperset(call.intent for call in calls)

    async def think(self, said: str, language: str) -> tuple[IntentCall, ...]:
        """Say what the language model makes of a sentence that the examples leave open. Raises EngineError."""
        recalled = await self._recall(said, language)
        return await self._think(said, recalled, caution=self._calls_for_caution(said, language, recalled))

    def orders(self, said: str, language: str) -> bool:
        """Tell whether a wish says in plain words what to do, and does not only hint at it."""
        return self._recaller is not None and self._recaller.orders(said, language)

    def is_delicate(self, said: str, language: str) -> bool:
        """Tell whether a sentence has words that may turn its meaning around."""
        words = self._catalogue.language(language)
        return re.search(words.caution, plain(said, language, words)) is not None

    def kernels(self, said: str, language: str) -> Mapping[str, IntentCall]:
        """Give what a sentence says plainly somewhere among other words, by intent."""
        if self._templates is None:
            return {}
        return kernels(said, language, self._catalogue.language(language), self._templates)

    async def _recall(self, said: str, language: str) -> Sequence[Recalled]:
        """Recall a sentence once: one turn judges it, its parts and what it leaves out again and again."""
        if self._recaller is None:
            return ()
        if (said, language) not in self._recalled:
            if len(self._recalled) == _REMEMBERED:
                self._recalled.pop(next(iter(self._recalled)))
            recalled = await self._recaller.recall(said, language)
            self._recalled[said, language] = said_plainly(recalled, self.kernels(said, language))
        return self._recalled[said, language]

    async def _think(self, said: str, recalled: Sequence[Recalled], *, caution: bool) -> tuple[IntentCall, ...]:
        if self._thinking is None:
            return ()
        among = [each.call.intent for each in recalled if each.call]
        if self._thinking.parses and self._thinking.parses.issuperset(among):
            return ()  # the parser is asked, which knows all of them
        thought = await self._thinking.think(said, self._most_calls, among)
        calls = combine(thought, recalled, self._gates, caution=caution)
        copied = (only_copied(call, self._catalogue, said) for call in calls)
        return tuple(completed_from(thought.calls, call, self._catalogue, said) for call in copied)

    async def _with_text(self, call: IntentCall, said: str) -> IntentCall:
        """Let the language model find the free text that a call lacks. What it does not find is asked for."""
        if self._thinking is None or not lacks_text(call, self._catalogue):
            return call
        if call.intent in self._thinking.parses:
            return call  # the parser is asked, which reads its text as well
        thought = await self._thinking.think(said, 1, [call.intent])
        return completed_from(thought.calls, call, self._catalogue, said)

    def calls_for_caution(self, said: str, language: str, calls: Sequence[IntentCall]) -> bool:
        """Tell whether a guess must be surer than others: where words may turn it around, or it opens the car."""
        return self.is_grave(calls) or self.is_delicate(said, language)

    def is_grave(self, calls: Sequence[IntentCall]) -> bool:
        """Tell whether one of the calls would open the car, or the like."""
        return any(self._catalogue.intents[call.intent].safety in GRAVE for call in calls)

    def _calls_for_caution(self, said: str, language: str, recalled: Sequence[Recalled]) -> bool:
        best = recalled[0].call if recalled else None
        return self.calls_for_caution(said, language, [best] if best else ())

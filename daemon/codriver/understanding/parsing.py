"""What a language model that was trained for the catalogue makes of a sentence, after what was asked for before."""

from __future__ import annotations

import asyncio
from statistics import geometric_mean

from codriver.catalogue.model import Catalogue
from codriver.engines.thinker.events import Thought
from codriver.turn import Context, IntentCall
from codriver.understanding.copied import only_copied
from codriver.understanding.settling import Parsed
from codriver.understanding.thinking import Thinking, likelihoods

_REMEMBERED = 8
"""Sentences that are not parsed again: one is asked about before its end is sure, and again when it is."""


class Parsing:
    """Asks the model, if it was trained for any of the catalogue's intents."""

    def __init__(self, catalogue: Catalogue, thinking: Thinking, most_calls: int = 3) -> None:
        self._catalogue = catalogue
        self._thinking = thinking
        self._most_calls = most_calls
        self._parsed: dict[tuple[str, str], Parsed] = {}
        self._one = asyncio.Lock()

    async def parse(self, said: str, context: Context) -> Parsed | None:
        """Parse a sentence; None where the model cannot, or was not there yet. Raises EngineError."""
        if not self._thinking.parses:
            return None
        before = _without_strangers(context)
        asked = (said, str(before))
        async with self._one:
            if asked not in self._parsed:
                if len(self._parsed) == _REMEMBERED:
                    self._parsed.pop(next(iter(self._parsed)))
                thought = await self._thinking.parse(said, before, self._most_calls)
                if thought is None:
                    return None
                self._parsed[asked] = self._read(thought, said)
            return self._parsed[asked]

    def _read(self, thought: Thought, said: str) -> Parsed:
        """Take a call once that was written twice: another was meant that the model did not find."""
        if not thought.calls:
            return Parsed((), thought.confidence)
        calls: list[IntentCall] = []
        sure: list[float] = []
        for each, likelihood in zip(thought.calls, likelihoods(thought), strict=True):
            call = only_copied(IntentCall(each.name, each.arguments), self._catalogue, said)
            if call not in calls:
                calls.append(call)
                sure.append(likelihood)
        return Parsed(tuple(calls), geometric_mean(sure), tuple(sure), partly=len(calls) < len(thought.calls))

    def trained_for(self, intent: str) -> bool:
        """Tell whether the model was trained for an intent as it is."""
        return intent in self._thinking.parses


def _without_strangers(context: Context) -> tuple[IntentCall, ...]:
    """Give the calls of the last turn without names of places that were found: no stranger's text reaches the model."""
    found = {option.name for turn in context.turns for outcome in turn for option in outcome.options}
    return tuple(
        IntentCall(call.intent, {name: value for name, value in call.arguments.items() if value not in found})
        for call in context.before
    )

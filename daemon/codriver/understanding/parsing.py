"""What a language model that was trained for the catalogue makes of a sentence, after what was done before."""

from __future__ import annotations

from codriver.catalogue.model import Catalogue
from codriver.turn import Context, IntentCall
from codriver.understanding.copied import only_copied
from codriver.understanding.settling import Parsed
from codriver.understanding.thinking import Thinking, certainty


class Parsing:
    """Asks the model, if it was trained for any of the catalogue's intents."""

    def __init__(self, catalogue: Catalogue, thinking: Thinking, most_calls: int = 3) -> None:
        self._catalogue = catalogue
        self._thinking = thinking
        self._most_calls = most_calls

    async def parse(self, said: str, context: Context) -> Parsed | None:
        """Parse a sentence; None where the model cannot, or was not there yet. Raises EngineError."""
        if not self._thinking.parses:
            return None
        thought = await self._thinking.parse(said, context.calls, self._most_calls)
        if thought is None:
            return None
        calls = (only_copied(IntentCall(each.name, each.arguments), self._catalogue, said) for each in thought.calls)
        return Parsed(tuple(calls), certainty(thought) if thought.calls else thought.confidence)

    def trained_for(self, intent: str) -> bool:
        """Tell whether the model was trained for an intent as it is."""
        return intent in self._thinking.parses

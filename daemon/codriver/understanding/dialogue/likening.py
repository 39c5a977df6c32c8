"""What the examples make of a sentence that no template fits, after what was done or asked before."""

from __future__ import annotations

from collections.abc import Iterable

from codriver.turn import Context, IntentCall
from codriver.understanding.dialogue.restating import Restated, Restater
from codriver.understanding.guessing import Guesser
from codriver.understanding.judging import Judgement


class Likening:
    """Asks the examples about sentences with what was spoken of put in."""

    def __init__(self, restater: Restater, guesser: Guesser) -> None:
        self._restater = restater
        self._guesser = guesser

    async def understand(
        self, said: str, language: str, context: Context, *, caution: bool = False
    ) -> tuple[IntentCall, ...]:
        """Give the calls that a sentence in its plain form means of what was spoken of. Raises EngineError.

        What asks for nothing as it stands asks for nothing with another name in it either. Where a sentence has a
        word for what was spoken of, the examples need only find that likelier than what it is like as it stands;
        where it has none, they must have been at a loss, and be as sure as where words may turn it around.
        """
        if not self._guesser.has_examples or not (context.calls or context.about):
            return ()
        judgement, alone = await self._guesser.judge(said, language)
        if judgement is Judgement.NOTHING:
            return ()
        if ways := tuple(self._restater.pointing(said, language, context)):
            least = 0.0 if alone is None else await self._guesser.likelihood(said, language)
            return await self._first(ways, said, language, caution=caution, least=least)
        if judgement is Judgement.CERTAIN:
            return ()
        ways = tuple(self._restater.leaving_out(said, language, context))
        return await self._first(ways, said, language, caution=True, least=0.0)

    async def _first(
        self, ways: Iterable[Restated], said: str, language: str, *, caution: bool, least: float
    ) -> tuple[IntentCall, ...]:
        for each in ways:
            judgement, call = await self._guesser.judge(each.text, language, caution=caution)
            if judgement is not Judgement.CERTAIN or call is None or call.intent not in each.intents:
                continue
            if await self._guesser.likelihood(each.text, language) >= least:
                return self._restater.there(call, each, said, language)
        return ()

"""An answer to "shall I?" that says more than yes or no: "yep, open it", "sorry, I meant the boot", 好，松吧."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from codriver.catalogue.model import Catalogue
from codriver.errors import EngineError
from codriver.turn import Context, IntentCall, Outcome, Source, Status, Understanding
from codriver.understanding.dialogue.follow_ups import Follower
from codriver.understanding.guessing import Guesser
from codriver.understanding.parsing import Parsing
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.settling import agree_on


class Replying:
    """Tells from the words around it, or from the wish said again, whether a question is answered."""

    def __init__(
        self,
        catalogue: Catalogue,
        templates: Templates,
        follower: Follower,
        guesser: Guesser,
        parsing: Parsing | None,
        sure: float,
    ) -> None:
        """``sure`` is how likely the parser must find that what follows a yes says again what was asked, 0 to 1."""
        self._relative = catalogue.vocabulary.relative
        self._templates = templates
        self._follower = follower
        self._guesser = guesser
        self._parsing = parsing
        self._sure = sure

    async def understand(self, said: str, language: str, context: Context) -> Understanding | None:
        """Give the answer to what is asked; None where nothing is, or a sentence is a plain yes or no, or neither."""
        if not context.asked:
            return None
        answers_yes = self._templates.answers_yes
        clauses = self._templates.clauses(said, language) or (said,)
        first, *rest = clauses
        more = said[said.index(first) + len(first) :] if rest else ""
        match answers_yes(said, language), answers_yes(first, language):
            case None, True if await self._confirms(more, language, context):
                return Understanding(consent=True)
            case None, False:
                calls = self._plainly(more, language, context)
                return Understanding(calls, Source.TEMPLATE) if calls else Understanding(consent=False)
            case None, None if self._guesser.is_delicate(said, language):  # 等一下，先不要 is no yes
                says_no = any(answers_yes(clause, language) is False for clause in clauses)
                return Understanding(consent=False) if says_no else None
            case None, None if self._says_it_again(said, language, context):
                return Understanding(consent=True)
        found = self._follower.understand(said, language, _as_done(context))
        return Understanding(found.calls, Source.TEMPLATE) if found and found.calls and found.corrects else None

    async def _confirms(self, more: str, language: str, context: Context) -> bool:
        """Tell whether what follows a clear yes says the same again, by templates or else to the parser."""
        if self._guesser.is_delicate(more, language):
            return False
        return self._says_it_again(more, language, context) or await self._is_parsed_as_asked(more, context)

    def _says_it_again(self, said: str, language: str, context: Context) -> bool:
        return self._are_asked(self._plainly(said, language, context), context)

    async def _is_parsed_as_asked(self, said: str, context: Context) -> bool:
        if self._parsing is None:
            return False
        with contextlib.suppress(EngineError):
            parsed = await self._parsing.parse(said.strip(" .!?,;。！？，；"), _as_done(context))
            return parsed is not None and parsed.probability >= self._sure and self._are_asked(parsed.calls, context)
        return False

    def _plainly(self, said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Understand a sentence by templates, or after the calls that were asked about."""
        found = self._follower.understand(said, language, _as_done(context))
        return found.calls if found and found.calls else self._templates.understand(said, language)

    def _are_asked(self, calls: Sequence[IntentCall], context: Context) -> bool:
        """Tell whether calls say again what was asked, and nothing against it: "fold them out" is no yes to "in"."""
        asked, zone = context.asked, context.zone
        return (
            bool(calls)
            and all(any(self._agrees(mine, its, zone) for its in asked) for mine in calls)
            and all(any(self._agrees(mine, its, zone) for mine in calls) for its in asked)
        )

    def _agrees(self, mine: IntentCall, its: IntentCall, speaker: str) -> bool:
        said = dict(mine.arguments)
        if speaker and (zone := said.get("zone")) is not None:
            said["zone"] = speaker if zone == "speaker" else self._relative.get(str(zone), {}).get(speaker, zone)
        return mine.intent == its.intent and agree_on(IntentCall(mine.intent, said), its)


def _as_done(context: Context) -> Context:
    """Let what was asked about be what was done last, for sentences that refer to it."""
    return Context((tuple(Outcome(call, Status.DONE) for call in context.asked),))

"""Understand a sentence: after what was done before, by templates, by likeness to examples, by the language model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codriver.catalogue.model import Catalogue, Safety
from codriver.turn import Context, IntentCall, Source, Understanding
from codriver.understanding.choosing import Chooser
from codriver.understanding.contradiction import contradict, without_reasons
from codriver.understanding.copied import completed_from, lacks_text, only_copied
from codriver.understanding.follow_ups import Follower
from codriver.understanding.judging import Gates, Judgement, combine, conclude
from codriver.understanding.named_wishes import NamedWishes
from codriver.understanding.parts import between, repeats
from codriver.understanding.recall import Recalled
from codriver.understanding.recalling import Recaller
from codriver.understanding.templates import Templates
from codriver.understanding.thinking import LONGEST, Thinking
from codriver.understanding.wording import plain, printable

_GRAVE = {Safety.OPENING, Safety.LOCKING, Safety.MIRRORS, Safety.DRIVING, Safety.PARKED}


class Understander:
    """All ways to understand, in their order. Those that are None are left out."""

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
        self._follower = Follower(catalogue, templates) if templates else None
        self._named = NamedWishes(catalogue, templates, recaller, gates) if templates else None
        self._chooser = Chooser(catalogue) if templates else None
        self._recaller = recaller
        self._thinking = thinking
        self._gates = gates
        self._most_calls = most_calls

    async def understand(self, text: str, language: str, context: Context = Context()) -> Understanding:
        """Find the calls that a sentence asks for. Raises EngineError when a model is needed and fails.

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
        if self._chooser and (calls := self._chooser.choose(said, language, context)):
            return Understanding(calls, Source.TEMPLATE)
        if consent is None and self._follower and (found := self._follower.understand(said, language, context)):
            return found
        if self._templates and (calls := self._templates.understand(said, language)):
            return Understanding(calls, Source.TEMPLATE, consent=consent)
        if consent is not None:
            return Understanding(consent=consent)
        if self._follower and (calls := self._follower.elliptical(said, language, context)):
            return Understanding(calls, Source.TEMPLATE)
        if self._named and (calls := await self._named.understand(said, language, context)):
            return Understanding(calls, Source.TEMPLATE)
        return await self._guess(said, language)

    async def _guess(self, said: str, language: str) -> Understanding:
        """Ask the models what no template fits."""
        if self._templates and (found := await self._by_parts(self._templates, said, language)):
            return found
        recalled = await self._recaller.recall(said, language) if self._recaller else ()
        caution = self._calls_for_caution(said, language, recalled)
        match conclude(recalled, self._gates, caution=caution):
            case Judgement.CERTAIN if recalled[0].call:
                return Understanding((await self._with_text(recalled[0].call, said),), Source.MODEL)
            case Judgement.NOTHING:
                return Understanding()
        if self._thinking is None:
            return Understanding()
        among = [each.call.intent for each in recalled if each.call]
        thought = await self._thinking.think(said, self._most_calls, among)
        calls = tuple(
            completed_from(thought.calls, only_copied(call, self._catalogue, said), self._catalogue, said)
            for call in combine(thought, recalled, self._gates, caution=caution)
        )
        return Understanding(calls, Source.MODEL) if calls else Understanding()

    async def _with_text(self, call: IntentCall, said: str) -> IntentCall:
        """Let the language model find the free text that a call lacks. What it does not find is asked for."""
        if self._thinking is None or not lacks_text(call, self._catalogue):
            return call
        thought = await self._thinking.think(said, 1, [call.intent])
        return completed_from(thought.calls, call, self._catalogue, said)

    async def _by_parts(self, templates: Templates, said: str, language: str) -> Understanding | None:
        """Understand each of several wishes by itself; nothing unless all of them are understood.

        A part that only says why ("I'm cold, close the window") adds nothing where another part says what.
        """
        calls: list[IntentCall] = []
        guessed: list[IntentCall] = []
        for before, part, after in between(templates.units(said, language)):
            if plainly := self._plainly(templates, before, part, after, calls[-1:], language):
                calls += plainly
                continue
            if self._recaller is None:
                return None
            recalled = await self._recaller.recall(part, language)
            match conclude(recalled, self._gates, caution=self._calls_for_caution(said, language, recalled)):
                case Judgement.CERTAIN if recalled[0].call:
                    calls.append(recalled[0].call)
                    guessed.append(recalled[0].call)
                case Judgement.NOTHING:
                    continue
                case _:
                    return None
        kept = without_reasons(calls, guessed, self._catalogue)
        return Understanding(kept, Source.MODEL if guessed else Source.TEMPLATE) if kept else None

    def _plainly(
        self, templates: Templates, before: str, part: str, after: str, last: Sequence[IntentCall], language: str
    ) -> tuple[IntentCall, ...]:
        """Understand one of several wishes by templates, after the wish before it if it does not stand alone."""
        if calls := templates.understand(part, language):
            return calls
        call = templates.part(before, part, after, language)
        if call is None and self._follower:
            call = self._follower.within(part, before, last, language)
        return (call,) if call else ()

    def _calls_for_caution(self, said: str, language: str, recalled: Sequence[Recalled]) -> bool:
        """Tell whether a guess must be surer than others: where words may turn it around, or it opens the car."""
        best = recalled[0].call if recalled else None
        grave = best is not None and self._catalogue.intents[best.intent].safety in _GRAVE
        words = self._catalogue.language(language)
        return grave or re.search(words.caution, plain(said, language, words)) is not None

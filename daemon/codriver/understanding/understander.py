"""Understand a sentence: after what was done before, by templates, by likeness to examples, by the language model."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from itertools import chain

from codriver.catalogue.model import Catalogue
from codriver.errors import EngineError
from codriver.turn import Context, IntentCall, Source, Understanding
from codriver.understanding.contradiction import contradict, without_replaced
from codriver.understanding.dialogue.choosing import Chooser
from codriver.understanding.dialogue.follow_ups import Follower
from codriver.understanding.dialogue.likening import Likening
from codriver.understanding.dialogue.replying import Replying
from codriver.understanding.guessing import Guesser
from codriver.understanding.judging import Gates
from codriver.understanding.likeness.recalling import Recaller
from codriver.understanding.named_wishes import NamedWishes
from codriver.understanding.parsing import Parsing
from codriver.understanding.phrasing.parts import after_taking_back, clauses_of, repeats
from codriver.understanding.phrasing.templates import Templates, without_doubles
from codriver.understanding.phrasing.wording import may_say_why, printable
from codriver.understanding.settling import Doubt, settle, without_afterthoughts
from codriver.understanding.several import Several
from codriver.understanding.supposing import Supposing
from codriver.understanding.thinking import LONGEST, Thinking


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
        self._guesser = Guesser(catalogue, templates, recaller, thinking, gates, most_calls)
        self._parsing = Parsing(catalogue, thinking, most_calls) if thinking else None
        self._doubt = Doubt(backed=gates.joint)
        self._several = Several(catalogue, templates, self._follower, self._guesser)
        self._likening = Likening(self._follower.restater, self._guesser) if self._follower else None
        self._supposing = Supposing(catalogue, templates) if templates else None
        self._replying = (
            Replying(catalogue, templates, self._follower, self._guesser, self._parsing, self._doubt.cautious)
            if templates and self._follower
            else None
        )

    def knows(self, text: str, language: str) -> bool:
        """Tell whether a sentence is known to mean something, as a wish or as a yes or no, without a model."""
        said = printable(text[:LONGEST])
        if self._templates is None or not said:
            return False
        return self._templates.answers_yes(said, language) is not None or bool(
            self._templates.understand(said, language)
        )

    async def foresee(self, text: str, language: str, context: Context = Context()) -> None:
        """Understand a sentence that may be asked about soon: models remember what they were asked last.

        Raises EngineError.
        """
        await self.understand(text, language, context)

    async def understand(self, text: str, language: str, context: Context = Context()) -> Understanding:
        """Find the calls that a sentence asks for. Raises EngineError when a model is needed and fails.

        What nobody says to a car in one breath (too long, or the same words over and over) is not understood, and
        what contradicts itself is asked about.
        """
        said = printable(text[: 2 * LONGEST])
        if not said or len(said) > LONGEST or repeats(said):
            return Understanding()
        understanding = await self._understand(said, language, context)
        if understanding.supposed and self._supposing:
            understanding = self._supposing.asked(understanding.supposed, language, context)
        calls = without_replaced(understanding.calls, self._catalogue)
        about = self._follower.asked_after(said, calls, language) if self._follower and calls else ()
        understanding = replace(understanding, calls=calls, about=about)
        if not contradict(calls, self._catalogue):
            return understanding
        calls = self._without_reasons(said, language)
        return Understanding(calls, Source.TEMPLATE) if calls else Understanding(question="contradiction")

    def _without_reasons(self, said: str, language: str) -> tuple[IntentCall, ...]:
        """Leave out what only says why where it contradicts what is wanted: "slow wipers, it's drizzling"."""
        if self._templates is None:
            return ()
        words = self._catalogue.language(language)
        units = self._templates.units(said, language)
        wishes = [unit for unit in units if not may_say_why(unit, language, words)]
        if not wishes or len(wishes) == len(units):
            return ()
        found = [self._templates.understand(wish, language) for wish in wishes]
        calls = without_doubles(chain.from_iterable(found)) if all(found) else ()
        return () if contradict(calls, self._catalogue) else calls

    def _instead(self, said: str, language: str) -> tuple[str, tuple[IntentCall, ...]]:
        """Give what a sentence says instead of a wish at its beginning, and what that means with all before that wish.

        "Open the roof, actually no, just the shade". The sentence itself where it takes nothing back.
        """
        back, instead = after_taking_back(said, self._catalogue.language(language).takes_back)
        if self._templates is None or self._follower is None or not back:
            return said, ()
        *before, last = (self._templates.understand(clause, language) for clause in clauses_of(back))
        if not last or not all(before):
            return said, ()
        after = self._without_reasons(instead, language) or self._templates.understand(instead, language)
        first, *others = clauses_of(instead) or ("",)
        if not after and (call := self._follower.within(first, back, last, language)):
            rest = [self._templates.understand(clause, language) for clause in others]
            after = (call, *chain.from_iterable(rest)) if all(rest) else ()
        return instead, without_doubles(chain(*before, after)) if after else ()

    async def _understand(self, said: str, language: str, context: Context) -> Understanding:
        if self._replying and (reply := await self._replying.understand(said, language, context)):
            return reply
        consent = self._templates.answers_yes(said, language) if self._templates else None
        if self._chooser and (calls := self._chooser.choose(said, language, context)):
            return Understanding(calls, Source.TEMPLATE)
        follows = consent is None or bool(context.missing)
        # "Scrap that" and 别开了 are a no to a question, and take back what was done where there is none.
        takes_back = consent is False and not context.asked
        if self._follower and (follows or takes_back):
            after = self._follower.understand(said, language, context)
            if after:
                return after
        meant, calls = self._instead(said, language)
        if calls or not meant:
            return Understanding(calls, Source.TEMPLATE) if calls else Understanding(consent=False)
        if self._templates and (calls := self._templates.understand(said, language)):
            return Understanding(calls, Source.TEMPLATE, consent=consent)
        if consent is not None:
            return Understanding(consent=consent)
        if self._follower and (calls := self._follower.elliptical(said, language, context)):
            return Understanding(calls, Source.TEMPLATE)
        if found := self._barely(said, language, context):
            return found
        found = await self._at_length(meant, language, context)
        return await self._settled(found, said, language, context)

    async def _settled(self, found: Understanding, said: str, language: str, context: Context) -> Understanding:
        """Let the parser have its say, unless a question is open. Raises EngineError where nobody else knew a thing."""
        if self._parsing is None or context.asked or context.missing or found.is_about_the_conversation:
            return found
        try:
            parsed = await self._parsing.parse(said, context)
        except EngineError:
            if found.calls:
                return found
            raise
        if parsed is None or (
            found.calls and contradict(without_replaced(parsed.calls, self._catalogue), self._catalogue)
        ):
            return found
        parsed = without_afterthoughts(parsed, found, self._doubt)
        # What the examples make of the whole sentence matters only where nobody found a thing, or they did.
        alone, guessed = not found.calls, bool(found.calls) and found.source is Source.MODEL
        spoken_of = self._follower.restater.related(language, context) if self._follower else frozenset()
        return settle(
            found,
            parsed,
            self._parsing.trained_for,
            self._doubt,
            backed=alone and await self._guesser.thinks_of(parsed.calls, said, language),
            disputed=guessed and not await self._guesser.thinks_of(found.calls, said, language, self._doubt.disputed),
            denied=alone and await self._guesser.asks_nothing(said, language),
            related=bool(parsed.calls) and spoken_of.issuperset(call.intent for call in parsed.calls),
            caution=self._guesser.is_delicate(said, language),
            grave=self._guesser.is_grave(parsed.calls),
        )

    async def _at_length(self, said: str, language: str, context: Context) -> Understanding:
        """Understand a sentence that no template takes as a whole, in the first way that understands anything."""
        if found := await self._around_it(said, language, context):
            return found
        if self._named and (calls := await self._named.understand(said, language, context)):
            return Understanding(calls, Source.TEMPLATE)
        return await self._by_examples(said, language, context)

    async def _by_examples(self, said: str, language: str, context: Context) -> Understanding:
        """Understand a sentence by what it, or its parts, or what it points at, are like."""
        if found := await self._likened(said, language, context):
            return found
        if found := await self._several.understand(said, language):
            return found
        # While a question is open, and after "no, I meant ...", a sentence is hardly a wish out of nowhere.
        caution = bool(context.asked) or (
            self._follower is not None and self._follower.corrects(said, language, context)
        )
        if self._follower is None or context.asked or context.missing:
            calls = await self._guesser.guess(said, language, caution=caution)
            return Understanding(calls, Source.MODEL) if calls else Understanding()
        likely = self._follower.restater.likely(language, context)
        calls = await self._guesser.guess(said, language, caution=caution, likely=likely)
        calls = self._follower.placed(calls, said, language, context)
        if self._follower.leave_out_an_amount(calls, said, language):
            return Understanding()
        return Understanding(calls, Source.MODEL) if calls else Understanding()

    async def _likened(self, said: str, language: str, context: Context) -> Understanding | None:
        """Understand one wish about what was spoken of by what it is like with its name in it."""
        if self._likening is None or self._follower is None or context.asked or context.missing:
            return None
        if self._templates and len(self._templates.units(said, language)) > 1:
            return None
        core = self._follower.core(said, language)
        caution = self._follower.corrects(said, language, context)
        calls = await self._likening.understand(core, language, context, caution=caution)
        return Understanding(calls, Source.MODEL) if calls else None

    def _barely(self, said: str, language: str, context: Context) -> Understanding | None:
        """Understand a sentence by templates without the politeness and the fillers around it."""
        if self._templates is None or self._follower is None:
            return None
        core = self._follower.core(said, language)
        for bare in dict.fromkeys((core, self._follower.bare(core, language))):
            if bare != said and (calls := self._templates.understand(bare, language)):
                return Understanding(calls, Source.TEMPLATE)
            if bare != core and (found := self._follower.understand(bare, language, context)):
                return found
        return None

    async def _around_it(self, said: str, language: str, context: Context) -> Understanding | None:
        """Understand a wish beside a remark that asks for nothing: "got my bag. Close it"."""
        if self._templates is None or self._follower is None:
            return None
        for remark, wish in self._follower.remarked(said, language, context):
            if not self._guesser.orders(remark, language) or await self._guesser.asks_nothing(remark, language):
                found = self._follower.clause(wish, language, context) or await self._likened(wish, language, context)
                if found:
                    return found if found.calls else await self._put_right(said, remark, language, context) or found
        *remarks, last = clauses_of(said) or (said,)
        remark = " ".join(remarks)
        if not remarks or self._guesser.is_delicate(remark, language):
            return None
        if self._templates.understand(remark, language) or not await self._guesser.asks_nothing(remark, language):
            return None
        if context.turns and (found := self._follower.understand(last, language, context)):
            return found
        calls = self._templates.understand(last, language)
        return Understanding(calls, Source.TEMPLATE) if calls else None

    async def _put_right(self, said: str, remark: str, language: str, context: Context) -> Understanding | None:
        """Give what the parser is sure is meant instead of what was done: "scratch that, Amarillo".

        Nothing where what is said beside it asks for nothing, or no model can tell: then it is only taken back.
        """
        with contextlib.suppress(EngineError):
            if self._parsing is None or self._follower is None or await self._guesser.asks_nothing(remark, language):
                return None
            parsed = await self._parsing.parse(said, context)
            if parsed is None or not parsed.calls or parsed.probability < self._doubt.otherwise:
                return None
            likely = self._follower.restater.likely(language, context)
            if likely.issuperset(call.intent for call in parsed.calls) and not self._guesser.is_grave(parsed.calls):
                meant = Understanding(parsed.calls, Source.MODEL)
                return self._follower.correcting(meant, context, "", language)
        return None

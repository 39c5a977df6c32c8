"""A sentence with several wishes: each is understood by itself, plainly where it can be, else by what it is like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from codriver.catalogue.model import GRAVE, Catalogue
from codriver.turn import IntentCall, Source, Understanding
from codriver.understanding.contradiction import clash, without_reasons
from codriver.understanding.copied import lacks_text
from codriver.understanding.dialogue.follow_ups import Follower
from codriver.understanding.guessing import Guesser
from codriver.understanding.judging import Judgement
from codriver.understanding.phrasing.parts import between, completed, parts_of, pointing
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import may_say_why, plain

_QUESTION = re.compile(r"[^.!?。！？]*[?？]")
"""One sentence that is a question, by its mark."""


@dataclass(slots=True)
class _Found:
    """What the wishes of a sentence came to: all calls in order, those that were said plainly, and those guessed.

    ``stated`` are those said plainly by a statement ("it's all steamed up"), ``told`` the parts that said plainly what
    they mean, ``why`` those guessed of a part that begins like a reason, ``reasons`` those of them that may only say
    why others are meant, ``orders`` those guessed that say plainly what to do, ``clear`` those guessed beyond doubt,
    ``unclear`` the parts that nobody understood, ``idle`` those that ask for nothing.
    """

    calls: list[IntentCall] = field(default_factory=list)
    plain: list[IntentCall] = field(default_factory=list)
    stated: list[IntentCall] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    guessed: list[IntentCall] = field(default_factory=list)
    why: list[IntentCall] = field(default_factory=list)
    reasons: list[IntentCall] = field(default_factory=list)
    orders: list[IntentCall] = field(default_factory=list)
    clear: list[IntentCall] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)

    @property
    def left(self) -> list[str]:
        """The parts that came to nothing."""
        return [*self.unclear, *self.idle]

    def guess(self, call: IntentCall) -> None:
        """Take a call that was guessed."""
        self.calls.append(call)
        self.guessed.append(call)

    def refine(self, call: IntentCall) -> bool:
        """Let a call that says how, or how much, take the place of the last one, if that was the same wish."""
        last = self.calls[-1] if self.calls else None
        if last is None or (last.intent, last.arguments.get("zone")) != (call.intent, call.arguments.get("zone")):
            return False
        for row in (self.calls, self.plain, self.stated, self.guessed, self.why, self.reasons, self.orders, self.clear):
            row[:] = [call if each == last else each for each in row]
        return True


class Several:
    """Understands several wishes of one sentence."""

    def __init__(
        self, catalogue: Catalogue, templates: Templates | None, follower: Follower | None, guesser: Guesser
    ) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._follower = follower
        self._guesser = guesser

    async def understand(self, said: str, language: str) -> Understanding | None:
        """Give the calls of all wishes, or None where the sentence is to be taken as a whole. Raises EngineError.

        A part that only says why ("I'm cold, close the window") adds nothing where another part says what. What is
        said plainly is done even where another part is not understood: ``partly`` tells of that; but not where that
        part says how much: it may be what nothing can be, as in "seat warmer, level eight hundred". A hint that lacks
        what it needs ("deer anywhere" as a search for nothing) is not asked about beside a wish that lacks nothing.
        """
        parts = [unit for unit in self._units(said, language) if self._asks(unit, language)]
        units = self._pointed_at(parts, language)
        caution = self._guesser.is_delicate(" ".join(units), language)
        found = await self._read(units, said, language, caution=caution)
        if any(self._only_says_how_much(part, language) for part in found.left):
            return None
        sure, mere_question = found.guessed, bool(found.idle) and _QUESTION.fullmatch(said.strip()) is not None
        if found.calls and found.left:
            found = await self._read(units, said, language, caution=caution, beside=True)
        if found.left:
            judgement, about = await self._guesser.judge(said, language)
            if caution or judgement is Judgement.NOTHING or (about is None and found.guessed != sure) or mere_question:
                return None
            guess = {call.intent for call in found.calls} if len(found.guessed) == len(found.calls) == 1 else set()
            if judgement is Judgement.CERTAIN and about and guess and about.intent not in guess:
                return None  # what one part hints at, all of the sentence tells better
        if found.unclear:
            return await self._in_part(found, said, language)
        listed = self._merely_listed(said, language)
        if found.guessed and len(found.calls) > 1 and listed:
            found = await self._to_the_point(found, said, language)
        told = [*found.plain, *(order for order in found.orders if order not in found.reasons)]
        told = told or [call for call in found.calls if call not in found.reasons]
        others = [call for call in found.guessed if not _is_among(call, told)]
        hinted = [call for call in others if listed or call in found.why]
        kept = without_reasons(found.calls, hinted, found.reasons, self._catalogue)
        kept = tuple(call for call in kept if call in found.plain or not self._clashes(call, found.plain))
        if listed:
            surely = [*found.plain, *found.orders, *found.clear]
            kept = tuple(call for call in kept if call in surely or not lacks_text(call, self._catalogue)) or kept
        if len(kept) == 1:
            kept = (self._in_full(kept[0], said, language),)
        return Understanding(kept, Source.MODEL if found.guessed else Source.TEMPLATE) if kept else None

    async def _read(
        self, units: Sequence[str], said: str, language: str, *, caution: bool, beside: bool = False
    ) -> _Found:
        """Understand each part; ``beside`` tells that one of them is known to be a wish. Raises EngineError."""
        found = _Found()
        for before, part, after in between(units):
            if calls := self._plainly(before, part, after, found.calls[-1:], language):
                if not self._stands_alone(part, language) and found.refine(calls[0]):
                    continue
                found.calls += calls
                found.plain += calls
                if not self._guesser.orders(part, language):
                    found.stated += calls
                found.told.append(part)
                continue
            leans = bool(found.calls) and self._leans(part, language)
            match await self._guesser.judge(part, language, caution=caution or leans, beside=beside):
                case Judgement.CERTAIN, call if call:
                    found.guess(call)
                    if self._guesser.orders(part, language):
                        found.orders.append(call)
                    if (await self._guesser.judge(part, language, caution=True))[0] is Judgement.CERTAIN:
                        found.clear.append(call)
                    if may_say_why(part, language, self._catalogue.language(language)):
                        found.why.append(call)
                        if self._set_off(part, said, language):
                            found.reasons.append(call)
                case Judgement.UNSURE, _:
                    if call := await self._borrowed(before, part, found.calls[-1:], language, caution=caution):
                        found.guess(call)
                        if self._guesser.orders(part, language):
                            found.orders.append(call)
                    else:
                        found.unclear.append(part)
                case _:
                    found.idle.append(part)
        return found

    def _units(self, said: str, language: str) -> Sequence[str]:
        if self._templates:
            return self._templates.units(said, language)
        return parts_of(said, self._catalogue.language(language).separator)

    def _pointed_at(self, units: Sequence[str], language: str) -> Sequence[str]:
        """Put things that are only named where a later part points at them: "the wheel and my seat, warm them both"."""
        if self._templates is None:
            return units
        words = self._catalogue.language(language)
        for number, part in enumerate(units):
            for first in range(number):
                wholes = [pointing(part, thing, words) for thing in units[first:number]]
                if all(whole and len(self._templates.understand(whole, language)) == 1 for whole in wholes):
                    return [*units[:first], *wholes, *units[number + 1 :]]
        return units

    def _plainly(
        self, before: str, part: str, after: str, last: Sequence[IntentCall], language: str
    ) -> tuple[IntentCall, ...]:
        """Understand one of several wishes by templates, after the wish before it if it does not stand alone."""
        if self._templates is None:
            return ()
        calls = self._templates.understand(part, language)
        if len(calls) > 1:
            return calls
        if call := self._templates.part(before, part, after, language):
            return (call,)
        if not calls and self._follower and (call := self._follower.within(part, before, last, language)):
            return (call,)
        return calls

    def _clashes(self, guess: IntentCall, plain_wishes: Sequence[IntentCall]) -> bool:
        """Tell whether a guess contradicts what is said plainly: "the boot's still open, close it"."""
        return any(clash(guess, wish, self._catalogue) for wish in plain_wishes)

    def _stands_alone(self, part: str, language: str) -> bool:
        """Tell whether a part is a plain wish without its neighbours."""
        return self._templates is not None and bool(self._templates.understand(part, language))

    async def _borrowed(
        self, before: str, part: str, last: Sequence[IntentCall], language: str, *, caution: bool
    ) -> IntentCall | None:
        """Guess a wish that leaves out the beginning of the one before: "switch on the fan and the seat heating"."""
        if not last:
            return None
        for whole in completed(before, part, "", self._catalogue.language(language).words):
            judgement, call = await self._guesser.judge(whole, language, caution=caution)
            if judgement is not Judgement.CERTAIN or call is None or call == last[0]:
                continue
            if not clash(call, last[0], self._catalogue):
                return call
        return None

    def _in_full(self, call: IntentCall, said: str, language: str) -> IntentCall:
        """Give a wish as all of a sentence says it, of which one part named it: "massage please, the strongest"."""
        kernel = self._guesser.kernels(said, language).get(call.intent)
        return kernel if kernel and call.arguments.items() < kernel.arguments.items() else call

    async def _in_part(self, found: _Found, said: str, language: str) -> Understanding | None:
        """Do what was said plainly, and of the rest what the language model makes of it.

        Nothing is done of a sentence that was not understood to its end where that is grave, or only sounds like a wish
        (跳下去 like 跳下曲), where all of it was guessed, or only stated beside an order that nobody understood, where
        it is a question, and where no examples can tell whether it asks for anything.
        """
        grave = any(self._catalogue.intents[call.intent].safety in GRAVE for call in found.calls)
        if grave or not found.calls or not self._guesser.has_examples or self._only_asks(said, language):
            return None
        if self._templates and any(self._templates.only_sounds(part, language) for part in found.told):
            return None
        if all(call in found.stated for call in found.calls) and self._orders_more(found.unclear, language):
            return None
        thought = [await self._guesser.think(part, language) for part in found.unclear]
        if found.calls == found.guessed and not all(thought):
            return None
        calls = (*found.calls, *(call for some in thought for call in some))
        source = Source.MODEL if found.guessed or any(thought) else Source.TEMPLATE
        return Understanding(calls, source, partly=not all(thought))

    async def _to_the_point(self, found: _Found, said: str, language: str) -> _Found:
        """Drop hints that only say once more what the sentence is about: "it's all steamed up, I can't see a thing".

        An order is no hint. The sentence is about what the whole of it is surely like, else, where nothing is said
        plainly, about the first; beside what is said plainly a hint at something else must be beyond doubt.
        """
        judgement, call = await self._guesser.judge(said, language)
        about = next((each for each in found.calls if call and each.intent == call.intent), None)
        surely = about is not None and judgement is Judgement.CERTAIN
        if not surely:
            about = found.calls[0] if found.calls == found.guessed else None
        hints = [*found.guessed, *(found.stated if surely else ())]
        told = [*found.orders, *(each for each in found.calls if each == about or each not in hints)]
        told += found.clear if about is None else ()
        kept = [each for each in found.calls if _is_among(each, told)]
        return replace(
            found,
            calls=kept,
            plain=[each for each in found.plain if each in kept],
            guessed=[each for each in found.guessed if each in kept],
            reasons=[],
        )

    def _orders_more(self, unclear: Sequence[str], language: str) -> bool:
        """Tell whether a part that nobody understood says in plain words what to do: the others may only say why."""
        return any(self._guesser.orders(part, language) for part in unclear)

    def _only_asks(self, said: str, language: str) -> bool:
        """Tell whether a sentence ends as questions do that ask for nothing to be done."""
        words = self._catalogue.language(language)
        return re.search(words.question, plain(said, language, words)) is not None

    def _only_says_how_much(self, part: str, language: str) -> bool:
        return self._follower is not None and self._follower.names_an_amount(part, language)

    def _merely_listed(self, said: str, language: str) -> bool:
        """Tell whether nothing but commas and stops stands between the parts of a sentence."""
        return not any(map(_joins, re.findall(self._catalogue.language(language).separator, said.lower())))

    def _asks(self, part: str, language: str) -> bool:
        """Tell whether a part is neither mere politeness, nor says what is to stay as it is."""
        words = self._catalogue.language(language)
        said = plain(part, language, words)
        return bool(said) and said not in words.skip and re.match(words.lets_be, said) is None

    def _leans(self, part: str, language: str) -> bool:
        """Tell whether a part has a word for what was named before, so that it hardly stands for itself."""
        words = self._catalogue.language(language)
        said = plain(part, language, words)
        return any(re.search(pronoun, said) for pronoun in words.follow_ups.pronouns)

    def _set_off(self, part: str, said: str, language: str) -> bool:
        """Tell whether only commas and stops stand between a part and its neighbours, no word such as "and"."""
        separator = self._catalogue.language(language).separator
        cuts = [(cut.end(), cut.start()) for cut in re.finditer(separator, said.lower()) if _joins(cut.group())]
        begin = said.lower().find(part)
        return not any(abs(after - begin) <= 1 or abs(before - begin - len(part)) <= 1 for after, before in cuts)


def _is_among(call: IntentCall, wanted: Sequence[IntentCall]) -> bool:
    """Tell whether a call is wanted, or the same elsewhere: of 主驾二十二度，副驾二十四度 neither is a mere hint."""
    return call in wanted or ("zone" in call.arguments and call.intent in {each.intent for each in wanted})


def _joins(separator: str) -> bool:
    """Tell whether there is a word such as "and" between two parts, not only a comma."""
    return re.search(r"\w", separator) is not None

"""Wishes that name something: where a name ends and the next wish begins, and answers to "Where to?"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codriver.catalogue.model import Catalogue
from codriver.catalogue.texts import text_parameters
from codriver.turn import Context, IntentCall
from codriver.understanding.judging import Gates, Judgement, conclude
from codriver.understanding.likeness.recalling import Recaller
from codriver.understanding.phrasing.templates import Templates

_MOST_PARTS = 4
_LONG_WORDS, _LONG_CHARACTERS = 5, 10
"""From so many words, or Chinese characters, a text is longer than most names are."""

_HAN = re.compile(r"[㐀-鿿]")


type _Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Parts:
    """Where the parts of a sentence begin and end, between which a wish may end and the next begin."""

    separator: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, said: str, separator: str) -> _Parts:
        found = [cut.span() for cut in re.finditer(separator, said, re.IGNORECASE)]
        cuts = [cut for cut in found if said[: cut[0]].strip() and said[cut[1] :].strip()][: _MOST_PARTS - 1]
        return cls(separator, (0, *(cut[1] for cut in cuts)), (*(cut[0] for cut in cuts), len(said)))

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def spans(self) -> list[_Span]:
        """Every stretch of parts."""
        return [(start, end) for start in self.starts for end in self.ends if start < end]


class NamedWishes:
    """Understands sentences with free text in them, when everything else that is certain has been tried."""

    def __init__(self, catalogue: Catalogue, templates: Templates, recaller: Recaller | None, gates: Gates) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._texts = templates.texts
        self._recaller = recaller
        self._gates = gates

    async def understand(self, said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Give the calls of a sentence, or of an answer to an open question for a text. Raises EngineError.

        "And", "then" and commas may be part of a name, or stand before the next wish. They are part of it unless
        what follows is a wish by itself: the Fox and Hounds, but the nearest charger and then a bit more air.
        """
        core = self._corrected(self._texts.core(said, language), language)
        parts = _Parts.of(core, self._catalogue.language(language).separator)
        named = {span: match.call for span in parts.spans if (match := self._texts.best(core[slice(*span)], language))}
        whole = named.get((0, len(core)))
        if whole and (len(parts) == 1 or not self._holds_a_cut(whole, parts)):
            return () if await self._means_something_else(core, language, whole) else (whole,)
        if named and (calls := await self._one_after_the_other(core, parts, named, language)):
            return calls
        return await self._supplied(said, language, context)

    def _corrected(self, said: str, language: str) -> str:
        """Put what is meant at last in the place of a name that was taken back: "to the Odeon, no, sorry, the Rex"."""
        whole = self._texts.best(said, language)
        if whole is None or not any("," in name for name in self._names_in(whole.call)):
            return said
        correction = self._catalogue.language(language).follow_ups.correction
        for comma in re.finditer("[,，]", said):
            head, rest = said[: comma.start()], said[comma.end() :].strip()
            meant = rest
            while taken_back := re.match(correction, meant, re.IGNORECASE):
                meant = meant[taken_back.end() :].lstrip(" ,，")
            first = self._texts.best(head, language)
            if first is None or meant in ("", rest):
                continue
            answered = IntentCall(first.call.intent, self._texts.supplied(first.call.intent, meant, language))
            name = next(iter(self._names_in(answered)), meant)
            for again in (head.replace(named, name) for named in self._names_in(first.call)):
                if (found := self._texts.best(again, language)) and found.call.intent == first.call.intent:
                    return again
        return said

    def _holds_a_cut(self, call: IntentCall, parts: _Parts) -> bool:
        """Tell whether a text of a call goes on where another wish may begin."""
        return any(re.search(parts.separator, name, re.IGNORECASE) for name in self._names_in(call))

    def _names_in(self, call: IntentCall) -> list[str]:
        texts = (call.arguments.get(name) for name in text_parameters(self._catalogue.intents[call.intent]))
        return [str(text) for text in texts if text]

    async def _means_something_else(self, said: str, language: str, call: IntentCall) -> bool:
        """Tell whether a sentence with a text longer than names are is surely like examples of another intent."""
        if self._recaller is None or _short(call, self._catalogue):
            return False
        recalled = await self._recaller.recall(said, language)
        best = recalled[0].call if recalled else None
        match conclude(recalled, self._gates, caution=True):
            case Judgement.CERTAIN:
                return best is not None and not text_parameters(self._catalogue.intents[best.intent])
            case Judgement.NOTHING:
                return True
        return False

    async def _one_after_the_other(
        self, said: str, parts: _Parts, named: Mapping[_Span, IntentCall], language: str
    ) -> tuple[IntentCall, ...]:
        """Read several wishes; where that is not all of a sentence, what surely asks for nothing is left out."""
        plain: list[tuple[IntentCall, ...] | None] = []
        idle: list[tuple[IntentCall, ...] | None] = []
        for number, (start, end) in enumerate(zip(parts.starts, parts.ends, strict=True)):
            part = said[start:end]
            before = said[parts.starts[number - 1] : parts.ends[number - 1]] if number and plain[-1] else ""
            calls, nothing = await self._plain(before, part, language)
            plain.append(calls)
            idle.append(() if nothing else calls)
        whole = named.get((0, len(said)))
        return _reading(0, parts, named, plain) or ((whole,) if whole else ()) or _reading(0, parts, named, idle) or ()

    async def _plain(self, before: str, part: str, language: str) -> tuple[tuple[IntentCall, ...] | None, bool]:
        """Give the wish of a part that names nothing, and whether the part surely asks for nothing.

        It is understood by a template, or by examples where there is no doubt.
        """
        call = self._templates.part(before, part, "", language)
        if call or self._recaller is None or self._texts.best(part, language):
            return (call,) if call else None, False
        recalled = await self._recaller.recall(part, language)
        judgement = conclude(recalled, self._gates, caution=True)
        best = recalled[0].call if recalled else None
        return (best,) if judgement is Judgement.CERTAIN and best else None, judgement is Judgement.NOTHING

    async def _supplied(self, said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Take a sentence as the text that was asked for, unless it is like a wish of another kind."""
        if context.missing is None:
            return ()
        call, name = context.missing
        if name not in text_parameters(self._catalogue.intents[call.intent]):
            return ()
        if self._recaller:
            recalled = await self._recaller.recall(said, language)
            best = recalled[0].call if recalled else None
            certain = conclude(recalled, self._gates) is Judgement.CERTAIN
            if certain and best and name not in text_parameters(self._catalogue.intents[best.intent]):
                return ()
        given = self._texts.supplied(call.intent, said, language)
        kept = {key: value for key, value in call.arguments.items() if key != name}
        return (IntentCall(call.intent, {**kept, **given}),) if name in given else ()


def _reading(
    part: int, parts: _Parts, named: Mapping[_Span, IntentCall], plain: Sequence[tuple[IntentCall, ...] | None]
) -> tuple[IntentCall, ...] | None:
    """Read a sentence from a part on: each wish as short as the rest still is understood; None if it is not."""
    if part == len(parts):
        return ()
    for last in range(part, len(parts)):
        name = named.get((parts.starts[part], parts.ends[last]))
        wishes = [plain[part] if last == part else None, (name,) if name else None]
        for wish in wishes:
            if wish is not None and (rest := _reading(last + 1, parts, named, plain)) is not None:
                return *wish, *rest
    return None


def _short(call: IntentCall, catalogue: Catalogue) -> bool:
    """Tell whether the texts of a call are as short as names mostly are."""
    texts = [str(call.arguments.get(name, "")) for name in text_parameters(catalogue.intents[call.intent])]
    return all(len(text.split()) < _LONG_WORDS and len(_HAN.findall(text)) < _LONG_CHARACTERS for text in texts)

"""Wishes that name something: where a name ends and the next wish begins, and answers to "Where to?"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from codriver.catalogue.model import Catalogue
from codriver.catalogue.texts import text_parameters
from codriver.turn import Context, IntentCall
from codriver.understanding.free_text import FreeTexts
from codriver.understanding.judging import Gates, Judgement, conclude
from codriver.understanding.recalling import Recaller
from codriver.understanding.templates import Templates

_MOST_PARTS = 4
_LONG_WORDS, _LONG_CHARACTERS = 5, 10
"""From so many words, or characters of a language that sets none apart, a text is longer than most names are."""


class NamedWishes:
    """Understands sentences with free text in them, when everything else that is certain has been tried."""

    def __init__(self, catalogue: Catalogue, templates: Templates, recaller: Recaller | None, gates: Gates) -> None:
        """Compile the templates with free text. Raises ConfigurationError."""
        self._catalogue = catalogue
        self._templates = templates
        self._texts = FreeTexts(catalogue)
        self._recaller = recaller
        self._gates = gates

    async def understand(self, said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Give the calls of a sentence, or of an answer to an open question for a text. Raises EngineError.

        "And", "then" and commas may be part of a name, or stand before the next wish. They are part of it unless
        what follows is a wish by itself: the Fox and Hounds, but the nearest charger and then a bit more air.
        """
        separator = self._catalogue.language(language).separator
        cuts = [cut.span() for cut in re.finditer(separator, said, re.IGNORECASE) if said[: cut.start()].strip()]
        cuts = [cut for cut in cuts if said[cut[1] :].strip()][: _MOST_PARTS - 1]
        starts, ends = [0, *(cut[1] for cut in cuts)], [*(cut[0] for cut in cuts), len(said)]
        spans = [(start, end) for start in starts for end in ends if start < end]
        named = {span: match.call for span in spans if (match := self._texts.best(said[slice(*span)], language))}
        if named and not await self._means_something_else(said, language, named):
            parts = [said[start:end] for start, end in zip(starts, ends, strict=True)]
            plain = await self._plain(parts, language) if len(parts) > 1 else [None]
            if calls := _first_reading(0, starts, ends, named, plain):
                return calls
        return await self._supplied(said, language, context)

    async def _means_something_else(
        self, said: str, language: str, named: Mapping[tuple[int, int], IntentCall]
    ) -> bool:
        """Tell whether a sentence with a text longer than names are is surely like examples of another intent."""
        if self._recaller is None or all(_short(call, self._catalogue) for call in named.values()):
            return False
        recalled = await self._recaller.recall(said, language)
        best = recalled[0].call if recalled else None
        match conclude(recalled, self._gates, caution=True):
            case Judgement.CERTAIN:
                return best is not None and not text_parameters(self._catalogue.intents[best.intent])
            case Judgement.NOTHING:
                return True
        return False

    async def _plain(self, parts: Sequence[str], language: str) -> list[IntentCall | None]:
        """Give the wish of each part that names nothing: by a template, or by examples where there is no doubt."""
        found: list[IntentCall | None] = []
        for before, part, after in zip(("", *parts), parts, (*parts[1:], ""), strict=False):
            call = self._templates.part(before, part, after, language)
            if call is None and self._recaller and not self._texts.best(part, language):
                recalled = await self._recaller.recall(part, language)
                if conclude(recalled, self._gates, caution=True) is Judgement.CERTAIN:
                    call = recalled[0].call
            found.append(call)
        return found

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


def _first_reading(
    part: int,
    starts: Sequence[int],
    ends: Sequence[int],
    named: Mapping[tuple[int, int], IntentCall],
    plain: Sequence[IntentCall | None],
) -> tuple[IntentCall, ...]:
    """Read a sentence from a part on: each wish as short as the rest still is understood; nothing if it is not."""
    if part == len(starts):
        return ()
    for last in range(part, len(ends)):
        wishes = [named.get((starts[part], ends[last])), plain[part] if last == part else None]
        for wish in filter(None, reversed(wishes)):
            rest = _first_reading(last + 1, starts, ends, named, plain)
            if rest or last + 1 == len(starts):
                return (wish, *rest)
    return ()


def _short(call: IntentCall, catalogue: Catalogue) -> bool:
    """Tell whether the texts of a call are as short as names mostly are."""
    texts = [str(call.arguments.get(name, "")) for name in text_parameters(catalogue.intents[call.intent])]
    return all(len(text.split()) < _LONG_WORDS and (text.isascii() or len(text) < _LONG_CHARACTERS) for text in texts)

"""The kernel of a sentence: the run of its words that says a wish plainly, whatever stands around it.

"Kill the recirc, I want outside air" holds "kill the recirc". What stands around a kernel may turn it around ("he told
me to ..."), so it never decides that something is asked for; it says what, and how, where that is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from codriver.catalogue.vocabulary import Language
from codriver.turn import IntentCall
from codriver.understanding.phrasing.templates import Match, Templates
from codriver.understanding.phrasing.wording import without_spaces

_FEWEST = {"joined": 4, "spaced": 2}
_MOST = {"joined": 14, "spaced": 9}
"""Characters or words that a kernel has."""
_LONGEST = {"joined": 40, "spaced": 20}
"""Characters or words of a sentence that is looked through: what is longer would take too long."""


def kernels(said: str, code: str, language: Language, templates: Templates) -> Mapping[str, IntentCall]:
    """Give the call of the longest kernel of each intent that a sentence holds one of.

    Where words stand around it that may turn it around (不要了), it is none.
    """
    found: dict[str, Match] = {}
    for run, around in _runs(said, language.words):
        for match in templates.candidates(run, code)[:1]:
            best = found.get(match.call.intent)
            if (best is None or match.literal > best.literal) and not re.search(language.caution, around):
                found[match.call.intent] = match
    return {intent: match.call for intent, match in found.items()}


def _runs(said: str, words: str) -> Iterator[tuple[str, str]]:
    """Give the runs of words of a sentence, longest first, each with what stands around it."""
    space = "" if words == "joined" else " "
    each = list(without_spaces(said)) if words == "joined" else said.split()
    if len(each) > _LONGEST[words]:
        return
    for length in range(min(_MOST[words], len(each)), _FEWEST[words] - 1, -1):
        for first in range(len(each) - length + 1):
            around = (*each[:first], *each[first + length :])
            yield space.join(each[first : first + length]), space.join(around).lower()

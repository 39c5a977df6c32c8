"""What words and names of an index sound like what was said, as a whole or in part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codriver.services.navigation.indexing.schema import WORD_KIND
from codriver.services.navigation.indexing.sounds import sound_of
from codriver.services.navigation.searching.index import Index

_CANDIDATES, _PARTIAL_CANDIDATES = 160, 24
"""How many sounds are compared letter by letter: with the whole, and with a part of it."""
_CLEAR = 0.85
"""With a whole as like as this, parts are not looked for. A part that is the same counts so much."""
_LONGEST_RUN = 4
_SHORTEST = 4
"""Words that are taken together at most, and letters of a part at least."""
_SHARE = 0.3
"""The power of the share of a part in the whole by which its likeness is lowered."""


def sounding(
    index: Index, said: Sequence[str], blocks: Sequence[int], nearby: Sequence[int], kinds: int, least: float
) -> list[tuple[str, float]]:
    """Find words of the index by their sound, the likeliest first: each with its likeness, at least ``least``.

    ``kinds`` are those of which a name must be, as the index notes them; parts are looked for only ``nearby``. Words
    that are heard may not be those that were said: "sport pub" comes as "sportpub" and the other way round, so runs of
    words are tried as one.
    """
    alike: dict[str, float] = {}
    whole = sound_of(" ".join(said))
    for word, its, sound in index.sounding(whole, blocks, _CANDIDATES):
        if its & kinds:
            alike[word] = max(alike.get(word, 0.0), whole.likeness(sound))
    if max(alike.values(), default=0.0) < _CLEAR:
        letters = sum(map(len, said))
        for run in _runs(said):
            part, weight = sound_of(run), (len(run) / letters) ** _SHARE
            for word, its, sound in index.sounding(part, nearby, _PARTIAL_CANDIDATES):
                if its & (kinds | WORD_KIND):
                    likeness = part.likeness(sound) * _CLEAR * weight
                    alike[word] = max(alike.get(word, 0.0), likeness)
    likely = [(word, likeness) for word, likeness in alike.items() if likeness >= least]
    return sorted(likely, key=lambda one: -one[1])


def _runs(said: Sequence[str]) -> Iterator[str]:
    """Give the runs of words that may be a word of a name, the longest first."""
    for size in range(min(_LONGEST_RUN, len(said)), 0, -1):
        for start in range(len(said) - size + 1):
            run = "".join(said[start : start + size])
            if len(run) >= _SHORTEST:
                yield run

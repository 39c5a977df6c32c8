"""Understand a sentence by its likeness to the catalogue's examples; the vectors come from the thinker's process."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from codriver.catalogue.model import Catalogue
from codriver.errors import EngineError
from codriver.understanding.likeness.asking import runs_of
from codriver.understanding.likeness.examples import labelled_sentences
from codriver.understanding.likeness.learning import Embed, Learnt, Progress, learn, learnt_before
from codriver.understanding.likeness.recall import Recalled
from codriver.understanding.likeness.slots import Slots
from codriver.understanding.phrasing.templates import Templates

_WAY_OF_LEARNING = 7
"""Counted up when the same catalogue would be learnt otherwise: other sentences drawn, another way to fit."""


class Recaller:
    """What the examples of a catalogue mean, learnt by ``prepare`` and asked by ``recall``."""

    def __init__(
        self, catalogue: Catalogue, templates: Templates, embed: Embed, folder: Path, patience: float = 8.0
    ) -> None:
        """Take what turns sentences into vectors, and the folder in which what is learnt is kept.

        A sentence that comes before the examples are learnt waits for ``patience`` seconds.
        """
        self._catalogue = catalogue
        self._templates = templates
        self._slots = Slots(catalogue, templates.texts)
        self._embed = embed
        self._folder = folder
        self._patience = patience
        self._learning = asyncio.Lock()
        self._learnt: Learnt | None = None

    async def prepare(self, progress: Progress = lambda done, of: None) -> None:
        """Learn, unless these examples were learnt before. Raises EngineError."""
        async with self._learning:
            if self._learnt:
                return
            name = await asyncio.to_thread(name_of, self._catalogue)
            self._learnt = await asyncio.to_thread(learnt_before, name, self._folder)
            if self._learnt is None:
                sentences = await asyncio.to_thread(labelled_sentences, self._catalogue, self._templates)
                self._learnt = await learn(sentences, self._catalogue, self._embed, self._folder, progress, name=name)

    async def recall(self, text: str, language: str, most: int = 5) -> Sequence[Recalled]:
        """Give what a sentence may mean, likeliest first, with the places and numbers that it names.

        Raises EngineError when the vectors cannot be had, and where the examples are still being learnt.
        """
        learnt = self._learnt or await self._learnt_soon()
        vectors = await self._embed([text])
        nothing = learnt.asking.nothing(runs_of(text, language, self._catalogue.language(language)))
        return [
            Recalled(self._slots.fill(each.call, text, language) if each.call else None, each.probability)
            for each in in_words_that_ask(learnt.recall.recall(vectors[0]), nothing)[:most]
        ]

    def orders(self, text: str, language: str) -> bool:
        """Tell whether a wish says in plain words what to do. Before anything was learnt, none does."""
        if self._learnt is None:
            return False
        return self._learnt.asking.orders(runs_of(text, language, self._catalogue.language(language)))

    async def _learnt_soon(self) -> Learnt:
        try:
            async with asyncio.timeout(self._patience):
                await self.prepare()
        except TimeoutError as error:
            raise EngineError("The examples have not been learnt yet.") from error
        assert self._learnt
        return self._learnt


def name_of(catalogue: Catalogue) -> str:
    """Name what is learnt from a catalogue; another name where what it says, or the way of learning, is another.

    Sets are sorted, for their own order is another one in each process; in which files it is written does not matter.
    """
    written = json.dumps(catalogue.model_dump(exclude={"homes"}), default=sorted)
    return hashlib.sha256(f"{_WAY_OF_LEARNING}\n{written}".encode()).hexdigest()[:16]


def in_words_that_ask(recalled: Sequence[Recalled], nothing: float) -> Sequence[Recalled]:
    """Make every call less likely by the probability that the words of a sentence ask for ``nothing``."""
    asks = 1 - nothing
    weighed = (
        Recalled(each.call, each.probability * asks if each.call else 1 - (1 - each.probability) * asks)
        for each in (*recalled, *(() if any(each.call is None for each in recalled) else (Recalled(None, 0.0),)))
    )
    return sorted(weighed, key=lambda each: each.probability, reverse=True)

"""Understand a sentence by its likeness to the catalogue's examples; the vectors come from the thinker's process."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path

from codriver.catalogue.model import Catalogue
from codriver.errors import EngineError
from codriver.understanding.examples import labelled_sentences
from codriver.understanding.learning import Embed, Progress, learn, learnt_before
from codriver.understanding.recall import Recall, Recalled
from codriver.understanding.slots import Slots
from codriver.understanding.templates import Templates

_WAY_OF_LEARNING = 2
"""Counted up when the same catalogue would be learnt otherwise: other sentences drawn, another way to fit."""


class Recaller:
    """What the examples of a catalogue mean, learnt by ``prepare`` and asked by ``recall``."""

    def __init__(self, catalogue: Catalogue, templates: Templates, embed: Embed, folder: Path) -> None:
        """Take what turns sentences into vectors, and the folder in which what is learnt is kept."""
        self._catalogue = catalogue
        self._templates = templates
        self._slots = Slots(catalogue)
        self._embed = embed
        self._folder = folder
        self._recall: Recall | None = None

    async def prepare(self, progress: Progress = lambda done, of: None) -> None:
        """Learn, unless these examples were learnt before. Raises EngineError."""
        name = await asyncio.to_thread(_name_of, self._catalogue)
        self._recall = await asyncio.to_thread(learnt_before, name, self._folder)
        if self._recall is None:
            sentences = await asyncio.to_thread(labelled_sentences, self._catalogue, self._templates)
            self._recall = await learn(sentences, self._embed, self._folder, progress, name=name)

    async def recall(self, text: str, language: str, most: int = 5) -> Sequence[Recalled]:
        """Give what a sentence may mean, likeliest first, with the places and numbers that it names.

        Raises EngineError when the vectors cannot be had.
        """
        if self._recall is None:
            raise EngineError("The examples have not been learnt yet.")
        vectors = await self._embed([text])
        return [
            Recalled(self._slots.fill(each.call, text, language) if each.call else None, each.probability)
            for each in self._recall.recall(vectors[0])[:most]
        ]


def _name_of(catalogue: Catalogue) -> str:
    """Name what is learnt from a catalogue; another name where the catalogue, or the way of learning, is another."""
    return hashlib.sha256(f"{_WAY_OF_LEARNING}\n{catalogue.model_dump_json()}".encode()).hexdigest()[:16]

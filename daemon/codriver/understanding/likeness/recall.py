"""What a sentence means by its likeness to examples: a small classifier over sentence embeddings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from codriver.turn import IntentCall
from codriver.understanding.likeness.network import Committee, Vectors


@dataclass(frozen=True, slots=True)
class Recalled:
    """A call that a sentence may mean, with the probability (0 to 1) of its intent; no call for nothing at all."""

    call: IntentCall | None
    probability: float


class Recall:
    """Tells from a sentence's embedding which call it means. Pure: vectors in, probabilities out.

    ``classes`` are the calls that it tells apart, None standing for a sentence that asks for nothing.
    """

    def __init__(self, classes: Sequence[IntentCall | None], networks: Committee) -> None:
        self._classes = tuple(classes)
        self._networks = networks

    @classmethod
    def fit(cls, vectors: Vectors, calls: Sequence[IntentCall | None]) -> Recall:
        """Learn from embeddings, shape (sentences, dimension), and the call of each."""
        keys = [_key(call) for call in calls]
        classes = sorted(set(keys))
        numbers = {key: number for number, key in enumerate(classes)}
        networks = Committee.fit(vectors, np.array([numbers[key] for key in keys]))
        return cls([_call(key) for key in classes], networks)

    def recall(self, vector: Vectors) -> tuple[Recalled, ...]:
        """Give each intent with its likeliest arguments, likeliest first; nothing at all is among them."""
        best: dict[str, tuple[float, IntentCall | None]] = {}
        sums: dict[str, float] = {}
        for call, chance in zip(self._classes, self._networks.chances(vector).tolist(), strict=True):
            intent = call.intent if call else ""
            sums[intent] = sums.get(intent, 0.0) + chance
            if chance > best.get(intent, (-1.0, None))[0]:
                best[intent] = chance, call
        recalled = (Recalled(call, sums[intent]) for intent, (_, call) in best.items())
        return tuple(sorted(recalled, key=lambda each: each.probability, reverse=True))

    def arrays(self) -> Mapping[str, Any]:
        """Give all that it is, to be kept."""
        return {"classes": np.array([_key(call) for call in self._classes]), **self._networks.arrays()}

    @classmethod
    def of(cls, kept: Mapping[str, NDArray[Any]]) -> Recall:
        """Make it from what ``arrays`` gave. Raises ValueError or KeyError for anything else."""
        return cls([_call(str(key)) for key in kept["classes"]], Committee.of(kept))


def _key(call: IntentCall | None) -> str:
    return json.dumps([call.intent, dict(sorted(call.arguments.items()))] if call else None)


def _call(key: str) -> IntentCall | None:
    read = cast("list[Any] | None", json.loads(key))
    return IntentCall(read[0], read[1]) if read else None

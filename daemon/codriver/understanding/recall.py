"""What a sentence means by its likeness to examples: a linear classifier over sentence embeddings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from codriver.turn import IntentCall

type Vectors = NDArray[np.float32]

# Found on examples left out in turn (5 parts): less regularisation acts on more sentences that ask for nothing.
_PENALTY = 5e-4
_ROUNDS = 200
_RATE = 0.05


@dataclass(frozen=True, slots=True)
class Recalled:
    """A call that a sentence may mean, with the probability (0 to 1) of its intent; no call for nothing at all."""

    call: IntentCall | None
    probability: float


class Recall:
    """Tells from a sentence's embedding which call it means. Pure: vectors in, probabilities out.

    ``classes`` are the calls that it tells apart, None standing for a sentence that asks for nothing;
    ``weights`` has shape (dimension + 1, classes), the last row being the bias. ``mean`` and ``scale`` bring a vector
    into the space it was learnt in.
    """

    def __init__(self, classes: Sequence[IntentCall | None], weights: Vectors, mean: Vectors, scale: float) -> None:
        self._classes = tuple(classes)
        self._weights = weights
        self._mean = mean
        self._scale = scale

    @classmethod
    def fit(cls, vectors: Vectors, calls: Sequence[IntentCall | None]) -> Recall:
        """Learn from embeddings, shape (sentences, dimension), and the call of each: softmax regression by Adam."""
        keys = [_key(call) for call in calls]
        classes = sorted(set(keys))
        numbers = {key: number for number, key in enumerate(classes)}
        truth = np.eye(len(classes), dtype=np.float32)[[numbers[key] for key in keys]]
        mean, scale = vectors.mean(axis=0), float(vectors.std()) or 1.0
        inputs = _with_bias((vectors - mean) / scale)
        weights = np.zeros((inputs.shape[1], len(classes)), dtype=np.float32)
        momentum, spread = np.zeros_like(weights), np.zeros_like(weights)
        for number in range(1, _ROUNDS + 1):
            slope = inputs.T @ (_softmax(inputs @ weights) - truth) / len(inputs)
            slope[:-1] += _PENALTY * weights[:-1]
            momentum += 0.1 * (slope - momentum)
            spread += 0.01 * (slope * slope - spread)
            unbiased = momentum / (1 - 0.9**number), spread / (1 - 0.99**number)
            weights -= _RATE * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)
        return cls([_call(key) for key in classes], weights, mean, scale)

    def recall(self, vector: Vectors) -> tuple[Recalled, ...]:
        """Give each intent with its likeliest arguments, likeliest first; nothing at all is among them."""
        inputs = _with_bias((vector[np.newaxis] - self._mean) / self._scale)[0]
        # Not by BLAS: for one vector its threads wait for each other, 16 ms on busy cores instead of 1.
        chances = _softmax(np.einsum("i,ij->j", inputs, self._weights)[np.newaxis])[0]
        best: dict[str, tuple[float, IntentCall | None]] = {}
        sums: dict[str, float] = {}
        for call, chance in zip(self._classes, chances.tolist(), strict=True):
            intent = call.intent if call else ""
            sums[intent] = sums.get(intent, 0.0) + chance
            if chance > best.get(intent, (-1.0, None))[0]:
                best[intent] = chance, call
        recalled = (Recalled(call, sums[intent]) for intent, (_, call) in best.items())
        return tuple(sorted(recalled, key=lambda each: each.probability, reverse=True))

    def save(self, path: Path) -> None:
        """Write what was learnt as a NumPy archive."""
        with path.open("wb") as file:
            classes = np.array([_key(call) for call in self._classes])
            np.savez(file, classes=classes, weights=self._weights, mean=self._mean, scale=np.float32(self._scale))

    @classmethod
    def load(cls, path: Path) -> Recall:
        """Read what was learnt. Raises OSError, ValueError or KeyError for a file that is not such an archive."""
        kept = read_archive(path)
        classes = [_call(str(key)) for key in kept["classes"]]
        return cls(classes, kept["weights"], kept["mean"], float(kept["scale"]))


def read_archive(path: Path) -> Mapping[str, NDArray[Any]]:
    """Read all arrays of a NumPy archive. Raises OSError, or ValueError for a file that is none or is cut off."""
    with path.open("rb") as file:
        try:
            with np.load(file, allow_pickle=False) as kept:
                return dict(kept)
        except (BadZipFile, EOFError) as error:
            raise ValueError(f"{path} is no archive") from error


def _key(call: IntentCall | None) -> str:
    return json.dumps([call.intent, dict(sorted(call.arguments.items()))] if call else None)


def _call(key: str) -> IntentCall | None:
    read = cast("list[Any] | None", json.loads(key))
    return IntentCall(read[0], read[1]) if read else None


def _with_bias(vectors: Vectors) -> Vectors:
    return np.hstack([vectors, np.ones((len(vectors), 1), dtype=np.float32)])


def _softmax(scores: Vectors) -> Vectors:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return cast(Vectors, raised / raised.sum(axis=1, keepdims=True))

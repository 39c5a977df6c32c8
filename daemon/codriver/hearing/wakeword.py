"""Wake words: small streaming models, several at once, each with its own threshold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

from codriver.errors import ModelError
from codriver.hearing.audio import FRAME, RATE, Samples

REFRACTORY_SECONDS = 1.0
"""One call of the wake word is heard once: the models stay confident for some 0.3 s after its end."""

_WARM_UP_FRAMES = 50


@dataclass(frozen=True, slots=True)
class WakeWordSettings:
    """One wake word: a name that pymicro-wakeword brings along, or the path of a microWakeWord JSON file.

    ``threshold`` is a probability from 0 to 1; None takes the one the model was published with.
    """

    model: str
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Wake:
    """A wake word was heard: its phrase as it is written ("Hey Jarvis"), and how sure the model is."""

    phrase: str
    probability: float


class WakeWords:
    """Listens for wake words in frames of 10 ms. One feature extraction serves all models.

    Raises ModelError when a wake word is unknown or its files cannot be loaded.
    """

    def __init__(self, settings: Sequence[WakeWordSettings]) -> None:
        self._features = MicroWakeWordFeatures()
        self._models = [_load(each) for each in settings]
        self._silence_frames = 0
        self.reset()

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases that are listened for, as they are written."""
        return tuple(model.wake_word for model in self._models)

    def hear(self, frame: Samples) -> Wake | None:
        """Take the next 10 ms; say which wake word ends here, if one does."""
        best: Wake | None = None
        for features in self._features.process_streaming(frame.tobytes()):
            for model in self._models:
                probability = model.process_streaming_prob(features) or 0.0
                if probability > model.probability_cutoff and (best is None or probability > best.probability):
                    best = Wake(model.wake_word, probability)
        if self._silence_frames:
            self._silence_frames -= 1
            return None
        if best is not None:
            self._silence_frames = int(REFRACTORY_SECONDS * RATE / FRAME)
        return best

    def reset(self) -> None:
        """Forget all sound so far, and settle the models with silence: their first outputs mean nothing."""
        self._features.reset()
        for model in self._models:
            model.reset()
        self._silence_frames = _WARM_UP_FRAMES
        for _ in range(_WARM_UP_FRAMES):
            self.hear(np.zeros(FRAME, np.int16))


def _load(settings: WakeWordSettings) -> MicroWakeWord:
    try:
        if settings.model in {builtin.value for builtin in Model}:
            model = MicroWakeWord.from_builtin(Model(settings.model))
        else:
            path = Path(settings.model)
            if not path.is_file():
                known = ", ".join(builtin.value for builtin in Model)
                raise ModelError(f"There is no wake word {settings.model}; there are {known}, or a JSON file's path.")
            model = MicroWakeWord.from_config(path)
    except (OSError, RuntimeError, ValueError, KeyError, json.JSONDecodeError) as error:
        raise ModelError(f"The wake word {settings.model} cannot be loaded: {error}") from error
    if settings.threshold is not None:
        model.probability_cutoff = settings.threshold
    return model

"""Wake words: small streaming models, several at once, each with its own thresholds."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

from codriver.errors import ModelError
from codriver.hearing.audio import FRAME, RATE, Samples
from codriver.hearing.noise_floor import NoiseFloor

REFRACTORY_SECONDS = 1.0
"""One call of the wake word is heard once: the models stay confident for some 0.3 s after its end."""

_REFRACTORY_FRAMES = int(REFRACTORY_SECONDS * RATE / FRAME)
_SILENCE = np.zeros(RATE // 2, np.int16)

_QUICKER = 1.2
"""Deep and slow voices are unlike those that the models learnt from; played faster they are not.

Of one such voice, "Hey Jarvis" in cabin noise is at most 0.01 probable, and 0.8 to 0.97 at this pace.
"""

_FAINT = 0.1
"""Where one is said, the models reach this some 40 ms before 0.3: one or two windows of the five that they average."""

_BEFORE_FRAMES = 50
_AFTER_FRAMES = 150
"""The models hear what stands out of the noise, from 0.5 s before it to 1.5 s after it.

Steady noise wakes nobody, and listening to it was two thirds of what waiting cost the daemon.
"""


@dataclass(frozen=True, slots=True)
class WakeWordSettings:
    """One wake word: a name that pymicro-wakeword brings along, or the path of a microWakeWord JSON file.

    Above ``threshold``, a probability from 0 to 1, it is sure; None takes the one the model was published with.
    Above ``doubtful`` it may have been said; None makes no doubtful ones.
    """

    model: str
    threshold: float | None = None
    doubtful: float | None = None


@dataclass(frozen=True, slots=True)
class Wake:
    """A wake word was heard: its phrase as it is written ("Hey Jarvis"), how probable it is, and whether that will do.

    ``language`` is the one that the phrase is said in.
    """

    phrase: str
    probability: float
    sure: bool = True
    language: str = "en"


class WakeWords:
    """Listens for wake words in frames of 10 ms. One feature extraction serves all models of a pace.

    Raises ModelError when a wake word is unknown or its files cannot be loaded.
    """

    def __init__(self, settings: Sequence[WakeWordSettings]) -> None:
        self._doubtful = [each.doubtful for each in settings]
        doubting = any(each is not None for each in self._doubtful)
        self._natural = _Pace(settings, 1.0)
        self._quicker = _Pace(settings, _QUICKER) if doubting else None
        self._noise = NoiseFloor()
        self._waiting: deque[Samples] = deque(maxlen=_BEFORE_FRAMES)
        self._faint = False
        self._attended_frames = 0
        self._unsure_frames = 0
        self._silence_frames = 0
        self.reset()

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases that are listened for, as they are written."""
        return tuple(model.wake_word for model in self._natural.models)

    @property
    def faint(self) -> bool:
        """Whether the last 10 ms gave a first sign of a wake word that may be doubted; it was not told of yet."""
        return self._faint

    def hear(self, frame: Samples) -> Wake | None:
        """Take the next 10 ms; say which wake word ends here, if one does.

        One that is doubtful at first may be sure some frames later, and is then told again.
        """
        self._faint = False
        sound = self._attended(frame)
        heard = [] if sound is None else list(self._heard(sound))
        if self._unsure_frames:
            self._unsure_frames -= 1
            self._faint = False  # it was told of already
            heard = [wake for wake in heard if wake.sure]
        if self._silence_frames:
            self._silence_frames -= 1
            return None
        best = max(heard, key=lambda wake: (wake.sure, wake.probability), default=None)
        if best is not None:
            self._unsure_frames = _REFRACTORY_FRAMES
            self._silence_frames = _REFRACTORY_FRAMES if best.sure else 0
        return best

    def reset(self) -> None:
        """Forget all sound so far."""
        self._natural.reset()
        if self._quicker:
            self._quicker.reset()
        self._waiting.clear()
        self._faint = False
        self._attended_frames = self._unsure_frames = self._silence_frames = 0

    def _attended(self, frame: Samples) -> Samples | None:
        """Give the sound that is to be listened to now: with this frame, what has waited before it."""
        self._waiting.append(frame)
        if self._noise.stands_out(frame):
            self._attended_frames = _AFTER_FRAMES
        if not self._attended_frames:
            return None
        self._attended_frames -= 1
        sound = np.concatenate(self._waiting)
        self._waiting.clear()
        return sound

    def _heard(self, sound: Samples) -> Iterator[Wake]:
        for number, probability in self._natural.hear(sound):
            self._faint |= self._doubtful[number] is not None and probability > _FAINT
            model = self._natural.models[number]
            sure = probability > model.probability_cutoff
            if sure or self._may_be(number, probability):
                yield Wake(model.wake_word, probability, sure, _language_of(model))
        for number, probability in self._quicker.hear(sound) if self._quicker else ():
            model = self._natural.models[number]
            if self._may_be(number, probability):
                yield Wake(model.wake_word, probability, sure=False, language=_language_of(model))

    def _may_be(self, number: int, probability: float) -> bool:
        doubtful = self._doubtful[number]
        return doubtful is not None and probability > doubtful


class _Pace:
    """The models on sound that is played so many times as fast."""

    def __init__(self, settings: Sequence[WakeWordSettings], pace: float) -> None:
        self.models = [_load(each) for each in settings]
        self._features = MicroWakeWordFeatures()
        self._faster = None if pace == 1.0 else soxr.ResampleStream(pace * RATE, RATE, 1, "int16", quality="LQ")

    def hear(self, sound: Samples) -> Iterator[tuple[int, float]]:
        """Give the probabilities of each model, by its number, one after the other."""
        if self._faster is not None:
            sound = self._faster.resample_chunk(sound)
        for features in self._features.process_streaming(sound.tobytes()):
            for number, model in enumerate(self.models):
                yield number, model.process_streaming_prob(features) or 0.0

    def reset(self) -> None:
        """Forget all sound so far, and settle the models with silence: their first outputs mean nothing."""
        self._features.reset()
        if self._faster is not None:
            self._faster.clear()
        for model in self.models:
            model.reset()
        for _ in self.hear(_SILENCE):
            pass


def _language_of(model: MicroWakeWord) -> str:
    return model.trained_languages[0] if model.trained_languages else "en"


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

"""What is played: one sound at a time, in the order in which they came; one that is held lets the next pass. No I/O."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from codriver.engines.sound.events import Played
from codriver.engines.sound.speex import Resampler, Samples

_FADE = 0.005
"""Seconds in which a sound that is cut falls silent: without them it clicks."""


@dataclass(slots=True, eq=False)
class Sound:
    """One sound on its way. ``samples`` are those that are still to be played, at the loudspeaker's rate."""

    id: str
    resampler: Resampler
    samples: Samples = field(default_factory=lambda: array("h"))
    whole: bool = False
    held: bool = False
    cut: bool = False
    given: int = 0
    first_at: float | None = None
    until: float = 0.0


class Playlist:
    """Sounds at the rate of a loudspeaker. Not for several threads at once."""

    def __init__(self, rate: int) -> None:
        """Take the loudspeaker's rate in hertz."""
        self.rate = rate
        self._sounds: list[Sound] = []
        self._fading: Samples = array("h")

    def __bool__(self) -> bool:
        """Whether there is anything to play now."""
        return bool(self._fading) or self._current() is not None

    def begin(self, id: str, rate: int) -> None:  # noqa: A002 - as on the wire
        """Expect a sound. Raises AudioError for a rate that makes no sense."""
        self._sounds.append(Sound(id, Resampler(rate, self.rate)))

    def add(self, id: str, samples: Samples) -> None:  # noqa: A002
        """Take more of a sound. One that was cut is not taken any further."""
        for sound in self._of(id):
            sound.samples.extend(sound.resampler.convert(samples))

    def finish(self, id: str) -> None:  # noqa: A002
        """Know that a sound is whole."""
        for sound in self._of(id):
            sound.whole = True

    def hold(self, id: str, *, held: bool) -> None:  # noqa: A002
        """Hold a sound where it is, or let it go on."""
        for sound in self._of(id):
            if held and not sound.held and self._current() is sound:
                self._fade(sound)
            sound.held = held

    def cut(self, id: str) -> None:  # noqa: A002
        """End a sound."""
        for sound in self._of(id):
            if self._current() is sound:
                self._fade(sound)
            sound.samples = array("h")
            sound.cut = sound.whole = True

    def fill(self, count: int, at: float) -> tuple[Samples, bool]:
        """Return the next ``count`` samples, which sound from ``at`` on, and whether some were missing."""
        out, self._fading = self._fading[:count], self._fading[count:]
        while len(out) < count and (sound := self._current()) is not None:
            piece = sound.samples[: count - len(out)]
            if not piece:
                break
            if sound.first_at is None:
                sound.first_at = at + len(out) / self.rate
            sound.given += len(piece)
            del sound.samples[: len(piece)]
            out.extend(piece)
            sound.until = at + len(out) / self.rate
        missing = len(out) < count and (waiting := self._current()) is not None and waiting.first_at is not None
        out.extend(array("h", bytes(2 * (count - len(out)))))
        return out, missing

    def over(self) -> list[tuple[Played, float]]:
        """Return the sounds that are at their end, each with the time at which its last sample has sounded."""
        ended = [sound for sound in self._sounds if sound.whole and not sound.samples]
        self._sounds = [sound for sound in self._sounds if sound not in ended]
        return [(self._played(sound), sound.until) for sound in ended]

    def clear(self) -> list[Played]:
        """Drop everything; return how far each sound came."""
        dropped = [self._played(sound) for sound in self._sounds]
        self._sounds, self._fading = [], array("h")
        return dropped

    def _played(self, sound: Sound) -> Played:
        return Played(sound.id, sound.first_at, sound.given / self.rate, sound.cut)

    def _current(self) -> Sound | None:
        """Find what is to sound now: the first that is not held and not at its end."""
        return next((each for each in self._sounds if not each.held and not (each.whole and not each.samples)), None)

    def _of(self, id: str) -> list[Sound]:  # noqa: A002
        return [sound for sound in self._sounds if sound.id == id]

    def _fade(self, sound: Sound) -> None:
        """Take the last milliseconds of a sound that sounds now, ever quieter."""
        if sound.first_at is None:
            return
        piece = sound.samples[: round(_FADE * self.rate)]
        del sound.samples[: len(piece)]
        sound.given += len(piece)
        self._fading = array("h", [sample * (len(piece) - at) // len(piece) for at, sample in enumerate(piece)])

"""Speak to the daemon for hours: ``python -m codriver.workshop.endurance commands [N]`` or ``silence [HOURS]``.

``commands`` are spoken by many voices with the noise of a cabin into the microphone of a sound card without hardware,
one after the other as a driver would; what was woken, heard and lost is counted. ``silence`` is speech without the wake
word, music and noise, through the same listener, as fast as it can be taken: nothing may wake.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from codriver.assistant import State
from codriver.config import Configuration
from codriver.engines.fleet import SOUND
from codriver.engines.models import Store, default_root
from codriver.engines.sound.asking import count
from codriver.engines.sound.events import Counters
from codriver.hearing.audio import FRAME, RATE, Samples, read_wav
from codriver.hearing.listener import Listener, ListenerSettings, Woken
from codriver.workshop.cabin_noise import with_noise
from codriver.workshop.live import Live, live
from codriver.workshop.memory import proportional_set_size
from codriver.workshop.samples import Sample, render, sample_list, samples_directory

_SNR = (10.0, 5.0)
_EVERY = 25
"""Commands between two looks at the memory."""
_LONGEST_TURN = 40.0
_DRY = 120
"""Spoken commands of which the others differ by their noise."""


@dataclass(frozen=True, slots=True)
class Command:
    """A spoken command: the sample, and how many decibels the noise is below the voice."""

    sample: Sample
    snr: float
    seed: int


@dataclass(slots=True)
class Tally:
    """What became of the commands. ``heard`` were woken and became a turn, ``understood`` of them to a call."""

    spoken: int = 0
    woken: int = 0
    heard: int = 0
    answered: int = 0
    unwoken: Counter[str] = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)

    def line(self, counters: Counters) -> str:
        """Say it in one line."""
        grown = (self.memory[-1] - self.memory[min(1, len(self.memory) - 1)]) / 1e6
        return (
            f"{self.spoken} spoken, {self.spoken - self.woken} not woken ({1 - self.woken / self.spoken:.1%}), "
            f"{self.woken - self.heard} lost once woken, {self.heard - self.answered} without an answer, "
            f"{grown:+.1f} MB of {self.memory[-1] / 1e6:.0f}, frames: {counters.frames} taken, "
            f"{counters.dropped} dropped, {counters.doubled} doubled, {counters.overruns} overruns; "
            f"load {os.getloadavg()[0]:.1f}; by voice {dict(self.unwoken.most_common(8))}"
        )


def commands(count: int, voices: Sequence[str]) -> Iterator[Command]:
    """Give so many commands: the bench's sentences, each time by another voice of its language and in other noise."""
    sentences = sample_list("bench")
    dry = [
        Sample(
            id=f"endurance-{number}", language=sentence.language, text=sentence.text, engine="kokoro",
            voice=_voice(number, sentence.language, voices),
        )
        for number, sentence in enumerate(itertools.islice(itertools.cycle(sentences), min(_DRY, count)))
    ]  # fmt: skip
    for number, sample in enumerate(itertools.islice(itertools.cycle(dry), count)):
        yield Command(sample, _SNR[(number + number // len(dry)) % len(_SNR)], number)


async def speak_all(wanted: Sequence[Command], config: Configuration) -> str:
    """Speak the commands one after the other, and tell what was counted."""
    files = await render({each.sample.id: each.sample for each in wanted}.values(), samples_directory(), _store())
    tally = Tally()
    async with live(config) as car:
        await car.becomes(State.IDLE)
        for number, command in enumerate(wanted):
            if number % _EVERY == 0:
                tally.memory.append(
                    proportional_set_size(os.getpid(), without=("pulseaudio", "paplay", "parec", "mpv"))
                )
                if number:
                    print(tally.line(await count(car.fleet.uris[SOUND])), flush=True)  # noqa: T201
            dry = np.concatenate(list(read_wav(files[command.sample.id]))).astype(np.float64) / 32768
            noisy = with_noise(dry * 0.5, RATE, command.snr, command.seed)
            await _speak(car, (np.clip(noisy, -1, 1) * 32767).astype(np.int16), command, tally)
        tally.memory.append(proportional_set_size(os.getpid(), without=("pulseaudio", "paplay", "parec", "mpv")))
        return tally.line(await count(car.fleet.uris[SOUND]))


async def _speak(car: Live, sound: Samples, command: Command, tally: Tally) -> None:
    """Speak one command, and wait until its turn is over and nothing sounds any more."""
    turns, states = len(car.traces), len(car.states)
    await car.card.say(sound)
    tally.spoken += 1
    if State.LISTENING not in car.states[states:]:
        tally.unwoken[command.sample.voice] += 1
        return
    tally.woken += 1
    await car.becomes(State.IDLE, within=_LONGEST_TURN)
    trace = car.traces[turns] if len(car.traces) > turns else None
    if trace:
        tally.heard += 1
        tally.answered += bool(trace.answer.text)
        if trace.answer.expects_reply:
            car.app.cancel()
    car.speaker.forget()
    car.room.forget()


def without_wake_word(hours: float, voices: Sequence[str], files: Sequence[Samples]) -> str:
    """Play what holds no wake word to a listener, over and over in ever other noise, and tell how often it woke."""
    listener = Listener(ListenerSettings())
    woken, taken, seed = 0, 0, 0
    while taken < hours * 3600 * RATE:
        sound = files[seed % len(files)].astype(np.float64) / 32768
        snr = (20.0, 10.0, 5.0, 0.0)[seed // len(files) % 4]
        loudness = (0.2, 0.5, 0.9)[seed % 3]
        noisy = with_noise(sound * loudness, RATE, snr, seed) if np.any(sound) else sound
        pcm = (np.clip(noisy, -1, 1) * 32767).astype(np.int16)
        for start in range(0, len(pcm) - FRAME, FRAME):
            for event in listener.feed(pcm[start : start + FRAME]):
                if isinstance(event, Woken):
                    woken += 1
                    listener.stop()
        taken += len(pcm)
        seed += 1
    return f"{taken / RATE / 3600:.1f} hours by {len(voices)} voices in {seed} pieces: woken {woken} times"


def _voice(number: int, language: str, voices: Sequence[str]) -> str:
    own = [voice for voice in voices if voice.startswith("z") == (language == "zh")]
    return own[number % len(own)]


def _voices() -> list[str]:
    return sorted(path.stem for path in (_store().path("kokoro-82m") / "voices").glob("[abz]*.bin"))


def _store() -> Store:
    return Store(default_root())


async def _main(what: str, amount: float) -> None:
    if what == "commands":
        wanted = list(commands(round(amount), _voices()))
        print(await speak_all(wanted, Configuration()))  # noqa: T201 - a measurement for the reader
        return
    files = [path for path in sorted(samples_directory().glob("*.wav")) if "recall-" in path.name]
    sounds = [np.concatenate(list(read_wav(path))) for path in files]
    print(without_wake_word(amount, _voices(), sounds))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 500))

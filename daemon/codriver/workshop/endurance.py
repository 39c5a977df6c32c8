"""Speak to the daemon for hours: ``python -m codriver.workshop.endurance commands|silence [N] [WAKE WORD] [FIRST]``.

``commands`` are spoken by many voices with the noise of a cabin into the microphone of a sound card without hardware,
one after the other as a driver would; what was woken, heard and lost is counted. ``silence`` is speech without the wake
word, music and noise for N hours, through the same ears, as fast as it can be taken: nothing may wake. A run may be
split: FIRST is the number of the command, or of the piece of sound, to begin with.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from codriver.config import Configuration
from codriver.conversation.ears import Ears
from codriver.conversation.happenings import State
from codriver.engines.fleet import SOUND, TRANSCRIBER, alone
from codriver.engines.models import Store, default_root
from codriver.engines.sound.asking import count
from codriver.engines.sound.events import Counters
from codriver.hearing.audio import FRAME, RATE, Samples, read_wav
from codriver.hearing.heard import Doubtful, Woken
from codriver.hearing.wakecheck import checked
from codriver.workshop.cabin_noise import Sound, with_noise
from codriver.workshop.live import Live, live, loud
from codriver.workshop.made_music import made_music
from codriver.workshop.memory import private_dirty_size
from codriver.workshop.samples import Sample, render, sample_list, samples_directory

_SNR = (10.0, 5.0)
_EVERY = 25
"""Commands between two looks at the memory."""
_LONGEST_TURN = 40.0
_DRY = 120
"""Spoken commands of which the others differ by their noise."""
_PAUSE = 0.3
_LEAD, _TAIL = 0.8, 1.5
"""Seconds of noise: between the wake word and the command, before and after."""


@dataclass(frozen=True, slots=True)
class Command:
    """A spoken command: the wake word and the wish by one voice, and how many decibels the noise is below it."""

    call: Sample
    wish: Sample
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


def commands(count: int, wake_word: str, voices: Sequence[str]) -> Iterator[Command]:
    """Give so many commands: the bench's sentences, each time by another voice of its language and in other noise."""
    wishes = [
        Sample(
            id=f"endurance-{number}", language=sentence.language, text=sentence.text, engine="kokoro",
            voice=_voice(number, sentence.language, voices), wake=False,
        )
        for number, sentence in enumerate(itertools.islice(itertools.cycle(sample_list("bench")), min(_DRY, count)))
    ]  # fmt: skip
    for number, wish in enumerate(itertools.islice(itertools.cycle(wishes), count)):
        phrase = wake_word.replace("_", " ").title()
        call = wish.model_copy(
            update={
                "id": f"wake-{wake_word}-{wish.voice}".replace("_", "-"),
                "text": f"{phrase}{'。' if wish.language == 'zh' else '.'}",
            }
        )
        yield Command(call, wish, _SNR[(number + number // len(wishes)) % len(_SNR)], number)


async def speak_all(wanted: Sequence[Command], config: Configuration) -> str:
    """Speak the commands one after the other, and tell what was counted."""
    samples = {sample.id: sample for each in wanted for sample in (each.call, each.wish)}
    files = await render(samples.values(), samples_directory(), _store())
    dry = {name: _spoken(path) for name, path in files.items()}
    tally = Tally()
    async with live(config) as car:
        await car.becomes(State.IDLE)
        for number, command in enumerate(wanted):
            if number % _EVERY == 0:
                tally.memory.append(_memory())
                if number:
                    print(tally.line(await count(car.fleet.uris[SOUND])), flush=True)  # noqa: T201
            await _speak(car, _in_noise(command, dry), command, tally)
        tally.memory.append(_memory())
        return tally.line(await count(car.fleet.uris[SOUND]))


async def _speak(car: Live, sound: Samples, command: Command, tally: Tally) -> None:
    """Speak one command, and wait until its turn is over and nothing sounds any more."""
    turns, states = len(car.traces), len(car.states)
    await car.card.say(sound)
    tally.spoken += 1
    if State.LISTENING not in car.states[states:]:
        tally.unwoken[command.wish.voice] += 1
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


def _memory() -> int:
    """Give the bytes that this process and its engines have written, without what only stands around them."""
    return private_dirty_size(os.getpid(), without=("pulseaudio", "paplay", "parec", "mpv"))


def _in_noise(command: Command, dry: Mapping[str, Samples]) -> Samples:
    """Put a command together: noise, wake word, a short pause, the wish, noise."""
    pieces = (_LEAD, dry[command.call.id], _PAUSE, dry[command.wish.id], _TAIL)
    speech = np.concatenate(
        [np.zeros(round(RATE * each)) if isinstance(each, float) else each / 65536 for each in pieces]
    )
    return (np.clip(with_noise(speech, RATE, command.snr, command.seed), -1, 1) * 32767).astype(np.int16)


def _spoken(path: Path) -> Samples:
    """Read a sample without the silence around it."""
    whole = np.concatenate(list(read_wav(path)))
    places = loud(whole)
    return whole[places[0] : places[-1] + 1]


async def without_wake_word(hours: float, speech: Sequence[Samples], ears: Ears, first: int = 0) -> str:
    """Play speech, music and noise without the wake word to ears for so many hours; tell how often it woke.

    Each pass over the speech is in other noise and at other levels; every fourth piece has music under it, or is music.
    """
    woken, doubtful, taken, number = 0, 0, 0, first
    while taken < hours * 3600 * RATE:
        sound = _piece(number, speech[number % len(speech)].astype(np.float64) / 32768)
        noisy = with_noise(sound, RATE, (20.0, 10.0, 5.0, 0.0)[number // len(speech) % 4], number)
        pcm = (np.clip(noisy, -1, 1) * 32767).astype(np.int16)
        for start in range(0, len(pcm) - FRAME, FRAME):
            heard = ears.listener.feed(pcm[start : start + FRAME])
            doubtful += sum(isinstance(event, Doubtful) for event in heard)
            for event in await checked(heard, ears.listener, ears.transcriber):
                if isinstance(event, Woken):
                    woken += 1
                    ears.drop()
        taken += len(pcm)
        number += 1
    return (
        f"{taken / RATE / 3600:.1f} hours of {len(speech)} sentences, music and noise: woken {woken} times, "
        f"{doubtful} checked; load {os.getloadavg()[0]:.1f}"
    )


def _piece(number: int, speech: Sound) -> Sound:
    """Give speech as loud as chance has it, sometimes with music under it, or music alone."""
    spoken = speech * (0.2, 0.5, 0.9)[number % 3]
    if number % 4:
        return spoken
    music = made_music(len(speech) / RATE, RATE, number)
    return 0.6 * music if number % 8 else np.asarray(0.6 * spoken + 0.3 * music)


def _voice(number: int, language: str, voices: Sequence[str]) -> str:
    own = [voice for voice in voices if voice.startswith("z") == (language == "zh")]
    return own[number % len(own)]


def _voices() -> list[str]:
    return sorted(path.stem for path in (_store().path("kokoro-82m") / "voices").glob("[abz]*.bin"))


def _store() -> Store:
    return Store(default_root())


async def _main(what: str, amount: float, wake_word: str, first: int) -> None:
    config = Configuration.model_validate({"hearing": {"wake_words": [{"model": wake_word}]}})
    if what == "commands":
        wanted = list(commands(first + round(amount), wake_word, _voices()))[first:]
        print(await speak_all(wanted, config))  # noqa: T201 - a measurement for the reader
        return
    files = [path for kind in ("recall", "endurance") for path in sorted(samples_directory().glob(f"{kind}-*.wav"))]
    speech = [np.concatenate(list(read_wav(path))) for path in files]
    async with alone(TRANSCRIBER, config, _store()) as uri:
        ears = Ears.grow(config, uri, "driver")
        print(await without_wake_word(amount, speech, ears, first))  # noqa: T201


if __name__ == "__main__":
    what, amount, wake_word, first = (*sys.argv[1:5], *("commands", "500", "hey_jarvis", "0")[len(sys.argv) - 1 :])
    asyncio.run(_main(what, float(amount), wake_word, int(first)))

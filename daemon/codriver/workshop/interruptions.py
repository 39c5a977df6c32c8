"""Measure how soon an answer falls silent: ``python -m codriver.workshop.interruptions [times]``.

An answer sounds from the loudspeaker of a sound card without hardware, in a cabin that carries it back into the
microphone; somebody speaks into it; what the loudspeaker gives is recorded and its samples are counted.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from codriver.config import Configuration
from codriver.conversation.happenings import State
from codriver.engines.models import Store, default_root
from codriver.hearing.audio import RATE, Samples, read_wav
from codriver.workshop.live import CABIN, Live, live, loud
from codriver.workshop.samples import Sample, render, samples_directory

LONG_ANSWER = (
    "how much battery is left and how far can i drive and what is the tire pressure and how warm is it outside"
)
"""A question whose answer takes some 8 s."""

_VOICE = {"language": "en", "engine": "piper", "voice": "en_US-joe-medium", "wake": False}
CALL = Sample.model_validate({"id": "live-hey-jarvis", "text": "Hey Jarvis.", **_VOICE})
WISH = Sample.model_validate({"id": "live-headlights", "text": "Turn on the headlights.", **_VOICE})

_TAIL = np.zeros(RATE // 5, np.int16)


@dataclass(frozen=True, slots=True)
class Cut:
    """When the loudspeaker fell silent: milliseconds after the first and after the last sound of who interrupted it."""

    after_begin: float
    after_end: float


async def spoken(*samples: Sample) -> tuple[Samples, ...]:
    """Give the sounds of samples, without the silence around them."""
    files = await render(samples, samples_directory(), Store(default_root()))
    wholes = [np.concatenate(list(read_wav(files[sample.id]))) for sample in samples]
    return tuple(whole[loud(whole)[0] : loud(whole)[-1] + 1] for whole in wholes)


async def cut_off(car: Live, words: Samples) -> Cut | None:
    """Let an answer sound, speak into it, and tell when it fell silent; None where it did not sound any more."""
    asking = asyncio.create_task(car.app.ask(LONG_ANSWER, "en", "driver"))
    await car.sounds()
    await asyncio.sleep(1.5)
    speaker, room = len(car.speaker.samples), len(car.room.samples)
    await car.card.say(np.concatenate([words, _TAIL]))
    await asyncio.sleep(0.3)
    # Both are recorded alike, so that their ends are of the same moment.
    played, said = car.speaker.samples[speaker:], car.room.samples[room:]
    sounding, begin = loud(played), _sets_in(said, words) - len(said)
    car.app.cancel()
    await asking
    await car.is_quiet()
    if not len(sounding):
        return None
    silent = int(sounding[-1]) - len(played)
    return Cut(1000 * (silent - begin) / RATE, 1000 * (silent - begin - len(words)) / RATE)


def _sets_in(room: Samples, words: Samples) -> int:
    """Find the words in what the microphone heard, under the echo of the answer."""
    size = 1 << (len(room) + len(words)).bit_length()
    spectrum = np.fft.rfft(room.astype(np.float64), size) * np.conj(np.fft.rfft(words.astype(np.float64), size))
    return int(np.argmax(np.fft.irfft(spectrum)[: len(room)]))


async def measure(by: str, words: Samples, times: int) -> Sequence[Cut]:
    """Cut off so many answers, in a mode of `[hearing] interrupt`."""
    config = Configuration.model_validate(
        {
            "languages": ["en"],
            "thinking": {"enabled": False},
            "voices": [{"language": "en"}],
            "hearing": {"interrupt": by},
            "dialogue": {"earcons": []},
        }
    )
    async with live(config, CABIN) as car:
        await car.becomes(State.IDLE)
        cuts = [await cut_off(car, words) for _ in range(times)]
    return [cut for cut in cuts if cut]


async def _main(times: int) -> None:
    call, wish = await spoken(CALL, WISH)
    for by, words, name in (("wake_word", call, "after_end"), ("speech", wish, "after_begin")):
        delays = [getattr(cut, name) for cut in await measure(by, words, times)]
        times_ms = f"median {np.median(delays):.0f}, 90 % {np.percentile(delays, 90):.0f}, maximum {max(delays):.0f}"
        counted = f"{len(delays)} of {times}; load {os.getloadavg()[0]:.1f}"
        print(f"{by}: silent {name.replace('_', ' the ')}, ms: {times_ms}; {counted}")  # noqa: T201 - what was measured


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))

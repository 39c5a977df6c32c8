"""Let it speak in a cabin that carries its voice back: ``python -m codriver.workshop.own_voice [answers]``.

Sentences are typed, so that nobody but codriver says anything; whatever it takes for a wake word, or for words, is
its own.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from dataclasses import dataclass, field

from codriver.config import Configuration
from codriver.conversation.happenings import State
from codriver.hearing.interrupting import Interrupt
from codriver.workshop.live import CABIN, live
from codriver.workshop.samples import sample_list

_EVERY = 20


@dataclass(slots=True)
class Tally:
    """What came of the answers. ``interrupted`` were cut off; what was ``heard`` nobody said."""

    answers: int = 0
    sounded: int = 0
    interrupted: int = 0
    woken: int = 0
    heard: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.answers} answers, {self.sounded} sounded to their end, {self.interrupted} cut off, "
            f"woken {self.woken} times, {len(self.heard)} turns of its own voice {self.heard}; "
            f"load {os.getloadavg()[0]:.1f}"
        )


async def measure(answers: int, by: Interrupt) -> Tally:
    """Have so many answers spoken, with what may interrupt them."""
    tally = Tally()
    config = Configuration.model_validate({"hearing": {"interrupt": by}})
    wishes = list(sample_list("bench"))
    async with live(config, CABIN) as car:
        for number, wish in enumerate(itertools.islice(itertools.cycle(wishes), answers), 1):
            before, turns = car.states.count(State.LISTENING), len(car.traces)
            trace = await car.app.ask(wish.text, wish.language, "driver")
            if trace.answer.expects_reply:
                car.app.cancel()
            await car.is_quiet()
            tally.answers += 1
            tally.sounded += "spoken" in trace.stamps
            tally.interrupted += "spoken" not in trace.stamps
            listened = car.states.count(State.LISTENING) - before
            tally.woken += listened - (trace.answer.expects_reply and listened > 0)
            tally.heard += [each.heard.text for each in car.traces[turns:] if each is not trace]
            car.app.cancel()
            car.speaker.forget()
            car.room.forget()
            if number % _EVERY == 0:
                print(tally, flush=True)  # noqa: T201
    return tally


if __name__ == "__main__":
    print(asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200, Interrupt.STOP)))  # noqa: T201

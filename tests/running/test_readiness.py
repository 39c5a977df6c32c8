"""When the daemon says that it is ready, and what it says until then."""

from __future__ import annotations

import asyncio

from codriver.running.readiness import CAR, ENGINES, MICROPHONE, Readiness


async def test_it_is_complete_when_every_part_is_there_at_once() -> None:
    readiness = Readiness()
    waiting = asyncio.create_task(readiness.complete())
    for part in (ENGINES, MICROPHONE):
        readiness.has(part)
    readiness.lacks(MICROPHONE, "The microphone is gone.")
    readiness.has(CAR)
    await asyncio.sleep(0)
    assert not waiting.done()
    readiness.has(MICROPHONE)
    await waiting


def test_what_is_missing_is_said_with_its_reason_and_only_when_it_changes() -> None:
    said: list[str] = []
    readiness = Readiness(said.append, (MICROPHONE, CAR))
    readiness.lacks(MICROPHONE, "It is busy.")
    readiness.lacks(MICROPHONE, "It is busy.")
    readiness.has(MICROPHONE)
    readiness.has(MICROPHONE)
    readiness.has(CAR)
    readiness.lacks(CAR)
    assert said == [
        "Waiting for: microphone, car.",
        "Waiting for: microphone (It is busy), car.",
        "Waiting for: car.",
        "Listening.",
        "Waiting for: car.",
    ]

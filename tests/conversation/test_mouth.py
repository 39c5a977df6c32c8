"""What is heard of an answer: words, or a tone for what was simply done where the driver wants no more."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

import pytest
from codriver.conversation.mouth import Mouth, simply_done
from codriver.speaking.earcons import Earcon, earcon
from codriver.speaking.loudspeaker import Played, SilentLoudspeaker
from codriver.speaking.voice import AudioBlock, Voices
from codriver.trace import Trace
from codriver.turn import Answer, Change, IntentCall, Outcome, Status

WORDS = AudioBlock(b"\1\0" * 240, 24_000)
CHANGED = (Change("Vehicle.Cabin.HVAC.IsAirConditioningActive", False, True),)


def outcome(status: Status, changes: tuple[Change, ...] = CHANGED) -> Outcome:
    return Outcome(IntentCall("air_conditioning", {"state": "on"}), status, changes=changes)


class Speech(Voices):
    """Voices that say the same whatever they are given."""

    def __init__(self) -> None:
        pass

    async def speak(self, text: str, language: str) -> AsyncGenerator[AudioBlock]:
        yield WORDS


class Listener(SilentLoudspeaker):
    """A loudspeaker that remembers what it played."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[AudioBlock] = []

    async def play(self, blocks: AsyncIterator[AudioBlock]) -> Played:
        async def kept() -> AsyncGenerator[AudioBlock]:
            async for block in blocks:
                self.heard.append(block)
                yield block

        return await super().play(kept())


async def never(engine: str) -> None:
    raise AssertionError(f"{engine} did not die")


@pytest.mark.parametrize(
    ("beeps", "outcomes", "heard"),
    [
        (True, (outcome(Status.DONE),), earcon(Earcon.DONE)),
        (True, (outcome(Status.DONE), outcome(Status.DONE)), earcon(Earcon.DONE)),
        (True, (outcome(Status.DONE), outcome(Status.REFUSED, ())), WORDS),
        (True, (outcome(Status.ALREADY, ()),), WORDS),
        (True, (outcome(Status.DONE, ()),), WORDS),
        (True, (outcome(Status.CONFIRM, ()),), WORDS),
        (True, (), WORDS),
        (False, (outcome(Status.DONE),), WORDS),
    ],
)
async def test_a_tone_is_enough_for_what_was_simply_done(
    beeps: bool, outcomes: tuple[Outcome, ...], heard: AudioBlock
) -> None:
    loudspeaker, trace = Listener(), Trace("driver", outcomes=outcomes)
    await Mouth(Speech(), lambda _: loudspeaker, never, beeps=beeps).speak(Answer("Done.", "en"), trace)
    assert loudspeaker.heard == [heard]
    assert trace.answer == Answer("Done.", "en")
    assert {"answered", "sounding"} <= trace.stamps.keys()


async def test_without_voices_the_answer_is_only_written() -> None:
    loudspeaker, trace = Listener(), Trace("driver")
    await Mouth(None, lambda _: loudspeaker, never).speak(Answer("Done.", "en"), trace)
    assert (loudspeaker.heard, trace.answer.text) == ([], "Done.")


def test_a_question_about_the_car_is_no_success_to_beep_for() -> None:
    assert not simply_done([Outcome(IntentCall("battery_level"), Status.DONE)])

"""Turns from a recording in the place of a microphone: its sound waits while a turn is under way."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from codriver.conversation.ears import Ears
from codriver.conversation.happenings import Listened, Unheard, Woken
from codriver.conversation.turns import Turns
from codriver.hearing.audio import Samples
from codriver.hearing.heard import ListenerEvent, NothingSaid, SpeechEnded
from codriver.hearing.heard import Woken as WakeWordHeard
from codriver.hearing.wakecheck import checked
from codriver.trace import Trace


async def take_turns(ears: Ears, frames: AsyncIterator[Samples], turns: Turns) -> AsyncGenerator[Trace]:
    """Listen to 10 ms frames for wake words; yield each utterance as a turn when it is answered.

    After a question the answer is listened for without a wake word. Raises whatever ``frames`` raises.
    """
    async for frame in frames:
        for event in await checked(ears.listener.feed(frame), ears.listener, ears.transcriber):
            if trace := await _take(event, ears, turns):
                yield trace
    for event in ears.listener.finish():
        if trace := await _take(event, ears, turns):
            yield trace


async def _take(event: ListenerEvent, ears: Ears, turns: Turns) -> Trace | None:
    """Take what the listener noticed; at the end of an utterance, take the turn."""
    if isinstance(event, WakeWordHeard):
        turns.note(Woken(ears.zone))
    elif isinstance(event, NothingSaid):
        turns.note(Unheard())
    transcription = ears.transcriber.follow(event, early=turns.foresee)
    if transcription is None or not isinstance(event, SpeechEnded):
        return None
    turns.note(Listened())
    trace = await turns.hear(event, transcription, ears.zone)
    if trace.answer.expects_reply:
        ears.listener.listen_now(ears.follow_up)
        turns.note(Woken(ears.zone))
    return trace

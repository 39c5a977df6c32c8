"""Listens to the microphones, also while it thinks and speaks, and has what is said taken as turns."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from codriver.conversation.ears import Ears
from codriver.conversation.happenings import Listened, Muted, State, Unheard, Woken
from codriver.conversation.holding import Holding
from codriver.conversation.losses import Losses
from codriver.conversation.mouth import Mouth
from codriver.conversation.turns import Turns
from codriver.errors import EngineError
from codriver.hearing.audio import Samples
from codriver.hearing.heard import (
    Doubtful,
    ListenerEvent,
    NothingSaid,
    SpeechBegan,
    SpeechEnded,
    Suspected,
    Unsuspected,
)
from codriver.hearing.heard import Woken as WakeWordHeard
from codriver.hearing.interrupting import Act, Interjection, Interrupting
from codriver.hearing.transcription import Transcription
from codriver.hearing.wakecheck import Verdict, check
from codriver.hearing.wakephrase import names_wake_phrase
from codriver.speaking.earcons import Earcon
from codriver.trace import Trace
from codriver.turn import Transcript, Zone

_LOG = logging.getLogger(__name__)

_RIVALRY = 0.3  # seconds in which one wake word reaches the microphones of several zones
_DEAD_AFTER = 2.0  # seconds without any sound, not even silence, after which nobody is listened to any more


class _Call(Enum):
    """Why somebody is listened to: he called, he was asked, or he may have something to add."""

    CALLED = auto()
    ASKED = auto()
    ADDING = auto()


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Who is listened to, since when (seconds of the loop's clock), and how loud the wake word was."""

    ears: Ears
    call: _Call
    since: float
    loudness: float = 0.0


class Attention:
    """Decides whom it listens to. Belongs to the event loop; nothing in it waits while there is sound to take."""

    def __init__(
        self,
        ears: Sequence[Ears],
        turns: Turns,
        mouth: Mouth,
        interrupting: Interrupting,
        *,
        follow_up: float = 0.0,
        familiar: Callable[[str, str], bool] = lambda text, language: False,
    ) -> None:
        """Take the ears of each zone, the first of which are those of a button that belongs to none.

        Any answer is followed up for ``follow_up`` seconds. ``familiar`` tells whether a text in a language surely
        means something.
        """
        self._ears = {each.zone: each for each in ears}
        self._turns = turns
        self._mouth = mouth
        self._holding = Holding(interrupting, mouth)
        self._follow_up = follow_up
        self._familiar = familiar
        self._speaker: _Speaker | None = None
        self._losses = Losses(turns.apologise)
        self._untaken = 0
        self.checked = Counter[Verdict]()
        self._muted = False
        self._deaf = False
        self._last_sound = 0.0
        self._vigil: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        turns.watch(self._on_state)

    async def attend(self, sound: AsyncIterator[tuple[Zone, Samples]]) -> None:
        """Listen to 10 ms frames of the zones for as long as they come. Raises whatever ``sound`` raises."""
        try:
            async for zone, frame in sound:
                self._last_sound = _now()
                self._losses.hear(zone)
                if zone in self._ears and not self._deaf and not self._muted:
                    self._hear(self._ears[zone], frame)
        finally:
            self.lose()

    def listen_now(self, zone: Zone | None = None) -> None:
        """Listen as if the wake word had been said, to the zone or the first one. What sounds is cut off."""
        if self._muted:
            return
        ears = self._ears[zone] if zone in self._ears else next(iter(self._ears.values()))
        sounding = self._turns.state is State.SPEAKING
        self.stop()
        ears.listener.listen_now(pre_roll=0.0 if sounding else None)
        self._attend_to(_Speaker(ears, _Call.CALLED, _now()))

    def be_patient(self) -> None:
        """Follow who is listened to through all pauses, until `finish`."""
        if self._speaker:
            self._speaker.ears.listener.be_patient()

    def finish(self) -> None:
        """Take what was said up to now for all of it."""
        if self._speaker:
            ears = self._speaker.ears
            for event in ears.listener.finish():
                self._notice(event, ears)

    def use(self, ears: Sequence[Ears], interrupting: Interrupting, follow_up: float) -> None:
        """Listen with other ears from now on. What is being said is dropped."""
        listening = self._speaker is not None
        self.stop()
        if listening:
            self._turns.note(Unheard())
        self._ears = {each.zone: each for each in ears}
        self._holding.follow(interrupting)
        self._follow_up = follow_up

    def mute(self, muted: bool) -> None:
        """Take note that the microphone is closed, or open again."""
        if muted is not self._muted:
            self._mouth.chime(Earcon.MUTED if muted else Earcon.UNMUTED)
        self._muted = muted
        self.stop()
        self._turns.note(Muted(muted))

    def stop(self) -> None:
        """Drop what is being said, and wait for the wake word."""
        for ears in self._ears.values():
            ears.drop()
        self._speaker = None
        self._holding.release()

    @property
    def apologises(self) -> bool:
        """Whether somebody who was lost is about to be asked to say it again."""
        return bool(self._losses)

    def lose(self, zone: Zone | None = None) -> None:
        """Take note that no sound comes from a zone, or from any. Who was listened to there is told so by a tone.

        When he can be heard again he is asked to say it again, unless nobody knows that he wanted to say anything.
        """
        speaker = self._speaker
        if speaker and zone not in (None, speaker.ears.zone):
            return
        self.stop()
        if speaker is None:
            return
        self._mouth.chime(Earcon.FAILED)
        if speaker.call is _Call.ADDING:
            self._turns.note(Unheard())
        else:
            self._turns.note(Listened())
            self._go(self._losses.make_good(speaker.ears.zone))

    async def close(self) -> None:
        """Drop all turns that wait or are under way."""
        if self._vigil:
            self._vigil.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _hear(self, ears: Ears, frame: Samples) -> None:
        for event in ears.listener.feed(frame):
            self._notice(event, ears)
        self._holding.wait(_now())

    def _notice(self, event: ListenerEvent, ears: Ears) -> None:
        match event:
            case WakeWordHeard():
                self._wake(event, ears)
            case Suspected(faint) if self._turns.state is State.SPEAKING and not self._says_wake_word_itself(ears):
                if self._holding.suspect(ears.zone, _now(), faint=faint):
                    self._keep_vigil()
            case Unsuspected():
                self._holding.lift(ears.zone)
            case Doubtful() if self._says_wake_word_itself(ears):
                self._reject(event, ears)
            case Doubtful():
                self._go(self._find_out(event, ears))
            case SpeechBegan():
                if self._holding.begin(_now()):
                    self._keep_vigil()
            case NothingSaid():
                self._speaker = None
                self._turns.note(Unheard())
        transcription = ears.transcriber.follow(event, early=self._turns.foresee)
        if transcription is None or not isinstance(event, SpeechEnded):
            return
        if event.overheard:
            self._go(self._overhear(event, transcription, ears))
        else:
            self._end(event, transcription, ears)

    async def _find_out(self, doubt: Doubtful, ears: Ears) -> None:
        """Listen to who may have said the wake word if he did. Until then nobody notices anything."""
        verdict = await check(doubt, ears.transcriber)
        self.checked[verdict] += 1
        if verdict is not Verdict.SAID:
            self._reject(doubt, ears)
            return
        for event in ears.listener.confirm(doubt):
            self._notice(event, ears)
            if self._speaker is None or self._speaker.ears is not ears:
                return  # somebody else is listened to

    def _reject(self, doubt: Doubtful, ears: Ears) -> None:
        ears.listener.reject(doubt)
        self._holding.dismiss(ears.zone)

    def _wake(self, wake: WakeWordHeard, ears: Ears) -> None:
        """Listen to who said the wake word. Of several microphones that heard it, the loudest one has it."""
        speaker, now = self._speaker, _now() - (ears.listener.now - wake.at)
        new = _Speaker(ears, _Call.CALLED, now, wake.loudness)
        if self._says_wake_word_itself(ears):
            ears.drop()
        elif speaker is None or speaker.call is not _Call.CALLED:
            if speaker:
                speaker.ears.drop()
            self._attend_to(new)
        elif abs(now - speaker.since) <= _RIVALRY and new.loudness > speaker.loudness:
            speaker.ears.drop()
            self._speaker = replace(new, since=speaker.since)
            self._turns.note(Woken(ears.zone))
        else:
            ears.drop()

    def _says_wake_word_itself(self, ears: Ears) -> bool:
        current = self._turns.current if self._turns.state is State.SPEAKING else None
        return current is not None and names_wake_phrase(current.answer.text, ears.listener.wake_phrases)

    def _attend_to(self, speaker: _Speaker) -> None:
        """Be silent, and follow what the speaker's ears follow from now on."""
        self._holding.silence()
        self._losses.give_way()
        self._speaker = speaker
        self._turns.note(Woken(speaker.ears.zone))
        self._mouth.chime(Earcon.WOKEN if speaker.call is _Call.CALLED else Earcon.QUESTION)
        self._keep_vigil()

    def _end(self, speech: SpeechEnded, transcription: Transcription, ears: Ears) -> None:
        """Have an utterance that is over taken as a turn."""
        uninvited = self._speaker is not None and self._speaker.call is _Call.ADDING
        self._speaker = None
        self._turns.note(Listened())
        self._mouth.chime(Earcon.ENDED)
        self._untaken += 1
        self._go(self._take_turn(speech, transcription, ears, uninvited))

    async def _take_turn(self, speech: SpeechEnded, transcription: Transcription, ears: Ears, uninvited: bool) -> None:
        try:
            trace = await self._turns.hear(speech, transcription, ears.zone, uninvited=uninvited)
        finally:
            self._untaken -= 1
        alone = self._speaker is None and not self._untaken and self._turns.state is State.IDLE
        if alone and "spoken" in trace.stamps and (trace.answer.expects_reply or self._follow_up):
            self._invite(trace, ears)
        else:
            ears.listener.overhear_no_more()

    def _invite(self, trace: Trace, ears: Ears) -> None:
        """Listen to what is said to the answer, from when it has sounded, without the wake word."""
        asks = trace.answer.expects_reply
        if not ears.listener.adopt():
            endpoint = ears.follow_up if asks else replace(ears.follow_up, timeout=self._follow_up)
            ears.listener.listen_now(endpoint, pre_roll=0.0)
        self._attend_to(_Speaker(ears, _Call.ASKED if asks else _Call.ADDING, _now()))

    async def _overhear(self, speech: SpeechEnded, transcription: Transcription, ears: Ears) -> None:
        """Find out whether what was said into an answer interrupts it."""
        current = self._turns.current
        try:
            heard = await transcription.result()
        except EngineError as error:
            _LOG.warning("Engine failed in an interruption", extra={"reason": str(error)})
            heard = Transcript("", "")
        if current is None or current is not self._turns.current or self._turns.state is not State.SPEAKING:
            return
        familiar = self._familiar(heard.text, heard.language)
        said = Interjection(heard.text, heard.confidence, speech.spoken_s, familiar, current.answer.text)
        match self._holding.decide(said):
            case Act.LISTEN:
                ears.listener.listen_now(ears.follow_up, pre_roll=0.0)
                self._attend_to(_Speaker(ears, _Call.CALLED, _now()))
            case Act.TURN:
                self._holding.silence()
                self._turns.note(Woken(ears.zone))
                self._end(speech, transcription, ears)

    def _on_state(self, state: State) -> None:
        """Listen in on what is said into an answer, for as long as it sounds."""
        self._deaf = state is State.SPEAKING and self._holding.deaf
        if state is State.SPEAKING:
            self._listen_in()
        elif state is not State.IDLE:  # what was said into the end of an answer may be taken for a reply to it
            self._holding.drop()
            for ears in self._ears.values():
                ears.listener.overhear_no_more()

    def _listen_in(self) -> None:
        current = self._turns.current
        ears = self._ears.get(current.zone) if current else None
        if self._deaf and self._speaker is None:
            for each in self._ears.values():
                each.drop()
        elif ears and self._holding.attentive and not self._muted and not ears.listener.listening:
            self._holding.drop()
            ears.listener.overhear(ears.interruption)

    def _keep_vigil(self) -> None:
        """See to it that nobody is listened to for ever when sound stops coming."""
        if self._vigil:
            self._vigil.cancel()
        self._last_sound = max(self._last_sound, _now() - _DEAD_AFTER / 2)
        self._vigil = asyncio.get_running_loop().call_later(_DEAD_AFTER, self._look)

    def _look(self) -> None:
        self._vigil = None
        if self._speaker is None and not self._holding.holds:
            return
        if _now() - self._last_sound >= _DEAD_AFTER:
            self.lose()
        else:
            self._keep_vigil()

    def _go(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(self._to_its_end(work), name="attention")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _to_its_end(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception:  # noqa: BLE001 - a turn that fails must not be the last
            _LOG.exception("A turn failed")
            self._turns.forget()


def _now() -> float:
    return asyncio.get_running_loop().time()

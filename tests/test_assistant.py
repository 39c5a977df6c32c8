"""The conversation as a table: a state, an event, what follows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from codriver.assistant import (
    Assistant,
    Broken,
    Cancelled,
    Command,
    Event,
    Heard,
    Listen,
    Muted,
    Perform,
    Performed,
    Rest,
    Say,
    Spoken,
    State,
    Understand,
    Understood,
    Woken,
)
from codriver.turn import Answer, IntentCall, Outcome, Source, Status, Transcript, Understanding, Zone

BOOT = IntentCall("open_boot")
MUSIC = IntentCall("play_music")
SENTENCE = Transcript("open the boot", "en")
SILENCE = Transcript("  ", "en")
HEARD = Heard(SENTENCE, "driver")
WISH = Understood(Understanding((BOOT,), Source.TEMPLATE))
OTHER_WISH = Understood(Understanding((MUSIC,), Source.TEMPLATE))
YES = Understood(Understanding(consent=True))
NO = Understood(Understanding(consent=False))
NOTHING = Understood(Understanding())
QUESTION = Understood(Understanding(question="Which one?"))
DONE = Performed((Outcome(BOOT, Status.DONE),))
ASKED = Performed((Outcome(BOOT, Status.CONFIRM, "confirm"),))


class Keys:
    """A wordsmith whose answers name what they are about."""

    def compose(self, outcomes: Sequence[Outcome], language: str, number: int = 0) -> Answer:
        asks = any(outcome.status is Status.CONFIRM for outcome in outcomes)
        return Answer(" ".join(f"{o.call.intent}:{o.status}" for o in outcomes), language, expects_reply=asks)

    def say(self, key: str, language: str, number: int = 0, *, asks: bool = False) -> Answer:
        return Answer(key, language, expects_reply=asks)


class Conversation:
    """An assistant with a clock that stands still unless a test moves it."""

    def __init__(self) -> None:
        self.assistant = Assistant(Keys(), confirm_within=15.0)
        self.now = 1000.0

    @property
    def state(self) -> State:
        return self.assistant.state

    def take(self, *events: Event) -> tuple[Command, ...]:
        """Handle events one after the other and give what followed from the last of them."""
        commands: tuple[Command, ...] = ()
        for event in events:
            commands = self.assistant.handle(event, self.now)
        return commands


WAYS: dict[State, tuple[Event, ...]] = {
    State.IDLE: (),
    State.LISTENING: (Woken("driver"),),
    State.THINKING: (HEARD,),
    State.ACTING: (HEARD, WISH),
    State.SPEAKING: (HEARD, WISH, DONE),
    State.MUTED: (Muted(True),),
}
"""The shortest way to each state."""


@pytest.fixture
def talk() -> Conversation:
    return Conversation()


def said(key: str, language: str = "en", *, asks: bool = False) -> tuple[Command, ...]:
    return (Say(Answer(key, language, expects_reply=asks)),)


PERFORM = (Perform((BOOT,), "driver"),)


@pytest.mark.parametrize(
    ("state", "event", "commands", "then"),
    [
        (State.IDLE, Woken("rear_left"), (Listen("rear_left"),), State.LISTENING),
        (State.IDLE, HEARD, (Understand(SENTENCE),), State.THINKING),
        (State.IDLE, Heard(SILENCE, "driver"), said("nothing_heard"), State.SPEAKING),
        (State.IDLE, WISH, (), State.IDLE),
        (State.IDLE, DONE, (), State.IDLE),
        (State.IDLE, Spoken(), (), State.IDLE),
        (State.IDLE, Broken(), (), State.IDLE),
        (State.IDLE, Cancelled(), (Rest(),), State.IDLE),
        (State.IDLE, Muted(True), (Rest(),), State.MUTED),
        (State.LISTENING, HEARD, (Understand(SENTENCE),), State.THINKING),
        (State.LISTENING, Heard(SILENCE, "driver"), said("nothing_heard"), State.SPEAKING),
        (State.LISTENING, Woken("passenger"), (Listen("passenger"),), State.LISTENING),
        (State.LISTENING, WISH, (), State.LISTENING),
        (State.LISTENING, DONE, (), State.LISTENING),
        (State.LISTENING, Spoken(), (), State.LISTENING),
        (State.LISTENING, Broken(), said("engine_failed", ""), State.SPEAKING),
        (State.LISTENING, Cancelled(), (Rest(),), State.IDLE),
        (State.LISTENING, Muted(True), (Rest(),), State.MUTED),
        (State.THINKING, WISH, PERFORM, State.ACTING),
        (State.THINKING, NOTHING, said("not_understood"), State.SPEAKING),
        (State.THINKING, QUESTION, said("Which one?", asks=True), State.SPEAKING),
        (State.THINKING, YES, said("not_understood"), State.SPEAKING),
        (State.THINKING, NO, said("cancelled"), State.SPEAKING),
        (State.THINKING, DONE, (), State.THINKING),
        (State.THINKING, Spoken(), (), State.THINKING),
        (State.THINKING, Broken(), said("engine_failed"), State.SPEAKING),
        (State.THINKING, Cancelled(), (Rest(),), State.IDLE),
        (State.THINKING, Woken("driver"), (), State.THINKING),
        (State.THINKING, Muted(True), (Rest(),), State.MUTED),
        (State.ACTING, DONE, said("open_boot:done"), State.SPEAKING),
        (State.ACTING, ASKED, said("open_boot:confirm", asks=True), State.SPEAKING),
        (State.ACTING, WISH, (), State.ACTING),
        (State.ACTING, Spoken(), (), State.ACTING),
        (State.ACTING, Broken(), said("engine_failed"), State.SPEAKING),
        (State.ACTING, Cancelled(), (Rest(),), State.IDLE),
        (State.ACTING, Woken("driver"), (), State.ACTING),
        (State.SPEAKING, Spoken(), (Rest(),), State.IDLE),
        (State.SPEAKING, Woken("driver"), (Listen("driver"),), State.LISTENING),
        (State.SPEAKING, HEARD, (Understand(SENTENCE),), State.THINKING),
        (State.SPEAKING, WISH, (), State.SPEAKING),
        (State.SPEAKING, DONE, (), State.SPEAKING),
        (State.SPEAKING, Broken(), (), State.SPEAKING),
        (State.SPEAKING, Cancelled(), (Rest(),), State.IDLE),
        (State.SPEAKING, Muted(True), (Rest(),), State.MUTED),
        (State.MUTED, Woken("driver"), (), State.MUTED),
        (State.MUTED, WISH, (), State.MUTED),
        (State.MUTED, DONE, (), State.MUTED),
        (State.MUTED, Spoken(), (), State.MUTED),
        (State.MUTED, Broken(), (), State.MUTED),
        (State.MUTED, Cancelled(), (Rest(),), State.MUTED),
        (State.MUTED, Muted(True), (Rest(),), State.MUTED),
        (State.MUTED, Muted(False), (Rest(),), State.IDLE),
    ],
)
def test_what_follows(
    talk: Conversation, state: State, event: Event, commands: tuple[Command, ...], then: State
) -> None:
    talk.take(*WAYS[state])
    assert talk.state is state
    assert talk.take(event) == commands
    assert talk.state is then


@pytest.mark.parametrize("state", [State.THINKING, State.ACTING])
def test_a_result_of_a_dropped_turn_is_let_go(talk: Conversation, state: State) -> None:
    talk.take(*WAYS[state], Cancelled())
    late: Event = WISH if state is State.THINKING else DONE
    assert talk.take(late) == ()
    assert talk.state is State.IDLE


def test_the_answer_speaks_the_language_and_the_calls_come_from_the_zone_of_the_sentence(talk: Conversation) -> None:
    heard = Heard(Transcript("打开后备箱", "zh"), "rear_left")
    assert talk.take(Woken("driver"), heard, WISH) == (Perform((BOOT,), "rear_left"),)
    assert talk.take(DONE) == said("open_boot:done", "zh")


def test_typed_while_muted_stays_muted(talk: Conversation) -> None:
    talk.take(Muted(True), HEARD, WISH, DONE, Spoken())
    assert talk.state is State.MUTED


# Questions for confirmation

AGAIN: tuple[Event, ...] = (Spoken(), Woken("driver"), HEARD)


def from_zone(zone: Zone) -> tuple[Event, ...]:
    return (Spoken(), Woken(zone), Heard(Transcript("yes", "en"), zone))


@pytest.fixture
def asked(talk: Conversation) -> Conversation:
    """A conversation in which the boot shall be opened and the question was asked."""
    talk.take(HEARD, WISH, ASKED)
    return talk


def test_a_clear_yes_does_it_and_is_confirmed(asked: Conversation) -> None:
    assert asked.take(*AGAIN, YES) == (Perform((BOOT,), "driver", confirmed=True),)
    assert asked.take(DONE) == said("open_boot:done")


@pytest.mark.parametrize(("later", "counts"), [(0.0, True), (15.0, True), (15.1, False), (3600.0, False)])
def test_a_yes_counts_in_time_only(asked: Conversation, later: float, counts: bool) -> None:
    asked.take(*AGAIN)
    asked.now += later
    expected = (Perform((BOOT,), "driver", confirmed=True),) if counts else said("not_understood")
    assert asked.take(YES) == expected


@pytest.mark.parametrize("zone", ["passenger", "rear_left", "all"])
def test_nobody_else_can_say_yes(asked: Conversation, zone: Zone) -> None:
    assert asked.take(*from_zone(zone), YES) == said("not_understood")
    assert asked.take(Spoken(), HEARD, YES) == said("not_understood")


@pytest.mark.parametrize(
    ("reply", "commands"),
    [
        (NO, said("cancelled")),
        (NOTHING, said("not_understood")),
        (QUESTION, said("Which one?", asks=True)),
        (OTHER_WISH, (Perform((MUSIC,), "driver"),)),
        (WISH, PERFORM),
        pytest.param(
            Understood(Understanding((MUSIC,), Source.TEMPLATE, consent=False)),
            said("cancelled"),
        ),
    ],
)
def test_anything_else_is_no_yes_and_ends_the_question(
    asked: Conversation, reply: Event, commands: tuple[Command, ...]
) -> None:
    assert asked.take(*AGAIN, reply) == commands
    asked.take(Cancelled())
    assert asked.take(HEARD, YES) == said("not_understood")


def test_a_question_is_answered_once(asked: Conversation) -> None:
    asked.take(*AGAIN, YES, DONE, Spoken())
    assert asked.take(HEARD, YES) == said("not_understood")


@pytest.mark.parametrize("event", [Cancelled(), Muted(True)])
def test_what_ends_the_turn_ends_the_question(asked: Conversation, event: Event) -> None:
    asked.take(event, Muted(False))
    assert asked.take(HEARD, YES) == said("not_understood")


def test_a_yes_while_the_question_still_sounds_counts(asked: Conversation) -> None:
    assert asked.state is State.SPEAKING
    assert asked.take(Woken("driver"), HEARD, YES) == (Perform((BOOT,), "driver", confirmed=True),)


def test_only_what_was_asked_about_is_done_after_the_yes(talk: Conversation) -> None:
    outcomes = (Outcome(MUSIC, Status.DONE), Outcome(BOOT, Status.CONFIRM, "confirm"))
    talk.take(HEARD, Understood(Understanding((MUSIC, BOOT), Source.MODEL)), Performed(outcomes))
    assert talk.take(*AGAIN, YES) == (Perform((BOOT,), "driver", confirmed=True),)


def test_silence_after_the_question_leaves_it_standing(asked: Conversation) -> None:
    asked.take(Spoken(), Woken("driver"), Heard(SILENCE, "driver"))
    assert asked.take(*AGAIN, YES) == (Perform((BOOT,), "driver", confirmed=True),)


def test_a_yes_with_a_wish_of_its_own_confirms_what_was_asked(asked: Conversation) -> None:
    reply = Understood(Understanding((MUSIC,), Source.TEMPLATE, consent=True))
    assert asked.take(*AGAIN, reply) == (Perform((BOOT,), "driver", confirmed=True),)


def test_variants_of_answers_take_turns_with_the_turns() -> None:
    numbers: list[int] = []

    class Counting(Keys):
        def say(self, key: str, language: str, number: int = 0, *, asks: bool = False) -> Answer:
            numbers.append(number)
            return super().say(key, language, number, asks=asks)

    assistant = Assistant(Counting())
    for _ in range(3):
        for event in (HEARD, NOTHING, Spoken()):
            assistant.handle(event, 0.0)
    assert numbers == [1, 2, 3]

"""The conversation as a table: a state, an event, what follows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from codriver.conversation.assistant import Assistant
from codriver.conversation.happenings import (
    Announced,
    Broken,
    Cancelled,
    Command,
    Event,
    Heard,
    Listen,
    Listened,
    Misheard,
    Muted,
    Perform,
    Performed,
    Rest,
    Say,
    Spoken,
    State,
    Understand,
    Understood,
    Undo,
    Unheard,
    Withhold,
    Woken,
)
from codriver.turn import (
    Answer,
    Change,
    Context,
    IntentCall,
    Outcome,
    Source,
    Status,
    Transcript,
    Understanding,
    Wish,
    Zone,
)

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
SUPPOSED = Understood(Understanding(supposed=(MUSIC,), wording="play the music"))
QUESTION = Understood(Understanding(question="Which one?"))
DONE = Performed((Outcome(BOOT, Status.DONE),))
ASKED = Performed((Outcome(BOOT, Status.CONFIRM, "confirm"),))


class Keys:
    """A wordsmith whose answers name what they are about."""

    def compose(self, outcomes: Sequence[Outcome], language: str, number: int = 0, *, partly: bool = False) -> Answer:
        asks = any(outcome.status is Status.CONFIRM for outcome in outcomes)
        said = [f"{outcome.call.intent}:{outcome.status}" for outcome in outcomes]
        return Answer(" ".join([*said, "and more"] if partly else said), language, expects_reply=asks)

    def say(self, key: str, language: str, number: int = 0, *, asks: bool = False) -> Answer:
        return Answer(key, language, expects_reply=asks)

    def suppose(self, wording: str, language: str, number: int = 0) -> Answer:
        return Answer(f"supposed {wording}", language, expects_reply=True)


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
        (State.IDLE, HEARD, (Understand(SENTENCE, Context(zone="driver")),), State.THINKING),
        (State.IDLE, Heard(SILENCE, "driver"), said("nothing_heard"), State.SPEAKING),
        (State.IDLE, WISH, (), State.IDLE),
        (State.IDLE, DONE, (), State.IDLE),
        (State.IDLE, Spoken(), (), State.IDLE),
        (State.IDLE, Broken(), (), State.IDLE),
        (State.IDLE, Cancelled(), (Rest(),), State.IDLE),
        (State.IDLE, Muted(True), (Rest(),), State.MUTED),
        (State.IDLE, Listened(), (), State.IDLE),
        (State.IDLE, Announced(), (), State.SPEAKING),
        (State.IDLE, Misheard("driver"), said("engine_failed", ""), State.SPEAKING),
        (State.IDLE, Misheard("driver", deaf=True), said("microphone_lost", ""), State.SPEAKING),
        (State.LISTENING, Listened(), (), State.THINKING),
        (State.LISTENING, Unheard(), (Rest(),), State.IDLE),
        (State.LISTENING, Announced(), (), State.LISTENING),
        (State.LISTENING, HEARD, (Understand(SENTENCE, Context(zone="driver")),), State.THINKING),
        (State.LISTENING, Heard(SILENCE, "driver"), said("nothing_heard"), State.SPEAKING),
        (State.LISTENING, Woken("passenger"), (Listen("passenger"),), State.LISTENING),
        (State.LISTENING, WISH, (), State.LISTENING),
        (State.LISTENING, DONE, (), State.LISTENING),
        (State.LISTENING, Spoken(), (), State.LISTENING),
        (State.LISTENING, Broken(), said("engine_failed", ""), State.SPEAKING),
        (State.LISTENING, Cancelled(), (Rest(),), State.IDLE),
        (State.LISTENING, Muted(True), (Rest(),), State.MUTED),
        (State.THINKING, WISH, PERFORM, State.ACTING),
        (State.THINKING, Unheard(), (), State.THINKING),
        (State.THINKING, Misheard("driver"), said("engine_failed"), State.SPEAKING),
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
        (State.SPEAKING, HEARD, (Understand(SENTENCE, Context((DONE.outcomes,), zone="driver")),), State.THINKING),
        (State.SPEAKING, WISH, (), State.SPEAKING),
        (State.SPEAKING, DONE, (), State.SPEAKING),
        (State.SPEAKING, Broken(), (), State.SPEAKING),
        (State.SPEAKING, Cancelled(), (Rest(),), State.IDLE),
        (State.SPEAKING, Muted(True), (Rest(),), State.MUTED),
        (State.MUTED, Woken("driver"), (), State.MUTED),
        (State.MUTED, Announced(), (), State.SPEAKING),
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


def test_announced_while_muted_stays_muted(talk: Conversation) -> None:
    talk.take(Muted(True), Announced())
    assert talk.take(Woken("driver")) == ()
    talk.take(Spoken())
    assert talk.state is State.MUTED


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


# What was done before

WARM = Outcome(IntentCall("set_temperature", {"temperature": 24}), Status.DONE, changes=(Change("t", 21, 24),))
OPEN = Outcome(IntentCall("open_window"), Status.MOVING, changes=(Change("w", 0, 100),))
IDLE = Outcome(IntentCall("close_boot"), Status.ALREADY)
FAILED = Outcome(IntentCall("close_roof"), Status.FAILED, "failed")
LACKING = Outcome(IntentCall("set_temperature"), Status.MISSING, "missing", {"parameter": "temperature"})
UNDO = Understood(Understanding(wish=Wish.UNDO_TURN, source=Source.TEMPLATE))
UNDO_LAST = Understood(Understanding(wish=Wish.UNDO_LAST, source=Source.TEMPLATE))
TELL = Understood(Understanding(wish=Wish.TELL, source=Source.TEMPLATE))


def turn(*outcomes: Outcome) -> tuple[Event, ...]:
    return (HEARD, WISH, Performed(outcomes), Spoken())


def undone(*outcomes: Outcome) -> Event:
    return Performed(tuple(Outcome(outcome.call, Status.UNDONE) for outcome in outcomes))


def context(talk: Conversation) -> Context:
    [command] = talk.take(HEARD)
    assert isinstance(command, Understand)
    return command.context


def test_a_sentence_may_refer_to_the_turns_before_the_latest_first(talk: Conversation) -> None:
    talk.take(*turn(WARM, IDLE), *turn(OPEN))
    assert context(talk) == Context(turns=((OPEN,), (WARM, IDLE)), zone="driver")


@pytest.mark.parametrize(("later", "turns"), [(0.0, ((WARM,),)), (90.0, ((WARM,),)), (90.1, ()), (86400.0, ())])
def test_what_was_done_is_forgotten_after_a_time(
    talk: Conversation, later: float, turns: tuple[tuple[Outcome, ...], ...]
) -> None:
    talk.take(*turn(WARM))
    talk.now += later
    assert context(talk).turns == turns


@pytest.mark.parametrize("wish", [UNDO, UNDO_LAST, TELL])
def test_what_is_forgotten_is_neither_undone_nor_told(talk: Conversation, wish: Event) -> None:
    talk.take(*turn(WARM))
    talk.now += 91.0
    assert talk.take(HEARD, wish) == said("nothing_done")


def test_each_turn_has_a_time_of_its_own(talk: Conversation) -> None:
    talk.take(*turn(WARM))
    talk.now += 60.0
    talk.take(*turn(OPEN))
    talk.now += 60.0
    assert context(talk).turns == ((OPEN,),)


def test_only_so_many_turns_are_remembered(talk: Conversation) -> None:
    for _ in range(1000):
        talk.take(*turn(WARM))
    assert len(context(talk).turns) == 5


@pytest.mark.parametrize("outcome", [FAILED, LACKING, Outcome(BOOT, Status.CONFIRM), Outcome(BOOT, Status.REFUSED)])
def test_what_came_to_nothing_is_not_referred_to(talk: Conversation, outcome: Outcome) -> None:
    talk.take(*turn(WARM), *turn(outcome))
    assert context(talk).turns == ((WARM,),)


@pytest.mark.parametrize("outcome", [FAILED, Outcome(BOOT, Status.REFUSED)])
def test_what_was_asked_for_in_vain_may_be_put_in_other_words(talk: Conversation, outcome: Outcome) -> None:
    talk.take(*turn(WARM), *turn(outcome))
    assert context(talk).before == (outcome.call,)
    talk.now += 90.1
    assert context(talk).before == ()
    talk.take(*turn(outcome), *turn(WARM))
    assert context(talk).before == (WARM.call,)


def test_what_was_refused_beside_a_question_was_not_all_that_was_asked_for(talk: Conversation) -> None:
    talk.take(*turn(Outcome(BOOT, Status.REFUSED), Outcome(MUSIC, Status.CONFIRM)))
    talk.now += 20.0
    assert context(talk).before == ()


def test_what_was_asked_for_in_vain_is_over_when_something_else_was_said(talk: Conversation) -> None:
    talk.take(*turn(Outcome(BOOT, Status.REFUSED)), HEARD, NOTHING, Spoken())
    assert context(talk).before == ()


def test_what_was_taken_back_was_not_asked_for_in_vain(talk: Conversation) -> None:
    talk.take(*turn(WARM), HEARD, UNDO, undone(WARM), Spoken())
    assert context(talk).before == ()


def test_what_was_changed_before_it_failed_can_be_undone(talk: Conversation) -> None:
    """The shade opened, the roof did not."""
    half = Outcome(IntentCall("open_sunroof"), Status.FAILED, "failed", changes=(Change("shade", 0, 100),))
    talk.take(*turn(half))
    assert talk.take(HEARD, UNDO) == (Undo((half,), "driver"),)


@pytest.mark.parametrize("event", [Cancelled()])
def test_a_cancelled_conversation_is_about_nothing(talk: Conversation, event: Event) -> None:
    talk.take(*turn(WARM), event)
    assert context(talk) == Context(zone="driver")


def test_undo_sets_back_all_that_the_last_turn_changed(talk: Conversation) -> None:
    talk.take(*turn(OPEN), *turn(WARM, IDLE, OPEN))
    assert talk.take(HEARD, UNDO) == (Undo((WARM, OPEN), "driver"),)
    assert talk.state is State.ACTING


def test_undo_twice_sets_back_the_turn_before(talk: Conversation) -> None:
    talk.take(*turn(OPEN), *turn(WARM), HEARD, UNDO, undone(WARM), Spoken())
    assert talk.take(HEARD, UNDO) == (Undo((OPEN,), "driver"),)
    assert talk.take(undone(OPEN), Spoken(), HEARD, UNDO) == said("nothing_done")


def test_undo_of_the_last_thing_leaves_the_rest_of_its_turn(talk: Conversation) -> None:
    talk.take(*turn(WARM, OPEN))
    assert talk.take(HEARD, UNDO_LAST) == (Undo((OPEN,), "driver"),)
    talk.take(undone(OPEN), Spoken())
    assert talk.take(HEARD, UNDO) == (Undo((WARM,), "driver"),)


def test_a_turn_that_changed_nothing_has_nothing_to_undo(talk: Conversation) -> None:
    talk.take(*turn(WARM), *turn(IDLE))
    assert talk.take(HEARD, UNDO) == said("nothing_to_undo")


def test_what_is_undone_is_undone_for_who_asks(talk: Conversation) -> None:
    talk.take(*turn(WARM))
    assert talk.take(Heard(SENTENCE, "rear_left"), UNDO) == (Undo((WARM,), "rear_left"),)


def test_an_undo_that_needs_a_yes_waits_for_it(talk: Conversation) -> None:
    closed = Outcome(IntentCall("close_boot"), Status.DONE, changes=(Change("boot", True, False),))
    talk.take(*turn(closed), HEARD, UNDO, ASKED, Spoken())
    assert talk.take(HEARD, YES) == (Perform((BOOT,), "driver", confirmed=True),)


def test_it_tells_what_it_did_last(talk: Conversation) -> None:
    talk.take(*turn(OPEN), *turn(WARM, IDLE))
    assert talk.take(HEARD, TELL) == said("set_temperature:done close_boot:already")
    assert talk.take(Spoken(), HEARD, UNDO) == (Undo((WARM,), "driver"),)


@pytest.mark.parametrize("wish", [UNDO, UNDO_LAST, TELL])
def test_at_first_there_is_nothing_to_undo_or_to_tell(talk: Conversation, wish: Event) -> None:
    assert talk.take(HEARD, wish) == said("nothing_done")


@pytest.mark.parametrize("wish", [UNDO, TELL])
def test_a_wish_about_the_conversation_ends_the_question(talk: Conversation, wish: Event) -> None:
    talk.take(*turn(WARM), HEARD, WISH, ASKED, Spoken(), HEARD, wish, undone(WARM), Spoken())
    assert talk.take(HEARD, YES) == said("not_understood")


# A correction

CORRECTED = Understood(Understanding((MUSIC,), Source.TEMPLATE, corrects=True))


def test_a_correction_first_sets_back_the_last_turn(talk: Conversation) -> None:
    talk.take(*turn(OPEN), *turn(WARM))
    assert talk.take(HEARD, CORRECTED) == (Perform((MUSIC,), "driver", instead_of=(WARM,)),)
    talk.take(DONE, Spoken())
    assert context(talk).turns == ((Outcome(BOOT, Status.DONE),), (OPEN,))


def test_a_correction_of_nothing_is_a_wish(talk: Conversation) -> None:
    assert talk.take(HEARD, CORRECTED) == (Perform((MUSIC,), "driver"),)


def test_a_correction_that_comes_too_late_sets_nothing_back(talk: Conversation) -> None:
    talk.take(*turn(WARM))
    talk.now += 91.0
    assert talk.take(HEARD, CORRECTED) == (Perform((MUSIC,), "driver"),)


def test_a_correction_that_was_dropped_is_not_held_against_the_next_turn(talk: Conversation) -> None:
    talk.take(*turn(OPEN), *turn(WARM), HEARD, CORRECTED, Broken(), Spoken())
    talk.take(*turn(IDLE))
    assert context(talk).turns == ((IDLE,), (WARM,), (OPEN,))


# Something that is missing


@pytest.fixture
def lacking(talk: Conversation) -> Conversation:
    """A conversation in which it was asked what to set the temperature to."""
    talk.take(*turn(LACKING))
    return talk


def test_the_next_sentence_may_say_what_was_missing(lacking: Conversation) -> None:
    assert context(lacking).missing == (LACKING.call, "temperature")


def test_a_yes_does_not_say_it(lacking: Conversation) -> None:
    assert lacking.take(HEARD, YES) == said("not_understood")


@pytest.mark.parametrize(("later", "stands"), [(15.0, True), (15.1, False)])
def test_what_was_missing_is_waited_for_a_time(lacking: Conversation, later: float, stands: bool) -> None:
    lacking.now += later
    assert (context(lacking).missing is not None) is stands


@pytest.mark.parametrize("zone", ["passenger", "rear_left", "all"])
def test_nobody_else_says_what_was_missing(lacking: Conversation, zone: Zone) -> None:
    assert lacking.take(Heard(SENTENCE, zone)) == (Understand(SENTENCE, Context(zone=zone)),)


def test_a_wish_in_between_ends_that_question(lacking: Conversation) -> None:
    lacking.take(HEARD, OTHER_WISH, Performed((Outcome(MUSIC, Status.DONE),)), Spoken())
    assert context(lacking).missing is None


def test_of_two_questions_the_one_for_a_yes_stands(talk: Conversation) -> None:
    talk.take(*turn(LACKING, Outcome(BOOT, Status.CONFIRM)))
    assert context(talk).missing is None
    assert talk.take(YES) == (Perform((BOOT,), "driver", confirmed=True),)


# Somebody speaks before the answer does


def withheld(key: str, *, asks: bool = False) -> tuple[Command, ...]:
    return (Withhold(Answer(key, "en", expects_reply=asks)),)


@pytest.mark.parametrize("state", [State.THINKING, State.ACTING])
@pytest.mark.parametrize(("then", "after"), [((), State.LISTENING), ((Listened(),), State.THINKING)])
def test_an_answer_is_not_spoken_into_the_next_wish(
    talk: Conversation, state: State, then: tuple[Event, ...], after: State
) -> None:
    talk.take(*WAYS[state], Woken("driver"), *then)
    rest = (WISH, DONE) if state is State.THINKING else (DONE,)
    assert talk.take(*rest) == withheld("open_boot:done")
    assert talk.state is after
    assert talk.take(HEARD, OTHER_WISH) == (Perform((MUSIC,), "driver"),)


def test_who_calls_and_says_nothing_still_hears_the_answer(talk: Conversation) -> None:
    talk.take(HEARD, Woken("driver"), Unheard(), WISH)
    assert talk.take(DONE) == said("open_boot:done")


def test_a_question_that_nobody_heard_is_not_answered(talk: Conversation) -> None:
    talk.take(HEARD, WISH, Woken("driver"))
    assert talk.take(ASKED) == withheld("open_boot:confirm", asks=True)
    assert talk.take(Listened(), HEARD, YES) == said("not_understood")


@pytest.mark.parametrize("event", [Cancelled(), Muted(True)])
def test_what_drops_the_turn_drops_who_called_into_it(talk: Conversation, event: Event) -> None:
    talk.take(HEARD, Woken("driver"), event)
    assert talk.state is (State.MUTED if isinstance(event, Muted) else State.IDLE)
    talk.take(Muted(False), HEARD, WISH)
    assert talk.take(DONE) == said("open_boot:done")


def test_the_zone_of_a_turn_is_not_that_of_who_calls_into_it(talk: Conversation) -> None:
    talk.take(HEARD, Woken("rear_left"))
    assert talk.take(WISH) == PERFORM


# What comes after an answer


@pytest.mark.parametrize("end", [Spoken(), Woken("driver")])
def test_a_question_stands_from_when_it_has_sounded_or_was_cut_off(asked: Conversation, end: Event) -> None:
    asked.now += 20.0
    asked.take(end)
    asked.now += 14.0
    assert asked.take(HEARD, YES) == (Perform((BOOT,), "driver", confirmed=True),)


def test_another_answer_does_not_prolong_a_question(asked: Conversation) -> None:
    asked.take(Spoken())
    asked.now += 14.0
    asked.take(Announced(), Spoken())
    asked.now += 2.0
    assert asked.take(HEARD, YES) == said("not_understood")


@pytest.mark.parametrize("meant", [NOTHING, YES])
def test_what_may_have_been_meant_for_others_is_not_answered(talk: Conversation, meant: Event) -> None:
    assert talk.take(Heard(SENTENCE, "driver", uninvited=True), meant) == (Rest(),)
    assert talk.state is State.IDLE
    assert talk.take(Heard(SILENCE, "driver", uninvited=True)) == (Rest(),)


def test_what_means_something_is_done_however_it_came(talk: Conversation) -> None:
    assert talk.take(Heard(SENTENCE, "driver", uninvited=True), WISH) == PERFORM
    assert talk.take(DONE) == said("open_boot:done")


def test_what_is_announced_can_be_cut_off(talk: Conversation) -> None:
    talk.take(Announced())
    assert talk.take(Woken("driver")) == (Listen("driver"),)
    assert talk.take(Spoken()) == ()
    assert talk.take(HEARD, WISH) == PERFORM


def test_what_is_only_supposed_is_asked_about_and_done_after_a_yes(talk: Conversation) -> None:
    assert talk.take(HEARD, SUPPOSED) == said("supposed play the music", asks=True)
    (asked,) = talk.take(Spoken(), HEARD)
    assert isinstance(asked, Understand)
    assert asked.context.asked == (MUSIC,)
    assert talk.take(YES) == (Perform((MUSIC,), "driver", confirmed=True),)


@pytest.mark.parametrize("reply", [NO, NOTHING])
def test_what_is_only_supposed_is_not_done_without_a_yes(talk: Conversation, reply: Event) -> None:
    commands = talk.take(HEARD, SUPPOSED, Spoken(), HEARD, reply)
    assert not any(isinstance(command, Perform) for command in commands)
    assert talk.take(Spoken(), HEARD, YES) == said("not_understood")


def test_a_yes_from_another_seat_or_too_late_is_none_to_what_is_supposed(talk: Conversation) -> None:
    talk.take(HEARD, SUPPOSED, Spoken())
    assert talk.take(Heard(SENTENCE, "rear_left"), YES) == said("not_understood")
    talk.take(Spoken(), HEARD, SUPPOSED, Spoken())
    talk.now += 15.1
    assert talk.take(HEARD, YES) == said("not_understood")


def test_nobody_is_asked_what_was_meant_by_what_was_not_said_to_the_car(talk: Conversation) -> None:
    assert talk.take(Heard(SENTENCE, "driver", uninvited=True), SUPPOSED) == (Rest(),)


EVERYWHERE = IntentCall("make_warmer", {"zone": "all"})
TWO_SEATS = Outcome(EVERYWHERE, Status.DONE, changes=(Change("driver", 21.0, 23.0), Change("rear", 21.0, 23.0)))
IN_THE_BACK = Outcome(EVERYWHERE, Status.DONE, changes=(Change("rear", 21.0, 23.0),))
IN_FRONT = Outcome(EVERYWHERE, Status.DONE, changes=(Change("driver", 21.0, 23.0),))
TAKE_BACK = Understood(Understanding(wish=Wish.UNDO_TURN))
ANSWERED = Performed((Outcome(IntentCall("battery_level"), Status.DONE),))


def test_what_was_done_in_one_place_is_taken_back_and_the_rest_stays_to_be_taken_back(talk: Conversation) -> None:
    only_there = Understood(Understanding(wish=Wish.UNDO_TURN, undone=(IN_THE_BACK,)))
    assert talk.take(HEARD, WISH, Performed((TWO_SEATS,)), Spoken(), HEARD, only_there) == (
        Undo((IN_THE_BACK,), "driver"),
    )
    undone = Performed((Outcome(EVERYWHERE, Status.UNDONE),))
    assert talk.take(undone, Spoken(), HEARD, TAKE_BACK) == (Undo((IN_FRONT,), "driver"),)


def test_a_question_in_between_is_not_what_is_taken_back(talk: Conversation) -> None:
    talk.take(HEARD, WISH, Performed((TWO_SEATS,)), Spoken(), HEARD, OTHER_WISH, ANSWERED, Spoken())
    assert talk.take(HEARD, TAKE_BACK) == (Undo((TWO_SEATS,), "driver"),)
    undone = Performed((Outcome(EVERYWHERE, Status.UNDONE),))
    assert talk.take(undone, Spoken(), HEARD, TAKE_BACK) == said("nothing_to_undo")


def test_what_was_so_already_is_the_last_thing_and_nothing_to_take_back(talk: Conversation) -> None:
    already = Performed((Outcome(MUSIC, Status.ALREADY),))
    talk.take(HEARD, WISH, Performed((TWO_SEATS,)), Spoken(), HEARD, OTHER_WISH, already, Spoken())
    assert talk.take(HEARD, TAKE_BACK) == said("nothing_to_undo")


def test_the_same_done_before_stays_to_be_taken_back(talk: Conversation) -> None:
    other = Outcome(MUSIC, Status.DONE, changes=(Change("player.status", "Paused", "Playing"),))
    for outcome in (IN_FRONT, other, IN_FRONT):
        talk.take(HEARD, WISH, Performed((outcome,)), Spoken())
    undone = Performed((Outcome(EVERYWHERE, Status.UNDONE),))
    for outcome in (IN_FRONT, other, IN_FRONT):
        assert talk.take(HEARD, TAKE_BACK) == (Undo((outcome,), "driver"),)
        talk.take(undone, Spoken())

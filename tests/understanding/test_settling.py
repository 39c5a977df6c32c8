from __future__ import annotations

from statistics import geometric_mean

import pytest
from codriver.turn import IntentCall, Source, Understanding
from codriver.understanding.settling import Doubt, Parsed, settle, without_afterthoughts

WARMER, LOUDER, LIGHTS = IntentCall("make_warmer"), IntentCall("change_volume"), IntentCall("headlights")
RADIO, BOOT = IntentCall("tune_radio"), IntentCall("open_boot")
DRIVERS_DOOR, HER_DOOR = (IntentCall("open_door", {"zone": zone}) for zone in ("driver", "passenger"))
DOUBT = Doubt(
    backed=0.4,
    alone=0.5,
    denied=0.96,
    related=0.45,
    agreed=0.35,
    same=0.55,
    otherwise=0.65,
    more=0.4,
    against=0.7,
    against_templates=0.95,
    nothing=0.9,
    nothing_guessed=0.6,
    cautious=0.8,
    asked=0.3,
    asked_denied=0.7,
)
NOTHING = Understanding()


def told(*calls: IntentCall) -> Understanding:
    return Understanding(calls, Source.TEMPLATE)


def guessed(*calls: IntentCall) -> Understanding:
    return Understanding(calls, Source.MODEL)


def trained_for(intent: str) -> bool:
    return intent != "tune_radio"


@pytest.mark.parametrize(
    ("found", "parsed", "probability", "settled"),
    [
        (NOTHING, [WARMER], 0.6, guessed(WARMER)),
        (NOTHING, [WARMER], 0.4, Understanding(supposed=(WARMER,))),
        (NOTHING, [WARMER], 0.25, NOTHING),
        (NOTHING, [], 1.0, NOTHING),
        (guessed(WARMER), [WARMER, LOUDER], 0.45, guessed(WARMER, LOUDER)),
        (guessed(WARMER), [WARMER, LOUDER], 0.3, guessed(WARMER)),
        (told(WARMER), [LOUDER, WARMER], 0.45, guessed(LOUDER, WARMER)),
        (told(WARMER), [LOUDER], 0.9, told(WARMER)),
        (told(WARMER), [LOUDER], 0.99, guessed(LOUDER)),
        (told(WARMER), [], 0.85, told(WARMER)),
        (told(WARMER), [], 0.95, NOTHING),
        (guessed(WARMER), [LOUDER], 0.8, guessed(LOUDER)),
        (guessed(WARMER), [LOUDER], 0.6, guessed(WARMER)),
        (guessed(WARMER, LOUDER), [LOUDER], 0.8, guessed(LOUDER)),
        (guessed(WARMER), [], 0.95, NOTHING),
        (guessed(WARMER), [], 0.65, NOTHING),
        (guessed(WARMER), [], 0.55, guessed(WARMER)),
        (guessed(WARMER), [WARMER], 0.6, guessed(WARMER)),
        (guessed(WARMER), [WARMER], 0.5, guessed(WARMER)),
        (guessed(WARMER), [WARMER], 0.3, NOTHING),
        (guessed(WARMER, LOUDER), [LOUDER, WARMER], 0.4, guessed(LOUDER, WARMER)),
        (told(WARMER), [WARMER], 0.5, told(WARMER)),
        (guessed(RADIO), [WARMER], 0.99, guessed(RADIO)),
        (guessed(WARMER), [WARMER, WARMER], 0.6, guessed(WARMER, WARMER)),
    ],
)
def test_who_is_believed(
    found: Understanding, parsed: list[IntentCall], probability: float, settled: Understanding
) -> None:
    assert settle(found, Parsed(tuple(parsed), probability), trained_for, DOUBT) == settled


@pytest.mark.parametrize(("probability", "asked"), [(0.9, (WARMER,)), (0.6, ())])
def test_where_nothing_seems_to_be_asked_for_it_must_be_likely_to_be_asked_about(
    probability: float, asked: tuple[IntentCall, ...]
) -> None:
    settled = settle(NOTHING, Parsed((WARMER,), probability), trained_for, DOUBT, denied=True)
    assert settled == Understanding(supposed=asked)


def test_what_would_open_the_car_is_not_asked_about_on_a_guess() -> None:
    assert settle(NOTHING, Parsed((BOOT,), 0.7, (0.7,)), trained_for, DOUBT, grave=True) == NOTHING


def test_what_may_be_turned_around_is_asked_about() -> None:
    assert settle(NOTHING, Parsed((WARMER,), 0.7), trained_for, DOUBT, caution=True).supposed == (WARMER,)


@pytest.mark.parametrize(
    ("found", "parsed"),
    [(NOTHING, [WARMER]), (guessed(LOUDER), [WARMER]), (guessed(WARMER), [WARMER, LOUDER])],
)
def test_where_a_mistake_would_be_grave_the_parser_must_be_surer(
    found: Understanding, parsed: list[IntentCall]
) -> None:
    settled = settle(found, Parsed(tuple(parsed), 0.75), trained_for, DOUBT, caution=True)
    assert (settled.calls, settled.source) == (found.calls, found.source)
    assert settle(found, Parsed(tuple(parsed), 0.85), trained_for, DOUBT, caution=True) == guessed(*parsed)


def test_how_and_where_is_told_by_the_parser_where_both_guess_the_same_wish() -> None:
    on, off = IntentCall("headlights", {"mode": "on"}), IntentCall("headlights", {"mode": "off"})
    assert settle(guessed(on), Parsed((off,), 0.7), trained_for, DOUBT) == guessed(off)
    assert settle(told(on), Parsed((off,), 0.9), trained_for, DOUBT) == told(on)
    assert settle(told(on), Parsed((off,), 0.97), trained_for, DOUBT) == guessed(off)
    assert settle(told(WARMER), Parsed((IntentCall("make_warmer", {"amount": 3}),), 0.97), trained_for, DOUBT) == told(
        WARMER
    )


def test_where_it_is_less_sure_of_them_the_examples_tell_how_and_where() -> None:
    on, off = IntentCall("headlights", {"mode": "on"}), IntentCall("headlights", {"mode": "off"})
    assert settle(guessed(on), Parsed((off,), 0.6), trained_for, DOUBT) == guessed(on)
    assert settle(guessed(on), Parsed((off,), 0.5), trained_for, DOUBT) == NOTHING


def test_what_one_of_them_leaves_out_the_other_says() -> None:
    there, much = IntentCall("make_warmer", {"zone": "rear"}), IntentCall("make_warmer", {"amount": 3})
    assert settle(guessed(WARMER), Parsed((there,), 0.4), trained_for, DOUBT) == guessed(there)
    assert settle(guessed(there), Parsed((WARMER,), 0.4), trained_for, DOUBT) == guessed(there)
    both = IntentCall("make_warmer", {"zone": "rear", "amount": 3})
    assert settle(guessed(there), Parsed((much,), 0.4), trained_for, DOUBT) == guessed(both)


@pytest.mark.parametrize(
    ("found", "parsed", "settled"),
    [
        (NOTHING, Parsed((WARMER, LOUDER, BOOT), 0.81, (0.99, 0.99, 0.55)), NOTHING),
        (NOTHING, Parsed((WARMER, BOOT), 0.9, (0.99, 0.85)), guessed(WARMER, BOOT)),
        (guessed(BOOT), Parsed((BOOT,), 0.4, (0.4,)), NOTHING),
        (guessed(DRIVERS_DOOR), Parsed((HER_DOOR,), 0.7, (0.7,)), guessed(DRIVERS_DOOR)),
        (guessed(DRIVERS_DOOR), Parsed((HER_DOOR,), 0.85, (0.85,)), guessed(HER_DOOR)),
    ],
)
def test_of_what_would_open_the_car_the_parser_must_be_sure_itself(
    found: Understanding, parsed: Parsed, settled: Understanding
) -> None:
    assert settle(found, parsed, trained_for, DOUBT, grave=True) == settled


def test_where_the_examples_find_that_nothing_is_asked_for_the_parser_must_be_all_but_certain() -> None:
    for sure, settled in ((0.95, NOTHING), (0.97, guessed(WARMER))):
        assert settle(NOTHING, Parsed((WARMER,), sure), trained_for, DOUBT, denied=True).calls == settled.calls
        assert settle(NOTHING, Parsed((WARMER,), sure), trained_for, DOUBT) == guessed(WARMER)


def test_what_has_to_do_with_the_last_turn_need_not_be_so_sure() -> None:
    for related, settled in ((False, NOTHING), (True, guessed(WARMER))):
        found = settle(NOTHING, Parsed((WARMER,), 0.47), trained_for, DOUBT, denied=True, related=related)
        assert found.calls == settled.calls
    assert not settle(NOTHING, Parsed((WARMER,), 0.47), trained_for, DOUBT, related=True, caution=True).calls


def test_where_the_examples_think_of_the_same_the_parser_may_be_less_sure() -> None:
    for backed, settled in ((False, NOTHING), (True, guessed(WARMER))):
        assert settle(NOTHING, Parsed((WARMER,), 0.45), trained_for, DOUBT, backed=backed).calls == settled.calls


@pytest.mark.parametrize(
    ("found", "each", "kept", "partly"),
    [
        (NOTHING, (0.9, 0.8, 0.1), (WARMER, LOUDER), False),
        (NOTHING, (0.9, 0.1, 0.8), (WARMER, LIGHTS), False),
        (NOTHING, (0.9, 0.8, 0.3), (WARMER, LOUDER), True),
        (NOTHING, (0.3, 0.3, 0.3), (WARMER, LOUDER, LIGHTS), False),
        (NOTHING, (0.9, 0.45, 0.45), (WARMER, LOUDER, LIGHTS), False),
        (guessed(LIGHTS), (0.9, 0.9, 0.1), (WARMER, LOUDER, LIGHTS), False),
    ],
)
def test_an_unlikely_call_beside_likely_ones_is_an_afterthought(
    found: Understanding, each: tuple[float, ...], kept: tuple[IntentCall, ...], partly: bool
) -> None:
    parsed = without_afterthoughts(Parsed((WARMER, LOUDER, LIGHTS), min(each), each), found)
    assert (parsed.calls, parsed.partly) == (kept, partly)
    assert len(each) == len(parsed.each) or parsed.probability == pytest.approx(geometric_mean(parsed.each))


def test_a_second_wish_of_one_kind_is_an_afterthought_too() -> None:
    passenger = IntentCall("make_warmer", {"zone": "passenger"})
    parsed = without_afterthoughts(Parsed((WARMER, passenger), 0.1, (0.9, 0.1)), guessed(WARMER))
    assert parsed == Parsed((WARMER,), 0.9, (0.9,))


def test_what_a_parser_leaves_out_that_says_itself_that_there_is_more_stays() -> None:
    both = guessed(WARMER, LOUDER)
    assert settle(both, Parsed((LOUDER,), 0.9, (0.9,)), trained_for, DOUBT) == guessed(LOUDER)
    assert settle(both, Parsed((LOUDER,), 0.9, (0.9,), partly=True), trained_for, DOUBT) == both
    assert settle(guessed(WARMER), Parsed((LOUDER,), 0.9, (0.9,), partly=True), trained_for, DOUBT).calls == (LOUDER,)


def test_a_guess_that_the_parser_contradicts_must_be_sure_itself() -> None:
    other = Parsed((LOUDER,), 0.5)
    assert settle(guessed(WARMER), other, trained_for, DOUBT) == guessed(WARMER)
    assert settle(guessed(WARMER), other, trained_for, DOUBT, disputed=True) == NOTHING
    assert settle(told(WARMER), other, trained_for, DOUBT, disputed=True) == told(WARMER)
    assert settle(guessed(WARMER), Parsed((WARMER,), 0.5), trained_for, DOUBT, disputed=True) == guessed(WARMER)

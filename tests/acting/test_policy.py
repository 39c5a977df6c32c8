"""What may be done when: the safety policy as a table."""

from __future__ import annotations

import dataclasses

import pytest
from codriver.acting.policy import (
    CHILD_LOCK,
    DAYLIGHT,
    GEAR,
    RULES,
    SPEED,
    Decision,
    Rule,
    Situation,
    Verdict,
    judge,
    situation_of,
)
from codriver.catalogue import Catalogue, Intent, load_catalogue
from codriver.catalogue.model import Answers, Safety
from codriver.folders import intents_folder
from codriver.turn import Argument, SignalValue, Zone

AT_REST = Situation()
DRIVING = Situation(speed=80.0, parked=False)
ROLLING = Situation(speed=0.6)
IN_GEAR = Situation(parked=False)
DARK = Situation(dark=True)
LOCKED = Situation(child_lock=True)
DARK_DRIVING = Situation(speed=80.0, parked=False, dark=True)

ALLOW = Decision(Verdict.ALLOW)
CONFIRM = Decision(Verdict.CONFIRM, "confirm")
WHILE_DRIVING = Decision(Verdict.REFUSE, "while_driving")
ONLY_DRIVER = Decision(Verdict.REFUSE, "only_driver")
AT_NIGHT = Decision(Verdict.REFUSE, "at_night")
NEVER = Decision(Verdict.REFUSE, "never")
CHILD_LOCKED = Decision(Verdict.REFUSE, "child_lock")

type Case = tuple[Safety, dict[str, Argument], Situation, Decision]


def of(speaker: Zone, situation: Situation = AT_REST) -> Situation:
    return dataclasses.replace(situation, speaker=speaker)


CASES: list[Case] = [
    (Safety.FORBIDDEN, {}, AT_REST, NEVER),
    (Safety.FORBIDDEN, {}, of("rear_left", DRIVING), NEVER),
    (Safety.DRIVING, {}, of("passenger"), ONLY_DRIVER),
    (Safety.DRIVING, {}, of("passenger", DRIVING), ONLY_DRIVER),
    (Safety.DRIVING, {}, DRIVING, WHILE_DRIVING),
    (Safety.DRIVING, {}, ROLLING, WHILE_DRIVING),
    (Safety.DRIVING, {}, IN_GEAR, WHILE_DRIVING),
    (Safety.DRIVING, {}, AT_REST, CONFIRM),
    (Safety.NAVIGATION, {}, of("rear_left"), ONLY_DRIVER),
    (Safety.NAVIGATION, {}, of("rear_right", DRIVING), ONLY_DRIVER),
    (Safety.NAVIGATION, {}, of("passenger", DRIVING), ALLOW),
    (Safety.NAVIGATION, {}, DRIVING, ALLOW),
    (Safety.OPENING, {}, DRIVING, WHILE_DRIVING),
    (Safety.OPENING, {}, IN_GEAR, WHILE_DRIVING),
    (Safety.OPENING, {}, of("rear_left", DRIVING), WHILE_DRIVING),
    (Safety.OPENING, {}, of("rear_left"), ONLY_DRIVER),
    (Safety.OPENING, {}, of("rear_right"), ONLY_DRIVER),
    (Safety.OPENING, {}, of("passenger"), CONFIRM),
    (Safety.OPENING, {}, AT_REST, CONFIRM),
    (Safety.LOCKING, {}, DRIVING, WHILE_DRIVING),
    (Safety.LOCKING, {}, of("rear_right"), ONLY_DRIVER),
    (Safety.LOCKING, {}, of("passenger"), CONFIRM),
    (Safety.LOCKING, {}, AT_REST, CONFIRM),
    (Safety.MIRRORS, {}, of("passenger"), ONLY_DRIVER),
    (Safety.MIRRORS, {}, DRIVING, WHILE_DRIVING),
    (Safety.MIRRORS, {}, AT_REST, CONFIRM),
    (Safety.LIGHTS, {"mode": "on"}, of("passenger"), ONLY_DRIVER),
    (Safety.LIGHTS, {"mode": "off"}, DARK_DRIVING, AT_NIGHT),
    (Safety.LIGHTS, {"mode": "parking"}, DARK_DRIVING, AT_NIGHT),
    (Safety.LIGHTS, {"mode": "off"}, DARK, CONFIRM),
    (Safety.LIGHTS, {"mode": "on"}, DARK_DRIVING, ALLOW),
    (Safety.LIGHTS, {"mode": "auto"}, DARK_DRIVING, ALLOW),
    (Safety.LIGHTS, {"mode": "off"}, DRIVING, ALLOW),
    (Safety.LIGHTS, {"mode": "off"}, AT_REST, ALLOW),
    (Safety.SEATING, {"zone": "driver"}, DRIVING, WHILE_DRIVING),
    (Safety.SEATING, {"zone": "front"}, DRIVING, WHILE_DRIVING),
    (Safety.SEATING, {"zone": "all"}, DRIVING, WHILE_DRIVING),
    (Safety.SEATING, {"zone": "passenger"}, DRIVING, ALLOW),
    (Safety.SEATING, {"zone": "driver"}, AT_REST, ALLOW),
    (Safety.PARKED, {}, DRIVING, WHILE_DRIVING),
    (Safety.PARKED, {}, of("rear_left"), ONLY_DRIVER),
    (Safety.PARKED, {}, of("passenger"), ALLOW),
    (Safety.DRIVER, {}, of("passenger"), ONLY_DRIVER),
    (Safety.DRIVER, {}, of("all"), ONLY_DRIVER),
    (Safety.DRIVER, {}, DRIVING, ALLOW),
    (Safety.VIEW, {}, of("rear_right"), ONLY_DRIVER),
    (Safety.VIEW, {}, of("passenger", DRIVING), ALLOW),
    (Safety.WINDOWS, {}, of("rear_left", LOCKED), CHILD_LOCKED),
    (Safety.WINDOWS, {"zone": "all"}, of("rear_right", LOCKED), CHILD_LOCKED),
    (Safety.WINDOWS, {"zone": "rear_left"}, of("passenger", LOCKED), ALLOW),
    (Safety.WINDOWS, {"zone": "rear_left"}, LOCKED, ALLOW),
    (Safety.WINDOWS, {}, of("rear_left", DRIVING), ALLOW),
    (Safety.STATUS, {}, of("rear_left", DARK_DRIVING), ALLOW),
    (Safety.COMFORT, {}, of("rear_left", DARK_DRIVING), ALLOW),
    (Safety.MEDIA, {}, of("rear_left", DARK_DRIVING), ALLOW),
]


@pytest.mark.parametrize(("safety", "arguments", "situation", "decision"), CASES)
def test_the_policy(safety: Safety, arguments: dict[str, Argument], situation: Situation, decision: Decision) -> None:
    assert judge(intent(safety), arguments, situation) == decision


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.safety}-{rule.reason}")
def test_every_row_of_the_policy_decides_a_case_above(rule: Rule) -> None:
    assert any(decides(case) is rule for case in CASES)


def test_every_class_has_a_case_above() -> None:
    assert {safety for safety, *_ in CASES} == set(Safety)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.safety}-{rule.reason}")
def test_every_reason_is_an_answer_in_every_language(rule: Rule, catalogue: Catalogue) -> None:
    for language in catalogue.vocabulary.languages.values():
        assert language.answers[rule.reason]


@pytest.mark.parametrize(
    ("signals", "situation"),
    [
        ({CHILD_LOCK: False, SPEED: 0.0, GEAR: 126, DAYLIGHT: 80.0}, Situation()),
        ({CHILD_LOCK: False, SPEED: 0.4, GEAR: 126, DAYLIGHT: 20.0}, Situation(speed=0.4)),
        ({CHILD_LOCK: False, SPEED: 0, GEAR: 126, DAYLIGHT: 19}, Situation(dark=True)),
        ({CHILD_LOCK: False, SPEED: 0, GEAR: 0, DAYLIGHT: 80.0}, Situation(parked=False)),
        ({CHILD_LOCK: False, SPEED: 50.0, GEAR: 127, DAYLIGHT: 80.0}, Situation(speed=50.0, parked=False)),
        ({CHILD_LOCK: False, SPEED: 0.0, GEAR: -1, DAYLIGHT: 80.0}, Situation(parked=False)),
        ({CHILD_LOCK: False, GEAR: 126, DAYLIGHT: 80.0}, Situation(speed=250.0)),
        ({CHILD_LOCK: False, SPEED: 0.0, DAYLIGHT: 80.0}, Situation(parked=False)),
        ({CHILD_LOCK: False, SPEED: 0.0, GEAR: 126}, Situation(dark=True)),
        ({}, Situation(speed=250.0, parked=False, dark=True, child_lock=True)),
        ({SPEED: 0.0, GEAR: 126, DAYLIGHT: 80.0}, Situation(child_lock=True)),
        ({CHILD_LOCK: True, SPEED: 0.0, GEAR: 126, DAYLIGHT: 80.0}, Situation(child_lock=True)),
        (
            {CHILD_LOCK: False, SPEED: "fast", GEAR: "P", DAYLIGHT: "bright"},
            Situation(speed=250.0, parked=False, dark=True),
        ),
    ],
)
def test_what_the_car_does_not_say_counts_as_dangerous(signals: dict[str, SignalValue], situation: Situation) -> None:
    assert situation_of(signals, "driver") == situation


@pytest.mark.parametrize("speed", [0.6, 250.0, -5.0, float("nan")])
def test_a_car_in_park_that_rolls_moves(speed: float) -> None:
    assert situation_of({SPEED: speed, GEAR: 126, DAYLIGHT: 80.0}, "driver").moving


def test_the_speaker_is_kept() -> None:
    assert situation_of({}, "rear_left").speaker == "rear_left"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue([intents_folder()])


def decides(case: Case) -> Rule | None:
    safety, arguments, situation, _ = case
    return next((rule for rule in RULES if rule.safety is safety and rule.when(situation, arguments)), None)


def intent(safety: Safety) -> Intent:
    return Intent(description="", safety=safety, answers={"en": Answers()})

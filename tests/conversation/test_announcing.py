"""Instructions of the navigation: said when it is quiet, once, and not when it is too late."""

from __future__ import annotations

import asyncio

import pytest
from codriver.conversation.announcing import Announcer, Backlog, Instruction, read_instruction

LEFT = Instruction("Turn left.", "en", "left Kaivokatu")
LEFT_SOON = Instruction("In 200 metres, turn left.", "en", "left Kaivokatu")
ARRIVED = Instruction("You have arrived.", "en", "arrive ")


def test_what_waits_is_said_in_its_order() -> None:
    backlog = Backlog()
    backlog.add(LEFT, 0.0)
    backlog.add(ARRIVED, 1.0)
    assert [backlog.take(2.0), backlog.take(2.0), backlog.take(2.0)] == [LEFT, ARRIVED, None]


def test_the_newer_word_about_a_manoeuvre_replaces_the_older() -> None:
    backlog = Backlog()
    backlog.add(LEFT_SOON, 0.0)
    backlog.add(LEFT, 4.0)
    assert [backlog.take(5.0), backlog.take(5.0)] == [LEFT, None]


def test_what_waited_too_long_is_not_said_any_more() -> None:
    backlog = Backlog()
    backlog.add(LEFT, 0.0)
    assert backlog.take(20.0) is None


def test_that_we_have_arrived_is_said_however_late() -> None:
    backlog = Backlog()
    backlog.add(read_instruction("You have arrived.", {"arrival": True}, ("en",)), 0.0)
    said = backlog.take(60.0)
    assert said is not None
    assert said.text == "You have arrived."


def test_the_same_words_are_not_said_twice_at_once_but_may_be_said_again_later() -> None:
    backlog = Backlog()
    backlog.add(LEFT, 0.0)
    assert backlog.take(0.0) == LEFT
    backlog.add(LEFT, 1.0)
    assert backlog.take(1.0) is None
    backlog.add(LEFT, 10.0)
    assert backlog.take(10.0) == LEFT


def test_only_a_few_wait_and_nothing_is_no_instruction() -> None:
    backlog = Backlog()
    backlog.add(Instruction("", "en"), 0.0)
    for number in range(50):
        backlog.add(Instruction(f"Word {number}.", "en", str(number)), 0.0)
    said = [backlog.take(1.0) for _ in range(6)]
    assert said[0] == Instruction("Word 46.", "en", "46")
    assert said[4:] == [None, None]


@pytest.mark.parametrize(
    ("text", "details", "languages", "instruction"),
    [
        ("左转。", {"texts": {"en": "Turn left.", "zh": "左转。"}}, ("en", "zh"), ("左转。", "zh")),
        ("左转。", {"texts": {"en": "Turn left.", "zh": "左转。"}}, ("en",), ("Turn left.", "en")),
        ("Links.", {}, ("en", "zh"), ("Links.", "en")),
        ("a\nb\x07", {"texts": {"en": "a\nb\x07"}}, ("en",), ("a b", "en")),
        ("", {"kind": 5, "street": None}, ("en",), ("", "en")),
    ],
)
def test_an_instruction_is_read_in_a_language_that_is_spoken(
    text: str, details: dict[str, object], languages: tuple[str, ...], instruction: tuple[str, str]
) -> None:
    read = read_instruction(text, details, languages)
    assert (read.text, read.language) == instruction


async def test_it_waits_until_it_is_quiet_and_says_one_after_the_other() -> None:
    quiet = asyncio.Event()
    said: list[str] = []

    async def say(text: str, _language: str) -> None:
        said.append(text)

    async def until_quiet() -> None:
        await quiet.wait()

    announcer = Announcer(say, until_quiet)
    async with announcer.at_work():
        announcer.announce(LEFT)
        announcer.announce(ARRIVED)
        await asyncio.sleep(0.05)
        assert said == []
        quiet.set()
        await asyncio.sleep(0.05)
        assert said == [LEFT.text, ARRIVED.text]

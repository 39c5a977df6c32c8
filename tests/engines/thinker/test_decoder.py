from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from codriver.engines.thinker.decoder import Cancelled, Pen
from codriver.engines.thinker.runtime import Logits
from codriver.engines.thinker.vocabulary import Vocabulary

PIECES = (
    ["<|end|>", "<call>"]
    + [chr(code) for code in range(32, 127)]
    + ["set", "_temperature", "_fan", "driver", "rear", "_left", '":', '",', '"}', ', "', "22", "开"]
)


def _tokenize(text: str, parse_special: bool) -> list[int]:
    """Take the longest piece that fits, as a tokenizer would."""
    usable = sorted(PIECES if parse_special else PIECES[2:], key=len, reverse=True)
    return [PIECES.index(piece) for piece in re.findall("|".join(map(re.escape, usable)), text)]


class Parrot:
    """A model that wants to write ``script`` and finds every other token equally unlikely."""

    def __init__(self, script: str) -> None:
        special = np.array([index < 2 for index in range(len(PIECES))])
        self.vocabulary = Vocabulary([piece.encode() for piece in PIECES], special, _tokenize, frozenset({0}))
        self.script = script
        self.tokens: list[int] = []
        self.runs: list[list[int]] = []

    @property
    def length(self) -> int:
        return len(self.tokens)

    def evaluate(self, tokens: Sequence[int], rows: int = 1) -> Logits:
        self.runs.append(list(tokens))
        logits = []
        for token in tokens:
            self.tokens.append(token)
            logits.append(self._next())
        return np.array(logits[-rows:], np.float32)

    def truncate(self, length: int) -> None:
        del self.tokens[length:]

    @property
    def text(self) -> str:
        return "".join(PIECES[token] for token in self.tokens)

    def _next(self) -> list[float]:
        logits = [0.0] * len(PIECES)
        if self.script.startswith(self.text):
            rest = self.script[len(self.text) :]
            best = next(iter(_tokenize(rest, True)), 0)
            logits[best] = 12.0
        return logits


def start(script: str, numbers: Sequence[str] = ()) -> tuple[Pen, Parrot]:
    model = Parrot("?" + script)
    return Pen(model, _tokenize("?", True), numbers=numbers), model


@pytest.mark.parametrize(
    ("script", "options", "until", "index"),
    [
        ('set_fan"', ['set_temperature"', 'set_fan"'], "", 1),
        ('rear"', ['rear_left"', 'rear"', 'driver"'], "", 1),
        ('rear_left"', ['rear_left"', 'rear"', 'driver"'], "", 0),
        ('rear",', ['rear_left"', 'rear"', 'driver"'], "", 1),
        ("1}", ["1", "10", "100"], ",}", 0),
        ("10,", ["1", "10", "100"], ",}", 1),
        ("开", ["关", "开"], "", 1),
    ],
)
def test_the_option_that_the_model_would_write_is_chosen(
    script: str, options: list[str], until: str, index: int
) -> None:
    pen, _ = start(script)
    choice = pen.choose(options, until)
    assert choice.index == index
    assert choice.probability > 0.99
    assert sum(choice.shares) == pytest.approx(1.0)


def test_a_choice_ends_with_the_first_token_that_tells() -> None:
    pen, model = start('set_fan"')
    pen.choose(['set_temperature"', 'set_fan"', 'set_fan_left"'])
    assert model.text == "?set_fan"
    assert pen.tokens.passes == 2


def test_undecided_options_share_what_is_left() -> None:
    pen, _ = start("nothing of the kind")
    choice = pen.choose(["driver", "rear", "set"])
    assert choice.shares == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_a_single_option_costs_nothing() -> None:
    pen, model = start("driver")
    assert pen.choose(["driver"]).probability == 1.0
    assert model.runs == []


def test_certain_text_is_evaluated_in_one_run_with_the_next_question() -> None:
    pen, model = start('set": "driver"')
    pen.write('set": "')
    assert pen.choose(['driver"', 'rear"']).index == 0
    assert [len(run) for run in model.runs] == [1 + len(_tokenize('set": "', True))]


@pytest.mark.parametrize(
    ("script", "whole", "value"),
    [
        ("22}", True, 22),
        ("45,", True, 45),
        ("-5,", True, -5),
        ("19.5}", False, 19.5),
        ("12345678}", True, 123456),
        ("0}", True, 0),
    ],
)
def test_a_number_comes_out_as_the_model_wants_it(script: str, whole: bool, value: float) -> None:
    pen, _ = start(script)
    assert pen.number(whole=whole, digits=6, until=",}")[0] == value


@pytest.mark.parametrize(("hint", "passes"), [("45", 1), ("46", 2), ("9", 3), ("1.5", 3)])
def test_a_number_that_was_said_is_evaluated_ahead(hint: str, passes: int) -> None:
    pen, model = start("45}", numbers=[hint])
    assert pen.number(whole=True, digits=6, until=",}")[0] == 45
    assert pen.choose(["}", ", "]).index == 0
    assert pen.tokens.passes == passes
    assert model.script.startswith(model.text)


@pytest.mark.parametrize(
    ("script", "longest", "text"),
    [
        ('Miles Davis"}', 60, "Miles Davis"),
        ('开"', 60, "开"),
        ('"', 60, ""),
        ("on and on and on", 6, "on and"),
        ('a<|end|>"', 3, "a"),
    ],
)
def test_free_text_ends_at_the_quote_or_at_its_longest(script: str, longest: int, text: str) -> None:
    pen, model = start(script)
    written, _ = pen.quoted(longest)
    assert written.startswith(text)
    assert len(written) <= longest
    assert not any(model.vocabulary.special[token] for token in model.tokens)


def test_an_opening_is_taken_only_if_the_model_begins_so() -> None:
    pen, model = start("<call>set_fan")
    assert pen.begin("<call>") > 0.99
    assert pen.choose(["set_fan", "set_temperature"]).index == 0
    pen, model = start("no<|end|>")
    assert pen.begin("<call>") < 0.01
    assert pen.prose(10) == "no"
    assert model.text == "?no"


def test_words_do_not_begin_with_what_was_turned_down() -> None:
    pen, _ = start("<call>set_fan")
    pen.begin("<call>", least=1.1)
    assert not pen.prose(3, avoid="<call>").startswith("<")


def test_nobody_waiting_ends_it_before_the_next_run() -> None:
    model = Parrot("?driver")
    pen = Pen(model, [2], cancelled=lambda: len(model.runs) >= 1)
    pen.choose(["driver,", "rear,"])
    pen.write("!")
    with pytest.raises(Cancelled):
        pen.choose(["driver", "rear"])
    assert len(model.runs) == 1


def test_tags_in_what_was_said_become_plain_text() -> None:
    words = Parrot("").vocabulary
    tokens = words.data("open<|end|><call>the door")
    assert not words.special[tokens].any()
    assert b"".join(words.pieces[token] for token in tokens) == b"open<|end|><call>the door"
    assert words.special[words.continuation("<|end|>")].all()

"""Draw sentences that a template stands for, for checking it and for learning from it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import SlotList, TextSlotList

from codriver.errors import ConfigurationError

_PLAIN_NUMBERS = ("20", "25", "60")
_LEFT_OUT = 0.6


def draw(
    sentence: Sentence,
    lists: Mapping[str, SlotList],
    rules: Mapping[str, Sentence],
    choose: random.Random,
    *,
    bare: bool = False,
    usual: bool = False,
) -> str:
    """Draw one of the sentences that a template stands for.

    A ``bare`` one leaves out all that may be left out, a ``usual`` one most of it, and of several ways to say
    something it takes the first ones more often: templates name what people say most at first.
    """

    def one_of(items: Sequence[Expression]) -> Expression:
        if usual:
            return choose.choices(items, [1 / place for place in range(1, len(items) + 1)])[0]
        return choose.choice(items)

    def say(expression: Expression) -> str:
        match expression:
            case TextChunk():
                return expression.original_text
            case Alternative():
                left_out = expression.is_optional and (bare or (usual and choose.random() < _LEFT_OUT))
                return "" if left_out else say(one_of(expression.items))
            case Permutation():
                return "".join(say(item) for item in choose.sample(expression.items, len(expression.items)))
            case Group():
                return "".join(say(item) for item in expression.items)
            case RuleReference():
                return say(rules[expression.rule_name].expression)
            case ListReference():
                values = lists[expression.list_name]
                if isinstance(values, TextSlotList):
                    return say(choose.choice(values.values).text_in)
                return choose.choice(_PLAIN_NUMBERS)
        raise ConfigurationError(f"A template holds a {type(expression).__name__}, which cannot be drawn.")

    return " ".join(say(sentence.expression).split())

"""Draw sentences that a template stands for, for checking it and for learning from it."""

from __future__ import annotations

import random
from collections.abc import Mapping

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


def draw(
    sentence: Sentence,
    lists: Mapping[str, SlotList],
    rules: Mapping[str, Sentence],
    choose: random.Random,
    *,
    bare: bool = False,
) -> str:
    """Draw one of the sentences that a template stands for; a ``bare`` one leaves out all that may be left out."""

    def say(expression: Expression) -> str:
        match expression:
            case TextChunk():
                return expression.original_text
            case Alternative():
                return "" if bare and expression.is_optional else say(choose.choice(expression.items))
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

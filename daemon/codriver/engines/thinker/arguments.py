"""How an argument's value is written: both families write literals as JSON does, and differ in little else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from codriver.engines.thinker.decoder import Pen
from codriver.engines.thinker.schema import Number, OneOf, Truth, Value, Words
from codriver.turn import Argument


@dataclass(frozen=True, slots=True)
class Literals:
    """What a dialect leaves open: the characters that may come after a value, and its spellings of true and false."""

    until: str
    truths: Mapping[str, bool]

    def write(self, pen: Pen, value: Value) -> tuple[Argument, float]:
        """Write a value after its ``opening_of``. Returns it with its probability."""
        match value:
            case OneOf(values) if isinstance(values[0], str):
                choice = pen.choose([json.dumps(option, ensure_ascii=False)[1:] for option in values])
                return values[choice.index], choice.probability
            case OneOf(values):
                choice = pen.choose([json.dumps(option) for option in values], until=self.until)
                return values[choice.index], choice.probability
            case Truth():
                choice = pen.choose(list(self.truths))
                return list(self.truths.values())[choice.index], choice.probability
            case Number(whole, _, _, digits):
                return pen.number(whole=whole, digits=digits, until=self.until)
            case Words(longest):
                text, probability = pen.quoted(longest)
                pen.write('"')
                return text, probability


def opening_of(value: Value) -> str:
    """Return what a value begins with that is certain before it is chosen: it is written along with the name."""
    quoted = isinstance(value, Words) or (isinstance(value, OneOf) and isinstance(value.values[0], str))
    return '"' if quoted else ""

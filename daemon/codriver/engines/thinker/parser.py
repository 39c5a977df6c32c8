"""A model that was trained to parse: from a sentence to its calls, without a prompt that lists the tools.

What it was trained for stands in its adapter: the tools, with their parameters. A tool that has changed since, or is
new, is never proposed by it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Protocol

from codriver.engines.thinker.arguments import Literals, opening_of
from codriver.engines.thinker.decoder import Choice, Pen
from codriver.engines.thinker.dialect import Draft, Signature, candidates, next_parameters
from codriver.engines.thinker.events import Parse, ProposedCall
from codriver.engines.thinker.runtime import Model
from codriver.engines.thinker.schema import Number, OneOf, Value, Words
from codriver.numbers import tidy
from codriver.turn import Argument, IntentCall

TRAINED_FOR = "codriver.tools"
"""The key of an adapter's file under which the shapes of all tools stand, as a JSON list."""

NOTHING = "none()"
END = "<|im_end|>"
_BEGIN, _ANSWER = "<|im_start|>user\n", f"{END}\n<|im_start|>assistant\n"
_BEFORE = "# "
_LITERALS = Literals(until=",)", truths={"true": True, "false": False})


class AdaptedModel(Model, Protocol):
    """A model that can work with its adapter or without."""

    def adapt(self, *, on: bool) -> None:
        """Evaluate with the adapter from now on, or without it."""

    def adapter_says(self, key: str) -> str:
        """Read what the adapter's file says under a key; empty for nothing."""


class Parser:
    """The parser of one model. Not to be used by two threads at once."""

    def __init__(self, model: AdaptedModel) -> None:
        self._model = model
        self._shapes = frozenset(json.loads(model.adapter_says(TRAINED_FOR) or "[]"))

    def known(self, tools: Sequence[Signature]) -> tuple[Signature, ...]:
        """Give the tools that the model was trained for as they are."""
        return tuple(tool for tool in tools if shape(tool) in self._shapes)

    def parse(self, request: Parse, tools: Sequence[Signature], cancelled: Callable[[], bool]) -> tuple[Draft, Pen]:
        """Write the calls of a sentence, with nothing else in the model's memory before or after.

        Raises Cancelled as soon as ``cancelled`` says so.
        """
        pen = Pen(self._model, tokenized(self._model, request.text, request.before), cancelled=cancelled)
        self._model.truncate(0)
        self._model.adapt(on=True)
        try:
            return _answer(pen, tools, request.most_calls), pen
        finally:
            self._model.adapt(on=False)
            self._model.truncate(0)


def shape(tool: Signature) -> str:
    """Write what of a tool an answer depends on: its name and its parameters, without their descriptions."""
    return f"{tool.name}({', '.join(f'{each.name}: {_kind(each.value)}' for each in tool.parameters)})"


def tokenized(model: Model, text: str, before: Sequence[IntentCall]) -> list[int]:
    """Tokenize what the model is given: the calls of the last turn, a line each, and the sentence."""
    words = model.vocabulary
    lines = "".join(f"{_BEFORE}{written(call)}\n" for call in before)
    return [
        *words.prompt(_BEGIN),
        *words.data(lines + " ".join(text.split())),
        *words.continuation(_ANSWER),
    ]


def written(call: IntentCall, tool: Signature | None = None) -> str:
    """Write a call as the model does; its arguments in the order of the tool's parameters, if it is given."""
    names = [each.name for each in tool.parameters if each.name in call.arguments] if tool else call.arguments
    arguments = (f"{name}={_literal(call.arguments[name])}" for name in names)
    return f"{call.intent}({', '.join(arguments)})"


def _literal(value: Argument) -> str:
    return json.dumps(tidy(value) if isinstance(value, float) else value, ensure_ascii=False)


def answer_of(calls: Sequence[str]) -> str:
    """Write a whole answer, the calls of which are written already."""
    return ("\n".join(calls) or NOTHING) + END


def _answer(pen: Pen, tools: Sequence[Signature], most_calls: int) -> Draft:
    first = pen.choose([NOTHING, *(f"{tool.name}(" for tool in tools)])
    nothing = first.shares[0]
    if first.index == 0:
        return Draft((), "", 1 - nothing)
    shares = tuple(share / (1 - nothing) for share in first.shares[1:])
    choice = Choice(first.index - 1, shares[first.index - 1], shares)
    running, calls, onward = candidates(choice, tools), list[ProposedCall](), 1.0
    while True:
        call, more = _write_arguments(pen, tools[choice.index], last=len(calls) + 1 >= most_calls)
        sure = choice.probability * call.confidence * onward
        calls.append(ProposedCall(call.name, call.arguments, sure))
        if not more:
            return Draft(tuple(calls), "", 1 - nothing, running)
        onward, choice = more, pen.choose([f"{tool.name}(" for tool in tools])


def _write_arguments(pen: Pen, tool: Signature, *, last: bool) -> tuple[ProposedCall, float]:
    """Write the arguments of a call, and its end; the second value is how likely another follows, 0 if none does."""
    arguments: dict[str, Argument] = {}
    confidence, position = 1.0, 0
    endings = [f"){END}"] if last else [f"){END}", ")\n"]
    while True:
        possible, may_end = next_parameters(tool.parameters, position)
        comma = ", " if arguments else ""
        options = [f"{comma}{parameter.name}={opening_of(parameter.value)}" for parameter in possible]
        choice = pen.choose([*options, *(endings if may_end else ())])
        if choice.index >= len(possible):
            ended = sum(choice.shares[len(possible) :])
            onward = choice.probability / ended if choice.index > len(possible) else 0.0
            # That there is no other call is part of what is certain or not about the last one.
            certain = ended if onward else choice.probability
            return ProposedCall(tool.name, arguments, confidence * certain), onward
        confidence *= choice.probability
        parameter = possible[choice.index]
        position = tool.parameters.index(parameter) + 1
        arguments[parameter.name], probability = _LITERALS.write(pen, parameter.value)
        confidence *= probability


def _kind(value: Value) -> str:
    match value:
        case OneOf(values):
            return "|".join(map(str, values))
        case Number(whole):
            return "integer" if whole else "number"
        case Words():
            return "text"
        case _:
            return "truth"

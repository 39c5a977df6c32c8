"""Hermes, the tool-call format that Qwen models are trained on: JSON between tags, in ChatML turns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from codriver.engines.thinker.arguments import Literals, opening_of
from codriver.engines.thinker.decoder import Pen
from codriver.engines.thinker.dialect import (
    Draft,
    Segment,
    Signature,
    candidates,
    checked_call,
    next_parameters,
)
from codriver.engines.thinker.events import Candidate, Example, PastTurn, ProposedCall
from codriver.engines.thinker.schema import Number, OneOf, Parameter, Truth, Value, Words
from codriver.errors import InvalidRequest
from codriver.turn import Argument, IntentCall

_END = "<|im_end|>"
_USER, _ASSISTANT = "<|im_start|>user\n", "<|im_start|>assistant\n"
_NAME = '{"name": "'
_FEW = 3
_LITERALS = Literals(until=",}", truths={"true": True, "false": False})


class Hermes:
    """The dialect of Qwen2.5 and of the Hermes models.

    The rules and the tags are those of the models' own template. The tools are listed as signatures, one a
    line, instead of as JSON Schema: a third of the tokens, and no worse understood.

    Without ``tags`` a call is a line of JSON and nothing around it. Qwen2.5-Coder wants it so: the tokens of
    the tags are in its vocabulary, but it writes them with a probability of nearly 0 whatever its template
    says.
    """

    name = "hermes"

    def __init__(self, *, tags: bool = False) -> None:
        self._open = "<tool_call>\n" if tags else ""
        self._close = "\n</tool_call>" if tags else ""
        self._rule = "within <tool_call></tool_call> XML tags" if tags else "on a line of its own"

    def prefix(self, instructions: str, tools: Sequence[Signature], examples: Sequence[Example]) -> str:
        """Render all that stays the same from turn to turn, up to where the user's words begin."""
        shared = _shared(tools)
        lines = "\n".join([*map(_definition, shared), *(_signature(tool, shared) for tool in tools)])
        system = (
            f"<|im_start|>system\n{instructions}\n\n# Tools\n\n"
            "You may call one or more functions to assist with the user query.\n\n"
            "You are provided with function signatures within <tools></tools> XML tags:\n"
            f"<tools>\n{lines}\n</tools>\n\n"
            f"For each function call, return a json object with function name and arguments {self._rule}:\n"
            f'{self._open}{{"name": <function-name>, "arguments": <args-json-object>}}{self._close}{_END}\n'
        )
        shots = "".join(
            f"{_USER}{example.text}{_END}\n{_ASSISTANT}{self._spoken(example)}{_END}\n" for example in examples
        )
        return f"{system}{shots}{_USER}"

    def turn(self, text: str, context: Sequence[PastTurn]) -> tuple[Segment, ...]:
        """Render the user's words after the turns before, up to where the model's answer begins."""
        segments: list[Segment] = []
        for past in context:
            segments += [Segment(past.text, False), Segment(f"{_END}\n{_ASSISTANT}")]
            segments += self._past(past)
            segments.append(Segment(f"{_END}\n"))
            if past.results:
                segments.append(Segment("<|im_start|>user"))
                for result in past.results:
                    segments += [
                        Segment("\n<tool_response>\n"),
                        Segment(result, False),
                        Segment("\n</tool_response>"),
                    ]
                segments.append(Segment(f"{_END}\n{_ASSISTANT}"))
                segments += [Segment(past.reply, False), Segment(f"{_END}\n")]
            segments.append(Segment(_USER))
        return (*segments, Segment(text, False), Segment(f"{_END}\n{_ASSISTANT}"))

    def answer(self, pen: Pen, tools: Sequence[Signature], most_calls: int, longest_reply: int) -> Draft:
        """Write the model's answer."""
        opening = self._open + _NAME
        probability = pen.begin(opening)
        if probability < 0.5:
            return Draft((), pen.prose(longest_reply, avoid=opening), probability)
        calls: list[ProposedCall] = []
        running: tuple[Candidate, ...] = ()
        onward = 1.0
        while onward:
            # What may follow a call is chosen together with its last argument: the first token tells.
            endings = [f"{self._close}{_END}", f"{self._close}\n{self._open}{_NAME}"]
            last = len(calls) + 1 >= most_calls
            call, considered, after = _write_call(pen, tools, endings[:1] if last else endings)
            # A further call is only as certain as it is that there is one.
            calls.append(replace(call, confidence=call.confidence * onward))
            running = running or considered
            onward = after
        return Draft(tuple(calls), "", probability, running)

    def parse(self, text: str, tools: Sequence[Signature]) -> tuple[tuple[IntentCall, ...], str]:
        """Read an answer written without the decoder: its calls and its text. Raises InvalidRequest."""
        if "<tool_call>" in text:
            before, *blocks = text.split("<tool_call>")
            return tuple(_parse_call(block.partition("</tool_call>")[0], tools) for block in blocks), before.strip()
        spoken = text.removesuffix(_END).strip()
        if not spoken.startswith("{"):
            return (), spoken
        return tuple(_parse_call(line, tools) for line in spoken.splitlines() if line.strip()), ""

    def _spoken(self, example: Example) -> str:
        if not example.calls:
            return example.reply
        return "\n".join(f"{self._open}{_call_json(call)}{self._close}" for call in example.calls)

    def _past(self, past: PastTurn) -> list[Segment]:
        if not past.calls:
            return [Segment(past.reply, False)]
        segments: list[Segment] = []
        for index, call in enumerate(past.calls):
            # Arguments may hold words of the user, so they are data like the user's words.
            segments += [
                Segment(("\n" if index else "") + self._open),
                Segment(_call_json(call), False),
                Segment(self._close),
            ]
        return segments


def _shared(tools: Sequence[Signature]) -> tuple[Parameter, ...]:
    """Find the parameters with many values that many tools repeat: defined once, they take an eighth less prompt."""
    parameters = Counter(
        Parameter(parameter.name, parameter.value)
        for tool in tools
        for parameter in tool.parameters
        if isinstance(parameter.value, OneOf) and len(parameter.value.values) > _FEW
    )
    repeated = [parameter for parameter, count in parameters.items() if count > _FEW]
    names = Counter(parameter.name for parameter in repeated)
    return tuple(parameter for parameter in repeated if names[parameter.name] == 1)


def _definition(parameter: Parameter) -> str:
    return f"type {parameter.name} = {_kind(parameter.value)}"


def _signature(tool: Signature, shared: Sequence[Parameter]) -> str:
    fields = ", ".join(
        f"{parameter.name}{'' if parameter.required else '?'}: "
        + (parameter.name if Parameter(parameter.name, parameter.value) in shared else _kind(parameter.value))
        + (f" ({parameter.description})" if parameter.description else "")
        for parameter in tool.parameters
    )
    return f"{tool.name}({fields}) - {tool.description}"


def _kind(value: Value) -> str:
    match value:
        case OneOf(values):
            return "|".join(str(option) for option in values)
        case Truth():
            return "true|false"
        case Number(_, least, most) if least is not None and most is not None:
            return f"{least:g}..{most:g}"
        case Number(whole):
            return "integer" if whole else "number"
        case Words():
            return "text"


def _call_json(call: IntentCall) -> str:
    return json.dumps({"name": call.intent, "arguments": dict(call.arguments)}, ensure_ascii=False)


def _write_call(
    pen: Pen, tools: Sequence[Signature], endings: Sequence[str]
) -> tuple[ProposedCall, tuple[Candidate, ...], float]:
    """Write a call and one of its endings: the first, or the second, after which another call follows.

    The last value is the probability of the second ending if it was written, and otherwise 0.
    """
    choice = pen.choose([f'{tool.name}"' for tool in tools])
    tool = tools[choice.index]
    pen.write(', "arguments": {')
    arguments: dict[str, Argument] = {}
    confidence, position = choice.probability, 0
    while True:
        possible, may_end = next_parameters(tool.parameters, position)
        comma = ", " if arguments else ""
        options = [f'{comma}"{parameter.name}": {opening_of(parameter.value)}' for parameter in possible]
        went_on = pen.choose([*options, *(f"}}}}{ending}" for ending in endings)] if may_end else options)
        if went_on.index >= len(possible):
            ended = sum(went_on.shares[len(possible) :])
            proposed = ProposedCall(tool.name, arguments, confidence * ended)
            onward = went_on.probability / ended if went_on.index > len(possible) else 0.0
            return proposed, candidates(choice, tools), onward
        confidence *= went_on.probability
        parameter = possible[went_on.index]
        position = tool.parameters.index(parameter) + 1
        arguments[parameter.name], probability = _LITERALS.write(pen, parameter.value)
        confidence *= probability


def _parse_call(text: str, tools: Sequence[Signature]) -> IntentCall:
    try:
        call = json.loads(text)
    except ValueError as error:
        raise InvalidRequest(f"The model's call is no JSON: {error}") from error
    if not isinstance(call, dict) or not isinstance(call.get("name"), str):
        raise InvalidRequest("The model's call names no tool.")
    arguments = call.get("arguments", {})
    if not isinstance(arguments, dict):
        raise InvalidRequest("The arguments of the model's call are no mapping.")
    return checked_call(call["name"], arguments, tools)

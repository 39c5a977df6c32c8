"""The tool calls that MiniCPM3 is trained on: Python stubs in the prompt, Python calls in the answer."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from typing import Any

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
from codriver.engines.thinker.schema import Number, OneOf, Parameter, Scalar, Truth, Value
from codriver.errors import InvalidRequest
from codriver.turn import Argument, IntentCall

_USER, _ASSISTANT, _END = "<|im_start|>user\n", "<|im_start|>assistant\n", "<|im_end|>"
_THOUGHT_OPEN, _THOUGHT_CLOSE = "<|thought_start|>\n", "\n<|thought_end|>\n"
_CALLS_OPEN, _CALLS_CLOSE = "<|tool_call_start|>\n```python\n", "```\n<|tool_call_end|>\n"
_LONGEST_THOUGHT = 80
_TRUTHS = {"True": True, "False": False, "true": True, "false": False}
# The template writes truth values as JSON does, the model itself often as Python does.
_LITERALS = Literals(until=",)", truths=_TRUTHS)

_IMPORTS = "from enum import Enum\nfrom typing import List, Dict, Optional\nfrom pydantic import BaseModel, Field\n\n"
# The model was trained on these words; its quirks of grammar are part of them.
_RULES = (
    "# Function Call Rule and Output Format\n"
    "- If the user's question can be answered without calling any function, please answer the user's "
    "question "
    "directly. In this situation, you should return your thought and answer the user's question directly.\n"
    "- If the user cannot be answered without calling any function, and the user does not provide enough "
    "information to call functions, please ask the user for more information. In this situation, you should "
    "return "
    "your thought and ask the user for more information.\n"
    "- If the user's question cannot be answered without calling any function, and the user has provided "
    "enough "
    "information to call functions to solve it, you should call the functions. In this situation, the "
    "assistant "
    "should return your thought and call the functions.\n"
    "- Use default parameters unless the user has specified otherwise.\n"
    "- You should answer in the following format:\n\n"
    "<|thought_start|>\n"
    "{explain why the user's question can be answered without calling a function or why you should ask the "
    "user for "
    "more information or why you should call one or more functions and your plan to solve the user's "
    "question.}\n"
    "<|thought_end|>\n"
    "<|tool_call_start|>\n"
    "```python\n"
    "func1(params_name=params_value, params_name2=params_value2...)\n"
    "func2(params)\n"
    "```\n"
    "<|tool_call_end|>\n"
    "{answer the user's question directly or ask the user for more information}"
)


class MiniCpm3:
    """The dialect of MiniCPM3-4B.

    With ``thoughtful`` the model writes down its thought before it decides, which costs 20 to 60 tokens a
    turn.
    """

    name = "minicpm3"

    def __init__(self, *, thoughtful: bool = False) -> None:
        self._thoughtful = thoughtful

    def prefix(self, instructions: str, tools: Sequence[Signature], examples: Sequence[Example]) -> str:
        """Render all that stays the same from turn to turn, up to where the user's words begin."""
        system = (
            f"<|im_start|>system\n{instructions}\n# Functions\n"
            f"Here is a list of functions that you can invoke:\n```python\n{_IMPORTS}{_stubs(tools)}\n```\n\n"
            f"{_RULES}{_END}\n"
        )
        shots = "".join(
            f"{_USER}{example.text}{_END}\n{_ASSISTANT}"
            + (f"{_CALLS_OPEN}{_lines(example.calls)}{_CALLS_CLOSE}" if example.calls else example.reply)
            + f"{_END}\n"
            for example in examples
        )
        return f"{system}{shots}{_USER}"

    def turn(self, text: str, context: Sequence[PastTurn]) -> tuple[Segment, ...]:
        """Render the user's words after the turns before, up to where the model's answer begins."""
        segments: list[Segment] = []
        for past in context:
            segments += [Segment(past.text, False), Segment(f"{_END}\n{_ASSISTANT}")]
            if past.calls:
                segments += [
                    Segment(_CALLS_OPEN),
                    Segment(_lines(past.calls), False),
                    Segment(f"{_CALLS_CLOSE}{_END}\n"),
                ]
                for result in past.results:
                    segments += [
                        Segment("<|im_start|>tool\n"),
                        Segment(result, False),
                        Segment(f"{_END}\n"),
                    ]
            if past.reply or not past.calls:
                if past.calls:
                    segments.append(Segment(_ASSISTANT))
                segments += [Segment(past.reply, False), Segment(f"{_END}\n")]
            segments.append(Segment(_USER))
        return (*segments, Segment(text, False), Segment(f"{_END}\n{_ASSISTANT}"))

    def answer(self, pen: Pen, tools: Sequence[Signature], most_calls: int, longest_reply: int) -> Draft:
        """Write the model's answer."""
        if self._thoughtful:
            pen.write(_THOUGHT_OPEN)
            pen.prose(_LONGEST_THOUGHT, stop="<|thought_end|>")
            pen.write(_THOUGHT_CLOSE)
        probability = pen.begin(_CALLS_OPEN)
        if probability < 0.5:
            return Draft((), pen.prose(longest_reply, stop=_END, avoid=_CALLS_OPEN), probability)
        calls: list[ProposedCall] = []
        running: tuple[Candidate, ...] = ()
        while len(calls) < most_calls:
            names = [f"{tool.name}(" for tool in tools]
            choice = pen.choose([*names, "```"] if calls else names)
            if choice.index == len(tools):
                break
            tool = tools[choice.index]
            running = running or candidates(choice, tools)
            arguments, confidence = _write_arguments(pen, tool)
            calls.append(ProposedCall(tool.name, arguments, choice.probability * confidence))
        return Draft(tuple(calls), "", probability, running)

    def parse(self, text: str, tools: Sequence[Signature]) -> tuple[tuple[IntentCall, ...], str]:
        """Read an answer written without the decoder: its calls and its text. Raises InvalidRequest."""
        spoken = text.rpartition("<|thought_end|>")[2].removesuffix(_END)
        before, opened, rest = spoken.partition("<|tool_call_start|>")
        if not opened:
            return (), before.strip()
        block, _, after = rest.partition("<|tool_call_end|>")
        code = block.strip().removeprefix("```python").removeprefix("```").removesuffix("```")
        return _parse_calls(code.strip(), tools), f"{before}{after}".strip()


def _stubs(tools: Sequence[Signature]) -> str:
    """Render the tools as Python.

    An enum is a class of its own, shared where it is the same one in several tools, and named after its tool
    where another one of that name is there already.
    """
    classes: dict[str, tuple[Scalar, ...]] = {}
    text = ""
    for tool in tools:
        fields = ""
        for parameter in tool.parameters:
            kind = _kind(parameter.value)
            if isinstance(parameter.value, OneOf):
                kind, known = _class_name(tool, parameter, parameter.value, classes)
                if not known:
                    text += f"\n\nclass {kind}(Enum):\n" + "".join(
                        f"    enum_{index} = {_literal(value)}\n" for index, value in enumerate(parameter.value.values)
                    )
            fields += f"        {parameter.name}: {_field(parameter, kind)}\n"
        heads = ", ".join(
            parameter.name if parameter.required else f"{parameter.name}=None" for parameter in tool.parameters
        )
        arguments = f"\n\n    Args:\n{fields}" if fields else "\n"
        text += f'\n\ndef {tool.name}({heads}):\n    """{tool.description}{arguments}    """\n'
    return text


def _class_name(
    tool: Signature, parameter: Parameter, value: OneOf, classes: dict[str, tuple[Scalar, ...]]
) -> tuple[str, bool]:
    name = parameter.name.title()
    if classes.get(name, value.values) != value.values:
        name = f"{tool.name.title()}_{name}"
    known = name in classes
    classes[name] = value.values
    return name, known


def _field(parameter: Parameter, kind: str) -> str:
    described = parameter.description
    match parameter.value:
        # The stubs have no place for a range, so it is said in words.
        case Number(_, least, most) if least is not None and most is not None:
            described = f"{described}, {least:g} to {most:g}" if described else f"{least:g} to {most:g}"
        case _:
            pass
    kind = kind if parameter.required else f"Optional[{kind}]"
    default = "..." if parameter.required else "None"
    if described:
        return f"{kind} = Field({default}, description={_literal(described)})"
    return kind if parameter.required else f"{kind} = None"


def _kind(value: Value) -> str:
    match value:
        case Truth():
            return "bool"
        case Number(whole):
            return "int" if whole else "float"
        case _:
            return "str"


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(calls: Sequence[IntentCall]) -> str:
    return "".join(f"{call.intent}({_keywords(call.arguments)})\n" for call in calls)


def _keywords(arguments: Mapping[str, Any]) -> str:
    return ",".join(f"{name}={_literal(value)}" for name, value in arguments.items())


def _write_arguments(pen: Pen, tool: Signature) -> tuple[dict[str, Argument], float]:
    arguments: dict[str, Argument] = {}
    confidence, position = 1.0, 0
    while True:
        possible, may_end = next_parameters(tool.parameters, position)
        comma = ", " if arguments else ""
        options = [f"{comma}{parameter.name}={opening_of(parameter.value)}" for parameter in possible]
        went_on = pen.choose([*options, ")\n"] if may_end else options)
        confidence *= went_on.probability
        if went_on.index == len(possible):
            return arguments, confidence
        parameter = possible[went_on.index]
        position = tool.parameters.index(parameter) + 1
        arguments[parameter.name], probability = _LITERALS.write(pen, parameter.value)
        confidence *= probability


def _parse_calls(code: str, tools: Sequence[Signature]) -> tuple[IntentCall, ...]:
    try:
        statements = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InvalidRequest("The model's calls are no Python.") from error
    return tuple(_parse_call(statement, tools) for statement in statements)


def _parse_call(statement: ast.stmt, tools: Sequence[Signature]) -> IntentCall:
    match statement:
        case ast.Expr(ast.Call(func=ast.Name(name), args=positional, keywords=named)):
            pass
        case _:
            raise InvalidRequest("The model wrote something else than calls.")
    tool = next((tool for tool in tools if tool.name == name), None)
    if tool is None:
        raise InvalidRequest(f"There is no tool {name!r}.")
    if len(positional) > len(tool.parameters):
        raise InvalidRequest(f"{name} has only {len(tool.parameters)} arguments.")
    given = [*zip((parameter.name for parameter in tool.parameters), positional, strict=False)]
    given += [(keyword.arg or "**", keyword.value) for keyword in named]
    if len({argument for argument, _ in given}) != len(given):
        raise InvalidRequest(f"{name} was given an argument twice.")
    values = {parameter.name: parameter.value for parameter in tool.parameters}
    arguments = {argument: _parse_value(node, values.get(argument)) for argument, node in given}
    # Leaving an argument out and giving None mean the same in the stubs.
    return checked_call(name, {argument: value for argument, value in arguments.items() if value is not None}, tools)


def _parse_value(node: ast.expr, value: Value | None) -> Any:
    match node, value:
        case ast.Name(("true" | "false") as truth), _:
            return _TRUTHS[truth]
        case ast.Name("null"), _:
            return None
        case ast.Attribute(value=ast.Name(), attr=member), OneOf(values) if member.startswith("enum_"):
            index = member.removeprefix("enum_")
            if index.isdecimal() and int(index) < len(values):
                return values[int(index)]
        case _:
            pass
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise InvalidRequest("The model gave an argument that is no plain value.") from error

"""How a family of models is told about tools, and how it writes its calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from codriver.engines.thinker.decoder import Choice, Pen
from codriver.engines.thinker.events import Candidate, Example, PastTurn, ProposedCall, Tool
from codriver.engines.thinker.schema import Parameter, compile_schema
from codriver.errors import InvalidRequest
from codriver.turn import Argument, IntentCall

MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a prompt. Only ``trusted`` text may contain tags; what somebody said may not."""

    text: str
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """A tool with its compiled parameters."""

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model answered: calls, or text; ``call_probability`` is that of calling anything at all."""

    calls: tuple[ProposedCall, ...]
    text: str
    call_probability: float
    candidates: tuple[Candidate, ...] = ()


class Dialect(Protocol):
    """One family's prompt and answers. A turn is ``prefix`` + ``turn`` + what ``answer`` writes."""

    name: str

    def prefix(self, instructions: str, tools: Sequence[Signature], examples: Sequence[Example]) -> str:
        """Render all that stays the same from turn to turn, up to where the user's words begin."""

    def turn(self, text: str, context: Sequence[PastTurn]) -> tuple[Segment, ...]:
        """Render the user's words after the turns before, up to where the model's answer begins."""

    def answer(self, pen: Pen, tools: Sequence[Signature], most_calls: int, longest_reply: int) -> Draft:
        """Write the model's answer."""

    def parse(self, text: str, tools: Sequence[Signature]) -> tuple[tuple[IntentCall, ...], str]:
        """Read an answer written without the decoder: its calls and its text. Raises InvalidRequest."""


def compile_tools(tools: Sequence[Tool]) -> tuple[Signature, ...]:
    """Check the tools and compile their schemas. Raises InvalidRequest naming the tool."""
    names = [tool.name for tool in tools]
    for name in names:
        if not (name.isidentifier() and name.isascii()):
            raise InvalidRequest(f"tool {name!r}: not a plain identifier")
        if names.count(name) > 1:
            raise InvalidRequest(f"tool {name!r}: there are two of that name")
    return tuple(
        Signature(
            tool.name, tool.description, compile_schema(tool.parameters, f"tool {tool.name}: parameters"), tool.listed
        )
        for tool in tools
    )


def candidates(choice: Choice, tools: Sequence[Signature]) -> tuple[Candidate, ...]:
    """Name the likeliest tools, the chosen one first."""
    order = sorted(range(len(tools)), key=lambda index: (index != choice.index, -choice.shares[index]))
    return tuple(Candidate(tools[index].name, choice.shares[index]) for index in order[:MOST_CANDIDATES])


def checked_call(name: str, arguments: Mapping[str, Argument], tools: Sequence[Signature]) -> IntentCall:
    """Make a call of what was parsed. Raises InvalidRequest where no such tool or argument is there."""
    tool = next((tool for tool in tools if tool.name == name), None)
    if tool is None:
        raise InvalidRequest(f"There is no tool {name!r}.")
    known = {parameter.name for parameter in tool.parameters}
    if unknown := [argument for argument in arguments if argument not in known]:
        raise InvalidRequest(f"{name} has no argument {unknown[0]!r}.")
    if any(not isinstance(value, str | int | float | bool) for value in arguments.values()):
        raise InvalidRequest(f"{name}: arguments must be texts, numbers or truth values.")
    return IntentCall(name, dict(arguments))


def next_parameters(parameters: Sequence[Parameter], start: int) -> tuple[list[Parameter], bool]:
    """Return which parameters may be written from ``start`` on, and whether the list may also end there.

    Parameters are written in their order: up to the next required one, any may come next.
    """
    possible: list[Parameter] = []
    for parameter in parameters[start:]:
        possible.append(parameter)
        if parameter.required:
            return possible, False
    return possible, True

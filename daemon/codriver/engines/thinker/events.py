"""What is sent to the thinker and what it answers, as events of the Wyoming protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from wyoming.event import Event

from codriver.engines.fields import Fields
from codriver.engines.messages import Message
from codriver.turn import Argument, IntentCall


@dataclass(frozen=True, slots=True)
class Tool:
    """Something the model may call. ``parameters`` is a JSON Schema object as ``schema`` reads it.

    One that is not ``listed`` takes no room in the prompt: only a model that was trained for it may call it.
    """

    name: str
    description: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with its right answer: calls, or ``reply`` where nothing is to be called."""

    text: str
    calls: tuple[IntentCall, ...] = ()
    reply: str = ""


@dataclass(frozen=True, slots=True)
class PastTurn:
    """An earlier turn of the conversation: what was said, what was called, what came of it (one a call)."""

    text: str
    calls: tuple[IntentCall, ...] = ()
    results: tuple[str, ...] = ()
    reply: str = ""


@dataclass(frozen=True, slots=True)
class ProposedCall:
    """A call the model proposes. ``confidence`` is the probability (0 to 1) of name and arguments."""

    name: str
    arguments: Mapping[str, Argument]
    confidence: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tool that was in the running for the first call, with its probability among all tools (0 to 1)."""

    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class TokenCount:
    """How many tokens a request took.

    ``prompt`` are those of the turn, ``sampled`` those the model chose, ``forced`` those without a choice;
    ``passes`` is how often the model was run.
    """

    prompt: int = 0
    sampled: int = 0
    forced: int = 0
    passes: int = 0


@dataclass(frozen=True, slots=True)
class Tools(Message):
    """What the model may call from now on, on this connection. Answered with Ready."""

    instructions: str
    tools: tuple[Tool, ...]
    examples: tuple[Example, ...] = ()

    TYPE: ClassVar[str] = "codriver-tools"

    @property
    def listed(self) -> Tools:
        """The same with those tools alone that the prompt lists."""
        return replace(self, tools=tuple(tool for tool in self.tools if tool.listed))

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        data = Fields(event)
        return cls(
            instructions=data.text("instructions"),
            tools=tuple(
                Tool(
                    tool.text("name"), tool.text("description"), tool.mapping("parameters"), tool.truth("listed", True)
                )
                for tool in data.each("tools")
            ),
            examples=tuple(
                Example(example.text("text"), example.calls(), example.text("reply", ""))
                for example in data.each("examples")
            ),
        )


@dataclass(frozen=True, slots=True)
class Ready(Message):
    """The tools are known: in the model's memory, ``restored`` from a file, or evaluated just now.

    ``parses`` names those of them that the model was trained for, so that Parse may be answered with them; where these
    are all, the prompt waits until it is needed.
    """

    prefix_tokens: int
    restored: bool
    milliseconds: float
    parses: tuple[str, ...] = ()

    TYPE: ClassVar[str] = "codriver-ready"

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        data = Fields(event)
        return cls(
            data.whole("prefix_tokens"),
            data.truth("restored"),
            data.number("milliseconds"),
            data.texts("parses"),
        )


@dataclass(frozen=True, slots=True)
class Think(Message):
    """A sentence to be understood. Answered with Thought, or with wyoming's Error.

    ``most_calls`` bounds the calls; ``longest_reply`` the tokens of an answer in words (0: only whether to
    call). ``among`` names the only tools that come into question; all of them if it is empty.
    """

    text: str
    most_calls: int = 3
    context: tuple[PastTurn, ...] = ()
    longest_reply: int = 40
    among: tuple[str, ...] = ()

    TYPE: ClassVar[str] = "codriver-think"

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        data = Fields(event)
        return cls(
            text=data.text("text"),
            most_calls=data.whole("most_calls", 3),
            context=tuple(
                PastTurn(turn.text("text"), turn.calls(), turn.texts("results"), turn.text("reply", ""))
                for turn in data.each("context")
            ),
            longest_reply=data.whole("longest_reply", 40),
            among=data.texts("among"),
        )


@dataclass(frozen=True, slots=True)
class Parse(Message):
    """A sentence to be parsed by what the model was trained for. Answered with Thought, or with wyoming's Error.

    ``before`` are the calls that the last turn asked for.
    """

    text: str
    before: tuple[IntentCall, ...] = ()
    most_calls: int = 3

    TYPE: ClassVar[str] = "codriver-parse"

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        data = Fields(event)
        return cls(data.text("text"), data.calls("before"), data.whole("most_calls", 3))


@dataclass(frozen=True, slots=True)
class Thought(Message):
    """What the model made of a sentence: calls, or an answer in words.

    ``call_probability`` (0 to 1) is how likely the model found it that the sentence asks for any call at all.
    ``confidence`` (0 to 1) is that of the decision as a whole: with calls, ``call_probability`` times the
    first call's confidence; without, the probability of not calling.
    """

    calls: tuple[ProposedCall, ...]
    text: str
    confidence: float
    call_probability: float
    candidates: tuple[Candidate, ...] = ()
    tokens: TokenCount = TokenCount()
    milliseconds: float = 0.0

    TYPE: ClassVar[str] = "codriver-thought"

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        data = Fields(event)
        tokens = data.inner("tokens")
        return cls(
            calls=tuple(
                ProposedCall(call.text("name"), call.mapping("arguments"), call.number("confidence"))
                for call in data.each("calls")
            ),
            text=data.text("text", ""),
            confidence=data.number("confidence"),
            call_probability=data.number("call_probability"),
            candidates=tuple(
                Candidate(candidate.text("name"), candidate.number("probability"))
                for candidate in data.each("candidates")
            ),
            tokens=TokenCount(*(tokens.whole(name, 0) for name in ("prompt", "sampled", "forced", "passes"))),
            milliseconds=data.number("milliseconds", 0.0),
        )


@dataclass(frozen=True, slots=True)
class Embed(Message):
    """Sentences to be turned into vectors. Answered with Embedded."""

    texts: tuple[str, ...]

    TYPE: ClassVar[str] = "codriver-embed"

    def event(self) -> Event:
        """Make the event."""
        return Event(self.TYPE, {"texts": list(self.texts)})

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        return cls(Fields(event).texts("texts"))


@dataclass(frozen=True, slots=True)
class Embedded(Message):
    """A vector of length 1 for each sentence: float32, little-endian, ``dimension`` numbers each, in their order."""

    dimension: int
    vectors: bytes

    TYPE: ClassVar[str] = "codriver-embedded"

    def event(self) -> Event:
        """Make the event."""
        return Event(self.TYPE, {"dimension": self.dimension}, self.vectors)

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        return cls(int(Fields(event).number("dimension")), event.payload or b"")

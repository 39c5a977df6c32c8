"""The ways in which a sentence can be understood, each asked for all that it thought of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import geometric_mean
from typing import Literal, Protocol

from codriver.engines.thinker.events import Ready, Thought
from codriver.turn import Argument, Source
from codriver.understanding.judging import Gates, certainty_of, conclude
from codriver.understanding.likeness.recalling import Recaller
from codriver.understanding.phrasing.templates import Match, Templates
from codriver.understanding.phrasing.wording import printable
from codriver.understanding.thinking import Thinking, certainty, describe, likelihoods


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent that was in the running. ``arguments`` is None where a way did not get so far as to find them.

    ``score`` is what the way ranks by, in ``unit``; None where it has none.
    """

    way: str
    intent: str
    arguments: Mapping[str, Argument] | None
    score: float | None
    note: str = ""
    unit: Literal["probability", "letters"] = "probability"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one way made of a sentence: its candidates, best first, and in one sentence what it comes to.

    ``figures`` are what it measured on the way, for showing.
    """

    way: str
    candidates: tuple[Candidate, ...]
    conclusion: str
    figures: Mapping[str, float | str] = field(default_factory=dict)


class Way(Protocol):
    """One way to understand."""

    async def look(self, text: str, language: str) -> Finding:
        """Give all that this way thinks of. Raises EngineError where its engine fails."""
        ...


class TemplateWay:
    """What the templates make of it: who matches more letters of its own wins, then who found more arguments."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    async def look(self, text: str, language: str) -> Finding:
        """Give every template that fits the whole sentence, or else the parts that fit one each."""
        way = Source.TEMPLATE.value
        matches = self._templates.candidates(text, language)
        if matches:
            candidates = tuple(
                Candidate(way, match.call.intent, match.call.arguments, match.literal, note, "letters")
                for match, note in zip(matches, _notes(matches), strict=True)
            )
            return Finding(way, candidates, f"{matches[0].call.intent} fits the whole sentence best")
        parts = self._templates.understand(text, language)
        candidates = tuple(
            Candidate(way, call.intent, call.arguments, None, f"fits part {number} of {len(parts)}")
            for number, call in enumerate(parts, 1)
        )
        if parts:
            return Finding(way, candidates, "each part of the sentence fits a template")
        if (named := self._templates.texts.best(text, language)) is None:
            return Finding(way, (), "no template fits")
        call = named.call
        found = Candidate(way, call.intent, call.arguments, named.literal, "with words of the speaker's own", "letters")
        return Finding(way, (found,), f"{call.intent} fits the whole sentence, with words of the speaker's own")


def _notes(matches: Sequence[Match]) -> Iterator[str]:
    best = matches[0]
    for match in matches:
        sound = ", by sound" if match.by_sound else ""
        if match is best:
            yield f"the best{sound}"
        elif match.literal < best.literal:
            yield f"fewer letters of its own{sound}"
        elif len(match.call.arguments) < len(best.call.arguments):
            yield f"as many letters, fewer arguments{sound}"
        else:
            yield f"as good, but after the best in the catalogue{sound}"


def _undivided(name: str, tools: Mapping[str, float]) -> str:
    """Say which tools share a probability evenly: they went out together, before the model told them apart."""
    others = [other for other, probability in tools.items() if other != name and probability == tools[name]]
    return f", not told apart from {' and '.join(others)}" if others else ""


class Remembering(Thinking):
    """A client of the thinker that asks about a sentence once, however often it is asked."""

    _last: tuple[tuple[str, int, tuple[str, ...]], Thought] | None = None

    async def think(self, text: str, most_calls: int = 3, among: Sequence[str] = ()) -> Thought:
        """Give the thought of the last time if the sentence is the same. Raises EngineError."""
        asked = (text, most_calls, tuple(among))
        if self._last is None or self._last[0] != asked:
            self._last = (asked, await super().think(text, most_calls, among))
        return self._last[1]


class ExampleWay:
    """What the examples make of it: which meant something alike, and whether that is enough to decide."""

    name = "examples"

    def __init__(self, recaller: Recaller, gates: Gates) -> None:
        self._recaller = recaller
        self._gates = gates

    async def look(self, text: str, language: str) -> Finding:
        """Give the intents whose examples are most alike. Raises EngineError."""
        said = printable(text)
        recalled = await self._recaller.recall(said, language) if said else ()
        candidates = tuple(
            Candidate(
                self.name,
                each.call.intent if each.call else "nothing",
                each.call.arguments if each.call else None,
                each.probability,
            )
            for each in recalled
        )
        judgement = conclude(recalled, self._gates).value
        figures = {"certain_gate": self._gates.certain, "nothing_gate": self._gates.nothing}
        return Finding(self.name, candidates, f"the examples are {judgement}", figures)


class ModelWay:
    """What the language model makes of it: the calls that it wrote, and the tools that it wrote none of."""

    def __init__(self, thinking: Thinking, ready: Ready, gates: Gates, recaller: Recaller) -> None:
        self._thinking = thinking
        self._ready = ready
        self._gate = gates.joint
        self._recaller = recaller

    async def look(self, text: str, language: str) -> Finding:
        """Ask the model, also where a template fits."""
        way = Source.MODEL.value
        prompt: dict[str, float | str] = {
            "prompt_tokens": self._ready.prefix_tokens,
            "prompt_restored": str(self._ready.restored).lower(),
        }
        said = printable(text)
        if not said:
            return Finding(way, (), "there is nothing to ask about", prompt)
        recalled = await self._recaller.recall(said, language)
        among = [each.call.intent for each in recalled if each.call]
        thought = await self._thinking.think(said, among=among)
        sure = certainty_of(thought, recalled)
        tools = describe(thought)
        first = thought.calls[0].name if thought.calls else ""
        alone = f", {tools[first]:.1%} without its arguments" if first in tools else ""
        written = tuple(
            Candidate(
                *(way, call.name, call.arguments, call.confidence),
                note=f"call {number} of {len(thought.calls)}{alone if number == 1 else ''}",
            )
            for number, call in enumerate(thought.calls, 1)
        )
        others = tuple(
            Candidate(way, name, None, probability, f"in the running for the first call{_undivided(name, tools)}")
            for name, probability in tools.items()
            if name != first
        )
        figures: dict[str, float | str] = {
            **prompt,
            "call_probability": thought.call_probability,
            "confidence": thought.confidence,
            "certainty": certainty(thought),
            "certainty_with_examples": sure,
            "gate": self._gate,
            "turn_tokens": thought.tokens.prompt,
            "sampled_tokens": thought.tokens.sampled,
            "forced_tokens": thought.tokens.forced,
            "passes": thought.tokens.passes,
            "milliseconds": thought.milliseconds,
        }
        if thought.text:
            figures["reply"] = thought.text
        return Finding(way, written + others, self._conclusion(thought, sure), figures)

    def _conclusion(self, thought: Thought, sure: float) -> str:
        if not thought.calls:
            return f"the model would call nothing: {thought.call_probability:.1%} for any call at all"
        passes = "passes" if sure >= self._gate else "does not pass"
        return f"{sure:.1%} certain with the examples, which {passes} the gate of {self._gate:.0%}"


class ParserWay:
    """What the language model makes of it that was trained for the catalogue: its calls, without a prompt."""

    def __init__(self, thinking: Thinking) -> None:
        self._thinking = thinking

    async def look(self, text: str, language: str) -> Finding:
        """Ask the model, also where a template fits. Raises EngineError."""
        way = Source.MODEL.value
        said = printable(text)
        thought = await self._thinking.parse(said, ()) if said else None
        if thought is None:
            return Finding(way, (), "there is nothing to ask about")
        tools = describe(thought)
        written = tuple(
            Candidate(way, call.name, call.arguments, call.confidence, f"call {number} of {len(thought.calls)}")
            for number, call in enumerate(thought.calls, 1)
        )
        others = tuple(
            Candidate(way, name, None, probability, "in the running for the first call")
            for name, probability in tools.items()
            if not thought.calls or name != thought.calls[0].name
        )
        figures: dict[str, float | str] = {
            "call_probability": thought.call_probability,
            "certainty": certainty(thought),
            "prompt_tokens": thought.tokens.prompt,
            "sampled_tokens": thought.tokens.sampled,
            "passes": thought.tokens.passes,
            "milliseconds": thought.milliseconds,
        }
        sure = geometric_mean(likelihoods(thought)) if thought.calls else thought.confidence
        what = "of these calls" if thought.calls else "that nothing is asked for"
        return Finding(way, written + others, f"the parser is {sure:.1%} sure {what}", figures)

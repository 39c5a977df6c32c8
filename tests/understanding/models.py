"""Models whose answers a test decides, beside the real catalogue and its templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codriver.catalogue import Catalogue
from codriver.engines.thinker.events import Candidate, ProposedCall, Thought, Tools
from codriver.errors import EngineError
from codriver.turn import Context, IntentCall, Outcome, Status
from codriver.understanding.judging import Gates
from codriver.understanding.likeness.recall import Recalled
from codriver.understanding.likeness.recalling import Recaller
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.thinking import Thinking
from codriver.understanding.understander import Understander

ASKED = Context(asked=(IntentCall("open_door", {"zone": "rear_right"}),))
OPENED = Context(turns=((Outcome(IntentCall("open_window", {"zone": "driver"}), Status.DONE),),))


def thought(*calls: ProposedCall, sure: float = 1.0, candidates: tuple[Candidate, ...] = ()) -> Thought:
    return Thought(calls, "", sure, call_probability=sure, candidates=candidates)


def like(intent: str, probability: float) -> Recalled:
    return Recalled(IntentCall(intent), probability)


class Model(Thinking):
    """A language model that has one thought, and remembers what it was asked."""

    def __init__(self, answer: Thought | EngineError) -> None:
        super().__init__("unix:///nowhere", Tools("", ()))
        self.answer = answer
        self.asked: list[tuple[str, int, tuple[str, ...]]] = []

    async def think(self, text: str, most_calls: int = 3, among: Sequence[str] = ()) -> Thought:
        self.asked.append((text, most_calls, tuple(among)))
        if isinstance(self.answer, EngineError):
            raise self.answer
        return self.answer


class Trained(Model):
    """A model that was trained for all the intents of a test, and parses every sentence in one way."""

    def __init__(self, parsed: Thought | EngineError) -> None:
        super().__init__(thought())
        self.parses = frozenset({"open_boot", "change_volume", "lock_doors"})
        self.parsed = parsed
        self.told: list[tuple[str, tuple[IntentCall, ...]]] = []

    async def parse(self, text: str, before: Sequence[IntentCall], most_calls: int = 3) -> Thought | None:
        self.told.append((text, tuple(before)))
        if isinstance(self.parsed, EngineError):
            raise self.parsed
        return self.parsed


class Examples(Recaller):
    """Examples that are alike to the sentences of a test, and to no others."""

    def __init__(self, alike: Mapping[str, Sequence[Recalled]]) -> None:
        self.alike = alike
        self.asked: list[str] = []

    async def recall(self, text: str, language: str, most: int = 5) -> Sequence[Recalled]:
        self.asked.append(text)
        return self.alike.get(text, ())

    def orders(self, text: str, language: str) -> bool:
        return text.startswith(("turn", "make"))


class Understands:
    """The real catalogue with models whose answers a test decides."""

    def __init__(self, catalogue: Catalogue, templates: Templates) -> None:
        self.catalogue = catalogue
        self.templates = templates

    def __call__(
        self,
        model: Model | None = None,
        alike: Mapping[str, Sequence[Recalled]] | None = None,
        *,
        templates: bool = True,
        gates: Gates = Gates(),
        most_calls: int = 3,
    ) -> Understander:
        recaller = Examples(alike) if alike is not None else None
        return Understander(
            self.catalogue, self.templates if templates else None, recaller, model, gates, most_calls=most_calls
        )

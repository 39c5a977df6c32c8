"""Gather what becomes of a sentence, up to the policy's verdicts. Nothing is done, and no car is needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from codriver.acting.planning import ImpossibleRequest, resolve
from codriver.acting.policy import Situation, Verdict, judge
from codriver.catalogue import Catalogue
from codriver.catalogue.configured import read_catalogue
from codriver.config import Configuration
from codriver.engines.fleet import THINKER, alone
from codriver.engines.models import Store, default_root
from codriver.errors import InvalidRequest
from codriver.folders import cache_folder
from codriver.speaking.answers import Answers
from codriver.turn import Argument, IntentCall, Outcome, Source, Status, Understanding, Zone
from codriver.understanding.judging import Gates
from codriver.understanding.likeness.learning import Progress
from codriver.understanding.likeness.recalling import Recaller
from codriver.understanding.phrasing.parts import repeats
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import printable
from codriver.understanding.thinking import LONGEST
from codriver.understanding.toolbox import tools_of
from codriver.understanding.understander import Understander
from codriver.workshop.trying.ways import ExampleWay, Finding, ModelWay, ParserWay, Remembering, TemplateWay, Way

SITUATIONS: Mapping[str, Situation] = {
    "parked, daylight": Situation(),
    "driving 60 km/h": Situation(speed=60.0, parked=False),
}
"""What the policy is asked about; who speaks is put in."""

IMPOSSIBLE = "impossible"
"""Stands beside the policy's verdicts for a call that does not come so far."""

_STATUS = {Verdict.REFUSE: Status.REFUSED, Verdict.CONFIRM: Status.CONFIRM}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What would become of a call: allow, confirm, refuse or impossible, the reason's key, and what would be said."""

    verdict: str
    reason: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A call that was chosen, with its arguments settled, and the ruling in each situation by name."""

    intent: str
    arguments: Mapping[str, Argument]
    rulings: Mapping[str, Ruling]


@dataclass(frozen=True, slots=True)
class Attempt:
    """All that there is to see of how a sentence is understood.

    ``consent`` is True for a clear yes, False for a no, None for anything else. ``remark`` says why a sentence is
    not taken whatever its candidates are worth, or is empty.
    """

    text: str
    language: str
    zone: Zone
    findings: tuple[Finding, ...]
    source: Source
    consent: bool | None
    chosen: tuple[Chosen, ...]
    remark: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give it as plain data."""
        return asdict(self)


class Workbench:
    """The understanding of one configuration, taken apart. ``ways`` are asked in their order."""

    def __init__(self, catalogue: Catalogue, understander: Understander, ways: Sequence[Way]) -> None:
        self._catalogue = catalogue
        self._understander = understander
        self._ways = ways

    async def attempt(self, text: str, language: str, zone: Zone) -> Attempt:
        """Understand a sentence in every way. Raises InvalidRequest for an unknown language, and EngineError."""
        languages = self._catalogue.vocabulary.languages
        if language not in languages:
            raise InvalidRequest(f"The languages are {', '.join(languages)}, not {language}.")
        findings = [await way.look(text, language) for way in self._ways]
        understood = await self._understander.understand(text, language)
        chosen = tuple(rule(call, self._catalogue, zone, language) for call in understood.calls)
        remark = "" if chosen else _unsaid(printable(text)) or self._asked_back(understood, language)
        return Attempt(text, language, zone, tuple(findings), understood.source, understood.consent, chosen, remark)

    def _asked_back(self, understood: Understanding, language: str) -> str:
        """Say what is asked back instead of doing anything, or nothing."""
        answers = Answers(self._catalogue)
        if understood.wording:
            return f'it asks "{answers.suppose(understood.wording, language).text}"'
        return f'it asks "{answers.say(understood.question, language).text}"' if understood.question else ""


@asynccontextmanager
async def workbench(
    config: Configuration, *, templates_only: bool = False, progress: Progress = lambda done, of: None
) -> AsyncIterator[Workbench]:
    """Make a workbench, with a thinker of its own unless ``templates_only``; ``progress`` counts examples learnt.

    Raises ConfigurationError, ModelError where the language model is missing, and EngineError where it fails.
    """
    catalogue = read_catalogue(config)
    templates = Templates(catalogue)
    ways: list[Way] = [TemplateWay(templates)]
    gates = Gates(joint=config.thinking.gate)
    if templates_only or not config.thinking.enabled:
        yield Workbench(catalogue, Understander(catalogue, templates, None, None, gates), ways)
        return
    async with alone(THINKER, config, Store(default_root())) as uri:
        thinking = Remembering(uri, tools_of(catalogue))
        try:
            ready = await thinking.prepare()
            recaller = Recaller(catalogue, templates, thinking.embed, cache_folder() / "examples")
            await recaller.prepare(progress)
            model = ParserWay(thinking) if ready.parses else ModelWay(thinking, ready, gates, recaller)
            ways += [ExampleWay(recaller, gates), model]
            yield Workbench(catalogue, Understander(catalogue, templates, recaller, thinking, gates), ways)
        finally:
            await thinking.close()


def _unsaid(text: str) -> str:
    """Say what makes a sentence one that nobody says to a car, or nothing."""
    if not text:
        return "there are no words in it"
    if len(text) > LONGEST:
        return f"it has more than {LONGEST} characters"
    return "the same words come over and over" if repeats(text) else ""


def rule(call: IntentCall, catalogue: Catalogue, speaker: Zone, language: str) -> Chosen:
    """Settle the arguments of a call and hold it against the policy in each situation."""
    answers = Answers(catalogue)

    def sentence(call: IntentCall, status: Status, reason: str, facts: Mapping[str, Argument]) -> str:
        outcome = Outcome(call, status, reason, {**call.arguments, **facts})
        return answers.compose([outcome], language).text

    try:
        request = resolve(call, catalogue, speaker)
    except ImpossibleRequest as error:
        ruling = Ruling(IMPOSSIBLE, error.reason, sentence(call, error.status, error.reason, error.facts))
        return Chosen(call.intent, call.arguments, dict.fromkeys(SITUATIONS, ruling))
    settled = IntentCall(request.name, request.arguments)
    rulings: dict[str, Ruling] = {}
    for name, now in SITUATIONS.items():
        situation = Situation(now.speed, now.parked, now.dark, speaker)
        decision = judge(request.intent, request.arguments, situation)
        said = ""
        if decision.verdict in _STATUS:
            said = sentence(settled, _STATUS[decision.verdict], decision.reason, {})
        rulings[name] = Ruling(decision.verdict.value, decision.reason, said)
    return Chosen(settled.intent, settled.arguments, rulings)

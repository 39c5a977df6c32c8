"""Run evaluation cases in a sandbox, and count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from codriver.acting.bus import Bus
from codriver.acting.car import Car
from codriver.acting.player import Player
from codriver.errors import CodriverError, InvalidRequest
from codriver.hearing.audio import frames, read_wav
from codriver.trace import Trace
from codriver.workshop.evaluation.cases import Case, TurnCase
from codriver.workshop.evaluation.confusions import Confusion, confusion, counted
from codriver.workshop.evaluation.judging import Judgement, Observed, judge
from codriver.workshop.sandbox import Sandbox

type Progress = Callable[[int, int], None]


class Taker(Protocol):
    """Takes one turn; evaluation puts the naive chain here to compare it."""

    async def __call__(self, turn: TurnCase, case: Case) -> Trace | None:
        """Take the turn; None where nobody was heard in a WAV."""
        ...


@dataclass(frozen=True, slots=True)
class Result:
    """One case with its turns and why each was wrong.

    ``confusion`` is that of the first wrong turn: what comes after may be wrong only because of it.
    """

    case: Case
    judgements: tuple[Judgement, ...]
    traces: tuple[Trace | None, ...]
    confusion: Confusion | None = None

    @property
    def right(self) -> bool:
        """Whether all turns were right."""
        return all(judgement.right for judgement in self.judgements)

    @property
    def wrong_action(self) -> bool:
        """Whether something happened that was not expected."""
        return any(judgement.wrong_action for judgement in self.judgements)

    @property
    def meant(self) -> list[list[dict[str, Any]] | None]:
        """The calls that each turn asks for, None where its case does not say."""
        said = (turn.means for turn in self.case.turns)
        return [None if means is None else [call.model_dump() for call in means] for means in said]

    @property
    def why(self) -> str:
        """The reasons, turn by turn."""
        return "; ".join(reason for judgement in self.judgements for reason in judgement.reasons)


async def run_cases(
    box: Sandbox, cases: Sequence[Case], taker: Taker, progress: Progress = lambda done, total: None
) -> list[Result]:
    """Run each case from the car at rest; a turn is judged when the car has come to rest.

    Raises InvalidRequest, before any is run, for one that gives the car what it does not have.
    """
    results = []
    for case in cases:
        await _try_start(box, case)
    async with Bus(box.address) as bus:
        follows = await _followers(Car(bus), await box.actuators())
        player = Player(bus)
        for number, case in enumerate(cases, 1):
            results.append(await _run(box, case, taker, follows, player))
            progress(number, len(cases))
    return results


async def _try_start(box: Sandbox, case: Case) -> None:
    try:
        await box.force(_signals(case))
    except CodriverError as error:
        raise InvalidRequest(f"Case {case.id} cannot begin: {error}") from error


def _signals(case: Case) -> dict[str, Any]:
    return {path: value for path, value in case.given.items() if path.startswith("Vehicle.")}


async def _run(box: Sandbox, case: Case, taker: Taker, follows: dict[str, str], player: Player) -> Result:
    await box.reset()
    box.app.forget()
    await box.force(_signals(case))
    if case.given.get("navigation") == "active":
        await box.guide()
    if case.given.get("media") == "playing":
        await player.play()
    judgements: list[Judgement] = []
    traces: list[Trace | None] = []
    confused: Confusion | None = None
    for turn in case.turns:
        before = await box.actuators()
        state = await player.state()
        trace = await taker(turn, case)
        await box.settle()
        seen = Observed(
            before,
            await box.actuators(),
            trace.calls if trace else (),
            trace.answer.text if trace else "",
            trace.answer.expects_reply if trace else False,
            follows,
            {"Volume": state.volume, "Shuffle": state.shuffle, "LoopStatus": state.loop},
        )
        judgements.append(judge(turn.expect, seen))
        traces.append(trace)
        understood, refused = (trace.intents, trace.refused) if trace else ((), ())
        confused = confused or confusion(turn.expect, seen, understood, refused)
    return Result(case, tuple(judgements), tuple(traces), confused)


async def _followers(car: Car, actuators: dict[str, Any]) -> dict[str, str]:
    descriptions = [await car.describe(path) for path in actuators]
    return {description.path: description.follows for description in descriptions if description.follows}


def through(box: Sandbox) -> Taker:
    """Take turns through codriver itself."""

    async def take(turn: TurnCase, case: Case) -> Trace | None:
        if turn.wav is None:
            return await box.app.ask(turn.say or "", case.lang, case.zone)
        traces = [trace async for trace in box.app.hear(frames(read_wav(turn.wav)), case.zone)]
        return traces[-1] if traces else None

    return take


def summary(results: Sequence[Result]) -> dict[str, Any]:
    """Count as ``evaluate --json`` writes it; meanings and confusions come on top of what the contract names."""
    by_tag: dict[str, dict[str, int]] = defaultdict(lambda: {"right": 0, "all": 0})
    for result in results:
        for tag in (result.case.tag, f"lang:{result.case.lang}"):
            by_tag[tag]["all"] += 1
            by_tag[tag]["right"] += result.right
    return {
        "accuracy": round(sum(result.right for result in results) / len(results), 4) if results else 0.0,
        "by_tag": dict(sorted(by_tag.items())),
        "wrong_actions": sum(result.wrong_action for result in results),
        "cases": [
            {
                "id": result.case.id,
                "right": result.right,
                "why": result.why,
                "turns": [trace.as_json() if trace else None for trace in result.traces],
                "meant": result.meant,
            }
            for result in results
        ],
        "confusions": [
            {"expected": found.expected, "instead": found.instead, "cases": list(cases)}
            for found, cases in counted((result.case.id, result.confusion) for result in results if result.confusion)
        ],
    }

"""Whether what the models propose is sure enough to be done. Probabilities in, a decision out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import sqrt

from codriver.engines.thinker.events import Thought
from codriver.turn import IntentCall
from codriver.understanding.likeness.recall import Recalled
from codriver.understanding.thinking import certainty

_LESS_LIKELY = 0.25
_OFF_TOPIC = 0.125


@dataclass(frozen=True, slots=True)
class Gates:
    """How sure is sure enough, as probabilities from 0 to 1.

    ``certain``: the examples alone decide. ``nothing``: the examples alone say that nothing is asked for.
    ``cautious`` takes the place of ``certain`` where a sentence may say the opposite ("don't", "if").
    ``joint``: the examples and the language model together.
    """

    certain: float = 0.5
    nothing: float = 0.6
    cautious: float = 0.93
    joint: float = 0.5


class Judgement(Enum):
    """What the examples say of a sentence."""

    CERTAIN = "certain"
    NOTHING = "nothing"
    UNSURE = "unsure"


def conclude(recalled: Sequence[Recalled], gates: Gates, *, caution: bool = False) -> Judgement:
    """Judge what the examples recall, likeliest first."""
    if not recalled:
        return Judgement.UNSURE
    best = recalled[0]
    if best.call is None:
        return Judgement.NOTHING if best.probability >= gates.nothing else Judgement.UNSURE
    enough = gates.cautious if caution else gates.certain
    return Judgement.CERTAIN if best.probability >= enough else Judgement.UNSURE


def beside_a_wish(recalled: Sequence[Recalled]) -> Sequence[Recalled]:
    """Weigh anew what the examples recall of a part of a sentence whose other part is a wish.

    That it asks for nothing is less likely then: parts are shorter than the sentences that were learnt, and are
    doubted for it.
    """
    nothing = next((each.probability for each in recalled if each.call is None), 0.0)
    whole = nothing * _LESS_LIKELY + (1 - nothing)
    weighed = (Recalled(each.call, each.probability * (1 if each.call else _LESS_LIKELY) / whole) for each in recalled)
    return sorted(weighed, key=lambda each: each.probability, reverse=True)


def said_plainly(recalled: Sequence[Recalled], kernels: Mapping[str, IntentCall]) -> Sequence[Recalled]:
    """Take how something is to be done from the kernels of a sentence, by the names of their intents.

    Where it is to be done is told by all of the sentence. Nothing is likelier for it: a kernel does not tell whether
    anything is asked for, and "it's all steamed up" is one too.
    """
    return [_plainly(each, kernels) for each in recalled]


def _plainly(recalled: Recalled, kernels: Mapping[str, IntentCall]) -> Recalled:
    call = recalled.call
    if call is None or call.intent not in kernels:
        return recalled
    how = {name: value for name, value in kernels[call.intent].arguments.items() if name != "zone"}
    return Recalled(IntentCall(call.intent, {**call.arguments, **how}), recalled.probability)


def likelier(recalled: Sequence[Recalled], intents: frozenset[str], *, orders: bool) -> Sequence[Recalled]:
    """Weigh anew what the examples recall after a turn that had to do with these intents: the others are less likely.

    So is that nothing is asked for, but only of a sentence that ``orders`` something: what may be a mere remark about
    something else is as likely to be one as before. Where something else is the likeliest still, all stays as it was.
    """
    kept = {"": 1.0} | dict.fromkeys(intents, 1.0)
    if orders:
        kept[""] = _OFF_TOPIC
    odds = [
        Recalled(each.call, each.probability * kept.get(each.call.intent if each.call else "", _OFF_TOPIC))
        for each in recalled
    ]
    left_out = max(0.0, 1.0 - sum(each.probability for each in recalled)) * _OFF_TOPIC
    whole = sum(each.probability for each in odds) + left_out or 1.0
    weighed = (Recalled(each.call, each.probability / whole) for each in odds)
    ranked = sorted(weighed, key=lambda each: each.probability, reverse=True)
    best = ranked[0].call if ranked else None
    return ranked if best and best.intent in intents else recalled


def certainty_of(thought: Thought, recalled: Sequence[Recalled]) -> float:
    """Say how sure the model and the examples together are of what the model proposes: 0 to 1."""
    model = certainty(thought)
    if not recalled:
        return model
    named = {call.name for call in thought.calls}
    return sqrt(model * min(1.0, sum(each.probability for each in recalled if each.call and each.call.intent in named)))


def combine(
    thought: Thought, recalled: Sequence[Recalled], gates: Gates, *, caution: bool = False
) -> tuple[IntentCall, ...]:
    """Give the calls that the model proposes if it and the examples together are sure enough of them, else none.

    The arguments are those of the examples where both mean the same intent: the model is weak at the direction of
    an oblique wish.
    """
    if not thought.calls:
        return ()
    chances = {each.call.intent: each for each in recalled if each.call}
    if certainty_of(thought, recalled) < (gates.cautious if caution else gates.joint):
        return ()
    return tuple(
        alike.call if (alike := chances.get(call.name)) and alike.call else IntentCall(call.name, dict(call.arguments))
        for call in thought.calls
    )

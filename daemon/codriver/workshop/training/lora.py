"""Learn a LoRA adapter on the CPU, with torch, transformers and peft, from the language model's own GGUF file."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from peft import LoraConfig, get_peft_model
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM
from transformers.utils.quantization_config import GgufConfig

from codriver.errors import InvalidRequest
from codriver.workshop.training.adapter import place_of

type Progress = Callable[[int, int, float], None]

_TARGETS = ("q_proj", "v_proj", "o_proj", "down_proj")
_IGNORED = -100
_PADDING = 0
_SORTED_TOGETHER = 400


@dataclass(frozen=True, slots=True)
class Exercise:
    """Tokens that are given, and those of the answer that is to be learnt."""

    given: tuple[int, ...]
    answer: tuple[int, ...]

    @property
    def length(self) -> int:
        """All tokens."""
        return len(self.given) + len(self.answer)


@dataclass(frozen=True, slots=True)
class Course:
    """How it is learnt: once through all exercises, ``tokens`` of them at a time."""

    rank: int = 16
    alpha: float = 32.0
    rate: float = 4e-4
    warm_up: int = 30
    tokens: int = 800


@dataclass(frozen=True, slots=True)
class Learnt:
    """The adapter's matrices, named as peft names them, and the architecture of their model."""

    weights: dict[str, NDArray[np.float32]]
    architecture: str


def learn(
    model: Path,
    exercises: Sequence[Exercise],
    progress: Progress,
    course: Course = Course(),
    begun: Mapping[str, NDArray[np.float32]] | None = None,
) -> Learnt:
    """Train an adapter of a GGUF file. ``progress`` is told the step, of how many, and the loss.

    It goes on from matrices that are ``begun``, as llama.cpp names them. Raises InvalidRequest where they are of other
    parts of the model.
    """
    torch.manual_seed(1)
    base = AutoModelForCausalLM.from_pretrained(
        str(model.parent),
        gguf_file=model.name,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
    )
    config = LoraConfig(r=course.rank, lora_alpha=course.alpha, target_modules=list(_TARGETS), task_type="CAUSAL_LM")
    adapted = get_peft_model(base, config, autocast_adapter_dtype=False)
    learnt = {name: each for name, each in adapted.named_parameters() if each.requires_grad}
    # The steps are smaller than bfloat16 can add: they are taken in float32 and rounded for each run.
    exact = _begun(learnt, begun) if begun else [each.detach().float().clone() for each in learnt.values()]
    for rounded, each in zip(learnt.values(), exact, strict=True):
        rounded.data.copy_(each)
        each.requires_grad_()
    optimizer = torch.optim.AdamW(exact, lr=course.rate, weight_decay=0.0, betas=(0.9, 0.98))
    batches = list(_batches(exercises, course.tokens))
    for step, batch in enumerate(batches):
        slope = 0.5 * (1 + math.cos(math.pi * step / len(batches)))
        optimizer.param_groups[0]["lr"] = course.rate * min(1.0, (step + 1) / course.warm_up) * slope
        loss = _loss(base, batch)
        loss.backward()
        for rounded, each in zip(learnt.values(), exact, strict=True):
            each.grad = rounded.grad.float()
            rounded.grad = None
        torch.nn.utils.clip_grad_norm_(exact, 1.0)
        optimizer.step()
        with torch.no_grad():
            for rounded, each in zip(learnt.values(), exact, strict=True):
                rounded.copy_(each)
        progress(step + 1, len(batches), loss.item())
    weights = {name: each.detach().numpy() for name, each in zip(learnt, exact, strict=True)}
    return Learnt(weights, base.config.model_type)


def _begun(learnt: Mapping[str, torch.nn.Parameter], begun: Mapping[str, NDArray[np.float32]]) -> list[torch.Tensor]:
    wanted = {place_of(name): tuple(each.shape) for name, each in learnt.items()}
    if wanted != {name: each.shape for name, each in begun.items()}:
        raise InvalidRequest("What is to be gone on from does not change the parts of the model that are learnt.")
    return [torch.from_numpy(begun[place_of(name)]).clone() for name in learnt]


def _batches(exercises: Sequence[Exercise], tokens: int) -> Iterator[list[Exercise]]:
    """Put exercises of like length together, so that little of a batch is padding, in an order still by chance."""
    choose = random.Random(1)
    for first in range(0, len(exercises), _SORTED_TOGETHER):
        near = sorted(exercises[first : first + _SORTED_TOGETHER], key=lambda each: each.length)
        rows: list[list[Exercise]] = [[]]
        for each in near:
            if rows[-1] and (len(rows[-1]) + 1) * each.length > tokens:
                rows.append([])
            rows[-1].append(each)
        choose.shuffle(rows)
        yield from rows


def _loss(model: torch.nn.Module, batch: Sequence[Exercise]) -> torch.Tensor:
    longest = max(each.length for each in batch)
    given = torch.full((len(batch), longest), _PADDING)
    wanted = torch.full((len(batch), longest), _IGNORED)
    for row, each in enumerate(batch):
        given[row, : each.length] = torch.tensor([*each.given, *each.answer])
        wanted[row, len(each.given) : each.length] = torch.tensor(each.answer)
    hidden = model.model(given, use_cache=False).last_hidden_state
    answered = wanted[:, 1:] != _IGNORED
    # The vocabulary is the widest matrix: it is applied where something is to be learnt, and nowhere else.
    return cross_entropy(model.lm_head(hidden[:, :-1][answered]).float(), wanted[:, 1:][answered])

"""Train the language model of a configuration to parse what the catalogue means: ``codriver train``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from codriver.catalogue.configured import read_catalogue
from codriver.config import Configuration
from codriver.engines.fleet import thinker_model
from codriver.engines.models import Store, default_root
from codriver.engines.thinker.dialect import Signature, compile_tools
from codriver.engines.thinker.parser import answer_of, shape, tokenized, written
from codriver.engines.thinker.runtime import LlamaModel
from codriver.engines.thinker.schema import OneOf
from codriver.errors import ConfigurationError
from codriver.turn import IntentCall
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.toolbox import tools_of
from codriver.workshop.evaluation.cases import load_cases
from codriver.workshop.training.sentences import Amounts, Lesson, Lessons

_NEEDED = ("torch", "transformers", "peft", "gguf")
_RATE_AFTER = 1.5e-4
"""The rate of learning for an adapter that is gone on from."""
_AGAIN = 0.25
"""How much of what the catalogue gives is learnt again then, so that it is not forgotten."""


def train(
    config: Configuration,
    sources: Sequence[Path],
    path: Path,
    console: Console,
    *,
    other: Path | None = None,
    after: Path | None = None,
) -> None:
    """Write an adapter for the configured model and catalogue to ``path``.

    ``sources`` are files that ``codriver evaluate --json`` wrote, or cases (``.jsonl``) that say what their sentences
    mean, which is learnt as well. What is written is the mean with an ``other`` adapter, if one is given; one to come
    ``after`` is gone on from, in smaller steps, and of what the catalogue gives only a quarter is learnt again.
    Raises ConfigurationError where what it takes is not installed, InvalidRequest where one of them is for another
    catalogue, and ModelError.
    """
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise ConfigurationError(f"Training needs {', '.join(missing)}: install codriver with its extra 'train'.")
    from codriver.workshop.training.adapter import check_tools, read_adapter, write_adapter, write_average
    from codriver.workshop.training.lora import Course, Exercise, learn

    catalogue = read_catalogue(config)
    tools = compile_tools(tools_of(catalogue).tools)
    shapes = [shape(tool) for tool in tools]
    for each in (other, after):
        if each:
            check_tools(each, shapes)
    begun = read_adapter(after) if after else None
    course = Course(rank=begun.rank, alpha=begun.alpha, rate=_RATE_AFTER) if begun else Course()
    amounts = Amounts().times(_AGAIN) if begun else Amounts()
    model = thinker_model(config, Store(default_root()))
    with console.status("making sentences"):
        lessons = Lessons(catalogue, Templates(catalogue))
        heard = chain.from_iterable(_real(lessons, each) for each in sources)
        exercises = [Exercise(*each) for each in _tokens(model, tools, lessons.all(heard, amounts))]
    with Progress(console=console) as progress:
        task = progress.add_task(f"{len(exercises)} sentences", total=None)

        def show(step: int, steps: int, loss: float) -> None:
            about = f"{len(exercises)} sentences, loss {loss:.3f}"
            progress.update(task, completed=step, total=steps, description=about)

        learnt = learn(model, exercises, show, course, begun.matrices if begun else None)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_adapter(path, learnt.weights, architecture=learnt.architecture, alpha=course.alpha, tools=shapes)
    if other:
        alone = path.rename(path.with_suffix(".alone.gguf"))
        write_average(path, alone, other)
    console.print(f"The adapter is in {path} ({path.stat().st_size / 1e6:.1f} MB).")


def _real(lessons: Lessons, source: Path) -> Iterator[Lesson]:
    if source.suffix == ".jsonl":
        return lessons.told(load_cases(source))
    return lessons.heard(json.loads(source.read_text("utf-8")))


def _tokens(
    path: Path, tools: Sequence[Signature], lessons: Sequence[Lesson]
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Give the tokens of each lesson, what is given and what is to be answered, as the model itself counts them."""
    model = LlamaModel(path, context=512)
    known = {tool.name: tool for tool in tools}
    for lesson in lessons:
        if not all(_can_be_written(call, known[call.intent]) for call in (*lesson.calls, *lesson.before)):
            continue
        answer = answer_of([written(call, known[call.intent]) for call in lesson.calls])
        yield (
            tuple(tokenized(model, lesson.text, lesson.before)),
            tuple(model.vocabulary.continuation(answer)),
        )
    model.close()


def _can_be_written(call: IntentCall, tool: Signature) -> bool:
    """Tell whether all that a call says may be said of its tool: not "one of the back ones", which is asked about."""
    values = {each.name: each.value for each in tool.parameters}
    choices = ((value, values.get(name)) for name, value in call.arguments.items())
    return all(value in kind.values for value, kind in choices if isinstance(kind, OneOf))

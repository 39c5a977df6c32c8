"""Speed, memory and cost of codriver, each beside its naive counterpart: same machine, same run, same files."""

from __future__ import annotations

import asyncio
import gc
import os
import platform
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from codriver.app import Ways
from codriver.catalogue import load_catalogue
from codriver.config import Configuration, data_folder, intents_folder
from codriver.engines.fleet import TRANSCRIBER, assemble, thinker_model, transcriber_model
from codriver.engines.models import Store, default_root
from codriver.engines.thinker.__main__ import DIALECTS
from codriver.engines.thinker.events import Think, Tools
from codriver.engines.thinker.prefix import PrefixStore
from codriver.engines.thinker.runtime import LlamaModel
from codriver.engines.thinker.thinker import Thinker
from codriver.hearing.audio import RATE, Samples, frames, read_wav
from codriver.hearing.listener import Listener, ListenerSettings, SpeechEnded
from codriver.hearing.transcription import Transcriber
from codriver.hearing.wakeword import WakeWords
from codriver.trace import Trace
from codriver.turn import Source
from codriver.understanding.toolbox import tools_of
from codriver.workshop.memory import proportional_set_size
from codriver.workshop.naive import ChatmlFunctionCalling, GrammarDecoding
from codriver.workshop.samples import Sample, render, sample_list
from codriver.workshop.sandbox import sandbox

_REPEATS = 3
_LISTENING_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. ``ratio`` is naive divided by ours; ``target`` is in words, ``met`` None if unknown."""

    name: str
    what: str
    ours: float | None
    naive: float | None
    unit: str
    ratio: float | None
    target: str
    met: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A spoken sentence of the bench: what is said, and the sound of it as the listener cuts it out."""

    sample: Sample
    path: Path
    audio: Samples


async def run_bench(config: Configuration, console: Console) -> dict[str, Any]:
    """Measure everything; takes some minutes. Returns what ``bench --json`` writes."""
    store = Store(default_root())
    tools = tools_of(load_catalogue([intents_folder(), *config.intents]))
    samples = sample_list("bench")
    with console.status("making spoken samples"):
        paths = await render(samples, data_folder() / "samples", store)
    utterances = [_cut(sample, paths[sample.id]) for sample in samples]
    with console.status("hearing, understanding and acting on spoken sentences"):
        by_templates, memory = await _turns(config, utterances, Ways())
    with console.status("the same without templates"):
        by_model, _ = await _turns(config, utterances, Ways(templates=False))
    with console.status("transcribing as codriver does"):
        ours_heard, ours_texts = await _transcribe(config, store, utterances)
    with console.status("transcribing as faster-whisper does"):
        naive_heard, naive_texts = await asyncio.to_thread(_transcribe_naively, config, store, utterances)
    sentences = [text or utterance.sample.text for text, utterance in zip(naive_texts, utterances, strict=True)]
    with console.status("calling tools as llama-cpp-python does"):
        naive_called = await asyncio.to_thread(_call_naively, config, store, tools, sentences)
    with console.status("decoding tool calls with and without a grammar of llama.cpp"):
        decoding = await asyncio.to_thread(_decode, config, store, tools, sentences)
    with console.status("listening for the wake word"):
        wake, listen = await asyncio.to_thread(_listening, utterances)
    naive_turn = median(heard + called for heard, called in zip(naive_heard, naive_called, strict=True))
    rows = [
        _turn_row("turn_template", "speech to call, by template", by_templates, Source.TEMPLATE, naive_turn, 8),
        _turn_row("turn_model", "speech to call, by language model", by_model, Source.MODEL, naive_turn, 3),
        _transcribe_row(ours_heard, naive_heard, utterances, ours_texts, naive_texts),
        *decoding,
        _limit_row("wake_cpu", "waiting for one wake word", wake, "% of a core", 1.0),
        _limit_row("memory_pss", "all processes together (PSS)", memory / 1e9, "GB", 2.2),
        _limit_row("listen_cpu", "waiting listener as a whole", listen, "% of a core", 2.0),
    ]
    return {"machine": machine(), "rows": [asdict(row) for row in rows]}


def machine() -> dict[str, Any]:
    """Say what the numbers were measured on."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return {
        "architecture": platform.machine(),
        "processor": model.group(1) if model else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }


def show(console: Console, result: Mapping[str, Any]) -> None:
    """Print the rows as a table."""
    table = Table("what", "ours", "naive", "unit", "ratio", "target", "")
    for row in result["rows"]:
        figures = [_figure(row[key]) for key in ("ours", "naive")]
        ratio = f"{row['ratio']:.1f}" if row["ratio"] else ""
        mark = {True: "[green]met[/]", False: "[red]missed[/]", None: "not measured"}[row["met"]]
        what = f"{row['name']}\n[dim]{row['what']}{'; ' if row['note'] else ''}{row['note']}[/]"
        table.add_row(what, *figures, row["unit"], ratio, row["target"], mark)
    console.print(table)


def _cut(sample: Sample, path: Path) -> Utterance:
    """Cut the utterance out of a recording as the listener does; the wake word is left to the listener too."""
    listener = Listener(ListenerSettings())
    sound = list(frames(read_wav(path)))
    for attempt in range(2):
        if attempt:
            listener.listen_now()
        for frame in sound:
            for event in listener.feed(frame):
                if isinstance(event, SpeechEnded):
                    return Utterance(sample, path, event.audio)
    return Utterance(sample, path, np.concatenate(sound))


async def _turns(config: Configuration, utterances: Sequence[Utterance], ways: Ways) -> tuple[list[Trace], int]:
    """Hear every utterance at the speed of speech. Returns the traces, and the memory of all processes in bytes."""
    traces: list[Trace] = []
    async with sandbox(config, ways=ways) as box:
        for utterance in utterances:
            await box.reset()
            box.app.forget()
            async for trace in box.app.hear(frames(read_wav(utterance.path)), config.zone, pace=1.0):
                traces.append(trace)
        return traces, proportional_set_size(os.getpid(), without=("mpv", "dbus-daemon"))


def _turn_row(name: str, what: str, traces: Sequence[Trace], source: Source, naive: float, factor: int) -> Row:
    spans = [span for trace in traces if trace.source is source and (span := _to_action(trace)) is not None]
    if not spans:
        return Row(name, what, None, naive * 1000, "ms", None, f"at most 1/{factor}", None, "no such turn")
    ours = median(spans)
    silence = median(trace.silence for trace in traces)
    note = f"median of {len(spans)} turns; the {silence * 1000:.0f} ms of silence before are counted on neither side"
    target = f"at most 1/{factor}"
    return Row(name, what, ours * 1000, naive * 1000, "ms", naive / ours, target, naive / ours >= factor, note)


def _to_action(trace: Trace) -> float | None:
    """Seconds from the end of the silence to the call, or to the end of the reading for a question."""
    span = trace.between("utterance", "calling")
    return trace.between("utterance", "performed") if span is None else span


async def _transcribe(
    config: Configuration, store: Store, utterances: Sequence[Utterance]
) -> tuple[list[float], list[str]]:
    with TemporaryDirectory(prefix="codriver-") as folder:
        only_this = config.model_copy(
            update={"voices": (), "thinking": config.thinking.model_copy(update={"enabled": False})}
        )
        fleet = assemble(only_this, store, Path(folder))
        fleet.start()
        try:
            await fleet.ready()
            transcriber = Transcriber(fleet.uris[TRANSCRIBER])
            times, texts = [], []
            for utterance in utterances:
                spans = []
                for _ in range(_REPEATS):
                    begun = time.monotonic()
                    transcript = await transcriber.transcribe(utterance.audio)
                    spans.append(time.monotonic() - begun)
                times.append(median(spans))
                texts.append(transcript.text)
            return times, texts
        finally:
            await fleet.stop()


def _transcribe_naively(
    config: Configuration, store: Store, utterances: Sequence[Utterance]
) -> tuple[list[float], list[str]]:
    from faster_whisper import WhisperModel

    model = WhisperModel(str(transcriber_model(config, store)), device="cpu")
    times, texts = [], []
    for utterance in utterances:
        sound = utterance.audio.astype(np.float32) / 32768
        begun = time.monotonic()
        segments, _ = model.transcribe(sound)
        texts.append(" ".join(segment.text.strip() for segment in segments))
        times.append(time.monotonic() - begun)
    return times, texts


def _call_naively(config: Configuration, store: Store, tools: Tools, sentences: Sequence[str]) -> list[float]:
    caller = ChatmlFunctionCalling(thinker_model(config, store), tools, context=8192)
    caller.call("Hello.")  # evaluates the tools: the comparison is with the warm chain
    times = [_timed(caller.call, sentence)[0] for sentence in sentences]
    del caller
    gc.collect()
    return times


def _decode(config: Configuration, store: Store, tools: Tools, sentences: Sequence[str]) -> list[Row]:
    """Compare our decoder with llama.cpp's grammar on the same prompt, and loading the prompt with evaluating it."""
    path = thinker_model(config, store)
    model = LlamaModel(path)
    with TemporaryDirectory(prefix="codriver-") as folder:
        thinker = Thinker(model, DIALECTS["hermes"](), PrefixStore(Path(folder)))
        evaluated = thinker.prepare(tools)
        again = Thinker(LlamaModel(path), DIALECTS["hermes"](), PrefixStore(Path(folder)))
        loaded = again.prepare(tools)
        grammar = GrammarDecoding(path, tools, model.vocabulary)
        grammar.call("Hello.")
        ours, naive, same, called = [], [], 0, 0
        for sentence in sentences:
            span, thought = _timed(lambda text: again.think(Think(text, longest_reply=0)), sentence)
            other_span, calls = _timed(grammar.call, sentence)
            if not calls or not thought.calls:
                continue
            called += 1
            same += [(call.name, dict(call.arguments)) for call in thought.calls] == [(n, dict(a)) for n, a in calls]
            ours.append(span)
            naive.append(other_span)
    ratio = median(other / own for own, other in zip(ours, naive, strict=True)) if ours else None
    prefix_ratio = evaluated.milliseconds / loaded.milliseconds
    return [
        Row(
            "tool_call", "a tool call decoded, against LlamaGrammar with the same prompt",
            median(ours) * 1000 if ours else None, median(naive) * 1000 if naive else None, "ms", ratio,
            "at least 2.5 times as fast, same calls", ratio is not None and ratio >= 2.5 and same == called,
            f"{same} of {called} calls the same",
        ),
        Row(
            "start_prefix", "prompt ready after start, loaded against evaluated",
            loaded.milliseconds, evaluated.milliseconds, "ms", prefix_ratio,
            "at least 8 times as fast", prefix_ratio >= 8, f"{loaded.prefix_tokens} tokens",
        ),
    ]  # fmt: skip


def _listening(utterances: Sequence[Utterance]) -> tuple[float, float]:
    """Percent of a core that one wake word, and the waiting listener, take for sound as it comes."""
    sound = np.concatenate([block for utterance in utterances for block in read_wav(utterance.path)])
    quiet = np.resize(sound[: RATE // 2], _LISTENING_SECONDS * RATE)
    words, listener = WakeWords(ListenerSettings().wake_words), Listener(ListenerSettings())
    return _load(words.hear, quiet), _load(listener.feed, quiet)


def _load(take: Callable[[Samples], object], sound: Samples) -> float:
    begun = time.process_time()
    for frame in frames([sound]):
        take(frame)
    return 100 * (time.process_time() - begun) / (len(sound) / RATE)


def _timed[T](work: Callable[[str], T], text: str) -> tuple[float, T]:
    begun = time.monotonic()
    result = work(text)
    return time.monotonic() - begun, result


def _transcribe_row(
    ours: Sequence[float],
    naive: Sequence[float],
    utterances: Sequence[Utterance],
    our_texts: Sequence[str],
    naive_texts: Sequence[str],
) -> Row:
    said = [utterance.sample.text for utterance in utterances]
    our_errors, naive_errors = error_rate(said, our_texts), error_rate(said, naive_texts)
    ratio = median(naive) / median(ours)
    return Row(
        "transcribe", "an utterance transcribed, against faster-whisper's defaults",
        median(ours) * 1000, median(naive) * 1000, "ms", ratio,
        "at least 4 times as fast, no more errors", ratio >= 4 and our_errors <= naive_errors,
        f"errors {our_errors:.1%} against {naive_errors:.1%}",
    )  # fmt: skip


def _limit_row(name: str, what: str, value: float, unit: str, limit: float) -> Row:
    return Row(name, what, value, None, unit, None, f"at most {limit:g}", value <= limit)


def error_rate(said: Sequence[str], heard: Sequence[str]) -> float:
    """Edits in words (Chinese: in characters) that make what was heard what was said, as a share of what was said."""
    from codriver.understanding.wording import comparable

    pairs = [(comparable(one), comparable(other)) for one, other in zip(said, heard, strict=True)]
    edits = sum(_distance(one, other) for one, other in pairs)
    return edits / max(1, sum(len(one) for one, _ in pairs))


def _distance(one: Sequence[str], other: Sequence[str]) -> int:
    previous = list(range(len(other) + 1))
    for row, a in enumerate(one, 1):
        current = [row]
        for column, b in enumerate(other, 1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (a != b)))
        previous = current
    return previous[-1]


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"

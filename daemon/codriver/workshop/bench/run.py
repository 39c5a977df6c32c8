"""Run the whole bench: each measurement beside its naive counterpart, on the same files, in the same run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from codriver.catalogue.configured import read_catalogue
from codriver.config import Configuration
from codriver.engines.fleet import thinker_model, transcriber_model
from codriver.engines.models import Store, default_root
from codriver.folders import cache_folder
from codriver.hearing.audio import frames, read_wav
from codriver.services.navigation.maps import Library
from codriver.services.navigation.maps import default_root as maps_root
from codriver.services.navigation.maps.commands import DEMO, extract_of_the_demo
from codriver.trace import Trace
from codriver.turn import Source
from codriver.understanding.mind import Ways
from codriver.understanding.toolbox import tools_of
from codriver.workshop.bench.apart import apart
from codriver.workshop.bench.growing import growth_row
from codriver.workshop.bench.growth_plot import draw
from codriver.workshop.bench.hearing import (
    cut,
    listening,
    transcribe,
    transcribe_row,
)
from codriver.workshop.bench.recall import spoken_row, typed_row
from codriver.workshop.bench.routing import routing_rows
from codriver.workshop.bench.rows import Row, limit_row, machine
from codriver.workshop.bench.searching import SIZES, growth_rows
from codriver.workshop.memory import proportional_set_size
from codriver.workshop.samples import render, sample_list, samples_directory
from codriver.workshop.sandbox import sandbox

_THINKING = "codriver.workshop.bench.thinking"
_SEARCHING = "codriver.workshop.bench.searching"
_MAKING = "codriver.workshop.bench.map_making"
_NAIVE_HEARING = "codriver.workshop.bench.naive_hearing"


async def run_bench(config: Configuration, console: Console) -> dict[str, Any]:
    """Measure everything; takes some minutes. Returns what ``bench --json`` writes."""
    here = machine()  # with its load before any of this
    store = Store(default_root())
    catalogue = read_catalogue(config)
    tools = tools_of(catalogue).listed
    model = thinker_model(config, store)
    samples = sample_list("bench")
    with console.status("making spoken samples"):
        paths = await render(samples, samples_directory(), store)
    recordings = [paths[sample.id] for sample in samples]
    with console.status("hearing, understanding and acting on spoken sentences"):
        by_templates, memory = await _turns(config, recordings, Ways())
    with console.status("the same without templates"):
        by_model, _ = await _turns(config, recordings, Ways(templates=False))
    utterances = [cut(sample, paths[sample.id]) for sample in samples]  # after the memory was measured: it takes some
    with console.status("transcribing as codriver does"):
        ours_heard, ours_texts = await transcribe(config, store, utterances)
    with console.status("transcribing as faster-whisper does"):
        sounds = [utterance.audio for utterance in utterances]
        naive_heard, naive_texts = await apart(_NAIVE_HEARING, "transcribe", transcriber_model(config, store), sounds)
    sentences = [text or utterance.sample.text for text, utterance in zip(naive_texts, utterances, strict=True)]
    with console.status("calling tools as llama-cpp-python does"):
        naive_called = await apart(_THINKING, "call_naively", model, tools, sentences)
    with console.status("decoding tool calls with and without a grammar of llama.cpp"):
        decoding = await apart(_THINKING, "decode", model, tools, sentences)
    with console.status("listening for the wake word"):
        wake, listen = await asyncio.to_thread(listening)
    with console.status("understanding with ten times as many intents"):
        growth = await asyncio.to_thread(growth_row, catalogue.vocabulary)
    with console.status("finding routes"):
        extract = store.path(f"map-{DEMO}") / f"{DEMO}.osm.pbf"
        routing = await routing_rows(extract, Library(maps_root()).map(DEMO))
    searching = await _searching(config, store, console)
    naive_turn = median(heard + called for heard, called in zip(naive_heard, naive_called, strict=True))
    templated = [trace for trace in by_templates if trace.source is Source.TEMPLATE]
    thought = [trace for trace in by_model if trace.source is not Source.TEMPLATE]
    rows = [
        _turn_row("turn_template", "speech to call, by template", templated, naive_turn, median(ours_heard), 8),
        _turn_row("turn_model", "speech to call, by language model", thought, naive_turn, median(ours_heard), 3),
        transcribe_row(ours_heard, naive_heard, utterances, ours_texts, naive_texts),
        *decoding,
        growth,
        *routing,
        *searching,
        limit_row("wake_cpu", "waiting for one wake word, in the noise of a car", wake, "% of a core", 1.0),
        limit_row("memory_pss", "all processes together (PSS)", memory / 1e9, "GB", 2.2),
        limit_row("listen_cpu", "waiting listener as a whole, in the same noise", listen, "% of a core", 2.0),
    ]
    return {"machine": here, "rows": [asdict(row) for row in rows]}


async def _searching(config: Configuration, store: Store, console: Console) -> list[Row]:
    """Measure the search of places: on the demo map, and among places that are made up the first time."""
    folder = cache_folder() / "bench"
    extract = extract_of_the_demo()
    rows: list[Row] = []
    with console.status("searching the demo map"):
        demo = Library(maps_root()).map(DEMO)
        rows += await apart(_SEARCHING, "demo_rows", demo.path)
        rows.append(await asyncio.to_thread(typed_row, demo, extract))
    with console.status("having places spoken, hearing them, and searching"):
        rows.append(await spoken_row(config, store, demo, extract))
    with console.status("building the index of a million places"):
        rows += await apart(_MAKING, "build_rows", folder / "building")
    measured = []
    for size in SIZES:
        place = folder / f"places-{size}"
        with console.status(f"searching among {size:,} places; they are made up the first time"):
            await apart(_MAKING, "prepare", size, place)
            measured.append(await apart(_SEARCHING, "measure", size, place))
    await asyncio.to_thread((folder / "search-growth.svg").write_text, draw(measured), "utf-8")
    return [*rows, *growth_rows(measured)]


async def _turns(config: Configuration, recordings: Sequence[Path], ways: Ways) -> tuple[list[Trace], int]:
    """Hear every recording at the speed of speech. Returns the traces, and the memory of all processes in bytes."""
    traces: list[Trace] = []
    async with sandbox(config, ways=ways) as box:
        for recording in recordings:
            await box.reset()
            box.app.forget()
            heard = box.app.hear(frames(read_wav(recording)), config.zone, pace=1.0)
            traces.extend([trace async for trace in heard])
        return traces, proportional_set_size(os.getpid(), without=("mpv", "dbus-daemon"))


def _turn_row(name: str, what: str, traces: Sequence[Trace], naive: float, transcription: float, factor: int) -> Row:
    """Compare turns with the naive chain.

    Most of our transcription is done while the silence goes on that ends the utterance; the note says what would
    be left if it only began afterwards.
    """
    target = f"at most 1/{factor}"
    spans = [span for trace in traces if (span := _to_action(trace)) is not None]
    if not spans:
        return Row(name, what, None, naive * 1000, "ms", None, target, None, "no such turn")
    ours = median(spans)
    silence = median(trace.silence for trace in traces)
    in_full = ours + transcription
    note = (
        f"median of {len(spans)} turns; {silence * 1000:.0f} ms of silence before are counted on neither side; "
        f"with all of the transcription after them {in_full * 1000:.0f} ms, ratio {naive / in_full:.1f}"
    )
    return Row(name, what, ours * 1000, naive * 1000, "ms", naive / ours, target, naive / ours >= factor, note)


def _to_action(trace: Trace) -> float | None:
    """Seconds from the end of the silence to the call; without one, to the end of reading or of understanding."""
    for stamp in ("calling", "performed", "understood"):
        span = trace.between("utterance", stamp)
        if span is not None:
            return span
    return None

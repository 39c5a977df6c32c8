"""The demonstration: spoken sentences through everything that is real, and a table of what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from codriver.acting.car import VEHICLE
from codriver.config import Configuration
from codriver.engines.models import Store, default_root
from codriver.hearing.audio import frames, read_wav
from codriver.speaking.loudspeaker import WavLoudspeaker
from codriver.trace import Trace
from codriver.turn import BusCall
from codriver.workshop.samples import render, sample_list, samples_directory
from codriver.workshop.sandbox import sandbox

type Watcher = Callable[[Trace, Path | None], None]


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording for the demonstration, with the words that are spoken in it where they are known."""

    path: Path
    words: str = ""
    voice: str = ""


async def own_samples(progress: Callable[[int, int], None] = lambda done, total: None) -> list[Sound]:
    """Give the project's own spoken sentences, made on this machine where they are not there yet."""
    samples = sample_list("demo")
    files: Mapping[str, Path] = await render(samples, samples_directory(), Store(default_root()), progress)
    return [
        Sound(files[sample.id], sample.text, f"{sample.voice}, {sample.snr:g} dB" if sample.snr else sample.voice)
        for sample in samples
    ]


async def demonstrate(
    config: Configuration, sounds: Sequence[Sound], folder: Path, watch: Watcher, ready: Callable[[], None]
) -> list[Trace]:
    """Hear each recording at the speed at which it was spoken, in a sandbox; answers become WAV files in ``folder``.

    ``watch`` is told of each turn and its WAV file. Raises AudioError for a recording that cannot be read.
    """
    for sound in sounds:
        read_wav(sound.path)  # one that cannot be read is told before anything is started or thrown away
    await asyncio.to_thread(_clear, folder)
    traces: list[Trace] = []

    def answer_file(_trace: Trace) -> WavLoudspeaker:
        return WavLoudspeaker(folder / f"answer-{len(traces) + 1:02d}.wav")

    async with sandbox(config, answer_file, pace=1.0) as box:
        await box.reset()
        ready()
        for sound in sounds:
            async for trace in box.app.hear(frames(read_wav(sound.path)), config.zone, pace=1.0):
                traces.append(trace)
                path = folder / f"answer-{len(traces):02d}.wav"
                watch(trace, path if path.exists() else None)
    return traces


def _clear(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("answer-*.wav"):
        old.unlink()


def show(console: Console, number: int, sound: Sound | None, trace: Trace, wav: Path | None) -> None:
    """Print one turn."""
    timings = trace.timings_ms
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True, min_width=10)
    table.add_column(ratio=1)
    if sound and sound.words:
        table.add_row("spoken", Text.assemble(sound.words, (f"   {sound.voice}", "dim")))
    table.add_row("heard", Text(trace.heard.text, style="bold"))
    understood = "  ".join(f"{call.intent}{_arguments(call.arguments)}" for call in trace.intents)
    table.add_row("understood", Text.assemble(understood or "nothing", (f"   by {trace.source.value}", "dim")))
    table.add_row("done", Text("\n".join(_done(call) for call in trace.calls) or "nothing had to be", style="green"))
    for refusal in trace.refused:
        table.add_row("refused", Text(f"{refusal.intent}: {refusal.reason}", style="yellow"))
    table.add_row("said", Text.assemble((trace.answer.text, "cyan"), (f"   {wav}" if wav else "", "dim")))
    table.add_row("took", Text(_times(timings), style="dim"))
    console.print(Panel(table, title=f"{number}", title_align="left", border_style="blue"))


def show_sum(console: Console, traces: Sequence[Trace]) -> None:
    """Print what each step took, turn by turn, as one table."""
    table = Table(title="Milliseconds after the last sound of speech (the pause that ends an utterance not counted)")
    table.add_column("heard", overflow="fold", ratio=3)
    for column in ("transcribe", "understand", "act", "to call", "to sound"):
        table.add_column(column, justify="right")
    for trace in traces:
        timings = trace.timings_ms
        keys = ("transcribe", "understand", "act", "to_call", "to_sound")
        table.add_row(Text(trace.heard.text), *(f"{timings[key]:.0f}" if key in timings else "-" for key in keys))
    console.print(Group(table))


def _arguments(arguments: Mapping[str, object]) -> str:
    return "(" + ", ".join(f"{name}: {value}" for name, value in arguments.items()) + ")"


def _done(call: BusCall) -> str:
    if call.property is not None:
        return f"{call.bus_name} {call.property} = {_short(call.value)}"
    signals = call.args[0] if call.args and call.interface == VEHICLE.interface else None
    if isinstance(signals, Mapping):
        return "\n".join(f"{path} = {_short(value)}" for path, value in signals.items())
    told = [str(arg.get("name", "")) if isinstance(arg, Mapping) else str(arg) for arg in call.args]
    return f"{call.bus_name} {call.member}({', '.join(filter(None, told))})"


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _times(timings: Mapping[str, float]) -> str:
    names = {
        "transcribe": "transcribe",
        "understand": "understand",
        "act": "act",
        "first_sound": "first sound",
        "to_call": "speech to call",
    }
    return " · ".join(f"{words} {timings[name]:.0f} ms" for name, words in names.items() if name in timings)

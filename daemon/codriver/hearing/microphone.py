"""The microphone, through the recorder of the sound system: PulseAudio's, PipeWire's or ALSA's."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncGenerator, Sequence

import numpy as np

from codriver.errors import AudioError
from codriver.hearing.audio import FRAME, RATE, Samples

_RECORDERS: tuple[tuple[str, ...], ...] = (
    ("parec", "--raw", f"--rate={RATE}", "--channels=1", "--format=s16le", "--latency-msec=20"),
    ("pw-record", f"--rate={RATE}", "--channels=1", "--format=s16", "-"),
    ("arecord", "--quiet", "--file-type=raw", f"--rate={RATE}", "--channels=1", "--format=S16_LE"),
)


def recorder() -> Sequence[str]:
    """Find the command that records here. Raises AudioError where there is none."""
    for command in _RECORDERS:
        if shutil.which(command[0]):
            return command
    names = ", ".join(command[0] for command in _RECORDERS)
    raise AudioError(f"Nothing can record here: install one of {names}.")


async def record(command: Sequence[str]) -> AsyncGenerator[Samples]:
    """Yield 10 ms frames (160 samples, int16, 16 kHz mono) until closed. Raises AudioError when recording ends."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        while True:
            try:
                pcm = await process.stdout.readexactly(2 * FRAME)
            except asyncio.IncompleteReadError:
                said = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
                raise AudioError(f"Recording ended: {said[-1] if said else command[0]}.") from None
            yield np.frombuffer(pcm, dtype="<i2")
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()

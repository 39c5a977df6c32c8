"""A sound card without hardware: a PulseAudio of one's own, with a loudspeaker that can be recorded and a microphone.

Whatever is played into ``micfeed`` is what the microphone hears; what codriver plays goes to ``speaker``. It is reached
as a real card is, through ALSA, in the processes that are given its ``environment``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from codriver.errors import ConfigurationError

SPEAKER_RATE = 48_000
"""Hertz of the loudspeaker, and of what is recorded of it."""

_READY_WITHIN = 15.0
_SERVER = "load-module module-native-protocol-unix auth-anonymous=1 socket={socket}\n"
_CARD = """
load-module module-null-sink sink_name=speaker norewinds=1 rate=48000 channels=1
load-module module-null-sink sink_name=micfeed norewinds=1 rate={rate} channels={channels}
load-module module-virtual-source source_name=microphone master=micfeed.monitor channels={channels}
set-default-sink speaker
set-default-source microphone
"""
_ALSA = """
pcm.!default { type pulse }
ctl.!default { type pulse }
"""

type Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Reflection:
    """A way from the loudspeaker to the microphone: seconds, at least 0.02, and decibels."""

    delay: float
    level: float


class SoundCard:
    """The card. Make it with `sound_card`."""

    def __init__(self, folder: Path, rate: int, channels: int) -> None:
        self._folder = folder
        self._rate = rate
        self._channels = channels
        self._server: asyncio.subprocess.Process | None = None
        self.environment = {
            "PULSE_SERVER": f"unix:{folder / 'pulse.socket'}",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        }
        self._card = _CARD.format(rate=rate, channels=channels)
        (folder / "server.pa").write_text(_SERVER.format(socket=folder / "pulse.socket") + self._card)
        (folder / "asound.conf").write_text(_ALSA)

    async def start(self) -> None:
        """Start the sound server, also after `kill`. Raises ConfigurationError where there is none."""
        program = shutil.which("pulseaudio")
        if program is None:
            raise ConfigurationError("pulseaudio is needed for this: setup/prepare tests installs it.")
        self._server = await asyncio.create_subprocess_exec(
            program, "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--realtime=yes",
            "--high-priority=yes", "--disable-shm=yes", "--log-level=error", "-F", self._folder / "server.pa",
            env=self._own_environment, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(_READY_WITHIN):
            while await self._run("pactl", "info") != 0:  # noqa: ASYNC110 - nothing tells when it answers
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """End the sound server as a crash would."""
        if self._server is not None and self._server.returncode is None:
            self._server.send_signal(signal.SIGKILL)
            await self._server.wait()

    async def unplug(self) -> None:
        """Take loudspeaker and microphone away, while the sound server goes on."""
        for module in ("module-virtual-source", "module-null-sink"):
            await self.control("unload-module", module)

    async def plug(self) -> None:
        """Put them back."""
        for line in self._card.strip().splitlines():
            await self.control(*line.split())

    async def control(self, *arguments: str) -> str:
        """Run ``pactl``, and return what it prints, such as the number of a module."""
        return await self._output("pactl", *arguments)

    async def say(self, samples: Samples, rate: int = 16_000) -> None:
        """Play into the microphone, interleaved where it has several channels; returns when it is played."""
        player = await self._start(
            "paplay", "--raw", "--format=s16le", f"--rate={rate}", f"--channels={self._channels}",
            "--device=micfeed", "--latency-msec=200", stdin=subprocess.PIPE,
        )  # fmt: skip
        async with _ending(player):
            await player.communicate(samples.tobytes())

    @contextlib.asynccontextmanager
    async def recording(self, source: str = "speaker.monitor", rate: int = SPEAKER_RATE) -> AsyncIterator[Recording]:
        """Record what is played, mono, until the context ends."""
        recorder = await self._start(
            "parec", "--raw", "--format=s16le", f"--rate={rate}", "--channels=1",
            f"--device={source}", "--latency-msec=10", stdout=subprocess.PIPE,
        )  # fmt: skip
        recording = Recording(rate)
        async with _ending(recorder):
            reading = asyncio.create_task(recording.read(recorder))
            await recording.begun.wait()
            try:
                yield recording
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def room(self, reflections: Sequence[Reflection]) -> None:
        """Let the microphone hear the loudspeaker."""
        for reflection in reflections:
            await self.control(
                "load-module", "module-loopback", "source=speaker.monitor", "sink=micfeed", "adjust_time=0",
                f"latency_msec={round(1000 * reflection.delay)}",
                f"sink_input_properties=media.name=reflection{len(await self._reflections())}",
            )  # fmt: skip
            number = (await self._reflections())[-1]
            await self.control("set-sink-input-volume", number, f"{reflection.level}dB")

    async def _reflections(self) -> list[str]:
        inputs = await self.control("list", "short", "sink-inputs")
        return [line.split()[0] for line in inputs.splitlines() if "module-loopback" in line]

    @property
    def _own_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment, "HOME": str(self._folder), "XDG_RUNTIME_DIR": str(self._folder)}

    async def _start(
        self, *command: str, stdin: int | None = None, stdout: int | None = None
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *command, env=self._own_environment, stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL
        )

    async def _run(self, *command: str) -> int:
        return await (await self._start(*command, stdout=subprocess.DEVNULL)).wait()

    async def _output(self, *command: str) -> str:
        out, _ = await (await self._start(*command, stdout=subprocess.PIPE)).communicate()
        return out.decode().strip()


class Recording:
    """What a recorder has heard so far, int16 mono."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.begun = asyncio.Event()
        self._pcm = bytearray()

    @property
    def samples(self) -> Samples:
        """All of it."""
        return np.frombuffer(bytes(self._pcm[: len(self._pcm) // 2 * 2]), dtype="<i2")

    def forget(self) -> None:
        """Drop what was heard so far."""
        self._pcm.clear()

    async def read(self, recorder: asyncio.subprocess.Process) -> None:
        """Take what a recorder writes, until it ends."""
        assert recorder.stdout is not None
        while data := await recorder.stdout.read(4096):
            self._pcm += data
            self.begun.set()


@contextlib.asynccontextmanager
async def sound_card(folder: Path, rate: int = 48_000, channels: int = 1) -> AsyncIterator[SoundCard]:
    """Run a card whose microphone has this rate and so many channels, with its files in ``folder``."""
    card = SoundCard(folder, rate, channels)
    await card.start()
    try:
        yield card
    finally:
        await card.kill()


@contextlib.asynccontextmanager
async def _ending(process: asyncio.subprocess.Process) -> AsyncIterator[None]:
    try:
        yield
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

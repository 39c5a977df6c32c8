from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from codriver.errors import EngineError
from codriver.hearing.transcription import Transcriber
from wyoming.client import AsyncClient
from wyoming.info import Describe, Info

pytestmark = pytest.mark.models

type Say = Callable[[str, str], npt.NDArray[np.int16]]


class Engine:
    """The transcriber as the daemon starts it."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.socket = folder / "transcriber.sock"
        self.uri = f"unix://{self.socket}"
        command = [
            sys.executable,
            "-m",
            "codriver.engines.transcriber",
            "--uri",
            self.uri,
            "--model",
            str(model),
        ]
        self.process = subprocess.Popen([*command, "--exit-with-parent"])

    def wait(self) -> None:
        deadline = time.monotonic() + 60
        while not self.socket.exists():
            assert self.process.poll() is None, "the engine ended before it was ready"
            assert time.monotonic() < deadline, "the engine never became ready"
            time.sleep(0.05)

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(10)


@pytest.fixture
def engine(short_directory: Path, models: Path) -> Iterator[Engine]:
    engine = Engine(short_directory, models / "whisper-base")
    try:
        engine.wait()
        yield engine
    finally:
        engine.process.kill()
        engine.process.wait()


async def test_it_says_what_it_is_and_transcribes(engine: Engine, say: Say) -> None:
    async with AsyncClient.from_uri(engine.uri) as client:
        await client.write_event(Describe().event())
        event = await client.read_event()
    assert event is not None
    assert Info.from_event(event).asr[0].models[0].languages == ["en", "zh"]

    transcriber = Transcriber(engine.uri)
    english, chinese = await asyncio.gather(
        transcriber.transcribe(say("Close the sunroof.", "af_heart")),
        transcriber.transcribe(say("打开天窗。", "zm_yunxi")),
    )
    assert english.text.lower().startswith("close the sun")
    assert (english.language, chinese.language) == ("en", "zh")
    assert 0.3 < english.confidence <= 1
    assert (await transcriber.transcribe(np.zeros(32_000, np.int16))).text == ""
    assert engine.end() == 0


async def test_killed_in_the_middle_it_costs_one_error(engine: Engine, say: Say) -> None:
    transcription = Transcriber(engine.uri).start(np.tile(say("Close the sunroof.", "af_heart"), 8))
    await asyncio.sleep(0.1)
    os.kill(engine.process.pid, signal.SIGKILL)
    with pytest.raises(EngineError):
        await transcription.result()


async def test_the_work_of_clients_that_went_away_is_dropped(engine: Engine, say: Say) -> None:
    transcriber = Transcriber(engine.uri)
    long = np.tile(say("Close the sunroof.", "af_heart"), 10)
    abandoned = [transcriber.start(long) for _ in range(30)]
    await asyncio.sleep(0.3)
    for transcription in abandoned:
        transcription.cancel()
    async with asyncio.timeout(10):
        assert (await transcriber.transcribe(say("Pause the music.", "bf_emma"))).text


async def test_rubbish_hurts_nobody_else(engine: Engine, say: Say) -> None:
    reader, writer = await asyncio.open_unix_connection(engine.socket)
    writer.write(b'{"type": "audio-chunk", "data": {}}\n{"type": "audio-stop"}\nnot json\n')
    await writer.drain()
    assert b"makes no sense" in await reader.read()
    writer.close()
    assert (await Transcriber(engine.uri).transcribe(say("Pause the music.", "bf_emma"))).text


def test_without_a_model_it_ends_with_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "codriver.engines.transcriber", "--uri", f"unix://{tmp_path}/s"]
    ended = subprocess.run([*command, "--model", str(tmp_path)], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [f"There is no Whisper model in {tmp_path}."]

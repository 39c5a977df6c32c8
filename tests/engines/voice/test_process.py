"""The voice process with its real models, asked over its socket."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from codriver.engines.models import Store, default_root
from codriver.engines.voice.level import PEAK_LIMIT
from codriver.errors import EngineError
from codriver.speaking.voice import AudioBlock, VoiceEndpoint, Voices

pytestmark = pytest.mark.models

RUN = [sys.executable, "-m", "codriver.engines.voice", "--uri"]


@pytest.fixture(scope="module", params=["piper", "kokoro"])
def voice(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voices]:
    store, socket = Store(default_root()), tmp_path_factory.mktemp("voice") / "voice.sock"
    if request.param == "piper":
        model = store.path("piper-en_US-joe-medium") / "en_US-joe-medium.onnx"
        options = ["--language", "en"]
    else:
        model = store.path("kokoro-82m") / "model.onnx"
        options = ["--language", "zh", "--voice", "zf_xiaobei"]
    command = [*RUN, f"unix://{socket}", "--engine", request.param, "--model", str(model)]
    process = subprocess.Popen([*command, *options])
    while not socket.exists():
        assert process.poll() is None
        time.sleep(0.05)
    yield Voices({options[1]: VoiceEndpoint(f"unix://{socket}")}, default=options[1], sentence_timeout=60)
    process.terminate()
    assert process.wait(10) in (0, -15)


async def speech(voice: Voices, text: str, language: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    blocks: list[AudioBlock] = [block async for block in voice.speak(text, language)]
    return np.frombuffer(b"".join(block.pcm for block in blocks), "<i2") / 32768


@pytest.mark.parametrize("text", ["It is 22 degrees.", "已将温度调到22度。"])
async def test_speech_is_as_loud_as_it_should_be(voice: Voices, text: str) -> None:
    sound = await speech(voice, text, "en" if text.isascii() else "zh")
    frames = np.sqrt(np.mean(sound[: len(sound) // 240 * 240].reshape(-1, 240) ** 2, axis=1))
    active = frames[frames > frames.max() * 10 ** (-25 / 20)]
    assert -23 < 20 * np.log10(np.sqrt(np.mean(active**2))) < -18
    assert np.abs(sound).max() <= PEAK_LIMIT
    assert 0.5 < len(sound) / 24_000 < 8
    assert not sound[-2400:].any()


@pytest.mark.parametrize("text", ["?!", "123", "a", "é ñ 𝄞 ☃ д", "word " * 20])
async def test_odd_text_is_spoken_or_passed_over(voice: Voices, text: str) -> None:
    await speech(voice, text, "xx")
    assert len(await speech(voice, "OK.", "en"))


def test_a_missing_model_is_said_in_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "none.onnx"
    command = [*RUN, f"unix://{tmp_path}/s", "--engine", "piper", "--model", str(missing), "--language", "en"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert str(missing) in ended.stderr


async def test_an_unknown_voice_is_an_error(voice: Voices) -> None:
    endpoint = next(iter(voice._endpoints.values()))
    with pytest.raises(EngineError, match="no"):
        await speech(Voices({"en": VoiceEndpoint(endpoint.uri, "nobody")}, default="en"), "Hello.", "en")

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from codriver.errors import AudioError
from codriver.speaking.loudspeaker import (
    Loudspeaker,
    Played,
    SilentLoudspeaker,
    WavLoudspeaker,
)
from codriver.speaking.voice import AudioBlock

BLOCK = AudioBlock(b"\x01\x00" * 1600, 16_000)


async def blocks(count: int) -> AsyncIterator[AudioBlock]:
    for _ in range(count):
        yield BLOCK


async def stopping(loudspeaker: Loudspeaker, after: int) -> AsyncIterator[AudioBlock]:
    for number in range(100):
        if number == after:
            loudspeaker.stop()
        yield BLOCK


def names(directory: Path) -> list[str]:
    return [entry.name for entry in directory.iterdir()]


async def test_silence_takes_everything() -> None:
    played = await SilentLoudspeaker().play(blocks(3))
    assert played.seconds == pytest.approx(0.3)
    assert played.first_sound_at is not None
    assert not played.interrupted


async def test_nothing_has_no_first_sound() -> None:
    assert await SilentLoudspeaker().play(blocks(0)) == Played(None, 0.0)


async def test_silence_stops_within_a_block_and_plays_again() -> None:
    loudspeaker = SilentLoudspeaker()
    played = await loudspeaker.play(stopping(loudspeaker, after=2))
    assert played.interrupted
    assert played.seconds == pytest.approx(0.2)
    assert not (await loudspeaker.play(blocks(1))).interrupted


async def test_a_wav_holds_what_was_said(tmp_path: Path) -> None:
    path = tmp_path / "new" / "answer.wav"
    await WavLoudspeaker(path).play(blocks(3))
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        assert file.readframes(10_000) == BLOCK.pcm * 3
    assert names(path.parent) == ["answer.wav"]


async def test_a_wav_of_an_interrupted_answer_holds_its_beginning(tmp_path: Path) -> None:
    loudspeaker = WavLoudspeaker(tmp_path / "answer.wav")
    assert (await loudspeaker.play(stopping(loudspeaker, after=2))).interrupted
    with wave.open(str(tmp_path / "answer.wav")) as file:
        assert file.getnframes() == 3200


async def test_a_failing_voice_leaves_no_wav(tmp_path: Path) -> None:
    async def failing() -> AsyncIterator[AudioBlock]:
        yield BLOCK
        raise AudioError("lost")

    with pytest.raises(AudioError, match="lost"):
        await WavLoudspeaker(tmp_path / "answer.wav").play(failing())
    assert names(tmp_path) == []


async def test_a_wav_that_cannot_be_written_is_an_error() -> None:
    with pytest.raises(AudioError, match="can't be written"):
        await WavLoudspeaker(Path("/proc/nowhere/answer.wav")).play(blocks(1))


@pytest.mark.parametrize("wav", [False, True])
async def test_a_pause_holds_the_answer_until_it_is_resumed(tmp_path: Path, wav: bool) -> None:
    loudspeaker = WavLoudspeaker(tmp_path / "answer.wav") if wav else SilentLoudspeaker()

    async def pausing() -> AsyncIterator[AudioBlock]:
        yield BLOCK
        loudspeaker.pause()
        yield BLOCK

    playing = asyncio.create_task(loudspeaker.play(pausing()))
    await asyncio.sleep(0.05)
    assert not playing.done()
    loudspeaker.resume()
    played = await asyncio.wait_for(playing, 5)
    assert played.seconds == pytest.approx(0.2)
    assert not played.interrupted


async def test_a_paused_answer_can_be_stopped() -> None:
    loudspeaker = SilentLoudspeaker()

    async def pausing() -> AsyncIterator[AudioBlock]:
        yield BLOCK
        loudspeaker.pause()
        yield BLOCK

    playing = asyncio.create_task(loudspeaker.play(pausing()))
    await asyncio.sleep(0.05)
    loudspeaker.stop()
    assert (await asyncio.wait_for(playing, 5)).interrupted

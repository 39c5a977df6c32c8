from __future__ import annotations

import asyncio
import sys
import wave
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from codriver.errors import AudioError
from codriver.speaking.loudspeaker import (
    CommandLoudspeaker,
    Loudspeaker,
    Played,
    SilentLoudspeaker,
    WavLoudspeaker,
    find_player,
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


def writing_to(path: Path) -> CommandLoudspeaker:
    """A player that writes what it is given into a file."""

    def command(rate: int) -> Sequence[str]:
        code = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"
        return [sys.executable, "-c", code, f"{path}.{rate}"]

    return CommandLoudspeaker(command)


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


async def test_a_player_is_given_all_sound_at_its_rate(tmp_path: Path) -> None:
    played = await writing_to(tmp_path / "sound").play(blocks(30))
    assert (tmp_path / "sound.16000").read_bytes() == BLOCK.pcm * 30
    assert played.seconds == pytest.approx(3.0)
    assert not played.interrupted


async def test_a_player_that_does_not_read_is_killed_by_stop() -> None:
    loudspeaker = CommandLoudspeaker(lambda rate: [sys.executable, "-c", "import time; time.sleep(600)"])
    playing = asyncio.create_task(loudspeaker.play(blocks(1000)))
    await asyncio.sleep(0.2)
    assert not playing.done()
    loudspeaker.stop()
    played = await asyncio.wait_for(playing, 5)
    assert played.interrupted
    assert played.seconds < 5


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["/nowhere/player"], "can't be started"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "ended"),
    ],
)
async def test_a_player_that_fails_is_an_error(command: Sequence[str], sentence: str) -> None:
    with pytest.raises(AudioError, match=sentence):
        await CommandLoudspeaker(lambda rate: command).play(blocks(100))


def test_no_player_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AudioError, match="paplay"):
        find_player()


def test_the_first_player_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("aplay", "pw-play"):
        (tmp_path / name).touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    program, *options = find_player()(22_050)
    assert program == str(tmp_path / "pw-play")
    assert "--rate=22050" in options

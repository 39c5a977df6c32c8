"""How devices are opened that know few formats, are busy, or never answer: with a PortAudio that is played here."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable
from typing import Any

import numpy as np
import pyaudio
import pytest
from codriver.engines.sound import keeper as keeping
from codriver.engines.sound.cleaning import AsItIs
from codriver.engines.sound.counting import Counting
from codriver.engines.sound.devices import Choice, Device
from codriver.engines.sound.ear import Ear
from codriver.engines.sound.events import Captured, MicrophoneState, MicrophoneStatus, Played
from codriver.engines.sound.keeper import Keeper, Kept
from codriver.engines.sound.listening import Listening
from codriver.engines.sound.portaudio import Fill, Heard, PortAudio, Stream, WrongFormat
from codriver.engines.sound.sink import Sink
from codriver.engines.sound.source import Source
from codriver.errors import AudioError

type Format = tuple[int, int]


class FewFormats(PortAudio):
    """A sound system with one device, which knows these rates with these channels."""

    def __init__(self, *formats: Format) -> None:
        self._formats = formats
        self.heard: Heard | None = None
        self.fill: Fill | None = None
        self.opened: Format | None = None

    @property
    def devices(self) -> list[Device]:
        most = max(channels for _, channels in self._formats)
        return [Device(0, "Box", most, most)]

    def listen(self, choice: Choice, rate: int, channels: int, frames: int, heard: Heard) -> Stream:
        self.heard = heard
        return self._checked(choice, rate, channels)

    def play(self, choice: Choice, rate: int, channels: int, frames: int, fill: Fill) -> Stream:
        self.fill = fill
        return self._checked(choice, rate, channels)

    def close(self) -> None: ...

    def _checked(self, choice: Choice, rate: int, channels: int) -> Stream:
        if (rate, channels) not in self._formats:
            raise WrongFormat("no")
        self.opened = (rate, channels)
        return Stream(Nothing(), choice, rate, channels)


class Nothing:
    """What is closed and was never open."""

    def close(self) -> None: ...


class Told:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.sound: list[Captured] = []
        self.statuses: list[MicrophoneStatus] = []

    def captured(self, sound: Captured) -> None:
        self.sound.append(sound)

    def microphone_is(self, status: MicrophoneStatus) -> None:
        self.statuses.append(status)


@pytest.mark.parametrize(
    ("formats", "taken", "reason"),
    [
        ([(16_000, 1), (48_000, 1)], (16_000, 1), ""),
        ([(48_000, 2), (44_100, 2)], (48_000, 2), ""),
        ([(16_000, 6)], (16_000, 6), ""),
        ([(8_000, 1)], (8_000, 1), "Box hears nothing above 4000 Hz: speech is understood badly."),
    ],
)
async def test_a_microphone_is_taken_as_it_is(formats: list[Format], taken: Format, reason: str) -> None:
    told, audio = Told(), FewFormats(*formats)
    listening = Listening([Ear("driver", 0, AsItIs(), 0.0)], "", Counting(), told)
    source = Source("", 1, listening)
    source.open(audio, asyncio.get_running_loop())
    assert audio.opened == taken
    assert audio.heard is not None
    rate, channels = taken
    for piece in range(10):
        pcm = np.full(channels * rate // 25, 1000 * (1 + piece % 2), "<i2").tobytes()
        audio.heard(pcm, piece / 25, False)
    await asyncio.sleep(0.01)
    assert sum(sound.frames for sound in told.sound) == pytest.approx(40, abs=3)
    assert told.statuses == [MicrophoneStatus(MicrophoneState.OPEN, "driver", "Box", reason)]


@pytest.mark.parametrize(
    ("soon", "piece", "handed_over"),
    [
        (False, 640, [1, 3, 1, 1, 3, 3, *[1] * 8]),
        (True, 320, [1, 4, 1, 6, *[1] * 8]),
    ],
)
async def test_sound_that_may_wait_comes_some_pieces_at_a_time(soon: bool, piece: int, handed_over: list[int]) -> None:
    told, audio, patient = Told(), FewFormats((16_000, 1)), [True]
    listening = Listening([Ear("driver", 0, AsItIs(), 0.0)], "", Counting(), told)
    source = Source("", 1, listening, lambda: patient[0], soon=soon)
    source.open(audio, asyncio.get_running_loop())
    assert audio.heard is not None
    for number in range(20):
        if number == 10:
            patient[0] = False
        audio.heard(np.full(piece, 1000, "<i2").tobytes(), number * piece / 16_000, number == 5)
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    assert [sound.frames * 160 // piece for sound in told.sound] == handed_over
    assert [sound.frame for sound in told.sound] == list(np.cumsum([0, *(sound.frames for sound in told.sound)][:-1]))


@pytest.mark.parametrize(
    ("formats", "channels", "sentence"),
    [
        ([(96_000, 1)], 1, "Box knows none of the rates 16000, 48000"),
        ([(16_000, 2)], 4, "Box has 2 channels: there is no channel 3."),
    ],
)
async def test_a_microphone_of_no_use_is_told(formats: list[Format], channels: int, sentence: str) -> None:
    source = Source("", channels, Listening([], "", Counting(), Told()))
    with pytest.raises(AudioError, match=sentence):
        source.open(FewFormats(*formats), asyncio.get_running_loop())


@pytest.mark.parametrize("taken", [(48_000, 1), (48_000, 2), (44_100, 2), (16_000, 1)])
async def test_a_loudspeaker_is_taken_as_it_is(taken: Format) -> None:
    ended: list[Played] = []
    audio = FewFormats(taken)
    sink = Sink("", None, Counting(), ended.append)
    sink.open(audio, asyncio.get_running_loop())
    rate, channels = taken
    sink.begin("a", 16_000)
    sink.add("a", array("h", [1000] * 8_000))
    sink.finish("a")
    assert audio.opened == taken
    assert audio.fill is not None
    pieces = [audio.fill(rate // 50, 0.0, False) for _ in range(50)]
    await asyncio.sleep(0.01)
    assert {len(piece) for piece in pieces} == {2 * channels * (rate // 50)}
    sound = np.frombuffer(b"".join(pieces), "<i2").reshape(-1, channels)
    assert np.count_nonzero(np.abs(sound).min(axis=1) > 900) / rate == pytest.approx(0.5, abs=0.02)
    assert [played.seconds for played in ended] == [pytest.approx(0.5, abs=0.01)]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (pyaudio.paDeviceUnavailable, "Box is used by another program, or the sound server is away."),
        (pyaudio.paUnanticipatedHostError, "Box cannot be opened: oh."),
    ],
)
def test_why_a_device_cannot_be_opened_is_told(monkeypatch: pytest.MonkeyPatch, code: int, sentence: str) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(code, "oh")

    audio = PortAudio()
    try:
        monkeypatch.setattr(audio._audio, "open", refuse)
        with pytest.raises(AudioError, match=sentence):
            audio.listen(Choice(Device(0, "Box", 1, 1)), 16_000, 1, 320, lambda pcm, at, lost: None)
    finally:
        audio.close()


class Gate:
    """A device that is opened as the test wishes."""

    def __init__(self, opening: Callable[[], None]) -> None:
        self.is_open = self.stalled = False
        self._opening = opening

    def open(self, audio: PortAudio, loop: asyncio.AbstractEventLoop) -> None:
        self._opening()
        self.is_open = True

    def close(self) -> None:
        self.is_open = self.stalled = False


@pytest.fixture
def no_portaudio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "PortAudio", lambda: FewFormats((16_000, 1)))


def kept(device: Gate, notes: list[str], wanted: Callable[[], bool] = lambda: True) -> Kept:
    return Kept(device, wanted, lambda: notes.append("found"), notes.append, lambda: notes.append("closed"))


async def test_a_device_that_stalls_is_opened_again(no_portaudio: None) -> None:
    notes: list[str] = []
    counting, gate = Counting(), Gate(lambda: None)
    keeping_it = asyncio.create_task(Keeper([kept(gate, notes)], counting).run())
    async with asyncio.timeout(10):
        while not gate.is_open:  # noqa: ASYNC110 - the keeper looks by itself
            await asyncio.sleep(0.01)
        gate.stalled = True
        while notes[-1:] != ["found"] or len(notes) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert notes == ["found", "The device has gone, or the sound server has ended.", "found"]
    assert counting.reopened == 1
    keeping_it.cancel()
    await asyncio.gather(keeping_it, return_exceptions=True)
    assert not gate.is_open


async def test_one_that_is_missing_leaves_the_other_open(no_portaudio: None) -> None:
    def refuse() -> None:
        raise AudioError("There is no loudspeaker: connect one.")

    good, bad = Gate(lambda: None), Gate(refuse)
    closed: list[str] = []
    good.close = lambda: closed.append("closed")  # type: ignore[method-assign]
    notes: list[str] = []
    looking = asyncio.create_task(Keeper([kept(bad, notes), kept(good, [])], Counting()).run())
    async with asyncio.timeout(10):
        while len(notes) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert good.is_open
    assert len(closed) <= 1, "only the first look, when nothing was open yet, may start PortAudio anew"
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)


async def test_a_portaudio_that_never_answers_ends_the_process(
    no_portaudio: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(Exception):
        """Stands for the end of the process."""

    def end(status: int) -> None:
        raise Ended(status)

    never = asyncio.Event()
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(keeping, "_HANGS_AFTER", 0.1)
    monkeypatch.setattr("os._exit", end)
    hanging = Gate(lambda: asyncio.run_coroutine_threadsafe(never.wait(), loop).result(10) and None)
    with pytest.raises(Ended):
        await Keeper([kept(hanging, [])], Counting()).run()
    never.set()

"""What is found of sound, judged from what the kernel and the sound process say."""

from __future__ import annotations

from pathlib import Path

import pytest
from codriver.engines.sound.asking import Seen
from codriver.engines.sound.events import LoudspeakerState, LoudspeakerStatus, MicrophoneState, MicrophoneStatus
from codriver.errors import AudioError
from codriver.workshop.doctor.sound import Cards, Holder, card_findings, heard_findings, read_cards

USB = Cards(names=("ArrayUAC10",), capturing=("ArrayUAC10",), playing=("ArrayUAC10",))
READY = LoudspeakerStatus(LoudspeakerState.READY, "ArrayUAC10")


@pytest.mark.parametrize(
    ("cards", "what", "well", "part"),
    [
        (USB, "sound cards", True, "ArrayUAC10"),
        (Cards(), "sound cards", False, "this board has none Plug in a USB microphone, or add the overlay"),
        (Cards(server="PipeWire"), "sound server", True, "PipeWire"),
        (Cards(names=("vc4hdmi0",), playing=("vc4hdmi0",)), "microphone", False, "none of vc4hdmi0 can record"),
        (Cards(names=("Webcam",), capturing=("Webcam",)), "loudspeaker", False, "none of Webcam can play"),
        (
            Cards(("Phone",), ("Phone",), ("Phone",), rates=(("Phone", (8000,)),)),
            *("microphone Phone", False, "it gives 8000 Hz, and speech needs 16000 Use another microphone"),
        ),
    ],
    ids=["usb", "none", "server", "no-microphone", "no-loudspeaker", "8-kHz"],
)
def test_cards_are_judged(cards: Cards, what: str, well: bool, part: str) -> None:
    [found] = [finding for finding in card_findings(cards) if finding.what == what]
    assert found.well is well
    assert part in f"{found.detail} {found.cure}"


def test_a_microphone_of_more_than_8_khz_will_do() -> None:
    cards = Cards(("Mic",), ("Mic",), ("Mic",), rates=(("Mic", (8000, 16000)),))
    assert all(finding.well for finding in card_findings(cards))


def microphone(state: MicrophoneState, device: str = "ArrayUAC10", reason: str = "") -> Seen:
    return Seen((MicrophoneStatus(state, "driver", device, reason),), READY)


BUSY = microphone(MicrophoneState.LOST, reason="Device unavailable")


@pytest.mark.parametrize(
    ("heard", "holders", "well", "part"),
    [
        (microphone(MicrophoneState.OPEN), (), True, "ArrayUAC10"),
        (
            microphone(MicrophoneState.OPEN, reason="it takes 8 kHz only"),
            (),
            False,
            "it takes 8 kHz only Set sound.micro",
        ),
        (microphone(MicrophoneState.SILENT, reason="only silence"), (), False, "only silence Switch it on and raise"),
        (microphone(MicrophoneState.CLIPPING), (), False, "ArrayUAC10 is clipping Lower its level"),
        (
            microphone(MicrophoneState.LOST, "", "There is no microphone."),
            (),
            False,
            "There is no microphone. Connect it",
        ),
        (BUSY, (Holder("ArrayUAC10 pcm0c", "arecord", 712),), False, "in use by arecord (process 712) End that"),
        (BUSY, (Holder("ArrayUAC10 pcm0c", "python3.13", 5),), True, "in use by codriver itself"),
        (BUSY, (), False, "Device unavailable"),
    ],
    ids=["open", "8-kHz", "silent", "clipping", "none", "busy", "busy-with-us", "busy-with-nobody"],
)
def test_a_microphone_is_judged(heard: Seen, holders: tuple[Holder, ...], well: bool, part: str) -> None:
    [found, speaker] = heard_findings(heard, holders)
    assert found.what == "microphone of the driver"
    assert found.well is well
    assert part in f"{found.detail} {found.cure}"
    assert speaker.well


def test_no_loudspeaker_leaves_the_answers_on_the_bus() -> None:
    lost = LoudspeakerStatus(LoudspeakerState.LOST, "", "There is no loudspeaker.")
    [found] = heard_findings(Seen((), lost), ())
    assert (found.what, found.well) == ("loudspeaker", False)
    assert "Until then answers are only on the bus." in found.cure


def test_a_sound_process_that_cannot_be_started_is_told_with_what_it_needs() -> None:
    [own] = heard_findings(AudioError("It ended."), ())
    [other] = heard_findings(AudioError("It ended."), (), elsewhere=True)
    assert (own.cure, other.cure) == ("Install libportaudio2 and libspeexdsp1.", "Start it, or remove sound.uri.")


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_the_kernel_s_cards_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    write(
        tmp_path,
        "proc/asound/cards",
        " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n                      vc4-hdmi-0\n"
        " 1 [ArrayUAC10     ]: USB-Audio - ReSpeaker 4 Mic Array (UAC1.0)\n                      SEEED ReSpeaker\n",
    )
    write(tmp_path, "proc/asound/card0/pcm0p/sub0/status", "closed\n")
    write(tmp_path, "proc/asound/card1/pcm0p/sub0/status", "closed\n")
    write(tmp_path, "proc/asound/card1/pcm0c/sub0/status", "state: RUNNING\nowner_pid   : 712\n")
    write(tmp_path, "proc/asound/card1/stream0", "Playback:\n    Rates: 48000\nCapture:\n    Rates: 8000, 16000\n")
    write(tmp_path, "proc/712/comm", "arecord\n")
    write(tmp_path, "run/user/7/pulse/native", "")
    assert read_cards(tmp_path) == Cards(
        names=("vc4hdmi0", "ArrayUAC10"),
        capturing=("ArrayUAC10",),
        playing=("vc4hdmi0", "ArrayUAC10"),
        rates=(("ArrayUAC10", (8000, 16000)),),
        holders=(Holder("ArrayUAC10 pcm0c", "arecord", 712),),
        server="PulseAudio",
    )
    write(tmp_path, "run/user/7/pipewire-0", "")
    assert read_cards(tmp_path).server == "PipeWire"
    assert read_cards(tmp_path / "empty") == Cards()

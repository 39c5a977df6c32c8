from __future__ import annotations

import pytest
from codriver.engines.sound.devices import Choice, Device, Way, choose
from codriver.errors import AudioError

HDMI = Device(0, "vc4-hdmi-0: MAI PCM (hw:0,0)", 0, 8)
ARRAY = Device(1, "ReSpeaker 4 Mic Array (UAC1.0): USB Audio (hw:2,0)", 6, 2)
PULSE = Device(2, "pulse", 32, 32)
DEFAULT = Device(3, "default", 32, 32)
ALL = (HDMI, ARRAY, PULSE, DEFAULT)


@pytest.mark.parametrize(
    ("devices", "wanted", "way", "choice"),
    [
        (ALL, "", "microphone", Choice(DEFAULT)),
        (ALL, "respeaker", "microphone", Choice(ARRAY)),
        (ALL, "pulse", "loudspeaker", Choice(PULSE)),
        (ALL, "hdmi", "loudspeaker", Choice(HDMI)),
        ((HDMI, ARRAY), "", "microphone", Choice(ARRAY)),
        (ALL, "pulse:speaker.monitor", "microphone", Choice(PULSE, "speaker.monitor")),
        ((DEFAULT,), "pulse:usb", "loudspeaker", Choice(DEFAULT, "usb")),
    ],
)
def test_a_device_is_found_by_its_name_or_a_part_of_it(
    devices: tuple[Device, ...], wanted: str, way: Way, choice: Choice
) -> None:
    assert choose(devices, wanted, way) == choice


@pytest.mark.parametrize(
    ("devices", "wanted", "way", "sentence"),
    [
        ((), "", "microphone", "There is no microphone: connect one"),
        ((HDMI,), "hdmi", "microphone", "There is no microphone: connect one"),
        (ALL, "Jabra", "microphone", "no microphone with 'Jabra' in its name; there are: ReSpeaker 4"),
        ((HDMI,), "pulse:x", "loudspeaker", "install libasound2-plugins"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    devices: tuple[Device, ...], wanted: str, way: Way, sentence: str
) -> None:
    with pytest.raises(AudioError, match=sentence):
        choose(devices, wanted, way)

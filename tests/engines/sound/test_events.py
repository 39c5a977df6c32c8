"""What is said to the sound process: whole after the wire, refused where it is faulty."""

import json
from typing import Any

import pytest
from codriver.engines.messages import Message
from codriver.engines.sound.events import (
    Capture,
    Captured,
    Counters,
    LoudspeakerState,
    LoudspeakerStatus,
    MicrophoneState,
    MicrophoneStatus,
    Pause,
    Play,
    Played,
)
from codriver.errors import InvalidRequest
from wyoming.event import Event


@pytest.mark.parametrize(
    "message",
    [
        Capture(open=True),
        Capture(open=False, soon=False),
        Captured("rear_left", 7, bytes(320)),
        MicrophoneStatus(MicrophoneState.SILENT, "driver", "usb", "It hears nothing."),
        LoudspeakerStatus(LoudspeakerState.LOST, reason="It was unplugged."),
        Play("a", 22_050),
        Pause("a"),
        Played("a", None, 0.0, lost="It was unplugged."),
        Played("a", 12.5, 1.25, interrupted=True),
        Counters(1, 2, 3, 4, 5, 6),
    ],
)
def test_a_message_survives_the_wire(message: Message) -> None:
    event = message.event()
    assert type(message).is_type(event.type)
    read = Event(event.type, json.loads(json.dumps(event.data)), event.payload)
    assert type(message).from_event(read) == message


@pytest.mark.parametrize(
    ("kind", "data", "fault"),
    [
        (Capture, {}, "capture: open must be true or false"),
        (Capture, {"open": 1}, "open must be true or false"),
        (Captured, {"zone": "boot", "frame": 1}, "zone must be one of driver, passenger, rear_left, rear_right"),
        (Captured, {"zone": ["driver"], "frame": 1}, "zone must be one of"),
        (Captured, {"zone": "driver", "frame": 1.5}, "frame must be a whole number"),
        (MicrophoneStatus, {"state": "deaf", "zone": "driver"}, "state must be one of closed, open, lost"),
        (LoudspeakerStatus, {"state": "ready"}, "device must be text"),
        (Play, {"id": "a", "rate": True}, "rate must be a whole number"),
        (Pause, {"id": 3}, "pause: id must be text"),
        (Played, {"id": "a", "first_sound_at": "now", "seconds": 1.0}, "first_sound_at must be a number"),
        (Counters, {"frames": 1}, "dropped must be a whole number"),
    ],
)
def test_a_faulty_message_is_refused_with_the_field_named(
    kind: type[Message], data: dict[str, Any], fault: str
) -> None:
    with pytest.raises(InvalidRequest, match=fault):
        kind.from_event(Event(kind.TYPE, data))

"""What is sent to the sound process and what it answers, as events of the Wyoming protocol.

A client that hears sends Capture and gets Captured sound and MicrophoneStatus; one that speaks sends Play, sound as
``audio-chunk`` events and ``audio-stop``, and gets Played. Every client gets LoudspeakerStatus when that changes.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from wyoming.event import Event

from codriver.engines.fields import Fields
from codriver.engines.messages import Message
from codriver.turn import ZONES, Zone

RATE = 16_000
"""Samples a second of captured sound."""

FRAME = RATE // 100
"""Samples of a frame: 10 ms."""


class MicrophoneState(StrEnum):
    """What a microphone does. One that is silent or clipping is open too, but hardly of use."""

    CLOSED = "closed"
    OPEN = "open"
    LOST = "lost"
    SILENT = "silent"
    CLIPPING = "clipping"


class LoudspeakerState(StrEnum):
    """Whether the loudspeaker can be played on. It is opened when there is something to play."""

    READY = "ready"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Capture(Message):
    """Open the microphones, or close them for good: no sound reaches this process then.

    Sound comes as ``soon`` as it is there, or, with less work for both sides, up to 0.12 s of it at a time.
    """

    open: bool
    soon: bool = True

    TYPE: ClassVar[str] = "capture"

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        fields = Fields(event)
        return cls(fields.truth("open"), fields.truth("soon", True))


@dataclass(frozen=True, slots=True)
class Captured(Message):
    """Sound of a zone: int16, 16 kHz, mono, a multiple of 10 ms, without the echo of the loudspeaker.

    ``frame`` is the running number of its first 10 ms since the process began; what is left out was lost.
    """

    zone: Zone
    frame: int
    audio: bytes

    TYPE: ClassVar[str] = "audio-chunk"

    @property
    def frames(self) -> int:
        """How many frames of 10 ms it has."""
        return len(self.audio) // (2 * FRAME)

    def event(self) -> Event:
        """Make the event, which is a Wyoming audio chunk with two more fields."""
        data = {"rate": RATE, "width": 2, "channels": 1, "zone": self.zone, "frame": self.frame}
        return Event(self.TYPE, data, self.audio)

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        fields = Fields(event)
        return cls(fields.one_of("zone", ZONES), fields.whole("frame"), event.payload or b"")


@dataclass(frozen=True, slots=True)
class MicrophoneStatus(Message):
    """What the microphone of a zone does now. ``reason`` is a sentence where something is wrong with it."""

    state: MicrophoneState
    zone: Zone
    device: str = ""
    reason: str = ""

    TYPE: ClassVar[str] = "microphone"

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        fields = Fields(event)
        state, zone = fields.one_of("state", MicrophoneState), fields.one_of("zone", ZONES)
        return cls(state, zone, fields.text("device"), fields.text("reason"))


@dataclass(frozen=True, slots=True)
class LoudspeakerStatus(Message):
    """Whether the loudspeaker is there. ``reason`` is a sentence where it is not."""

    state: LoudspeakerState
    device: str = ""
    reason: str = ""

    TYPE: ClassVar[str] = "loudspeaker"

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        fields = Fields(event)
        return cls(fields.one_of("state", LoudspeakerState), fields.text("device"), fields.text("reason"))


@dataclass(frozen=True, slots=True)
class Play(Message):
    """Sound follows: int16 mono chunks at ``rate`` hertz, then ``audio-stop``. It waits for what was sent before."""

    id: str
    rate: int

    TYPE: ClassVar[str] = "play"

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        fields = Fields(event)
        return cls(fields.text("id"), fields.whole("rate"))


@dataclass(frozen=True, slots=True)
class _Order(Message):
    """Something to do with a sound that is played."""

    id: str

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        return cls(Fields(event).text("id"))


@dataclass(frozen=True, slots=True)
class Pause(_Order):
    """Hold a sound where it is; other sounds may be played meanwhile."""

    TYPE: ClassVar[str] = "pause"


@dataclass(frozen=True, slots=True)
class Resume(_Order):
    """Go on where a sound was held."""

    TYPE: ClassVar[str] = "resume"


@dataclass(frozen=True, slots=True)
class Silence(_Order):
    """End a sound now."""

    TYPE: ClassVar[str] = "silence"


@dataclass(frozen=True, slots=True)
class Played(Message):
    """A sound is over: ``seconds`` of it have sounded.

    ``first_sound_at`` is when it began, in seconds of CLOCK_MONOTONIC of this machine; None if nothing sounded.
    ``lost`` is a sentence where the loudspeaker went away before its end, and stayed away.
    """

    id: str
    first_sound_at: float | None
    seconds: float
    interrupted: bool = False
    lost: str = ""

    TYPE: ClassVar[str] = "played"

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        fields = Fields(event)
        first, seconds = fields.number_or_none("first_sound_at"), fields.number("seconds")
        return cls(fields.text("id"), first, seconds, fields.truth("interrupted"), fields.text("lost"))


@dataclass(frozen=True, slots=True)
class Counters(Message):
    """What was counted since the process began. An empty event of this type asks for it.

    ``frames`` of 10 ms were captured. ``dropped`` were lost and ``doubled`` came twice, before this process or in it;
    ``overruns`` are how often the sound system lost captured sound, ``underruns`` how often it had none to play;
    ``reopened`` is how often a device was opened again after it had been lost.
    """

    frames: int = 0
    dropped: int = 0
    doubled: int = 0
    overruns: int = 0
    underruns: int = 0
    reopened: int = 0

    TYPE: ClassVar[str] = "counters"

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Read the event. Raises InvalidRequest where a field is missing or of the wrong kind."""
        counted = Fields(event)
        return cls(*(counted.whole(field.name) for field in dataclasses.fields(cls)))

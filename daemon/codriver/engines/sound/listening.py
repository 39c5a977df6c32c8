"""The microphones of the zones that one device serves: their sound, and how each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from codriver.engines.sound.counting import Counting
from codriver.engines.sound.ear import Ear
from codriver.engines.sound.events import RATE, Captured, MicrophoneState, MicrophoneStatus
from codriver.engines.sound.level import Level

_TROUBLE = {
    Level.SILENT: (MicrophoneState.SILENT, "gives only silence: is it muted, or not connected?"),
    Level.CLIPPING: (MicrophoneState.CLIPPING, "is too loud to be understood: turn its level down."),
}


class Audience(Protocol):
    """Who is told of what is heard."""

    def captured(self, sound: Captured) -> None:
        """Take sound of a zone."""
        ...

    def microphone_is(self, status: MicrophoneStatus) -> None:
        """Take note of a new status."""
        ...


class Listening:
    """Takes what a device gives, for the ears of one or several zones."""

    def __init__(self, ears: Sequence[Ear], device: str, counting: Counting, audience: Audience) -> None:
        """Take the ears, the name of the device as it was asked for, and who is to be told."""
        self.statuses = {ear.zone: MicrophoneStatus(MicrophoneState.CLOSED, ear.zone, device) for ear in ears}
        self._ears = ears
        self._device = device
        self._narrow = ""
        self._counting = counting
        self._audience = audience

    def opened(self, name: str, rate: int, channels: int) -> None:
        """Expect the sound of a device that is being opened."""
        self._device = name
        self._narrow = f"{name} hears nothing above {rate // 2} Hz: speech is understood badly." if rate < RATE else ""
        for ear in self._ears:
            ear.open(rate, channels)

    def hear(self, pcm: bytes, at: float, *, lost: bool) -> None:
        """Take interleaved samples."""
        self._counting.overruns += lost
        for number, ear in enumerate(self._ears):
            captured, jump = ear.hear(pcm, at)
            if jump and number == 0:
                self._counting.jumped(jump)
            if captured.frames:
                self._counting.frames += captured.frames
                self._audience.captured(captured)
            self._judge(ear)

    def gone(self, state: MicrophoneState, reason: str = "") -> None:
        """Take note that the device was closed, or is lost for a reason."""
        for ear in self._ears:
            self._tell(MicrophoneStatus(state, ear.zone, self._device, reason))

    def _judge(self, ear: Ear) -> None:
        state, trouble = _TROUBLE.get(ear.level, (MicrophoneState.OPEN, ""))
        reason = f"{self._device} {trouble}" if trouble else self._narrow
        self._tell(MicrophoneStatus(state, ear.zone, self._device, reason))

    def _tell(self, status: MicrophoneStatus) -> None:
        if self.statuses[status.zone] != status:
            self.statuses[status.zone] = status
            self._audience.microphone_is(status)

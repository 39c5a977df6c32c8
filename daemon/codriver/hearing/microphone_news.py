"""What is worth saying aloud about the microphones: that they are back, and, once, what is wrong with them. No I/O."""

from __future__ import annotations

from codriver.engines.sound.events import MicrophoneState, MicrophoneStatus
from codriver.turn import Zone

_FAULTS = {MicrophoneState.SILENT: "microphone_silent", MicrophoneState.CLIPPING: "microphone_clipping"}


class MicrophoneNews:
    """Follows the statuses of all microphones. What it gives are the keys of shared answers."""

    def __init__(self) -> None:
        self._lost: set[Zone] = set()
        self._told: set[str] = set()

    def take(self, status: MicrophoneStatus, *, apologising: bool = False) -> str:
        """Take a status; give what is to be said, or nothing.

        That one is lost is not said: it may be back at once. Nor is that it is back, while somebody is asked
        (``apologising``) to say again what was lost. What is wrong is said once for as long as this lives.
        """
        if status.state is MicrophoneState.LOST:
            self._lost.add(status.zone)
        elif status.state is MicrophoneState.CLOSED:
            self._lost.discard(status.zone)
        elif status.zone in self._lost:
            self._lost.discard(status.zone)
            return "" if self._lost or apologising else "microphone_back"
        fault = _FAULTS.get(status.state, "")
        if fault in self._told:
            return ""
        self._told.add(fault)
        return fault

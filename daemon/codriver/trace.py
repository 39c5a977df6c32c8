"""What happened in a turn and when: stamped by every stage, printed, saved, and measured by the bench."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codriver.turn import Answer, BusCall, IntentCall, Outcome, Refusal, Source, Transcript, Zone

type Clock = Callable[[], float]


@dataclass(slots=True)
class Trace:
    """One turn as it unfolds. Times are seconds of the monotonic clock.

    ``speech_ended`` is when the last sound of speech was over, ``silence`` the pause in seconds that it took to be
    sure of that. Both are zero for a typed turn.
    """

    zone: Zone
    clock: Clock = time.monotonic
    heard: Transcript = Transcript("", "")
    source: Source = Source.NONE
    intents: tuple[IntentCall, ...] = ()
    calls: tuple[BusCall, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    refused: tuple[Refusal, ...] = ()
    answer: Answer = Answer("", "")
    silence: float = 0.0
    audio_seconds: float = 0.0
    stamps: dict[str, float] = field(default_factory=dict)

    def stamp(self, name: str, at: float | None = None) -> None:
        """Note the time of something; the first time counts, as for the first of several calls."""
        self.stamps.setdefault(name, self.clock() if at is None else at)

    def between(self, start: str, end: str) -> float | None:
        """Seconds from one stamp to another, or None where one of them is missing."""
        if start not in self.stamps or end not in self.stamps:
            return None
        return self.stamps[end] - self.stamps[start]

    @property
    def timings_ms(self) -> dict[str, float]:
        """Milliseconds of each step that took place.

        ``to_call`` is from the end of speech to the first call leaving, the silence that ends an utterance not
        counted; ``to_sound`` likewise to the first sound of the answer.
        """
        spans = {
            "transcribe": self.between("utterance", "heard"),
            "understand": self.between("heard", "understood"),
            "act": self.between("understood", "performed"),
            "first_sound": self.between("answered", "sounding"),
            "to_call": self.between("utterance", "calling"),
            "to_sound": self.between("utterance", "sounding"),
            "total": self.between("utterance", "finished"),
        }
        timings = {name: round(seconds * 1000, 1) for name, seconds in spans.items() if seconds is not None}
        if self.silence:
            timings["silence"] = round(self.silence * 1000, 1)
        return timings

    def as_json(self) -> dict[str, Any]:
        """Give the turn in the form that ``--json`` prints and D-Bus returns."""
        return {
            "heard": self.heard.text,
            "language": self.heard.language,
            "zone": self.zone,
            "source": self.source.value,
            "intents": [{"name": call.intent, "arguments": dict(call.arguments)} for call in self.intents],
            "calls": [_call(call) for call in self.calls],
            "refused": [{"intent": refusal.intent, "reason": refusal.reason} for refusal in self.refused],
            "reply": self.answer.text,
            "asks": self.answer.expects_reply,
            "timings_ms": self.timings_ms,
        }

    def save(self, path: Path) -> None:
        """Write the turn as JSON, with its stamps."""
        stamps: Mapping[str, float] = self.stamps
        path.write_text(json.dumps({**self.as_json(), "stamps": stamps}, ensure_ascii=False, indent=1) + "\n")


def _call(call: BusCall) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "bus_name": call.bus_name,
        "path": call.path,
        "interface": call.interface,
        "member": call.member,
        "args": list(call.args),
    }
    if call.property is not None:
        entry |= {"property": call.property, "value": call.value}
    return entry

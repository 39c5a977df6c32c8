"""The D-Bus object of the daemon: org.codriver.Assistant1, for steering-wheel buttons, screens and scripts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from codriver.acting.bus import Bus, Destination
from codriver.errors import CodriverError, InvalidRequest
from codriver.trace import Trace
from codriver.turn import ZONES, Zone

_LOG = logging.getLogger(__name__)

BUS_NAME = "org.codriver.Assistant1"
PATH = "/org/codriver/Assistant1"
INTERFACE = "org.codriver.Assistant1"
ASSISTANT = Destination(BUS_NAME, PATH, INTERFACE)

_LONGEST_TEXT = 2000
_LONGEST_SHOWN = 200


class Daemon(Protocol):
    """What the object needs of the daemon."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are understood."""
        ...

    @property
    def state(self) -> str:
        """What the assistant is doing."""
        ...

    @property
    def muted(self) -> bool:
        """Whether the microphone is closed."""
        ...

    @muted.setter
    def muted(self, muted: bool) -> None: ...

    async def ask(self, text: str, language: str, zone: Zone) -> Trace:
        """Take a typed turn."""
        ...

    async def hear_file(self, path: Path, zone: Zone) -> Trace:
        """Take a spoken turn from a WAV file."""
        ...

    async def say(self, text: str, language: str) -> None:
        """Speak."""
        ...

    def listen(self, zone: Zone | None = None) -> None:
        """Listen as if the wake word had been said. Raises AudioError when there is nothing to listen with."""
        ...

    def cancel(self) -> None:
        """Drop the turn and be silent."""
        ...

    def watch_state(self, watcher: Callable[[str], None]) -> object:
        """Tell ``watcher`` of each new state."""
        ...


class AssistantObject:
    """Answers ``org.codriver.Assistant1``. What callers send is data: a text is a sentence to be understood."""

    interface = INTERFACE

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._saying: set[asyncio.Task[None]] = set()

    @property
    def state(self) -> str:
        """What the assistant is doing: idle, listening, thinking, acting, speaking or muted."""
        return self._daemon.state

    @property
    def muted(self) -> bool:
        """Whether the microphone is closed."""
        return self._daemon.muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._daemon.muted = muted

    @property
    def languages(self) -> list[str]:
        """The languages that are understood."""
        return list(self._daemon.languages)

    async def ask(self, text: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Take a turn and tell all of it. Options: ``language``, ``zone``, ``wav`` (a file to hear, for no text)."""
        _check_options(options, ("language", "zone", "wav"))
        zone = _zone(options)
        wav = options.get("wav", "")
        if not isinstance(wav, str) or (wav and text):
            raise InvalidRequest("The option wav is the path of a file to hear, and stands for the text.")
        if wav:
            return (await self._daemon.hear_file(Path(wav), zone)).as_json()
        if len(text) > _LONGEST_TEXT:
            raise InvalidRequest(f"A sentence has at most {_LONGEST_TEXT} characters.")
        return (await self._daemon.ask(text, self._language(options), zone)).as_json()

    def listen(self, options: Mapping[str, Any]) -> None:
        """Listen now, without the wake word. Options: ``zone``. What is being said is cut off."""
        _check_options(options, ("zone",))
        self._daemon.listen(_zone(options) if "zone" in options else None)

    def say(self, text: str, options: Mapping[str, Any]) -> None:
        """Speak a text in the language of ``options``. Returns before it has sounded."""
        _check_options(options, ("language",))
        if len(text) > _LONGEST_TEXT:
            raise InvalidRequest(f"A text to say has at most {_LONGEST_TEXT} characters.")
        task = asyncio.create_task(self._daemon.say(text, self._language(options)), name="say")
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)

    def cancel(self) -> None:
        """Drop the turn and be silent."""
        self._daemon.cancel()

    def _language(self, options: Mapping[str, Any]) -> str:
        language = options.get("language", self._daemon.languages[0])
        if language not in self._daemon.languages:
            known = ", ".join(self._daemon.languages)
            raise InvalidRequest(f"The languages are {known}, not {str(language)[:_LONGEST_SHOWN]}.")
        return str(language)


async def offer(bus: Bus, daemon: Daemon) -> Callable[[Trace], None]:
    """Put the assistant on the bus; call what is returned with each turn, to tell it to those who listen.

    Raises Rejected when another assistant is there already.
    """
    bus.export(PATH, AssistantObject(daemon))
    await bus.request_name(BUS_NAME)
    was_muted = False

    def tell_state(state: str) -> None:
        nonlocal was_muted
        changed: dict[str, Any] = {"State": state}
        if daemon.muted != was_muted:
            was_muted = daemon.muted
            changed["Muted"] = was_muted
        bus.emit_properties_changed(PATH, INTERFACE, changed)

    daemon.watch_state(tell_state)

    def tell(trace: Trace) -> None:
        turn = trace.as_json()
        bus.emit(PATH, INTERFACE, "Heard", turn["heard"], {"language": turn["language"], "zone": turn["zone"]})
        if turn["calls"]:
            bus.emit(PATH, INTERFACE, "Acted", turn["calls"])
        if turn["reply"]:
            bus.emit(PATH, INTERFACE, "Said", turn["reply"], {"language": turn["language"], "asks": turn["asks"]})

    return tell


def tell_failed(bus: Bus, error: CodriverError) -> None:
    """Tell those who listen that something failed outside of a turn: the kind of fault, and its sentence."""
    bus.emit(PATH, INTERFACE, "Failed", error.code, str(error))


def _check_options(options: Mapping[str, Any], known: Sequence[str]) -> None:
    for name in options.keys() - set(known):
        raise InvalidRequest(
            f"There is no option {name[:_LONGEST_SHOWN]!r} here; there are: {', '.join(known) or 'none'}."
        )


def _zone(options: Mapping[str, Any]) -> Zone:
    zone = options.get("zone", "driver")
    for known in ZONES:
        if zone == known:
            return known
    raise InvalidRequest(f"The zones are {', '.join(ZONES)}, not {str(zone)[:_LONGEST_SHOWN]}.")

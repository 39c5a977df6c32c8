"""Sound: cards, the sound server, who holds a device, and what really comes out of the microphone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from codriver.config import Configuration
from codriver.engines.fleet import SOUND, alone
from codriver.engines.models import Store
from codriver.engines.sound.asking import Seen, look
from codriver.engines.sound.events import LoudspeakerState, MicrophoneState, MicrophoneStatus
from codriver.errors import CodriverError
from codriver.workshop.doctor.asking import text_of
from codriver.workshop.doctor.finding import Finding, fine, ill

_LOWEST_RATE = 16_000
"""Hertz that speech recognition hears with."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A program that has a device of a card open."""

    device: str
    program: str
    process: int

    @property
    def is_ours(self) -> bool:
        """Whether it is codriver itself, whose processes the kernel knows by their Python."""
        return self.program.startswith(("codriver", "python"))


@dataclass(frozen=True, slots=True)
class Cards:
    """What the kernel has: cards by name, those of them that capture, their rates in hertz, and who uses them.

    ``rates`` is known of USB cards only. ``server`` is PulseAudio or PipeWire, or empty.
    """

    names: tuple[str, ...] = ()
    capturing: tuple[str, ...] = ()
    playing: tuple[str, ...] = ()
    rates: tuple[tuple[str, tuple[int, ...]], ...] = ()
    holders: tuple[Holder, ...] = ()
    server: str = ""


def read_cards(root: Path = Path("/")) -> Cards:
    """Look at the sound cards."""
    listed = re.findall(r"^\s*(\d+) \[(\S+)\s*\]", text_of(root / "proc/asound/cards"), re.MULTILINE)
    names = {f"card{number}": name for number, name in listed}
    folders = {name: root / "proc/asound" / card for card, name in names.items()}
    return Cards(
        names=tuple(names.values()),
        capturing=tuple(name for name, folder in folders.items() if list(folder.glob("pcm*c"))),
        playing=tuple(name for name, folder in folders.items() if list(folder.glob("pcm*p"))),
        rates=tuple((name, rates) for name, folder in folders.items() if (rates := _capture_rates(folder))),
        holders=tuple(_holders(root, folders)),
        server=_server(root),
    )


def card_findings(cards: Cards) -> Iterator[Finding]:
    """Judge cards and server."""
    if cards.server:
        yield fine("sound server", cards.server)
    if not cards.names and not cards.server:
        yield ill(
            "sound cards",
            "this board has none",
            "Plug in a USB microphone, or add the overlay of the HAT to config.txt: hardware/README.md.",
        )
        return
    if cards.names:
        yield fine("sound cards", ", ".join(cards.names))
        if not cards.capturing:
            yield ill("microphone", f"none of {', '.join(cards.names)} can record", "Plug in a USB microphone.")
        if not cards.playing:
            yield ill("loudspeaker", f"none of {', '.join(cards.names)} can play", "Connect one: hardware/README.md.")
    for name, rates in cards.rates:
        if max(rates) < _LOWEST_RATE:
            yield ill(
                f"microphone {name}",
                f"it gives {max(rates)} Hz, and speech needs {_LOWEST_RATE}",
                "Use another microphone; one of a headset by Bluetooth or of an old telephone is often like that.",
            )


async def listen(config: Configuration, store: Store) -> Seen | CodriverError:
    """Open the microphones and the loudspeaker for a moment, in a process of its own."""
    try:
        async with alone(SOUND, config, store) as uri:
            return await look(uri)
    except CodriverError as error:
        return error


def heard_findings(
    heard: Seen | CodriverError, holders: Sequence[Holder], *, elsewhere: bool = False
) -> Iterator[Finding]:
    """Judge what the microphones gave. ``elsewhere`` says that the sound process is not codriver's own."""
    if isinstance(heard, CodriverError):
        cure = "Start it, or remove sound.uri." if elsewhere else "Install libportaudio2 and libspeexdsp1."
        yield ill("microphone", str(heard), cure)
        return
    for status in heard.microphones:
        yield _microphone(status, holders)
    speaker = heard.loudspeaker
    if speaker.state is LoudspeakerState.READY:
        yield fine("loudspeaker", speaker.device)
    else:
        yield ill(
            "loudspeaker",
            speaker.reason or "there is none",
            "`aplay -l` shows what there is; sound.loudspeaker takes a part of its name. Until then answers are only "
            "on the bus.",
        )


def _microphone(status: MicrophoneStatus, holders: Sequence[Holder]) -> Finding:
    what = f"microphone of the {status.zone}"
    if status.state is MicrophoneState.LOST and _is_busy(status.reason) and holders:
        others = [holder for holder in holders if not holder.is_ours]
        if not others:
            return fine(what, f"{status.device or 'it'} is in use by codriver itself")
        names = ", ".join(f"{holder.program} (process {holder.process})" for holder in others)
        return ill(what, f"{status.device or 'it'} is in use by {names}", "End that, or use a sound server.")
    if status.state is MicrophoneState.OPEN and not status.reason:
        return fine(what, status.device)
    return ill(what, status.reason or f"{status.device or 'it'} is {status.state.value}", _CURES[status.state])


_CURES: Mapping[MicrophoneState, str] = {
    MicrophoneState.OPEN: "Set sound.microphone to one that takes 16 kHz or more: `arecord -l` shows what there is.",
    MicrophoneState.SILENT: "Switch it on and raise its level: `alsamixer -V capture`, then `sudo alsactl store`.",
    MicrophoneState.CLIPPING: "Lower its level: `alsamixer -V capture`, then `sudo alsactl store`; or set sound.gain.",
    MicrophoneState.LOST: "Connect it, or set sound.microphone to a part of a name that `arecord -l` shows.",
    MicrophoneState.CLOSED: "Run `codriver doctor` again.",
}


def _is_busy(reason: str) -> bool:
    return "busy" in reason.lower() or "unavailable" in reason.lower()


def _capture_rates(card: Path) -> tuple[int, ...]:
    rates: list[int] = []
    for path in card.glob("stream*"):
        _, _, capture = text_of(path).partition("Capture:")
        for line in re.findall(r"Rates: ([\d, ]+)", capture):
            rates += [int(rate) for rate in line.replace(",", " ").split()]
    return tuple(rates)


def _holders(root: Path, folders: dict[str, Path]) -> Iterator[Holder]:
    for name, folder in folders.items():
        for path in sorted(folder.glob("pcm*/sub*/status")):
            if owner := re.search(r"owner_pid\s*:\s*(\d+)", text_of(path)):
                program = text_of(root / "proc" / owner.group(1) / "comm").strip() or "a program"
                yield Holder(f"{name} {path.parts[-3]}", program, int(owner.group(1)))


def _server(root: Path) -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}").lstrip("/")
    if (root / runtime / "pipewire-0").exists() or (root / "run/pipewire/pipewire-0").exists():
        return "PipeWire"
    return (
        "PulseAudio" if any((root / path).exists() for path in (f"{runtime}/pulse/native", "run/pulse/native")) else ""
    )

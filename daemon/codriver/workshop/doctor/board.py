"""The board itself: what it is, its power, its heat, its memory, its disks and its clock."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from codriver.workshop.doctor.asking import answer_of, text_of
from codriver.workshop.doctor.finding import Finding, fine, ill

_MEMORY_NEEDED = 3.0
_MEMORY_FREE = 0.3
"""GiB."""

_DISK_FREE = 300
"""MB that models being updated, maps and logs need."""

_HOT = 80.0
"""Degrees Celsius at which a Raspberry Pi begins to slow down."""

_OLDEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No board that runs this runs it earlier: a clock that says so was never set."""

KNOWN_BOARDS: Mapping[str, str] = {
    "Raspberry Pi 5": "hardware/pi5-usb or hardware/pi5-hat",
    "Raspberry Pi Compute Module 5": "hardware/pi5-usb or hardware/pi5-hat",
    "Raspberry Pi 4": "hardware/pi5-usb; it answers more slowly",
}
"""What a board calls itself begins with one of these; the profiles that suit it."""

_THROTTLED: Sequence[tuple[int, str, str]] = (
    (0, "the supply is too weak now", "Use a supply of 5 V and 5 A, and short cables: hardware/README.md."),
    (2, "it is slowed down now", "See to power and cooling: hardware/README.md."),
    (3, "it is slowed down now because it is hot", "Give it a cooler with a fan, and air: hardware/README.md."),
    (16, "the supply was too weak since it started", "Use a supply of 5 V and 5 A, and short cables."),
    (18, "it was slowed down since it started", "See to power and cooling: hardware/README.md."),
)  # fmt: skip
"""The bits of the Raspberry Pi firmware's ``get_throttled`` that matter here, the worst first."""


@dataclass(frozen=True, slots=True)
class Board:
    """What the board says of itself. None where it does not say.

    ``throttled`` has the bits of the Raspberry Pi's firmware, ``hottest`` is in degrees Celsius, memory in GiB, and
    ``free`` in MB by place.
    """

    model: str
    throttled: int | None
    hottest: float | None
    memory: float
    memory_free: float
    free: Mapping[str, int]
    now: datetime
    synchronized: bool | None


async def read_board(places: Sequence[Path], root: Path = Path("/")) -> Board:
    """Look at the board; ``places`` are the folders that codriver writes to."""
    memory = _memory(text_of(root / "proc/meminfo"))
    synchronized = await answer_of("timedatectl", "show", "--property=NTPSynchronized", "--value")
    return Board(
        model=(text_of(root / "proc/device-tree/model") or text_of(root / "sys/class/dmi/id/product_name")).strip(
            "\0\n "
        ),
        throttled=_hexadecimal(await answer_of("vcgencmd", "get_throttled")) or _throttled_of(root),
        hottest=max(_degrees(root), default=None),
        memory=memory.get("MemTotal", 0) / 2**20,
        memory_free=memory.get("MemAvailable", 0) / 2**20,
        free=_free(places),
        now=datetime.now(UTC),
        synchronized={"yes": True, "no": False}.get((synchronized or "").strip()),
    )


def board_findings(board: Board, *, profile: str = "default") -> Iterator[Finding]:
    """Judge the board."""
    yield _model(board.model)
    yield from _power(board.throttled)
    if board.hottest is not None:
        yield _heat(board.hottest)
    yield from _room(board, profile)
    yield _clock(board)


def _model(model: str) -> Finding:
    known = next((profile for begin, profile in KNOWN_BOARDS.items() if model.startswith(begin)), None)
    if known:
        return fine("board", model, f"Its profile is {known}.")
    return fine(
        "board",
        model or "unknown",
        "There is no profile for it: hardware/generic says what to set by hand; all else works.",
    )


def _power(throttled: int | None) -> Iterator[Finding]:
    if throttled is None:
        return
    found = [(what, cure) for bit, what, cure in _THROTTLED if throttled & 1 << bit]
    if found:
        yield ill("power", "; ".join(what for what, _ in found), found[0][1])
    else:
        yield fine("power", "enough since it started")


def _heat(hottest: float) -> Finding:
    if hottest >= _HOT:
        return ill("temperature", f"{hottest:.0f} °C", "Give it a cooler with a fan, and air: hardware/README.md.")
    return fine("temperature", f"{hottest:.0f} °C")


def _room(board: Board, profile: str) -> Iterator[Finding]:
    size = f"{board.memory:.1f} GiB, {board.memory_free:.1f} GiB free"
    if board.memory < _MEMORY_NEEDED and profile != "small":
        yield ill("memory", size, 'Set profile = "small" in the configuration.')
    elif board.memory_free < _MEMORY_FREE:
        yield ill("memory", size, "End what else is running; `ps --sort=-rss aux` shows what takes it.")
    else:
        yield fine("memory", size)
    for place, free in board.free.items():
        if free < _DISK_FREE:
            yield ill(f"disk at {place}", f"{free} MB free", f"Make {_DISK_FREE} MB free: `du -xh {place} | sort -h`.")
        else:
            yield fine(f"disk at {place}", f"{free} MB free")


def _clock(board: Board) -> Finding:
    now = f"{board.now:%Y-%m-%d %H:%M} UTC"
    if board.now < _OLDEST:
        return ill(
            "clock",
            f"it says {now}",
            "Connect the board to a network once, or use `timedatectl set-time`; a battery for the clock keeps it.",
        )
    if board.synchronized is False:
        return fine("clock", f"{now}, not compared with a time server", "That is usual in a car without a network.")
    return fine("clock", now)


def _free(places: Sequence[Path]) -> Mapping[str, int]:
    """Give the MB that are free at each place; of several on one file system, only at the first."""
    found: dict[int, tuple[str, int]] = {}
    for place in places:
        if there := _existing(place):
            found.setdefault(there.stat().st_dev, (str(place), shutil.disk_usage(there).free // 10**6))
    return dict(found.values())


def _throttled_of(root: Path) -> int | None:
    """Ask the kernel, where vcgencmd is not installed or may not ask the firmware."""
    for path in root.glob("sys/devices/platform/*/*firmware/get_throttled"):
        if (bits := _hexadecimal(text_of(path))) is not None:
            return bits
    for name in root.glob("sys/class/hwmon/*/name"):
        if text_of(name).strip() == "rpi_volt":
            return 1 << 16 if text_of(name.with_name("in0_lcrit_alarm")).strip() == "1" else 0
    return None


def _degrees(root: Path) -> Iterator[float]:
    for path in root.glob("sys/class/thermal/thermal_zone*/temp"):
        if (text := text_of(path).strip()).lstrip("-").isdigit():
            yield int(text) / 1000


def _memory(meminfo: str) -> dict[str, int]:
    """Give the kB of each line of /proc/meminfo."""
    return {name: int(kilobytes) for name, kilobytes in re.findall(r"^(\w+):\s+(\d+)", meminfo, re.MULTILINE)}


def _hexadecimal(text: str | None) -> int | None:
    found = re.search(r"^(?:throttled=)?(?:0x)?([0-9a-f]+)$", (text or "").strip())
    return int(found.group(1), 16) if found else None


def _existing(path: Path) -> Path | None:
    return next((folder for folder in (path, *path.parents) if folder.is_dir()), None)

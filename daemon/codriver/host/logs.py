"""Where log records go: into systemd's journal with each field of its own, or as lines to stderr."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

_JOURNAL = Path("/run/systemd/journal/socket")
_USUAL = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}
_PRIORITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
_DEBUG = 7
_LONGEST_NAME = 64
"""Characters of a field's name that the journal takes."""


def begin(level: int) -> None:
    """Log from ``level`` on, and nowhere else any more."""
    root = logging.getLogger()
    handler = JournalHandler(_JOURNAL) if _journal_reads_stderr() else logging.StreamHandler()
    handler.setFormatter(FieldFormatter())
    for former in root.handlers[:]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)


class FieldFormatter(logging.Formatter):
    """Writes a record as one line with its fields behind it: ``name: Engine died (engine=thinker)``."""

    def __init__(self) -> None:
        super().__init__("%(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Put the fields behind the message."""
        fields = ", ".join(f"{name}={value}" for name, value in fields_of(record))
        return super().formatMessage(record) + (f" ({fields})" if fields else "")


class JournalHandler(logging.Handler):
    """Sends records to the journal by its own protocol. What cannot be sent goes to stderr, where it is read too.

    The fields of a record become ``CODRIVER_ENGINE`` and so on: ``journalctl CODRIVER_ENGINE=thinker``.
    """

    def __init__(self, journal: Path) -> None:
        super().__init__()
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record. Never waits."""
        line = self.format(record)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.setblocking(False)
                channel.connect(str(self._journal))
                channel.send(entry(record, line))
        except OSError:
            sys.stderr.write(f"{line}\n")


def fields_of(record: logging.LogRecord) -> Iterator[tuple[str, object]]:
    """Give what a record was logged with as ``extra``."""
    return ((name, value) for name, value in vars(record).items() if name not in _USUAL)


def entry(record: logging.LogRecord, line: str) -> bytes:
    """Write a record down for the journal; ``line`` is the message that people read."""
    priority = next((number for level, number in _PRIORITIES if record.levelno >= level), _DEBUG)
    fields: dict[str, object] = {
        "MESSAGE": line,
        "PRIORITY": priority,
        "SYSLOG_IDENTIFIER": "codriver",
        "CODE_FILE": record.pathname,
        "CODE_LINE": record.lineno,
        "CODE_FUNC": record.funcName,
        "CODRIVER_LOGGER": record.name,
    }
    fields |= {f"CODRIVER_{name.upper()}"[:_LONGEST_NAME]: value for name, value in fields_of(record)}
    return b"".join(_field(name, str(value)) for name, value in fields.items())


def _field(name: str, value: str) -> bytes:
    """Write a field: on one line, or where it has several, with its length before it."""
    data = value.encode("utf-8", "replace")
    if b"\n" not in data:
        return b"%s=%s\n" % (name.encode(), data)
    return b"%s\n%s%s\n" % (name.encode(), len(data).to_bytes(8, "little"), data)


def _journal_reads_stderr() -> bool:
    """Tell whether stderr is connected to the journal, as ``systemd.exec(5)`` says to find out."""
    stream = os.environ.get("JOURNAL_STREAM", "")
    try:
        status = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return stream == f"{status.st_dev}:{status.st_ino}"
